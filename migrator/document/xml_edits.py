"""Changes of nodes as edits of bytes; everything else of the file stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from migrator.diagnostic import Edit
from migrator.document.model import (
    Change,
    RemoveAttribute,
    RemoveNode,
    Rename,
    ReplaceValue,
    UseNamespaceOfParent,
)
from migrator.document.xml_index import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from migrator.document.source import Source
    from migrator.document.xml import XmlDocument
    from migrator.document.xml_index import Element

_Stretch = tuple[int, int, str]
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}


def edits(document: XmlDocument, changes: Iterable[Change]) -> tuple[Edit, ...] | None:
    """The changes as edits, ordered by place; None where one would delete a comment or cannot be written."""
    stretches: list[_Stretch] = []
    for change in changes:
        planned = _plan(document, change)
        if planned is None:
            return None
        stretches += planned
    source = document.source
    return tuple(
        Edit(source.offset(start), source.offset(end), content) for start, end, content in sorted(stretches)
    )


def _plan(document: XmlDocument, change: Change) -> list[_Stretch] | None:
    element = document.place_of(change.node)
    match change:
        case ReplaceValue(text=text):
            return _replace(document, element, text)
        case Rename(name=name):
            return _rename(document, element, name)
        case RemoveNode():
            return _remove(document, element)
        case RemoveAttribute(node=node, attribute=attribute):
            wanted = node.attributes().index(attribute)
            places = [
                place
                for place in document.index.attributes(element)
                if not place.qualified_name.startswith("xmlns")
            ]
            return [(places[wanted].start, places[wanted].end, "")]
        case UseNamespaceOfParent():
            places = [
                place for place in document.index.attributes(element) if place.qualified_name == "xmlns"
            ]
            return [(place.start, place.end, "") for place in places] or None
        case _:
            assert_never(change)


def _replace(document: XmlDocument, element: Element, text: str) -> list[_Stretch] | None:
    source = document.source
    values = [piece for piece in element.pieces if piece.kind in (Kind.TEXT, Kind.CDATA)]
    if len(values) == 1:
        piece = values[0]
        if piece.kind is Kind.CDATA:
            if "]]>" in text or _encodable(source, text) != text:
                return None
            return [(piece.inner_start, piece.inner_end, text)]
        return [(piece.start, piece.end, _escaped(source, text))]
    if len(values) != len(element.pieces):
        return None
    if values:
        return [(values[0].start, values[-1].end, _escaped(source, text))]
    if element.is_empty_tag:
        name = source.text[element.name_start : element.name_end]
        slash = element.open_end - 2
        start = slash - (len(source.text[:slash]) - len(source.text[:slash].rstrip()))
        return [(start, element.open_end, f">{_escaped(source, text)}</{name}>")]
    return [(element.open_end, element.close_start, _escaped(source, text))]


def _rename(document: XmlDocument, element: Element, name: str) -> list[_Stretch]:
    text = document.source.text
    local = text.rfind(":", element.name_start, element.name_end) + 1 or element.name_start
    stretches = [(local, element.name_end, name)]
    if not element.is_empty_tag:
        closing = element.close_start + 2 + local - element.name_start
        stretches.append((closing, closing + element.name_end - local, name))
    return stretches


def _remove(document: XmlDocument, element: Element) -> list[_Stretch] | None:
    text = document.source.text
    if "<!--" in text[element.start : element.end]:
        return None
    line = document.source.position(element.start).line
    line_start, _ = document.source.line_bounds(line)
    last_line = document.source.position(element.end).line
    _, line_end = document.source.line_bounds(last_line)
    is_alone = not text[line_start : element.start].strip() and not text[element.end : line_end].strip()
    if is_alone and line_end < len(text):
        width = 2 if text.startswith("\r\n", line_end) else 1
        return [(line_start, line_end + width, "")]
    return [(element.start, element.end, "")]


def _escaped(source: Source, text: str) -> str:
    return _encodable(source, "".join(_ESCAPES.get(character, character) for character in text))


def _encodable(source: Source, text: str) -> str:
    """The text with references for the characters that the file's encoding lacks."""
    return text.encode(source.encoding, "xmlcharrefreplace").decode(source.encoding)
