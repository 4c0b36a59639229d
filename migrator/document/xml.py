"""XML documents: read by lxml, hardened; places come from the file's own text."""
# ruff: noqa: D102 - what overrides a method of model.py is documented there

from __future__ import annotations

from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from lxml import etree

from migrator.document.limits import DEEPEST, MOST_ATTRIBUTES
from migrator.document.model import Attribute, Comment, Document, Node, Part, Stray, StrayKind, Target
from migrator.document.source import BOM, WHITE_SPACE, declaration_of_encoding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from migrator.diagnostic import Edit, Span
    from migrator.document.excerpt import Excerpts
    from migrator.document.limits import Limits
    from migrator.document.model import Change, Veil
    from migrator.document.source import Source, Unreadable
    from migrator.document.xml_index import AttributePlace, Element, Piece, XmlIndex

_UTF8 = "utf-8"
# Fetches nothing and expands nothing; `huge_tree` leaves the limits to us. An xml:id is any attribute to us.
_PARSER = etree.XMLParser(
    encoding=_UTF8,
    resolve_entities=False,
    no_network=True,
    load_dtd=False,
    huge_tree=True,
    collect_ids=False,
)
XSI = "http://www.w3.org/2001/XMLSchema-instance"
"""The namespace of what a file says to validators, such as `xsi:schemaLocation`."""
_ATTRIBUTES = etree.XPath("@*")
_MANY = 64
_MOST_NAMES = 4096  # that are kept
_USUAL_DECLARATION = '<?xml version="1.0"'
_LEAST_OF_LEVEL = len("<a></a>")
_LEAST_OF_ATTRIBUTE = len(" a=''")
# An older one may end the process where elements are nested deep, and looks at the encoding that a file
# declares though it is given another; builds of lxml for Windows have one.
_IS_RECENT = etree.LIBXML_VERSION >= (2, 14)
_MOST_STEPS = 500  # of an XPath expression: libxml2 takes some 1,000 on Windows, 5,000 elsewhere


def parse(source: Source, limits: Limits, nameable: Callable[[str], bool]) -> XmlDocument | Unreadable:
    """The document, or why there is none.

    `nameable` tells the element names that messages may quote: others could be part of an unescaped value.
    """
    text = source.text
    deepest = min(limits.depth, DEEPEST)
    may_be_deep = len(text) > deepest * _LEAST_OF_LEVEL and text.count("</") >= deepest
    tells_depth = _IS_RECENT and deepest < _MOST_STEPS
    if (
        "<!DOCTYPE" in text
        or (text.startswith("<?xml") and not text.startswith(_USUAL_DECLARATION))
        or (may_be_deep and not tells_depth)
        or (len(text) > limits.nodes and text.count("<") + text.count("=") > limits.nodes)
        or (len(text) > MOST_ATTRIBUTES * _LEAST_OF_ATTRIBUTE and _may_have_too_many_attributes(text))
    ):
        from migrator.document.xml_survey import survey

        if (unreadable := survey(source, limits)) is not None:
            return unreadable
    try:
        root = etree.fromstring(_in_utf_8(source), _PARSER)
    except etree.XMLSyntaxError as error:
        stopped = error.position
    else:
        passed_over = (1, 1) if text.startswith(BOM) else _passed_over()
        is_too_deep = may_be_deep and tells_depth and bool(_below(deepest)(root))
        if passed_over is None and not is_too_deep:
            return XmlDocument(source, root)
        stopped = passed_over or (1, 1)
    if may_be_deep:
        from migrator.document.xml_survey import survey

        if (unreadable := survey(source, limits)) is not None:
            return unreadable
    from migrator.document.xml_faults import explain

    return explain(source, limits, nameable, stopped)


def _may_have_too_many_attributes(text: str) -> bool:
    """Whether a stretch as long as they are holds no beginning of a tag: half of it then is such a block."""
    block = MOST_ATTRIBUTES * _LEAST_OF_ATTRIBUTE // 2
    starts = range(0, len(text) - block + 1, block)
    return text.count("=") > MOST_ATTRIBUTES and any(text.find("<", at, at + block) < 0 for at in starts)


def _in_utf_8(source: Source) -> bytes:
    """The text as the parser takes it."""
    declared = None if _IS_RECENT else declaration_of_encoding(source.text)
    if declared is not None:
        start, end = declared
        return f"{source.text[:start]}{' ' * (end - start)}{source.text[end:]}".encode(_UTF8)
    return source.data[source.bom :] if source.encoding == _UTF8 else source.text.encode(_UTF8)


@lru_cache(maxsize=4)
def _below(depth: int) -> etree.XPath:
    """Whether there is an element below this depth; libxml2 looks level by level, and ends with the last."""
    return etree.XPath(f"boolean({'/*' * (depth + 1)})")


