"""Values with characters that XML cannot hold: each is a problem, or left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.conversion.tree import Element, Note, Problem, Remark
from migrator.document.xml_characters import forbidden_character

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.diagnostic import Span
    from migrator.document.model import Document

_HELP = "remove it from the value, or leave the value out with --force"


def forbidden(element: Element, document: Document) -> Iterator[Problem]:
    """What XML cannot hold of an element and all inside."""
    for name, text in ((element.name, element.text), *_attributes(element)):
        words = why_forbidden(name, text)
        if words is not None:
            yield Problem(words, _HELP, _span(element, document))
    for child in element.children:
        yield from forbidden(child, document)


def without_forbidden(element: Element, document: Document, notes: list[Note]) -> Element:
    """The element without the values in it that XML cannot hold, each of which is noted."""

    def is_held(name: str, text: str, around: Element) -> bool:
        words = why_forbidden(name, text)
        if words is not None:
            notes.append(Note(f"{words}: it is left out", _span(around, document)))
        return words is None

    held = [is_held(name, value, element) for name, value in _attributes(element)]
    attributes = tuple(one for one, is_one in zip(element.attributes, held, strict=True) if is_one)
    content: list[str | Element | Remark] = []
    for one in element.content:
        if isinstance(one, Element):
            if one.children or is_held(one.name, one.text, one):
                content.append(without_forbidden(one, document, notes))
        elif isinstance(one, Remark) or is_held(element.name, one, element):
            content.append(one)
    return element._replace(content=tuple(content), attributes=attributes)


def _attributes(element: Element) -> list[tuple[str, str]]:
    return [(f"@{name}", value) for name, value in element.attributes]


def why_forbidden(name: str, text: str) -> str | None:
    """What XML cannot hold of a value; None where it can hold all of it."""
    character = forbidden_character(text)
    if character is None:
        return None
    return f"{name} holds the character U+{ord(character):04X}, which XML cannot hold"


def _span(element: Element, document: Document) -> Span | None:
    return None if element.target is None else document.span(element.target)
