"""Our named tuples against those of the standard library: nobody can tell them apart but by the clock."""

from __future__ import annotations

import ast
import pickle
import typing
from pathlib import Path
from typing import Any

import pytest

import migrator
from migrator.tuples import NamedTuple


class Port(NamedTuple):
    """A port."""

    number: int
    suffix: str = ""
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.number}{self.suffix}"

    @property
    def is_bare(self) -> bool:
        return not self.suffix

    @classmethod
    def of(cls, text: str) -> Port:
        return cls(int(text))


class _Standard(typing.NamedTuple):
    """A port."""

    number: int
    suffix: str = ""
    names: tuple[str, ...] = ()


def test_it_is_made_and_read_as_any_other() -> None:
    port = Port(587, suffix="-starttls")
    assert (port.number, port.suffix, port.names) == tuple(port) == (587, "-starttls", ())
    assert port == Port(587, "-starttls") != Port(587)
    assert hash(port) == hash(Port(587, "-starttls"))
    assert port._replace(suffix="") == Port(587)
    assert repr(Port(25)) == "Port(number=25, suffix='', names=())"
    with pytest.raises(AttributeError):
        port.number = 25  # type: ignore[misc]


def test_what_is_no_field_is_refused() -> None:
    given: dict[str, Any] = {"number": 25, "numbre": 25}
    with pytest.raises(TypeError, match=r"Port.*'numbre'"):
        Port(**given)
    with pytest.raises(TypeError, match=r"Port.*numbre"):
        Port(25)._replace(**given)
    with pytest.raises(TypeError, match=r"Port.*'number'"):
        Port()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="3"):
        Port._make([25])


def test_one_of_many_fields_is_like_one_of_few() -> None:
    many = "abcdefghijklmnopqrstuvwxyz"
    maker: Any = type(NamedTuple)
    made = maker("Many", (NamedTuple,), {"__annotations__": dict.fromkeys(many, "int")})

    one = made(*range(26))

    assert [getattr(one, name) for name in many] == list(range(26))
    assert one._asdict() == dict(zip(many, range(26), strict=True))


def test_annotations_may_be_values_and_not_texts() -> None:
    source = "class Port(NamedTuple):\n    number: int\n    names: Later = ()\n"
    made: dict[str, Any] = {"NamedTuple": NamedTuple, "__name__": __name__, "Later": tuple}

    exec(compile(source, "ports.py", "exec", dont_inherit=True), made)  # noqa: S102 - ours, without __future__

    assert made["Port"]._fields == ("number", "names")
    assert made["Port"](25) == (25, ())
    assert typing.get_type_hints(made["Port"]) == {"number": int, "names": tuple}


def test_its_methods_are_its_own() -> None:
    assert str(Port(587, "-starttls")) == "587-starttls"
    assert Port.of("25").is_bare


def test_it_tells_of_itself_what_the_standard_one_tells() -> None:
    for name in ("_fields", "_field_defaults", "__doc__", "__module__", "__bases__", "__match_args__"):
        assert getattr(Port, name) == getattr(_Standard, name), name
    assert Port.__qualname__ == "Port"
    assert [type(one) for one in (Port, _Standard)] == [type, type]
    assert typing.get_type_hints(Port) == typing.get_type_hints(_Standard)


def test_it_goes_to_another_process() -> None:
    there = pickle.loads(pickle.dumps(Port(25)))  # noqa: S301 - our own
    assert there == Port(25)
    assert type(there) is Port


def test_it_has_no_room_for_more() -> None:
    with pytest.raises(AttributeError):
        Port(25).other = 1  # type: ignore[attr-defined]


def test_all_modules_use_it() -> None:
    root = Path(migrator.__file__).parent
    others = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "typing"
        if any(alias.name == "NamedTuple" for alias in node.names)
    }
    assert others == {"tuples.py"}