@cache
def _holds_more_than_texts() -> etree.XPath:
    """Whether an element, or one directly in it, holds what is neither a text in the latter nor a comment."""
    return etree.XPath(
        "@* or */@* or */* or text()[normalize-space()]"
        " or processing-instruction() or */processing-instruction()"
    )


def _passed_over() -> tuple[int, int] | None:
    """Line and column of an error in what was just read.

    lxml asks for the last entry alone, so it takes a file where a mere warning comes after an error, and of
    which nothing was read from the end of the root on.
    """
    log = _PARSER.error_log
    if not len(log):
        return None
    first = next(iter(log.filter_from_errors()), None)
    return None if first is None else (first.line, first.column)


class _Names(dict[str, tuple[str | None, str]]):
    """Namespace and local name by tag as lxml writes it, `{namespace}name`; filled when asked."""

    def __missing__(self, tag: str) -> tuple[str | None, str]:
        if len(self) >= _MOST_NAMES:
            self.clear()
        namespace, brace, name = tag.rpartition("}")
        self[tag] = found = (namespace[1:], name) if brace else (None, tag)
        return found


_NAMES = _Names()


class _MeantTags(dict[str, bool]):
    """Whether a tag, or an attribute's name, is among those that are meant; filled when asked."""

    def __init__(self, is_meant: Callable[[str], bool]) -> None:
        super().__init__()
        self._is_meant = is_meant

    def __missing__(self, tag: str) -> bool:
        if len(self) >= _MOST_NAMES:
            self.clear()
        self[tag] = found = self._is_meant(_NAMES[tag][1])
        return found


@lru_cache(maxsize=4)
def _meant_tags(is_meant: Callable[[str], bool]) -> _MeantTags:
    return _MeantTags(is_meant)


def _text(element: etree._Element) -> str:
    """What `Node.text` gives."""
    text = element.text or ""
    return text if not len(element) else text + "".join([child.tail or "" for child in element])


class XmlNode(Node):
    """An element."""

    __slots__ = ("element", "name", "namespace")

    def __init__(self, element: etree._Element) -> None:
        self.element = element
        self.namespace, self.name = _NAMES[element.tag]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, XmlNode) and other.element is self.element

    def __hash__(self) -> int:
        return hash(self.element)

    def text(self) -> str:
        return _text(self.element)

    def children(self) -> list[XmlNode]:
        return [XmlNode(child) for child in self.element if isinstance(child.tag, str)]

    def names(self) -> list[str]:
        return [_NAMES[tag][1] for child in self.element if isinstance(tag := child.tag, str)]

    def contents(self) -> list[tuple[str, str | None, str]]:
        contents = []
        for child in self.element:
            tag = child.tag
            if isinstance(tag, str):
                namespace, name = _NAMES[tag]
                contents.append((name, namespace, _text(child) if len(child) else child.text or ""))
        return contents

    def attributes(self) -> list[Attribute]:
        found = []
        for tag, value in _attributes(self.element):
            namespace, name = _NAMES[tag]
            found.append(Attribute(namespace, name, value))
        return found

    def strays(self) -> list[Stray]:
        element = self.element
        strays = []
        texts = instructions = 0
        if element.text and element.text.strip(WHITE_SPACE):
            strays.append(Stray(StrayKind.TEXT, "", texts))
            texts += 1
        for child in element:
            if isinstance(child, etree._ProcessingInstruction):  # noqa: SLF001 - lxml has no other name for it
                strays.append(Stray(StrayKind.INSTRUCTION, str(child.target), instructions))
                instructions += 1
            if child.tail and child.tail.strip(WHITE_SPACE):
                strays.append(Stray(StrayKind.TEXT, "", texts))
                texts += 1
        return strays

    def is_text_alone(self) -> bool:
        return not len(self.element) and not self.element.keys()

    def holds_texts_alone(self) -> bool:
        return not _holds_more_than_texts()(self.element)

    def parent(self) -> XmlNode | None:
        above = self.element.getparent()
        return None if above is None else XmlNode(above)


