"""What a parser of a value returns: the value, or the one plausible reading, or none, and the problems."""

from __future__ import annotations

from typing import Generic, TypeVar

from migrator.tuples import NamedTuple

T = TypeVar("T")
P = TypeVar("P")


class Reading(NamedTuple, Generic[T, P]):
    """One plausible value of a text (None where there is none) and everything that is wrong with it.

    A text is valid where there are no problems.
    """

    value: T | None
    problems: tuple[P, ...] = ()

    @property
    def is_valid(self) -> bool:
        """Whether the text is exactly what is documented."""
        return not self.problems
