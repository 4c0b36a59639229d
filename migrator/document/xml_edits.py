"""Changes of nodes as edits of bytes; everything else of the file stays as it is."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, assert_never

from migrator.diagnostic import Edit
from migrator.document.edits import can_write
from migrator.document.model import (
    Change,
    CutComment,
    DeclareNamespace,
    InsertNodes,
    RemoveAttribute,
    RemoveComment,
    RemoveNode,
    Rename,
    ReplaceValue,
    UseNamespaceOfParent,
)
from migrator.document.source import WHITE_SPACE
from migrator.document.xml_characters import character_data, forbidden_character
from migrator.document.xml_index import Kind
from migrator.document.xml_insertions import insertion

if TYPE_CHECKING:
    from collections.abc import Iterable

    from migrator.document.source import Source
    from migrator.document.xml import XmlDocument
    from migrator.document.xml_index import Element

_Stretch = tuple[int, int, str]


def edits(document: XmlDocument, changes: Iterable[Change]) -> tuple[Edit, ...] | None:
    """The changes as edits, as `Document.edits` has them."""
    source = document.source
    if source.has_shift_states:
        return None  # what stands behind an edit would need the escape sequence before it
    stretches: list[_Stretch] = []
    for change in changes:
        planned = _plan(document, change)
        if planned is None:
            return None
        stretches += planned
    stretches.sort()
    if any(before[1] > after[0] or before[:2] == after[:2] for before, after in pairwise(stretches)):
        return None
    return tuple(Edit(source.offset(start), source.offset(end), content) for start, end, content in stretches)


def _plan(document: XmlDocument, change: Change) -> list[_Stretch] | None:
    match change:
        case ReplaceValue(node=node, text=text):
            return _replace(document, document.place_of(node), text)
        case Rename(node=node, name=name):
            return _rename(document, document.place_of(node), name)
        case RemoveNode(node=node):
            return _remove(document, document.place_of(node))
        case RemoveAttribute(node=node, attribute=attribute):
            place = document.attribute_place(node, attribute)
            return [(place.start, place.end, "")]
        case RemoveComment() | CutComment():
            return _change_comment(document, change)
        case InsertNodes():
            return insertion(document, change, lambda text: _content(document.source, text))
        case UseNamespaceOfParent() | DeclareNamespace():
            return _change_namespace(document, change)
        case _:
            assert_never(change)


def _replace(document: XmlDocument, element: Element, text: str) -> list[_Stretch] | None:
    """The text takes the place of the value; comments before and behind it stay, one inside it forbids it."""
    source, pieces = document.source, document.index.pieces_of(element)
    content = _content(source, text)
    if content is None or any(piece.kind is Kind.ELEMENT for piece in pieces):
        return None
    data = [piece for piece in pieces if piece.is_character_data]
    if not data:
        return [_fill(source.text, element, content)]
    value = [piece for piece in data if not document.index.is_blank(piece)] or data[:1]
    if not all(piece.is_character_data for piece in pieces[pieces.index(value[0]) : pieces.index(value[-1])]):
        return None
    first = value[0]
    stretches = [(piece.start, piece.end, "") for piece in data if piece is not first]
    fits_cdata = "]]>" not in text and "\r" not in text and _in_encoding(source, text) == text
    if first.kind is Kind.CDATA and fits_cdata:
        return [*stretches, (first.inner_start, first.inner_end, text)]
    return [*stretches, (first.start, first.end, content)]


def _fill(text: str, element: Element, content: str) -> _Stretch:
    """Content for an element that has no character data; an empty tag becomes two tags."""
    if not element.is_empty_tag:
        return element.open_end, element.open_end, content
    # the name is part of the stretch, so that another change of it contradicts this one
    tag = text[element.name_start : element.open_end - 2].rstrip(WHITE_SPACE)
    name = text[element.name_start : element.name_end]
    return element.name_start, element.open_end, f"{tag}>{content}</{name}>"


def _rename(document: XmlDocument, element: Element, name: str) -> list[_Stretch] | None:
    if _in_encoding(document.source, name) != name:
        return None
    text = document.source.text
    local = text.rfind(":", element.name_start, element.name_end) + 1 or element.name_start
    stretches = [(local, element.name_end, name)]
    if not element.is_empty_tag:
        closing = element.close_start + 2 + local - element.name_start
        stretches.append((closing, closing + element.name_end - local, name))
    return stretches


def _remove(document: XmlDocument, element: Element) -> list[_Stretch] | None:
    inside = document.index.pieces_between(element.start, element.end)
    if element.parent < 0 or any(piece.kind is Kind.COMMENT for piece in inside):
        return None
    return [(*document.source.with_line(element.start, element.end), "")]


def _change_comment(document: XmlDocument, change: RemoveComment | CutComment) -> list[_Stretch]:
    """In a value the comment alone goes: the white space around it belongs to the value."""
    if isinstance(change, CutComment):
        return [(change.start, change.end, "")]
    comment = change.comment
    around = None if comment.inside is None else document.place_of(comment.inside)
    if around is not None and not around.holds_elements:
        return [(comment.start, comment.end, "")]
    return [(*document.source.with_space_before(comment.start, comment.end), "")]


def _change_namespace(
    document: XmlDocument, change: UseNamespaceOfParent | DeclareNamespace
) -> list[_Stretch] | None:
    element = document.place_of(change.node)
    if isinstance(change, DeclareNamespace):
        return _declare_namespace(document, element, change.name)
    return _use_namespace_of_parent(document, element)


def _use_namespace_of_parent(document: XmlDocument, element: Element) -> list[_Stretch] | None:
    """The default namespace around the element is that of its parent where neither has a prefix."""
    if element.parent < 0:
        return None
    text = document.source.text
    parent = document.index.elements[element.parent]
    if any(":" in text[one.name_start : one.name_end] for one in (element, parent)):
        return None
    places = document.index.attributes(element)
    return [(place.start, place.end, "") for place in places if place.qualified_name == "xmlns"] or None


def _declare_namespace(document: XmlDocument, element: Element, name: str | None) -> list[_Stretch] | None:
    """A declaration is written right behind the name of the element, or the one that is there goes."""
    if ":" in document.source.text[element.name_start : element.name_end]:
        return None
    own = [one for one in document.index.attributes(element) if one.qualified_name == "xmlns"]
    if name is None:
        return [(place.start, place.end, "") for place in own] or None
    if own:
        return [(place.value_start, place.value_end, _in_attribute(name)) for place in own]
    return [(element.name_end, element.name_end, f' xmlns="{_in_attribute(name)}"')]


def _in_attribute(text: str) -> str:
    return character_data(text).replace('"', "&quot;").replace("'", "&apos;")


def _content(source: Source, text: str) -> str | None:
    """The text as character data; None where XML cannot hold it."""
    return None if forbidden_character(text) else _in_encoding(source, character_data(text))


def _in_encoding(source: Source, text: str) -> str:
    """The text with references for the characters that cannot be written in the file and read back."""
    if can_write(source, text):
        return text
    return "".join(one if can_write(source, one) else f"&#{ord(one)};" for one in text)