class XmlDocument(Document):
    """A well-formed XML document."""

    def __init__(self, source: Source, root: etree._Element) -> None:
        self.source = source
        self.root: XmlNode = XmlNode(root)
        self._attribute_places: dict[etree._Element, dict[Attribute, AttributePlace]] = {}
        self._stray_places: dict[etree._Element, dict[Stray, tuple[int, int]]] = {}
        self._excerpts: Excerpts | None = None

    def find(self, name: str) -> Iterator[Node]:
        for element in self.root.element.iter(f"{{*}}{name}"):
            yield XmlNode(element)

    def values_of(self, is_meant: Callable[[str], bool]) -> Iterator[str]:
        meant = _meant_tags(is_meant)
        around: set[etree._Element] = set()
        for element in self.root.element.iter("*"):
            if meant[element.tag] or (around and element.getparent() in around):
                if len(element):
                    around.add(element)
                yield _text(element)
                yield from (value for _, value in _attributes(element))
                continue
            names: Any = element.keys()  # texts, which its types do not say
            for name in names:
                if meant[name]:
                    yield from (value for tag, value in _attributes(element) if meant[tag])
                    break

    def comments(self) -> Iterator[Comment]:
        if "<!--" not in self.source.text:
            return
        from migrator.document.xml_index import Kind

        for piece in self.index.pieces():
            if piece.kind is Kind.COMMENT:
                inside = None if piece.owner < 0 else XmlNode(self._elements[piece.owner])
                text = self.source.text[piece.inner_start : piece.inner_end]
                yield Comment(text, inside, piece.start, piece.end)

    def span(self, target: Target) -> Span:
        return self.source.span(*self._bounds(target))

    def edits(self, changes: Iterable[Change]) -> tuple[Edit, ...] | None:
        from migrator.document.xml_edits import edits

        return edits(self, changes)

    def excerpts(self, veil: Veil) -> Excerpts:
        from migrator.document.excerpt import Excerpts
        from migrator.document.xml_excerpt import HiddenXml

        if self._excerpts is None or self._excerpts.veil is not veil:
            self._excerpts = Excerpts(self.source, veil, HiddenXml(self.index, veil).between)
        return self._excerpts

    @cached_property
    def index(self) -> XmlIndex:
        """Where everything stands, built when first asked for."""
        from migrator.document.xml_index import XmlIndex

        return XmlIndex(self.source.text)

    def place_of(self, node: Node) -> Element:
        """Where an element stands."""
        return self.index.elements[self._ordinals[_element(node)]]

    def attribute_place(self, node: Node, attribute: Attribute) -> AttributePlace:
        """Where an attribute of a node stands."""
        element = _element(node)
        places = self._attribute_places.get(element)
        if places is None:
            written = self.index.attributes(self.place_of(node))
            own = [place for place in written if not place.is_declaration]
            places = dict(zip(node.attributes(), own, strict=True))
            self._attribute_places[element] = places
        return places[attribute]

    def _bounds(self, target: Target) -> tuple[int, int]:
        element = self.place_of(target.node)
        if target.attribute is not None:
            place = self.attribute_place(target.node, target.attribute)
            if target.part is Part.VALUE:
                return place.value_start, place.value_end
            return place.name_start, place.name_end
        if target.stray is not None:
            return self._stray_place(target.node, target.stray)
        if target.part is Part.VALUE:
            bounds = self.index.value_bounds(element)
            if bounds is not None and bounds[0] < bounds[1]:
                return bounds
        return element.name_start, element.name_end

    def _stray_place(self, node: Node, stray: Stray) -> tuple[int, int]:
        element = _element(node)
        places = self._stray_places.get(element)
        if places is None:
            places = dict(zip(node.strays(), self._find_strays(self.place_of(node)), strict=True))
            self._stray_places[element] = places
        return places[stray]

    def _find_strays(self, element: Element) -> list[tuple[int, int]]:
        """Bounds of what `XmlNode.strays` finds, in the same order; white space around a text left out."""
        from migrator.document.xml_index import Kind

        found: list[tuple[int, int]] = []
        run: list[Piece] = []
        for piece in [*self.index.pieces_of(element), None]:
            if piece is not None and piece.is_character_data:
                run.append(piece)
                continue
            if not all(map(self.index.is_blank, run)):
                start, end = run[0].start, run[-1].end
                text = self.source.text[start:end]
                start += len(text) - len(text.lstrip(WHITE_SPACE))
                found.append((start, end - (len(text) - len(text.rstrip(WHITE_SPACE)))))
            if piece is not None and piece.kind is Kind.INSTRUCTION:
                found.append((piece.start, piece.end))
            run = []
        return found

    @cached_property
    def _elements(self) -> list[etree._Element]:
        """All elements in document order; the list keeps lxml's proxies alive, so that `is` holds."""
        return list(self.root.element.iter("*"))

    @cached_property
    def _ordinals(self) -> dict[etree._Element, int]:
        return {element: ordinal for ordinal, element in enumerate(self._elements)}


def _attributes(element: etree._Element) -> list[tuple[str, str]]:
    """Names in lxml's notation, and values, in the order of the start tag."""
    if len(element.attrib) > _MANY:  # lxml looks up each value by its name; XPath walks along
        found: Any = _ATTRIBUTES(element)
        return [(str(value.attrname), str(value)) for value in found]
    return [(str(name), str(value)) for name, value in element.attrib.items()]


def _element(node: Node) -> etree._Element:
    if not isinstance(node, XmlNode):
        raise TypeError(node)
    return node.element
