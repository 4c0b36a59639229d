"""Tuples with names, made in a third of the time that `typing.NamedTuple` takes: each start makes many.

The difference: annotations stay the texts they are, and are not compiled. Generic ones are not for this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__all__ = ["Identity", "NamedTuple"]

if TYPE_CHECKING:
    from typing import NamedTuple
else:
    from collections import namedtuple

    class _Maker(type):
        """Makes a tuple of each class below `NamedTuple`, and leaves nothing of itself behind."""

        def __new__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> type:
            if not bases:
                return super().__new__(cls, name, bases, namespace)
            fields = namespace.pop("__annotations__", {})
            defaults = [namespace.pop(field) for field in fields if field in namespace]
            made = namedtuple(name, fields, defaults=defaults)  # noqa: PYI024 - what the other one is made of, too
            made.__annotations__ = fields
            for key, value in namespace.items():
                setattr(made, key, value)
            return made

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
