"""The marks that a merge leaves in a file where both sides changed the same lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from migrator.document.source import Fault, Unreadable

if TYPE_CHECKING:
    from migrator.document.source import Source

# As git, Subversion and Mercurial write them: one behind the other, each at the beginning of a line.
_MARKS = tuple(re.compile(f"^{mark * 7}(?=[ \r\n]|\\Z)", re.MULTILINE) for mark in "<=>")


UNFINISHED = "a merge was not finished: both sides of a conflict stand here"


def marks_of_conflict(text: str) -> re.Match[str] | None:
    """The first of the marks, where all of them are there."""
    at, first = 0, None
    for mark in _MARKS:
        match = mark.search(text, at)
        if match is None:
            return None
        first, at = first or match, match.end()
    return first


def merge_conflict(source: Source) -> Unreadable | None:
    """That a merge was not finished, where a text that does not parse shows its marks."""
    first = marks_of_conflict(source.text)
    if first is None:
        return None
    return Unreadable(
        Fault.NOT_WELL_FORMED,
        source.span(*first.span()),
        UNFINISHED,
        "keep one side, and remove all else from <<<<<<< to >>>>>>>, these lines included",
    )
