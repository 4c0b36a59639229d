"""New keys of YAML documents, laid out as what stands around them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from migrator.document import bracket_insertions
from migrator.document.bracket_insertions import Style, filled, lines_near, own_indent, pair
from migrator.document.edits import Replacement
from migrator.document.model import CONTAINERS
from migrator.document.yaml_scalars import is_plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from migrator.document.lines import Lines
    from migrator.document.mapping import Entry, Value
    from migrator.document.model import NewNode
    from migrator.document.yaml_edits import YamlWriter

_COLON: Final = re.compile("[ ]*+:")
_INDICATORS: Final = re.compile("[ :-]*+")  # with the blanks around them
_COMMENT_LINE: Final = re.compile("[ \t]*+#")
_COLON_IN_BRACKETS: Final = re.compile("[ ]*+:[ ]++")
_QUOTES: Final = ("'", '"')
_MOST_LOOKED_AT: Final = 1_000


def insertion(
    writer: YamlWriter, owner: Entry, place: int, nodes: Sequence[NewNode]
) -> list[Replacement] | None:
    """New keys before the one in a place, counted from 0, of the owner's mapping, which holds some."""
    mapping = owner.value
    style = _style(writer, mapping, place)
    if not mapping.is_block:
        if writer.text[mapping.start] != "{":
            return None
        written = bracket_insertions.insertion(writer, mapping, place, nodes, style)
    elif place:
        written = _behind(writer, mapping, mapping.entries[place - 1], nodes, style)
    else:
        written = _before(writer, owner, nodes, style)
    return None if written is None else [written]


def filling(writer: YamlWriter, owner: Entry, nodes: Sequence[NewNode]) -> list[Replacement] | None:
    """New keys for an owner that holds nothing, or null."""
    document, value = writer.document, owner.value
    if document.comments_between(value.start, value.end):
        return None
    home = document.homes.get(owner)
    if home is None:
        return _whole_file(writer, value, nodes)
    if not home.owner.value.is_block:
        return _in_brackets(writer, owner, nodes)
    return _under_key(writer, owner, nodes, _indent(writer, home.owner.value))


def _under_key(
    writer: YamlWriter, owner: Entry, nodes: Sequence[NewNode], indent: str | None
) -> list[Replacement] | None:
    """As a block in the lines behind a key, whose own line is indented so far; its comment stays there."""
    value = owner.value
    colon = _COLON.match(writer.text, owner.key_end)
    line_end = writer.end_of_line(value.end)
    if colon is None or indent is None or line_end is None:
        return None
    between = writer.text[colon.end() : value.start]
    if any(one in between for one in writer.breaks):
        own = own_indent(writer, value.start)
        return None if own is None or own.strip(" ") else [_in_place(writer, value, nodes, own)]
    lines = _block_lines(writer, value.start, indent).deeper()
    content = _lines(writer, nodes, _style_of_file(writer), lines)
    space = len(between) - len(between.rstrip(" \t"))
    start = value.start - space if value.start < value.end else line_end
    if line_end in (start, value.end):
        return [Replacement(start, line_end, content)]
    return [Replacement(start, value.end, ""), Replacement(line_end, line_end, content)]


def _behind(
    writer: YamlWriter, mapping: Value, before: Entry, nodes: Sequence[NewNode], style: Style
) -> Replacement | None:
    at, indent = writer.end_of_lines(before), _indent(writer, mapping)
    if at is None or indent is None:
        return None
    return Replacement(at, at, _lines(writer, nodes, style, _block_lines(writer, at, indent)))


def _before(writer: YamlWriter, owner: Entry, nodes: Sequence[NewNode], style: Style) -> Replacement | None:
    """Above the comments that stand right above the first key, but for those that begin the file."""
    mapping, source = owner.value, writer.document.source
    indent = _indent(writer, mapping)
    if indent is None:
        return None
    lines = _block_lines(writer, mapping.start, indent)
    pairs = [_pair(writer, node, style, lines) for node in nodes]
    line, _ = source.line_and_column(mapping.start)
    if writer.line_start(mapping.start) is None:
        at = mapping.start
        return Replacement(at, at, "".join(one + lines.begin for one in pairs))
    is_top = owner is writer.document.root.entry
    while not is_top and _COMMENT_LINE.match(writer.text, source.line_start(line - 1)):
        line -= 1
    at = source.line_start(line)
    return Replacement(at, at, "".join(indent + one + lines.line_end for one in pairs))


