"""Tuples with names, made in a fifth of the time that `typing.NamedTuple` takes: each start makes many.

What that one spends it on is compiling: each annotation, and a function for each class. Here annotations stay
the texts they are, and what makes a tuple of so many fields is compiled with this module. One that is
generic is so for type checkers alone.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

__all__ = ["Identity", "NamedTuple"]

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import NamedTuple
else:
    from collections import namedtuple
    from functools import cache
    from types import FunctionType

    _made = tuple.__new__
    _NEW = (  # by the number of fields
        lambda _cls: _made(_cls, ()),
        lambda _cls, a: _made(_cls, (a,)),
        lambda _cls, a, b: _made(_cls, (a, b)),
        lambda _cls, a, b, c: _made(_cls, (a, b, c)),
        lambda _cls, a, b, c, d: _made(_cls, (a, b, c, d)),
        lambda _cls, a, b, c, d, e: _made(_cls, (a, b, c, d, e)),
        lambda _cls, a, b, c, d, e, f: _made(_cls, (a, b, c, d, e, f)),
        lambda _cls, a, b, c, d, e, f, g: _made(_cls, (a, b, c, d, e, f, g)),
        lambda _cls, a, b, c, d, e, f, g, h: _made(_cls, (a, b, c, d, e, f, g, h)),
        lambda _cls, a, b, c, d, e, f, g, h, i: _made(_cls, (a, b, c, d, e, f, g, h, i)),
        lambda _cls, a, b, c, d, e, f, g, h, i, j: _made(_cls, (a, b, c, d, e, f, g, h, i, j)),
        lambda _cls, a, b, c, d, e, f, g, h, i, j, k: _made(_cls, (a, b, c, d, e, f, g, h, i, j, k)),
        lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m: _made(_cls, (a, b, c, d, e, f, g, h, i, j, k, m)),
        lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m, n: _made(
            _cls, (a, b, c, d, e, f, g, h, i, j, k, m, n)
        ),
        lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m, n, o: _made(
            _cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, o)
        ),
        lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p: _made(
            _cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p)
        ),
        lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q: _made(
            _cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q)
        ),
        lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r: _made(
            _cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r)
        ),
    )

    @cache
    def _pattern(count: int) -> type:
        """A tuple of so many fields."""
        return namedtuple("_Pattern", [f"field{number}" for number in range(count)])  # noqa: PYI024 - see above

    def _new(name: str, fields: tuple[str, ...], defaults: tuple[Any, ...]) -> FunctionType:
        """What makes such a tuple: these fields are its parameters."""
        count = len(fields)
        made = _NEW[count] if count < len(_NEW) else _pattern(count).__new__
        code = made.__code__.replace(
            co_name="__new__", co_qualname=f"{name}.__new__", co_varnames=("_cls", *fields)
        )
        return FunctionType(code, made.__globals__, "__new__", defaults)

    def _getters(fields: tuple[str, ...]) -> dict[str, object]:
        """What reads each field."""
        pattern = _pattern(max(len(fields), len(_NEW) - 1))
        return {name: vars(pattern)[place] for name, place in zip(fields, pattern._fields, strict=False)}

    class _Parts:
        """What all tuples have alike, as those of `collections.namedtuple` have it."""

        @classmethod
        def _make(cls, values: Iterable[object]) -> tuple[Any, ...]:
            made = _made(cls, values)
            if len(made) != len(cls._fields):
                raise TypeError(f"Expected {len(cls._fields)} arguments, got {len(made)}")
            return made

        def _replace(self, /, **changes: object) -> tuple[Any, ...]:
            replaced = self._make(map(changes.pop, self._fields, self))
            if changes:
                raise TypeError(f"{type(self).__name__} has no field {', '.join(changes)}")
            return replaced

        def _asdict(self) -> dict[str, object]:
            return dict(zip(self._fields, self, strict=True))

        def __getnewargs__(self) -> tuple[Any, ...]:
            return tuple(self)

        def __repr__(self) -> str:
            fields = ", ".join(f"{name}={value!r}" for name, value in self._asdict().items())
            return f"{type(self).__name__}({fields})"

    _PARTS = {
        name: vars(_Parts)[name] for name in ("_make", "_replace", "_asdict", "__getnewargs__", "__repr__")
    }

    def _names(namespace: dict[str, Any]) -> tuple[str, ...]:
        """The fields that a class names; from Python 3.14 on, a function may have to be asked (PEP 649)."""
        if sys.version_info >= (3, 14) and "__annotations__" not in namespace:
            import annotationlib

            annotate = annotationlib.get_annotate_from_class_namespace(namespace)
            if annotate is not None:
                return tuple(annotationlib.call_annotate_function(annotate, annotationlib.Format.FORWARDREF))
        return tuple(namespace.get("__annotations__", ()))

    class _Maker(type):
        """Makes a tuple of each class below `NamedTuple`, and leaves nothing of itself behind."""

        def __new__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> type:
            if not bases:
                return super().__new__(cls, name, bases, namespace)
            fields = _names(namespace)
            defaults = {field: namespace.pop(field) for field in fields if field in namespace}
            own = {
                "__slots__": (),
                "__doc__": None,
                "_fields": fields,
                "_field_defaults": defaults,
                "__match_args__": fields,
                "__new__": _new(name, fields, tuple(defaults.values())),
            }
            return type(name, (tuple,), {**_PARTS, **own, **_getters(fields), **namespace})

    class NamedTuple(metaclass=_Maker):
        """As `typing.NamedTuple`."""


class Identity:
    """A tuple that is equal to itself alone, and whose representation tells nothing of what is in it.

    It comes before the tuple among the bases of a class, which can keep what it has worked out then.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    def __repr__(self) -> str:
        return object.__repr__(self)
