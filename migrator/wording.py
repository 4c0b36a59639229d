"""Numbers and lists as they are said in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def counted(number: int, noun: str) -> str:
    """A number with its noun, as in `2 files`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def listed(names: Sequence[str]) -> str:
    """One name or more, as in `User, Password and From`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def days_left(days: int) -> str:
    """What remains up to a last day that is not over, as in `2 days left`."""
    return "the last day" if days == 0 else f"{counted(days, 'day')} left"
