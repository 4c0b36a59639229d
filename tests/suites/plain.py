"""What we read, as plain values that can be held against those of another reader."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from migrator.document.model import Literal

if TYPE_CHECKING:
    from migrator.document.mapping import MappingDocument, Value
    from migrator.document.model import Node
    from migrator.document.xml import XmlDocument


def of_mapping(document: MappingDocument) -> object:
    """Texts, numbers, truth values, None, lists, and for mappings `mapping` of their keys and values."""
    return _of_value(document.root.entry.value)


def mapping(pairs: list[tuple[str, object]]) -> object:
    """A mapping with its keys in file order, those that are there twice included."""
    return "mapping", pairs


def number(text: str) -> object:
    """A number as it counts, not as it is written; as written where it is too large for that."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return "number", text


def _of_value(value: Value) -> object:
    match value.literal:
        case Literal.MAPPING:
            return mapping([(entry.key, _of_value(entry.value)) for entry in value.entries])
        case Literal.LIST:
            return [_of_value(entry.value) for entry in value.entries]
        case Literal.NUMBER:
            return number(value.text)
        case Literal.BOOLEAN:
            return value.text == "true"
        case Literal.NULL:
            return None
        case _:
            return value.text


def of_xml(document: XmlDocument) -> object:
    """For each element namespace, name, attributes, own character data, children.

    Texts and values are read a second time, from the index of the file's own text, and have to be the same.
    """
    return _of_element(document, document.root)


def _of_element(document: XmlDocument, node: Node) -> object:
    index, place = document.index, document.place_of(node)
    attributes = node.attributes()
    assert index.value(place) == node.text()
    for one in attributes:
        assert index.attribute_value(document.attribute_place(node, one)) == one.value
    return (
        node.namespace or "",
        node.name,
        sorted((one.namespace or "", one.name, one.value) for one in attributes),
        node.text(),
        [_of_element(document, child) for child in node.children()],
    )
