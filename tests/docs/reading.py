"""Reading the documentation: fenced blocks, and the commands of dmsmtp that are shown in them."""

from __future__ import annotations

import re
import shlex
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import typer.main

from migrator.cli.app import application

if TYPE_CHECKING:
    from collections.abc import Iterable

    from typer._click import Command

REPOSITORY = Path(__file__).resolve().parents[2]
DOCS = REPOSITORY / "docs"
PAGES = [
    *sorted(REPOSITORY.glob("*.md")),
    *sorted(path for path in DOCS.rglob("*.md") if path.parent.name != "rules"),
]
_FENCE = re.compile(r"^```(?P<language>[a-z]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_NAMED = re.compile(r"(?:#|//) (?P<name>[\w./-]+)\n")
_END = frozenset({"|", "||", "&&", ";", ">", ">>", "2>"})


class Block(NamedTuple):
    """A fenced block: the language behind its fence, and its text."""

    language: str
    text: str

    @property
    def file_name(self) -> str | None:
        """The name of the file that the block is, where its first line is a comment that names it."""
        match = _NAMED.match(self.text)
        return None if match is None else match["name"]


def blocks(text: str) -> list[Block]:
    """The fenced blocks of a page, in order."""
    return [Block(match["language"], match["text"]) for match in _FENCE.finditer(text)]


@cache
def commands() -> dict[str, Command]:
    """The commands of dmsmtp by name."""
    group = typer.main.get_command(application())
    found: dict[str, Command] = vars(group)["commands"]
    return found


def options(command: str) -> frozenset[str]:
    """The options that a command takes."""
    return frozenset(option for one in commands()[command].params for option in one.opts)


def invocations(text: str) -> list[str]:
    """Every command of dmsmtp in the blocks of a page, from its name on."""
    return _calls(line for block in blocks(text) for line in block.text.replace("\\\n", " ").split("\n"))


def mentions(text: str) -> list[str]:
    """Every command of dmsmtp in a sentence of a page; what an option takes may be missing there."""
    return _calls(_CODE.findall(_FENCE.sub("", text)))


def _calls(lines: Iterable[str]) -> list[str]:
    names = "|".join(commands())
    call = re.compile(rf'(?:^|[\s/\\])dmsmtp"? (?=(?:{names})(?:\s|$))')
    return [line[match.end() :] for line in lines if (match := call.search(line)) is not None]


def arguments(invocation: str) -> list[str]:
    """The arguments of a command, up to where the shell takes over."""
    lexer = shlex.shlex(invocation, posix=True, punctuation_chars="|&;>")
    lexer.whitespace_split = True
    lexer.commenters = ""
    found = []
    for word in lexer:
        if word in _END:
            break
        found.append(word)
    return found
