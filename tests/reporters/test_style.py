from __future__ import annotations

import pytest

from migrator.diagnostic import Severity
from migrator.replies import explain_reply
from migrator.reporters import Layout
from migrator.reporters.replies import as_text
from migrator.reporters.style import (
    BOLD,
    beginning,
    ending,
    paint,
    painted_diff,
    severity_style,
    width,
    wrapped,
)

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


def test_a_diff() -> None:
    diff = "# for reading\n--- a.xml\n+++ a.xml\n@@ -1,2 +1,2 @@\n same\n\n-old\n+new\n"

    assert painted_diff(diff, colour=False) == diff
    assert painted_diff("", colour=True) == ""
    assert painted_diff(diff, colour=True).splitlines() == [
        "\x1b[2m# for reading\x1b[0m",
        "\x1b[1m--- a.xml\x1b[0m",
        "\x1b[1m+++ a.xml\x1b[0m",
        "\x1b[2m@@ -1,2 +1,2 @@\x1b[0m",
        " same",
        "",
        "\x1b[31m-old\x1b[0m",
        "\x1b[32m+new\x1b[0m",
    ]


WORDS = "one two three four five six seven eight"


@pytest.mark.parametrize(
    ("text", "columns", "expected"),
    [
        (WORDS, 80, [f"- {WORDS}"]),
        (WORDS, 40, ["- one two three four five six seven", "  eight"]),
        (WORDS, 32, ["- one two three four five six", "  seven eight"]),
        # However narrow: thirty columns of text
        (WORDS, 9, ["- one two three four five six", "  seven eight"]),
        (WORDS, 0, ["- one two three four five six", "  seven eight"]),
        # A word is not broken, with a hyphen in it neither
        (f"{'x' * 50} y", 40, [f"- {'x' * 50}", "  y"]),
        (f"{'x' * 28} well-known", 40, [f"- {'x' * 28}", "  well-known"]),
        ("", 40, ["- "]),
    ],
)
def test_wrapped(text: str, columns: int, expected: list[str]) -> None:
    assert wrapped(text, columns, "- ", "  ").splitlines() == expected


@pytest.mark.parametrize("columns", [1, 9, 10, 11])
def test_a_terminal_that_is_too_narrow_for_a_reply(columns: int) -> None:
    text = "".join(as_text(explain_reply("535 5.7.139"), Layout(width=columns, is_terminal=True)))

    assert all(len(line) <= 40 for line in text.splitlines() if "http" not in line)
