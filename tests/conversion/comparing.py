"""What two documents must have in common after a conversion, told by readers that are not ours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lxml import etree

from migrator.conversion.convert import Converted, ConvertSettings, OutputFormat, convert
from migrator.definition import nodes
from migrator.document.source import Source, decode

if TYPE_CHECKING:
    from migrator.section import Section

FORMATS = {OutputFormat.XML: "xml", OutputFormat.JSON: "json", OutputFormat.YAML: "yaml"}
WITHOUT_TEXT = {path for path, node in nodes().items() if node["kind"] == "element" and "type" not in node}
BLANK = " \t\r\n"
BETWEEN = (OutputFormat.JSON, OutputFormat.YAML)


def _path(element: etree._Element) -> str:
    names = [etree.QName(one).localname for one in (element, *element.iterancestors())]
    return "/".join(reversed(names))


def canonical(data: bytes) -> bytes:
    """Canonical XML without comments, instructions, and white space between elements."""
    root = etree.fromstring(data, etree.XMLParser(huge_tree=True, remove_comments=True, remove_pis=True))
    for element in root.iter():
        texts = [element.text, *(child.tail for child in element)]
        is_blank = not any(text and text.strip(BLANK) for text in texts)
        if is_blank and (len(element) or _path(element) in WITHOUT_TEXT):
            element.text = None
            for child in element:
                child.tail = None
    return etree.tostring(root, method="c14n")


def as_utf8(data: bytes) -> bytes:
    """The same XML without a declaration: lxml does not know every encoding."""
    source = decode(data)
    assert isinstance(source, Source)
    text = source.text
    return (text.partition("?>")[2] if text.startswith("<?xml ") else text).encode()


def settings_of(section: Section) -> list[tuple[str, str]]:
    """Names and values, in file order."""
    return [(one.name, one.value) for one in section.settings.values()]


def comments_in(data: bytes) -> list[str]:
    """Texts of the comments of an XML document, white space at their ends left out."""
    return [one.strip() for one in re.findall("<!--(.*?)-->", data.decode(), re.DOTALL)]


def converted(path: str, data: bytes, output: OutputFormat, **options: Any) -> Converted:
    """What becomes of a file, in a format, whatever is left out."""
    return convert(path, data, ConvertSettings(output)._replace(**options))


def through(data: bytes, output: OutputFormat, **options: Any) -> tuple[bytes, bytes]:
    """An XML document in another format, and as XML again."""
    there = converted("in.xml", data, output, force=True, **options)
    assert there.document is not None, there
    back = converted(f"out.{FORMATS[output]}", there.document, OutputFormat.XML, force=True, **options)
    assert back.document is not None, back
    return there.document, back.document
