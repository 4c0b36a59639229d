"""Changes of JSON documents as edits."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from migrator.document.json import NUMBER
from migrator.document.mapping_edits import Writer, Written
from migrator.document.model import Literal

if TYPE_CHECKING:
    from migrator.document.mapping import Entry, Value


class JsonWriter(Writer):
    """How changes are written in JSON."""

    blanks = " \t"
    breaks = "\r\n"
    rest_of_line = re.compile("[ \t]*+(?:\r\n|\r|\n)")
    space = re.compile("[ \t\r\n]*+")
    comma = re.compile("[ \t\r\n]*+,[ \t\r\n]*+")
    comment = re.compile("(?!)")  # there are none

    def value(self, value: Value, text: str, literal: Literal) -> list[Written] | None:
        """As text in quotes; as a number where that is asked for and it is one."""
        if literal is Literal.NUMBER and NUMBER.fullmatch(text):
            return [Written(value.start, value.end, text)]
        if value.quote:
            return [Written(value.start + 1, value.end - 1, _escaped(text))]
        return [Written(value.start, value.end, f'"{_escaped(text)}"')]

    def key(self, entry: Entry, name: str) -> Written | None:
        """Between the quotes that are there."""
        return Written(entry.key_start + 1, entry.key_end - 1, _escaped(name))


def _escaped(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]
