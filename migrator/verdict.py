"""The schema's word on a section: valid or not. What is wrong, the rules say."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from lxml import etree

from migrator import definition
from migrator.document.xml import XmlNode

if TYPE_CHECKING:
    from migrator.document.model import Node


def is_valid(section: Node) -> bool:
    """Whether `schemas/dataminer.xsd` accepts an SMTP section, as libxml2 judges it."""
    return not isinstance(section, XmlNode) or _schema().validate(section.element)


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(definition.schema_path("dataminer.xsd"))))
