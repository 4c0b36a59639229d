"""Changes of JSON documents as edits."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from migrator.document import bracket_insertions
from migrator.document.bracket_insertions import Style
from migrator.document.edits import Replacement
from migrator.document.json import NUMBER
from migrator.document.mapping_edits import Writer
from migrator.document.model import Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from migrator.document.mapping import Entry
    from migrator.document.model import NewNode


class JsonWriter(Writer):
    """How changes are written in JSON."""

    blanks = " \t"
    breaks = "\r\n"
    rest_of_line = re.compile("[ \t]*+(?:\r\n|\r|\n)")
    space = re.compile("[ \t\r\n]*+")
    comma = re.compile("[ \t\r\n]*+,[ \t\r\n]*+")
    comment = re.compile("(?!)")  # there are none

    def value(self, entry: Entry, text: str, literal: Literal) -> list[Replacement] | None:
        """As text in quotes; as a number where that is asked for and it is one."""
        value = entry.value
        if literal is Literal.NUMBER and NUMBER.fullmatch(text):
            return [Replacement(value.start, value.end, text)]
        if value.quote:
            return [Replacement(value.start + 1, value.end - 1, _escaped(text))]
        return [Replacement(value.start, value.end, f'"{_escaped(text)}"')]

    def key(self, entry: Entry, name: str) -> Replacement | None:
        """Between the quotes that are there."""
        return Replacement(entry.key_start + 1, entry.key_end - 1, _escaped(name))

    def new_key(self, name: str, _style: Style) -> str:
        """In quotes."""
        return f'"{_escaped(name)}"'

    def new_scalar(self, node: NewNode, _style: Style) -> str:
        """As a number where that is asked for and it is one; else as text in quotes."""
        is_number = node.literal is Literal.NUMBER and NUMBER.fullmatch(node.text) is not None
        return node.text if is_number else f'"{_escaped(node.text)}"'

    def insertion(self, owner: Entry, place: int, nodes: Sequence[NewNode]) -> list[Replacement] | None:
        """With commas, in lines of their own where the others stand in such."""
        entries = owner.value.entries
        style = self._style(entries[min(place, len(entries) - 1)])
        written = bracket_insertions.insertion(self, owner.value, place, nodes, style)
        return None if written is None else [written]

    def filling(self, owner: Entry, nodes: Sequence[NewNode]) -> list[Replacement] | None:
        """In lines of their own where the key does, or the whole of the file, begins one."""
        value = owner.value
        indent = bracket_insertions.own_indent(self, owner.key_start if owner.key_end else value.start)
        lines = None if indent is None else bracket_insertions.lines_near(self, value.start, indent)
        content = bracket_insertions.filled(self, nodes, self._style(owner), lines)
        return [Replacement(value.start, value.end, content)]

    def _style(self, entry: Entry) -> Style:
        """Between key and value stands what does so in an entry."""
        between = self.text[entry.key_end : entry.value.start]
        return Style(colon=between) if ":" in between and not between.strip(": \t") else Style()


def _escaped(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]
