"""The lines of all keys and values of a TOML text: `tomllib` tells none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from migrator.config.model import Problem

if TYPE_CHECKING:
    KeyPath = tuple[str | int, ...]
    """Keys and indices from the top of a file."""

_DEEPEST = 32  # levels, in a file whose own keys need three
_LONGEST_NUMBER = 500  # characters; Python reads some thousand digits
_BLANK = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
_SPACE = re.compile(r"[ \t]*+")
_KEY = re.compile(r"""[ \t]*+("(?:[^"\\\n]++|\\.)*+"|'[^'\n]*+'|[A-Za-z0-9_-]++)[ \t]*+""")
_SCALAR = re.compile(
    r'''"""(?:[^"\\]++|\\[\s\S]|"{1,2}(?!"))*+"{3,5}|"(?!"")(?:[^"\\\n]++|\\.)*+"'''
    r"""|'''(?:[^']++|'{1,2}(?!'))*+'{3,5}|'(?!'')[^'\n]*+'"""
    r"""|(?P<bare>[^\s,\]}#"'][^,\]}#\n]*+)"""
)


class TomlPlaces:
    """The places of all keys and members of lists in a text, as far as it is TOML: `tomllib` tells none.

    It takes all that is TOML and more, so `refusal` guards `tomllib`, which takes hours for a key of many
    parts and as many levels as Python has.
    """

    def __init__(self, text: str) -> None:
        self.refusal: Problem | None = None
        self._text, self._at = text, 0
        self._base: KeyPath = ()
        self._members_of: dict[KeyPath, int] = {}  # tables in double brackets
        self._offsets: dict[KeyPath, int] = {}
        while self._statement():
            pass

    def line(self, path: KeyPath) -> int:
        """The line of a key or member, or else of what is around it."""
        while path and path not in self._offsets:
            path = path[:-1]
        return self._line_of(self._offsets.get(path, 0))

    def last_line(self) -> int:
        """The line up to which it was read."""
        return self._line_of(self._at)

    def _line_of(self, offset: int) -> int:
        return self._text.count("\n", 0, offset) + 1

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self._text, self._at)
        if match is not None:
            self._at = match.end()
        return match

    def _take(self, mark: str) -> bool:
        is_there = self._text.startswith(mark, self._at)
        self._at += is_there
        return is_there

    def _statement(self) -> bool:
        """Read a line `[table]` or `key = value`; False where there is none."""
        self._match(_BLANK)
        start = self._at
        if not self._take("["):
            return self._pair(self._base)
        is_member = self._take("[")
        keys = self._keys()
        if keys is None:
            return False
        self._base = self._of_members(keys, is_member=is_member)
        self._note(self._base, start)
        is_closed = self._take("]")
        self._take("]")
        return is_closed

    def _of_members(self, keys: KeyPath, *, is_member: bool) -> KeyPath:
        """The path of a table by its name: where that leads into a list of tables, into the last of them."""
        path: KeyPath = ()
        for key in keys:
            path = (*path, key)
            is_last = len([part for part in path if isinstance(part, str)]) == len(keys)
            if is_member and is_last:
                self._members_of[path] = self._members_of.get(path, -1) + 1
            if path in self._members_of:
                path = (*path, self._members_of[path])
        return path

    def _pair(self, base: KeyPath) -> bool:
        start = self._at
        keys = self._keys()
        if keys is None or not self._take("="):
            return False
        self._note((*base, *keys), start)
        return self._value((*base, *keys))

    def _keys(self) -> KeyPath | None:
        keys: list[str] = []
        while key := self._match(_KEY):
            keys.append(_unquoted(key[1]))
            if len(keys) > _DEEPEST:
                self._refuse("this key has too many parts")
                break
            if not self._take("."):
                return tuple(keys)
        return None

    def _value(self, path: KeyPath) -> bool:
        if len(path) > 2 * _DEEPEST:  # of a table's name, and of what stands in it
            self._refuse("this is nested too deeply")
            return False
        self._match(_SPACE)
        if self._take("["):
            return self._members(path)
        if self._take("{"):
            return self._inline_table(path)
        start = self._at
        scalar = self._match(_SCALAR)
        if scalar is not None and len((scalar["bare"] or "").rstrip()) > _LONGEST_NUMBER:
            self._at = start
            self._refuse("this value is too long")
            return False
        return scalar is not None

    def _members(self, path: KeyPath) -> bool:
        index = 0
        while True:
            self._match(_BLANK)
            if self._take("]"):
                return True
            self._note((*path, index), self._at)
            if not self._value((*path, index)):
                return False
            self._match(_BLANK)
            self._take(",")
            index += 1

    def _inline_table(self, path: KeyPath) -> bool:
        while True:
            self._match(_BLANK)
            if self._take("}"):
                return True
            if not self._pair(path):
                return False
            self._match(_BLANK)
            self._take(",")

    def _note(self, path: KeyPath, offset: int) -> None:
        for length in range(len(path), 0, -1):
            if path[:length] in self._offsets:
                break
            self._offsets[path[:length]] = offset

    def _refuse(self, message: str) -> None:
        self.refusal = Problem(self.last_line(), message)


def _unquoted(key: str) -> str:
    if key[0] not in "\"'":
        return key
    if "\\" not in key:
        return key[1:-1]
    import tomllib

    try:
        text: str = tomllib.loads(f"key = {key}")["key"]
    except ValueError:
        return key
    return text