def _whole_file(writer: YamlWriter, value: Value, nodes: Sequence[NewNode]) -> list[Replacement] | None:
    if value.start == value.end:
        return None
    if own_indent(writer, value.start) == "":
        return [_in_place(writer, value, nodes, "")]
    return [Replacement(value.start, value.end, filled(writer, nodes, _style_of_file(writer), None))]


def _in_place(writer: YamlWriter, value: Value, nodes: Sequence[NewNode], indent: str) -> Replacement:
    """A block in the place of a value that begins its line."""
    lines = _block_lines(writer, value.start, indent)
    content = _lines(writer, nodes, _style_of_file(writer), lines)
    return Replacement(value.start, value.end, content.removeprefix(lines.begin))


def _in_brackets(writer: YamlWriter, owner: Entry, nodes: Sequence[NewNode]) -> list[Replacement] | None:
    value = owner.value
    indent = own_indent(writer, owner.key_start)
    lines = None if indent is None else lines_near(writer, owner.key_start, indent)
    content = filled(writer, nodes, _style_of_file(writer, key_quote(writer, owner)), lines)
    return writer.instead_of_flow(value, content)


def _lines(writer: YamlWriter, nodes: Sequence[NewNode], style: Style, lines: Lines) -> str:
    """Keys with their values, each with the beginning of a line before it."""
    return "".join(lines.begin + _pair(writer, node, style, lines) for node in nodes)


def _pair(writer: YamlWriter, node: NewNode, style: Style, lines: Lines) -> str:
    """A key of a block with its value."""
    if not node.children:
        return pair(writer, node, style, None)
    return writer.new_key(node.name, style) + ":" + _lines(writer, node.children, style, lines.deeper())


def _indent(writer: YamlWriter, mapping: Value) -> str | None:
    """The columns before the keys of a block, as spaces; None where that cannot be told."""
    source = writer.document.source
    start = source.line_start(source.line_and_column(mapping.start)[0])
    before = writer.text[start : mapping.start]
    return " " * len(before) if _INDICATORS.fullmatch(before) else None


def _block_lines(writer: YamlWriter, at: int, indent: str) -> Lines:
    lines = lines_near(writer, at, indent)
    return lines._replace(unit="  ") if "\t" in lines.unit else lines


def _style(writer: YamlWriter, mapping: Value, place: int) -> Style:
    """As the keys of a mapping are written, the one next to a place first of all."""
    entries = mapping.entries
    neighbour = entries[max(place - 1, 0)]
    style = _of_values((entry.value for entry in entries), key_quote(writer, neighbour))
    if mapping.is_block:
        return style
    between = writer.text[neighbour.key_end : neighbour.value.start]
    is_tight = between == ":" and style.key_quote != "" and neighbour.value.start < neighbour.value.end
    return style._replace(colon=between) if is_tight or _COLON_IN_BRACKETS.fullmatch(between) else style


def _style_of_file(writer: YamlWriter, key_quote: str = "") -> Style:
    """As values are written elsewhere in the file."""
    return _of_values(_scalars(writer.document.root.entry.value), key_quote)


def _of_values(values: Iterable[Value], key_quote: str) -> Style:
    """In the quotes of a key; else in none, unless all texts that need none stand in some."""
    if key_quote:
        return Style(key_quote, key_quote)
    written = [one for one in values if not one.is_alias]
    quotes = [one.quote for one in written if one.quote in _QUOTES]
    could_be_plain = [one for one in written if one.quote in ("", *_QUOTES) and is_plain(one.text)]
    free = {bool(one.quote) for one in could_be_plain}
    return Style("", quotes[0] if quotes else "'", is_plain=free != {True})


def _scalars(top: Value) -> Iterator[Value]:
    """The first scalars of a file, without those that an alias brings along."""
    pending, seen = [top], 0
    while pending and seen < _MOST_LOOKED_AT:
        one = pending.pop()
        seen += 1
        if one.literal not in CONTAINERS:
            yield one
        elif not one.is_alias:
            pending += [entry.value for entry in reversed(one.entries)]


def key_quote(writer: YamlWriter, entry: Entry) -> str:
    """The quotes that a key stands in, if any."""
    first = writer.text[entry.key_start : entry.key_start + 1]
    return first if first in _QUOTES else ""
