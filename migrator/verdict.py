"""The schema's word on a section: valid or not. What is wrong, the rules say."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from lxml import etree

from migrator import definition
from migrator.document.xml import XmlDocument, XmlNode

if TYPE_CHECKING:
    from migrator.document.model import Document, Node

_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"


def is_valid(section: Node) -> bool:
    """Whether `schemas/dataminer.xsd` accepts an SMTP section, as libxml2 judges it."""
    return not isinstance(section, XmlNode) or _schema().validate(section.element)


def sees_all(document: Document) -> bool:
    """Whether there is nothing in a document that the schema lets pass and a rule does not.

    Such are processing instructions inside values, and attributes for validators (`xsi:…`).
    """
    text = document.source.text
    return isinstance(document, XmlDocument) and "<?" not in text[1:] and _INSTANCE not in text


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(definition.schema_path("dataminer.xsd"))))
