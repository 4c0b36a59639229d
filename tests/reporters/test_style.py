from __future__ import annotations

import pytest

from migrator.diagnostic import Severity
from migrator.reporters.style import BOLD, beginning, ending, paint, severity_style, width

ACUTE = "\u0301"
CIRCLE = "\u20dd"


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0),
        ("abc", 3),
        ("\u00e4\u00f6", 2),
        ("中文", 4),
        ("\uff21", 2),  # full-width A
        ("\uff71", 1),  # half-width katakana
        (f"e{ACUTE}", 1),
        (f"e{CIRCLE}", 1),
        ("\U0001f600", 2),
        ("a中b", 4),
        ("\u2022\u2026", 2),
    ],
)
def test_width(text: str, columns: int) -> None:
    assert width(text) == columns


@pytest.mark.parametrize(
    ("text", "columns", "expected"),
    [
        ("abc", 5, "abc"),
        ("abc", 2, "ab"),
        ("abc", 0, ""),
        ("a中b", 2, "a"),
        ("a中b", 3, "a中"),
        (f"e{ACUTE}f", 1, f"e{ACUTE}"),
    ],
)
def test_beginning(text: str, columns: int, expected: str) -> None:
    assert beginning(text, columns) == expected


@pytest.mark.parametrize(
    ("text", "columns", "expected"),
    [
        ("abc", 5, "abc"),
        ("abc", 2, "bc"),
        ("abc", 0, ""),
        ("a中b", 2, "b"),
        ("a中b", 3, "中b"),
        (f"ae{ACUTE}f", 1, "f"),
        (f"ae{ACUTE}", 0, ""),
        (f"ae{ACUTE}", 1, f"e{ACUTE}"),
    ],
)
def test_ending(text: str, columns: int, expected: str) -> None:
    assert ending(text, columns) == expected


def test_paint() -> None:
    assert paint("x", BOLD, colour=True) == "\x1b[1mx\x1b[0m"
    assert paint("x", BOLD, colour=False) == "x"
    assert paint("", BOLD, colour=True) == ""
    assert len({severity_style(severity) for severity in Severity}) == 3
