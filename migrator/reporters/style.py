"""Colour for terminals (ECMA-48, section 8.3.117), and how wide a text is there."""

from __future__ import annotations

import unicodedata

from migrator.diagnostic import Severity

_SEVERITIES = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.INFO: "1;36"}
BOLD, DIM = "1", "2"
TAB = 4


def paint(text: str, style: str, *, colour: bool) -> str:
    """The text in a style, where there is colour."""
    return f"\x1b[{style}m{text}\x1b[0m" if colour and text else text


def severity_style(severity: Severity) -> str:
    """The style of a severity."""
    return _SEVERITIES[severity]


def width(text: str) -> int:
    """Columns that a text takes on a terminal: wide East Asian characters two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1
        for one in text
    )
