"""Reading the documentation: fenced blocks, and the commands of dmsmtp that are shown in them."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from docs.command_pages import commands

if TYPE_CHECKING:
    from collections.abc import Iterable

REPOSITORY = Path(__file__).resolve().parents[2]
DOCS = REPOSITORY / "docs"
PAGES = [
    *sorted(REPOSITORY.glob("*.md")),
    *sorted(path for path in DOCS.rglob("*.md") if path.parent.name not in {"rules", "steps"}),
]
_FENCE = re.compile(r"^```(?P<language>[a-z]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_NAMED = re.compile(r"(?:#|//) (?P<name>[\w./-]+)\n")
_CAPTION = re.compile(r"`(?P<name>[\w./-]+\.\w+)`:\n+\Z")
_END = frozenset({"|", "||", "&&", ";", ">", ">>", "2>"})


class Block(NamedTuple):
    """A fenced block: the language behind its fence, its text, and where that begins in the page.

    It is a file where its first line is a comment that names it, or the sentence before it ends with its name
    and a colon.
    """

    language: str
    text: str
    start: int
    file_name: str | None


def blocks(text: str) -> list[Block]:
    """The fenced blocks of a page, in order."""
    return [_block(text, match) for match in _FENCE.finditer(text)]


def _block(text: str, match: re.Match[str]) -> Block:
    named = _NAMED.match(match["text"]) or _CAPTION.search(text, 0, match.start())
    name = None if named is None or match["language"] == "console" else named["name"]
    return Block(match["language"], match["text"], match.start("text"), name)


def options(command: str) -> frozenset[str]:
    """The options that a command takes."""
    return frozenset(option for one in commands()[command].params for option in one.opts)


def invocations(text: str) -> list[str]:
    """Every command of dmsmtp in the blocks of a page that are no plain text, from its name on."""
    code = [block.text.replace("\\\n", " ") for block in blocks(text) if block.language != "text"]
    return _calls(line for one in code for line in one.split("\n"))


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
