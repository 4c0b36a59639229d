"""What is changed in code, and what is not."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from tests.mutation import mutants as mutants_module
from tests.mutation import regexes
from tests.mutation.mutants import Mutant, mutants
from tests.mutation.swapping import swap

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Make = Callable[[str], list[Mutant]]


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Mutants of a text."""

    def make(text: str) -> list[Mutant]:
        path = tmp_path / "module.py"
        path.write_text(text, "utf-8")
        monkeypatch.setattr(mutants_module, "ROOT", tmp_path)
        return mutants(path)

    return make


@pytest.mark.parametrize(
    ("line", "changes"),
    [
        ("a == b", ["[== → !=]"]),
        ("1 <= a < b", ["[<= → <]", "[< → <=]", "[1 → 2]"]),
        ("a is None", ["is [ → not]None"]),
        ("a not in b", ["a [not → ]in"]),
        ("a and b", ["[a and → ]b", "a[and b → ]"]),
        ("a or b or c", ["[a or → ]b", "a or [b or → ]c", "b[or c → ]"]),
        ("not a", ["[not → ]a"]),
        ("b if a else c", ["if [ → not]a"]),
        ("a + b", ["[+ → -]"]),
        ("True", ["[True → False]"]),
        ("'tls'", ["'[tls → ]'"]),
        ("''", ["'[ → x]'"]),
        ("f'<{a}>'", ["f'[< → ]", "}[> → ]'"]),
        ("any(a)", ["[any → all]"]),
        ("a.startswith(b)", ["[startswith → endswith]"]),
        ("a.strip()", ["a[.strip() → ]"]),
        ("f(a, b=c)", ["f(a[, b=c → ])"]),
        ("[a for a in b if a]", ["b[if a → ]"]),
        ("('x', 'y')", ["('[x', 'y' → y',])", "('x',['y' → ])"]),
        ("{'x': a, 'y': b}", ["{'[x': a, ' → ]y'", "a[, 'y': b → ]}"]),
        ("Safety.SAFE", ["[SAFE → UNSAFE]"]),
        ("re.match('[ab]+', a)", ["'[[ab → b]]+'", "'[[ab → a]]+'", "[+ → *]"]),
    ],
)
def test_an_expression(made: Make, line: str, changes: list[str]) -> None:
    found = [one.key.change for one in made(f"def f():\n    x = {line}\n")]
    assert len(found) == len(changes), found
    assert [change for change, one in zip(changes, found, strict=True) if change not in one] == [], found


@pytest.mark.parametrize(
    "text",
    [
        '"""Words."""\n',
        "def f():\n    '''Words.'''\n",
        "__all__ = ['f', 'g']\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    x = 1\n",
        "def f(x: Literal['a', 'b'] | None) -> Literal['c']: ...\n",
        "x: Literal['a']\n",
        "x = 'it holds words'\n",
        "x = f'{a} holds words'\n",
        "x = Finding(a, 'message', f'{b} holds words')\n",
        "@lru_cache(maxsize=8)\ndef f(): ...\n",
        "return_ = None\n",
    ],
)
def test_what_is_no_behaviour_is_left_alone(made: Make, text: str) -> None:
    assert [one.key for one in made(text)] == []


@pytest.mark.parametrize(
    ("text", "function", "in_function"),
    [
        ("def f():\n    return 1\n", "f", True),
        ("class C:\n    def f(self):\n        return [x for x in y if x]\n", "C.f", True),
        ("def f():\n    def g():\n        return 1\n    return g\n", "f", True),
        ("def f(x=1): ...\n", "f", False),
        ("class C:\n    x = 1\n", "C", False),
        ("x = 1\n", "", False),
    ],
)
def test_where_a_mutant_stands(made: Make, text: str, function: str, in_function: bool) -> None:
    found = made(text)
    assert found
    assert {(one.key.function, one.in_function) for one in found} == {(function, in_function)}


def test_the_same_change_twice_is_told_apart(made: Make) -> None:
    found = [one.key for one in made("def f():\n    g(a == b)\n    g(a == b)\n") if "!=" in one.key.change]
    assert len(set(found)) == 2


def test_a_mutant_is_the_code_with_its_change(made: Make) -> None:
    (one,) = made("x = a < b\n")
    names = {"a": 1, "b": 1}
    exec(one.code(), names)  # noqa: S102 - it stands above
    assert names["x"] is True


def test_a_function_that_keeps_what_it_returned_forgets_it_when_it_is_changed(
    made: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "from functools import cache\n\n@cache\ndef f():\n    return 1\n"
    (one, *_) = made(text)
    module = ModuleType(one.key.module)
    exec(text, module.__dict__)  # noqa: S102 - it stands above
    monkeypatch.setitem(sys.modules, module.__name__, module)
    before = module.f()

    swap(one)

    assert (before, module.f()) == (1, None)


def test_a_sample_is_always_the_same_and_as_large_as_it_should_be(made: Make) -> None:
    found = made("".join(f"def f{number}():\n    g({number})\n" for number in range(80)))
    sample = [one.key for one in found if one.is_in(0.25)]
    assert sample == [one.key for one in found if one.is_in(0.25)]
    assert 0.15 < len(sample) / len(found) < 0.35
    assert all(one.is_in(1) for one in found)
    assert set(sample) < {one.key for one in found if one.is_in(0.5)}


@pytest.mark.parametrize(
    ("pattern", "changed"),
    [
        ("a*", ["a+"]),
        ("a+?b", ["a*?b"]),
        ("a?", ["a"]),
        ("a{2,5}", ["a{2,6}"]),
        ("a{2,}", []),
        ("[a-z_]", ["[_]", "[a-z]"]),
        ("[^ab]", ["[^b]", "[^a]"]),
        (r"[\]\d]", [r"[\d]", r"[\]]"]),
        ("^a$", ["a$", "^a"]),
        (r"\*\+[+]", []),
        ("(?:a)(?P<b>c)(?=d)", []),
        ("(?:a)?", ["(?:a)"]),
    ],
)
def test_a_pattern(pattern: str, changed: list[str]) -> None:
    assert list(regexes.changes(pattern)) == changed
