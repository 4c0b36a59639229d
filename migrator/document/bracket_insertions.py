"""New keys of mappings in brackets, in JSON and YAML alike, laid out as what stands around them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from migrator.document.edits import Replacement
from migrator.document.lines import Lines
from migrator.document.yaml_scalars import BREAKS
from migrator.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from migrator.document.mapping import Value
    from migrator.document.mapping_edits import Writer
    from migrator.document.model import NewNode

_INDENT = "  "
_LAST_LINE = re.compile(rf"(\r\n|[{BREAKS}])([ \t]*)\Z")


class Joint(NamedTuple):
    """What stands before and behind the comma between two keys."""

    before: str
    behind: str

    def __str__(self) -> str:
        return f"{self.before},{self.behind}"


class Style(NamedTuple):
    """How keys and values are written: in which quotes, with what between them.

    Values that `is_plain` says so of stand without quotes where each reader takes them as text.
    """

    key_quote: str = '"'
    value_quote: str = '"'
    is_plain: bool = False
    colon: str = ": "


def insertion(
    writer: Writer, mapping: Value, place: int, nodes: Sequence[NewNode], style: Style
) -> Replacement | None:
    """New keys before the one in a place, counted from 0, of a mapping in brackets that holds some."""
    entries = mapping.entries
    joint = _joint(writer, mapping, place, style)
    if joint is None:
        return None
    last_line = _LAST_LINE.search(joint.behind)
    lines = None if last_line is None else Lines(last_line[1], last_line[2], _unit(writer, last_line[2]))
    written = [pair(writer, node, style, lines) for node in nodes]
    if place == 0:
        start = mapping.start + 1
        at = end = entries[0].key_start
        content = "".join(one + str(joint) for one in written)
    else:
        at = start = writer.end_of(entries[place - 1])
        end = entries[place].key_start if place < len(entries) else mapping.end - 1
        content = "".join(str(joint) + one for one in written)
    # A comment there would come to stand beside something else
    is_clear = not writer.text[start:end].strip(f"{writer.blanks}{writer.breaks},")
    return Replacement(at, at, content) if is_clear else None


def filled(writer: Writer, nodes: Sequence[NewNode], style: Style, lines: Lines | None) -> str:
    """A mapping in brackets: `lines` are those that it begins in, None where all of it is in one line."""
    if not nodes:
        return "{}"
    if lines is None:
        return "{" + ("," + _space(style)).join(pair(writer, node, style, None) for node in nodes) + "}"
    inner = lines.deeper()
    pairs = [pair(writer, node, style, inner) for node in nodes]
    return "{" + inner.begin + ("," + inner.begin).join(pairs) + lines.begin + "}"


def pair(writer: Writer, node: NewNode, style: Style, lines: Lines | None) -> str:
    """A key with its value."""
    if node.children is None:
        value = writer.new_scalar(node, style)
    else:
        value = filled(writer, node.children, style, lines)
    return writer.new_key(node.name, style) + style.colon + value


def lines_near(writer: Writer, at: int, indent: str) -> Lines:
    """How lines are written near a place."""
    source = writer.document.source
    return Lines(source.line_end_near(at), indent, _unit(writer, indent))


def own_indent(writer: Writer, at: int) -> str | None:
    """The white space before something that begins its line; None where something else does."""
    start = writer.line_start(at)
    return None if start is None else writer.text[start:at]


def _unit(writer: Writer, indent: str) -> str:
    """By how much keys are indented more than those around them: here, or elsewhere in the file."""
    pending = [writer.document.root.entry]
    while pending:
        owner = pending.pop()
        for entry in owner.value.entries if not owner.value.is_alias else ():
            first = own_indent(writer, entry.key_start) if entry.key_end else None
            if first:
                return first
            pending.append(entry)
    return "\t" if "\t" in indent else _INDENT


def _joint(writer: Writer, mapping: Value, place: int, style: Style) -> Joint | None:
    """What stands between the keys next to a place, a blank line left out; None where comments do."""
    entries = mapping.entries
    if len(entries) > 1:
        second = min(max(place, 1), len(entries) - 1)
        between = writer.text[writer.end_of(entries[second - 1]) : entries[second].key_start]
        before, _, behind = between.partition(",")
    else:
        between = behind = writer.text[mapping.start + 1 : entries[0].key_start]
        before = ""
        if not _LAST_LINE.search(behind):
            behind = _space(style)
    if between.replace(",", "").strip(writer.blanks + writer.breaks):
        return None
    return Joint(_without_blank_lines(before), _without_blank_lines(behind))


def _space(style: Style) -> str:
    return " " if style.colon.endswith(" ") else ""


def _without_blank_lines(space: str) -> str:
    last = _LAST_LINE.search(space)
    return space if last is None else last[0]
