"""Changes of nodes as edits of bytes; everything else of the file stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, assert_never

from migrator.document.edits import Replacement, as_edits, can_write
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
from migrator.document.xml_characters import attribute_value, character_data, forbidden_character
from migrator.document.xml_index import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from migrator.diagnostic import Edit
    from migrator.document.source import Source
    from migrator.document.xml import XmlDocument
    from migrator.document.xml_index import Element

_CDATA_END: Final = "]]>"


def edits(document: XmlDocument, changes: Iterable[Change]) -> tuple[Edit, ...] | None:
    """The changes as edits, as `Document.edits` has them."""
    source = document.source
    if source.has_shift_states:
        return None  # what stands behind an edit would need the escape sequence before it
    replacements: list[Replacement] = []
    for change in changes:
        planned = _plan(document, change)
        if planned is None:
            return None
        replacements += planned
    return None if _ends_cdata(source.text, replacements) else as_edits(source, replacements)


def _ends_cdata(text: str, replacements: Iterable[Replacement]) -> bool:
    """Whether what goes leaves ]]> behind, which no text may hold (XML 1.0, section 2.4)."""
    before, at = "", 0  # what stays or is written up to a place in the text: the end of it
    for start, end, content in sorted(replacements):
        before = (before + text[max(at, start - 2) : start])[-2:] + content
        if _CDATA_END in before + text[end : end + 2]:
            return True
        at = end
    return False


def _plan(document: XmlDocument, change: Change) -> list[Replacement] | None:
    match change:
        case ReplaceValue(node=node, text=text):
            return _replace(document, document.place_of(node), text)
        case Rename(node=node, name=name):
            return _rename(document, document.place_of(node), name)
        case RemoveNode(node=node):
            return _remove(document, document.place_of(node))
        case RemoveAttribute(node=node, attribute=attribute):
            place = document.attribute_place(node, attribute)
            return [Replacement(place.start, place.end, "")]
        case RemoveComment() | CutComment():
            return _change_comment(document, change)
        case InsertNodes():
            from migrator.document.xml_insertions import insertion

            return insertion(document, change, lambda text: _content(document.source, text))
        case UseNamespaceOfParent() | DeclareNamespace():
            return _change_namespace(document, change)
        case _:
            assert_never(change)


def _replace(document: XmlDocument, element: Element, text: str) -> list[Replacement] | None:
    """The text takes the place of the value; comments before and behind it stay, one inside it forbids it."""
    source, pieces = document.source, document.index.pieces_of(element)
    content = _content(source, text)
    if content is None or any(piece.kind is Kind.ELEMENT for piece in pieces):
        return None
    data = [piece for piece in pieces if piece.is_character_data]
    if not data:
        if element.is_empty_tag:
            from migrator.document.xml_insertions import filled_tag

            return [filled_tag(source.text, element, content)]
        return [Replacement(element.open_end, element.open_end, content)]
    value = [piece for piece in data if not document.index.is_blank(piece)] or data[:1]
    if not all(piece.is_character_data for piece in pieces[pieces.index(value[0]) : pieces.index(value[-1])]):
        return None
    first = value[0]
    rest = [Replacement(piece.start, piece.end, "") for piece in data if piece is not first]
    fits_cdata = "]]>" not in text and "\r" not in text and _in_encoding(source, text) == text
    if first.kind is Kind.CDATA and fits_cdata:
        return [*rest, Replacement(first.inner_start, first.inner_end, text)]
    return [*rest, Replacement(first.start, first.end, content)]


def _rename(document: XmlDocument, element: Element, name: str) -> list[Replacement] | None:
    if _in_encoding(document.source, name) != name:
        return None
    text = document.source.text
    local = text.rfind(":", element.name_start, element.name_end) + 1 or element.name_start
    replacements = [Replacement(local, element.name_end, name)]
    if not element.is_empty_tag:
        closing = element.close_start + 2 + local - element.name_start
        replacements.append(Replacement(closing, closing + element.name_end - local, name))
    return replacements


def _remove(document: XmlDocument, element: Element) -> list[Replacement] | None:
    inside = document.index.pieces_between(element.start, element.end)
    if element.parent < 0 or any(piece.kind is Kind.COMMENT for piece in inside):
        return None
    return [Replacement(*document.source.with_line(element.start, element.end), "")]


def _change_comment(document: XmlDocument, change: RemoveComment | CutComment) -> list[Replacement]:
    """In a value the comment alone goes: the white space around it belongs to the value."""
    if isinstance(change, CutComment):
        return [Replacement(change.start, change.end, "")]
    comment = change.comment
    around = None if comment.inside is None else document.place_of(comment.inside)
    if around is not None and not around.holds_elements:
        return [Replacement(comment.start, comment.end, "")]
    return [Replacement(*document.source.with_space_before(comment.start, comment.end), "")]


def _change_namespace(
    document: XmlDocument, change: UseNamespaceOfParent | DeclareNamespace
) -> list[Replacement] | None:
    element = document.place_of(change.node)
    if isinstance(change, DeclareNamespace):
        return _declare_namespace(document, element, change.name)
    return _use_namespace_of_parent(document, element)


def _use_namespace_of_parent(document: XmlDocument, element: Element) -> list[Replacement] | None:
    """The default namespace around the element is that of its parent where neither has a prefix."""
    if element.parent < 0:
        return None
    text = document.source.text
    parent = document.index.elements[element.parent]
    if any(":" in text[one.name_start : one.name_end] for one in (element, parent)):
        return None
    places = document.index.attributes(element)
    return [
        Replacement(place.start, place.end, "") for place in places if place.qualified_name == "xmlns"
    ] or None


def _declare_namespace(document: XmlDocument, element: Element, name: str | None) -> list[Replacement] | None:
    """A declaration is written right behind the name of the element, or the one that is there goes."""
    if ":" in document.source.text[element.name_start : element.name_end]:
        return None
    own = [one for one in document.index.attributes(element) if one.qualified_name == "xmlns"]
    if name is None:
        return [Replacement(place.start, place.end, "") for place in own] or None
    value = attribute_value(name).replace("'", "&apos;")  # the quotes that are there may be single ones
    if own:
        return [Replacement(place.value_start, place.value_end, value) for place in own]
    return [Replacement(element.name_end, element.name_end, f' xmlns="{value}"')]


def _content(source: Source, text: str) -> str | None:
    """The text as character data; None where XML cannot hold it."""
    return None if forbidden_character(text) else _in_encoding(source, character_data(text))


def _in_encoding(source: Source, text: str) -> str:
    """The text with references for the characters that cannot be written in the file and read back."""
    if can_write(source, text):
        return text
    return "".join(one if can_write(source, one) else f"&#{ord(one)};" for one in text)
