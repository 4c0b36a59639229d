"""The schema's word on a section: valid or not. What is wrong, the rules say."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from lxml import etree

from migrator import definition
from migrator.document.xml import XSI, XmlNode

if TYPE_CHECKING:
    from migrator.document.model import Node
    from migrator.section import Section

# By the namespace of a section; the smaller one, which the other includes, is read in a third of the time
_SCHEMAS = {None: "smtp.xsd", definition.NAMESPACE: "dataminer.xsd"}


def is_valid(section: Node) -> bool:
    """Whether the schema accepts an SMTP section, as libxml2 judges it."""
    if not isinstance(section, XmlNode):
        return True
    schema = _SCHEMAS.get(section.namespace)
    return schema is not None and _schema(schema).validate(section.element)


def sees_all(section: Section) -> bool:
    """Whether there is nothing in a section that the schema lets pass and a rule does not.

    Such are processing instructions inside values, and attributes for validators (`xsi:…`).
    """
    text, node = section.document.source.text, section.node
    if not isinstance(node, XmlNode) or text.find("<?", 1) >= 0:
        return False
    return XSI not in text or not any(
        str(name).startswith(f"{{{XSI}}}")
        for element in node.element.iter("*")
        for name in element.keys()  # noqa: SIM118 - an element is no mapping
    )


@cache
def _schema(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(definition.schema_path(name))))
