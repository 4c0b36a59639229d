"""Changes of regular expressions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKENS = re.compile(
    r"\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|\\[0-9]{1,2}|\\."
    r"|\[\^?\]?(?:\\.|[^\]\\])*\]"  # a set
    r"|\(\?(?:P?<[^>=!]+>|[:=!]|<[=!]|[aiLmsux-]+[:)])"  # how a group begins
    r"|\{[0-9,]+\}[?+]?|[*+?][?+]?"  # how often
    r"|.",
    re.DOTALL,
)
_HOW_OFTEN = {"*": "+", "+": "*", "?": ""}
_SET_PARTS = re.compile(
    r"(?:\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|\\.|[^\\])(?:-(?:\\u[0-9A-Fa-f]{4}|\\.|[^\\\]]))?"
)
_BOUNDS = frozenset(("^", "$", r"\b", r"\A", r"\Z"))


def changes(pattern: str) -> Iterator[str]:
    """Patterns with one thing changed: how often, a member of a set, an alternative's bound; all compile."""
    tokens = _TOKENS.findall(pattern)
    for at, token in enumerate(tokens):
        for other in _others(token):
            changed = "".join([*tokens[:at], other, *tokens[at + 1 :]])
            if changed != pattern and _compiles(changed):  # a bound that is not there stays
                yield changed


def _others(token: str) -> Iterator[str]:
    if token[0] in _HOW_OFTEN:
        yield _HOW_OFTEN[token[0]] + (token[1:] if _HOW_OFTEN[token[0]] else "")
    elif token[0] == "{":
        yield re.sub(r"[0-9]+(?=\})", lambda number: str(int(number[0]) + 1), token)
    elif token in _BOUNDS:
        yield ""
    elif token[0] == "[" and len(token) > 1:
        opening = "[^" if token.startswith("[^") else "["
        parts = _SET_PARTS.findall(token[len(opening) : -1])
        if len(parts) > 1:
            yield from (opening + "".join(parts[:at] + parts[at + 1 :]) + "]" for at in range(len(parts)))


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True
