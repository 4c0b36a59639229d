"""Tuples with names, made in a fifth of the time that `typing.NamedTuple` takes: each start makes many.

What that one spends it on is compiling: each annotation, and a function for each class. Here annotations stay
the texts they are, and all classes of as many fields share what has been compiled. Generic ones are not for
this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__all__ = ["Identity", "NamedTuple"]

if TYPE_CHECKING:
    from typing import NamedTuple
else:
    from collections import namedtuple
    from functools import cache
    from types import FunctionType

    @cache
    def _pattern(count: int) -> type:
        """A tuple of so many fields, whose parts serve all others."""
        return namedtuple("_Pattern", [f"field{number}" for number in range(count)])  # noqa: PYI024 - see above

    def _new(name: str, pattern: type, fields: tuple[str, ...], defaults: tuple[Any, ...]) -> FunctionType:
        """The pattern's `__new__` with the names and defaults of these fields as its parameters."""
        made = pattern.__new__
        code = made.__code__.replace(co_varnames=("_cls", *fields), co_qualname=f"{name}.__new__")
        return FunctionType(code, made.__globals__, "__new__", defaults)

    def _replace(self: tuple[Any, ...], /, **changes: object) -> tuple[Any, ...]:
        """As of a `collections.namedtuple`."""
        replaced = self._make(map(changes.pop, self._fields, self))
        if changes:
            raise TypeError(f"{type(self).__name__} has no field {', '.join(changes)}")
        return replaced

    def _repr(self: tuple[Any, ...]) -> str:
        """As of a `collections.namedtuple`."""
        fields = ", ".join(f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
        return f"{type(self).__name__}({fields})"

    class _Maker(type):
        """Makes a tuple of each class below `NamedTuple`, and leaves nothing of itself behind."""

        def __new__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> type:
            if not bases:
                return super().__new__(cls, name, bases, namespace)
            fields = tuple(namespace.get("__annotations__", ()))
            defaults = {field: namespace.pop(field) for field in fields if field in namespace}
            pattern = _pattern(len(fields))
            parts = dict(vars(pattern))
            getters = {field: parts.pop(place) for place, field in zip(pattern._fields, fields, strict=True)}
            own = {
                "_fields": fields,
                "_field_defaults": defaults,
                "__match_args__": fields,
                "__new__": _new(name, pattern, fields, tuple(defaults.values())),
                "__repr__": _repr,
                "_replace": _replace,
            }
            return type(name, (tuple,), {**parts, **own, **getters, "__doc__": None, **namespace})

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
