"""XML documents: read by lxml, hardened; places come from the file's own text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from lxml import etree

from migrator.document.model import (
    Attribute,
    Change,
    Comment,
    Document,
    Excerpt,
    Node,
    Part,
    Stray,
    Target,
    Veil,
)

if TYPE_CHECKING:
    from migrator.diagnostic import Edit, Span
    from migrator.document.limits import Limits
    from migrator.document.source import Source, Unreadable
    from migrator.document.xml_index import Element, Piece, XmlIndex

_WHITE_SPACE = " \t\r\n"
_UTF8 = "utf-8"
# Fetches nothing and expands nothing; `huge_tree` leaves the limits to us (depth 2048 at most).
_PARSER = etree.XMLParser(
    encoding=_UTF8, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
)


def parse(source: Source, limits: Limits, nameable: Callable[[str], bool]) -> XmlDocument | Unreadable:
    """The document, or why there is none.

    `nameable` tells the element names that messages may quote: others could be part of an unescaped value.
    """
    text = source.text
    if (
        "<!DOCTYPE" in text
        or text.count("</") >= limits.depth
        or (len(text) > limits.nodes and text.count("<") > limits.nodes)
    ):
        from migrator.document.xml_survey import survey

        if (unreadable := survey(source, limits)) is not None:
            return unreadable
    data = source.data[source.bom :] if source.encoding == _UTF8 else text.encode(_UTF8)
    try:
        root = etree.fromstring(data, _PARSER)
    except etree.XMLSyntaxError as error:
        from migrator.document.xml_survey import explain

        return explain(source, limits, nameable, (error.lineno or 1, error.offset or 1))
    return XmlDocument(source, root)


class XmlNode(Node):
    """An element."""

    __slots__ = ("element", "name", "namespace")

    def __init__(self, element: etree._Element) -> None:
        self.element = element
        tag = str(element.tag)
        if tag[0] == "{":
            self.namespace, _, self.name = tag[1:].partition("}")
        else:
            self.namespace, self.name = None, tag

    def __eq__(self, other: object) -> bool:
        return isinstance(other, XmlNode) and other.element is self.element

    def __hash__(self) -> int:
        return hash(self.element)

    def text(self) -> str:
        element = self.element
        if not len(element):
            return element.text or ""
        return (element.text or "") + "".join([child.tail or "" for child in element])

    def children(self) -> list[XmlNode]:
        return [XmlNode(child) for child in self.element if isinstance(child.tag, str)]

    def attributes(self) -> list[Attribute]:
        if not self.element.attrib:
            return []
        names = [(etree.QName(name), value) for name, value in self.element.attrib.items()]
        return [Attribute(name.namespace, name.localname, str(value)) for name, value in names]

    def strays(self) -> list[Stray]:
        element = self.element
        strays = []
        texts = instructions = 0
        if element.text and element.text.strip(_WHITE_SPACE):
            strays.append(Stray("text", "", texts))
            texts += 1
        for child in element:
            if child.tag is etree.PI:
                strays.append(Stray("processing instruction", str(child.target), instructions))
                instructions += 1
            if child.tail and child.tail.strip(_WHITE_SPACE):
                strays.append(Stray("text", "", texts))
                texts += 1
        return strays

    def parent(self) -> XmlNode | None:
        above = self.element.getparent()
        return None if above is None else XmlNode(above)


class XmlDocument(Document):
    """A well-formed XML document."""

    def __init__(self, source: Source, root: etree._Element) -> None:
        self.source = source
        self.root: XmlNode = XmlNode(root)

    def find(self, name: str) -> Iterator[Node]:
        for element in self.root.element.iter(f"{{*}}{name}"):
            yield XmlNode(element)

    def comments(self) -> Iterator[Comment]:
        if "<!--" not in self.source.text:
            return
        from migrator.document.xml_index import Kind

        for piece in self.index.pieces:
            if piece.kind is Kind.COMMENT:
                inside = None if piece.owner < 0 else XmlNode(self._elements[piece.owner])
                text = self.source.text[piece.inner_start : piece.inner_end]
                yield Comment(text, inside, piece.start, piece.end)

    @cached_property
    def index(self) -> XmlIndex:
        """Where everything stands, built when first asked for."""
        from migrator.document.xml_index import XmlIndex

        return XmlIndex(self.source.text)

    def place_of(self, node: Node) -> Element:
        """Where an element stands."""
        if not isinstance(node, XmlNode):
            raise TypeError(node)
        return self.index.elements[self._ordinals[node.element]]

    def span(self, target: Target) -> Span:
        return self.source.span(*self._bounds(target))

    def edits(self, changes: Iterable[Change]) -> tuple[Edit, ...] | None:
        from migrator.document.xml_edits import edits

        return edits(self, changes)

    def excerpt(self, span: Span, veil: Veil) -> Excerpt:
        from migrator.document.xml_excerpt import excerpt

        return excerpt(self.source, self.index, span, veil)

    def _bounds(self, target: Target) -> tuple[int, int]:
        element = self.place_of(target.node)
        if target.attribute is not None:
            return self._attribute_bounds(element, target)
        if target.stray is not None:
            return self._stray_bounds(element, target.stray)
        if target.part is Part.VALUE:
            bounds = self.index.value_bounds(element)
            if bounds is not None and bounds[0] < bounds[1]:
                return bounds
        return element.name_start, element.name_end

    def _attribute_bounds(self, element: Element, target: Target) -> tuple[int, int]:
        attributes = [
            place
            for place in self.index.attributes(element)
            if place.qualified_name != "xmlns" and not place.qualified_name.startswith("xmlns:")
        ]
        # lxml lists attributes in the order of the start tag, namespace declarations left out
        position = target.node.attributes().index(target.attribute)  # type: ignore[arg-type]
        place = attributes[position]
        if target.part is Part.VALUE:
            return place.value_start, place.value_end
        return place.name_start, place.name_end

    def _stray_bounds(self, element: Element, stray: Stray) -> tuple[int, int]:
        from migrator.document.xml_index import Kind

        if stray.kind == "processing instruction":
            found = [piece for piece in element.pieces if piece.kind is Kind.INSTRUCTION]
            return found[stray.ordinal].start, found[stray.ordinal].end
        start, end = self._text_runs(element)[stray.ordinal]
        text = self.source.text[start:end]
        return start + len(text) - len(text.lstrip()), end - (len(text) - len(text.rstrip()))

    def _text_runs(self, element: Element) -> list[tuple[int, int]]:
        """Stretches of character data between other nodes, those of white space alone left out."""
        from migrator.document.xml_index import Kind, plain

        def is_blank(piece: Piece) -> bool:
            inner = self.source.text[piece.inner_start : piece.inner_end]
            return not (plain(inner) if piece.kind is Kind.TEXT else inner).strip(_WHITE_SPACE)

        runs: list[tuple[int, int]] = []
        run: list[Piece] = []
        for piece in [*element.pieces, None]:
            if piece is not None and piece.kind in (Kind.TEXT, Kind.CDATA):
                run.append(piece)
                continue
            if run and not all(is_blank(part) for part in run):
                runs.append((run[0].start, run[-1].end))
            run = []
        return runs

    @cached_property
    def _elements(self) -> list[etree._Element]:
        """All elements in document order; the list keeps lxml's proxies alive, so that `is` holds."""
        return list(self.root.element.iter("*"))

    @cached_property
    def _ordinals(self) -> dict[etree._Element, int]:
        return {element: ordinal for ordinal, element in enumerate(self._elements)}
