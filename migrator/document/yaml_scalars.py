"""Texts as scalars of YAML, so that readers of YAML 1.1 and of YAML 1.2 read the same text again."""

from __future__ import annotations

import re
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

BREAKS: Final = "\r\n\x85\u2028\u2029"
"""What ends a line in YAML 1.1."""
_NOT_TEXT: Final = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})  # in YAML 1.1
_MARKS: Final = {'"': r"\"", "\\": r"\\"}
_NO_ESCAPES: Final[Mapping[str, str]] = MappingProxyType({})
SHORT_ESCAPES: Final = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def is_plain(text: str) -> bool:
    """Whether every reader takes this text, without quotes, for itself."""
    return _plain().fullmatch(text) is not None and text.lower() not in _NOT_TEXT


def fits_one_line(text: str) -> bool:
    """Whether a text can stand as it is in one line, so that single quotes can hold it."""
    return _one_line().fullmatch(text) is not None


def single_quoted(text: str) -> str:
    """In single quotes, which escape nothing: for a text that fits one line."""
    return "'" + text.replace("'", "''") + "'"


def double_quoted(text: str, escapes: Mapping[str, str] = _NO_ESCAPES) -> str:
    """In double quotes: what they cannot hold is escaped by its number, or as `escapes` says."""

    def escape(match: re.Match[str]) -> str:
        character = match[0]
        known = _MARKS.get(character) or escapes.get(character)
        code = ord(character)
        return known or (f"\\x{code:02X}" if code <= 0xFF else f"\\u{code:04X}")  # noqa: PLR2004 - two digits

    return f'"{_escaped().sub(escape, text)}"'


# Compiled when they are asked for: together they take a millisecond.


@cache
def _plain() -> re.Pattern[str]:
    """What every reader takes for this very text: a word, or a number with what no number has."""
    return re.compile(
        r"(?=[A-Za-z/_]|[0-9]+[._@/+-]*[ACDF-NP-SUVWYacdf-np-suvwy])"
        r"[A-Za-z0-9/_][A-Za-z0-9/_.@+\\-]*(?: [A-Za-z0-9/_.@+\\-]+)*"
    )


@cache
def _one_line() -> re.Pattern[str]:
    return re.compile("[^\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\ufeff\ufffe\uffff]*")


@cache
def _escaped() -> re.Pattern[str]:
    return re.compile('["\\\\\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]')
