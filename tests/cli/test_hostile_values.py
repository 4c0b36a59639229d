"""Values that would take over the terminal that they are shown on, or the page of a report."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from tests.secrets.commands import FILE, STDERR, STDOUT, WAYS
from tests.secrets.watching import seen_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.secrets.commands import Way

pytestmark = pytest.mark.usefixtures("untraced")

# Escape sequences, in one byte too; other directions, nothing at all, other kinds of line ends
TERMINAL = "\x1b]0;x\x07\x1b[31m\x9b31m\u202e\u2066\u200b\u00ad\r\x08\u2028\u0085\x7f"
PAGE = "`<script>x</script><img src=x> | ```[x](https://x.example.com) ::error::x %0A ##[error]x"
SETTINGS = ("Host", "HostPort", "LoginMethod", "User", "From", "Helo", "MaxSubjectLength", "Unknown")


def _document(hostile: str) -> str:
    section = dict.fromkeys(SETTINGS, f"a{hostile}b") | {f"x{hostile}": "1"}
    around = {"@id": hostile, "DMA": {"DMAName": f"n{hostile}"}, f"y{hostile}": hostile}
    return json.dumps({"DataMiner": {**around, "SMTP": section}})


def _valid(hostile: str) -> str:
    login = {"LoginMethod": "AuthLoginMethod", "User": f"u{hostile}", "Password": "x"}
    server = {"Host": "smtp.example.com", "HostPort": "465", "From": "dma@example.com"}
    return json.dumps({"SMTP": {**server, **login}}, ensure_ascii=False).replace("\x7f", "")


def _told(way: Way, text: str, folder: Path) -> dict[str, str]:
    """What is said and reported; not the documents that were asked for."""
    seen = seen_of(way, "agent.smtp.json", text.encode(), "one", folder / "desk")
    documents = (*way.holds, *way.keeps)
    told = (STDOUT, STDERR, *(name for name in seen if name.startswith("report")))
    return {one: seen[one].decode("utf-8") for one in told if one in seen and one not in documents}


def _reading(command: str) -> list[Way]:
    """The ways to call a command that read a file, and colour nothing themselves."""
    return [
        way
        for way in WAYS[command]
        if FILE in (*way.arguments.split(), way.stdin) and "FORCE_COLOR" not in dict(way.env)
    ]


def test_all_commands_but_those_that_read_no_file_are_tried() -> None:
    assert {command for command in WAYS if not _reading(command)} == {"rules", "schema", "explain"}


@pytest.mark.parametrize("command", [command for command in WAYS if _reading(command)])
def test_nothing_moves_or_colours_the_terminal(command: str, tmp_path: Path) -> None:
    for way in _reading(command):
        for text in (_document(TERMINAL), _document(TERMINAL)[:-9], _valid(TERMINAL)):
            for channel, told in _told(way, text, tmp_path).items():
                odd = {one for one in told if not one.isprintable() and one != "\n"}
                assert not odd, f"{way.arguments}, {channel}: {odd}"


@pytest.mark.parametrize(
    ("command", "pages"),
    [
        ("lint", {"github"}),
        ("compare", {"html", "markdown", "github"}),
        ("migrate", {"html", "markdown"}),
    ],
)
def test_nothing_becomes_a_part_of_a_page(command: str, pages: set[str], tmp_path: Path) -> None:
    seen = set()
    for way in WAYS[command]:
        if FILE not in way.arguments.split():
            continue
        for text in (_document(PAGE), _valid(PAGE)):
            for channel, told in _told(way, text, tmp_path).items():
                looked_at = {page for page in pages if page in channel or f"format {page}" in way.arguments}
                seen |= looked_at
                if "html" in looked_at:
                    assert not re.search("<script>x|<img src", told), way.arguments
                if "markdown" in looked_at:
                    assert not re.search(r"(?<!\\)(?:<(?:script|img)|\[x\]\(|`{3}\[)", told), way.arguments
                if "github" in looked_at:
                    assert not re.search("^::(?!error |warning |notice )", told, flags=re.MULTILINE)
                    assert "##[" not in "".join(line for line in told.splitlines() if line[:2] != "::")
    assert seen == pages
