"""Colour for terminals (ECMA-48, section 8.3.117), and how wide a text is there."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from migrator.diagnostic import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

_SEVERITIES = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.INFO: "1;36"}
BOLD, DIM, RED, GREEN = "1", "2", "31", "32"
_DIFF = {"-": RED, "+": GREEN, "@": DIM, "#": DIM}  # by what a line begins with
NARROWEST = 30  # columns of text, on a terminal however narrow
CUT = "…"  # stands for what is left out
_WIDE = frozenset("WF")  # of East Asian Width, see https://www.unicode.org/reports/tr11/
_MARKS = frozenset({"Mn", "Me"})  # stand above, below or around the character before


def paint(text: str, style: str, *, colour: bool) -> str:
    """The text in a style, where there is colour."""
    return f"\x1b[{style}m{text}\x1b[0m" if colour and text else text


def painted_diff(diff: str, *, colour: bool) -> str:
    """A unified diff, each line in its style, where there is colour."""
    return "".join(map(_painted, diff.splitlines())) if colour else diff


def _painted(line: str) -> str:
    style = BOLD if line.startswith(("--- ", "+++ ")) else _DIFF.get(line[:1])
    return f"{line if style is None else paint(line, style, colour=True)}\n"


def severity_style(severity: Severity) -> str:
    """The style of a severity."""
    return _SEVERITIES[severity]


def width(text: str) -> int:
    """Columns that a text takes on a terminal."""
    return len(text) if text.isascii() else sum(map(_width_of, text))


def beginning(text: str, columns: int) -> str:
    """As much of the beginning of a text as fits."""
    return text[: _fitting(text, columns)]


def cut(text: str, columns: int) -> str:
    """The beginning of a text with a mark behind it where not all of it fits."""
    return text if width(text) <= columns else beginning(text, columns - 1) + CUT


def ending(text: str, columns: int) -> str:
    """As much of the end of a text as fits; it does not begin in the middle of a character with its marks."""
    start = len(text) - _fitting(reversed(text), columns)
    while start < len(text) and not _width_of(text[start]):
        start += 1
    return text[start:]


def wrapped(text: str, columns: int, first: str = "", following: str = "") -> str:
    """A text on lines of so many columns: `first` stands before the first one, `following` before the others.

    At least `NARROWEST` columns are left for the text, and more where a word is longer.
    """
    lines = textwrap.wrap(
        text,
        max(columns, len(following) + NARROWEST),
        initial_indent=first,
        subsequent_indent=following,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines or [first]) + "\n"


def _fitting(text: Iterable[str], columns: int) -> int:
    """How many characters fit."""
    count = 0
    for one in text:
        columns -= _width_of(one)
        if columns < 0:
            break
        count += 1
    return count


def _width_of(character: str) -> int:
    if character.isascii():
        return 1
    import unicodedata

    if unicodedata.category(character) in _MARKS:
        return 0
    return 2 if unicodedata.east_asian_width(character) in _WIDE else 1
