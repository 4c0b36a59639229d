"""The SMTP section of a document as a tree: its settings alone, with the comments between them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from lxml import etree

from migrator import definition
from migrator.conversion.tree import Element, Note, Remark, Tree
from migrator.document.model import CONTAINERS, Part, StrayKind, Target
from migrator.document.source import WHITE_SPACE
from migrator.document.xml import XmlDocument, XmlNode
from migrator.values.secret import shown_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from migrator.document.mapping import MappingDocument, MappingNode
    from migrator.document.model import Document, Node
    from migrator.section import Configuration, Section


def read_settings(
    configuration: Configuration, section: Section, notes: list[Note], *, in_file_order: bool
) -> Tree:
    """The section as a tree, its settings in the documented order unless told otherwise.

    A comment stays before the setting that it stands before, or behind it in the same line. What is no
    setting, and comments inside values, are left out and noted.
    """
    notes += _left_out(configuration, section)
    values = section.values
    names = list(values) if in_file_order else sorted(values, key=_order().__getitem__)
    around = _remarks(configuration, section, notes)
    around.move_on(section)
    content: list[Element | Remark] = []
    for name in names:
        node, value = section.entries[section.places[name]], values[name]
        before, behind = around.of(node)
        content += before
        content.append(Element(name, (value,) if value else (), target=Target(node)))
        content += behind
    root = Element(definition.SECTION, (*content, *around.end), target=Target(section.node))
    return Tree(root, tuple(around.head), tuple(around.tail))


@cache
def _order() -> dict[str, int]:
    """Where each setting stands among the documented ones."""
    return {name: number for number, name in enumerate(definition.settings())}


class _Remarks:
    """Comments, by what they stand before or behind."""

    def __init__(self) -> None:
        self.head: list[Remark] = []
        self.before: dict[Node, list[Remark]] = {}
        self.behind: dict[Node, list[Remark]] = {}
        self.end: list[Remark] = []
        self.tail: list[Remark] = []

    def of(self, entry: Node) -> tuple[list[Remark], list[Remark]]:
        """Those before and behind an entry."""
        before = self.before.get(entry, []) if self.before else []
        return before, self.behind.get(entry, []) if self.behind else []

    def move_on(self, section: Section) -> None:
        """Put the comments of entries that are left out before the next one that is not."""
        if not self.before and not self.behind:
            return
        moved: list[Remark] = []
        for entry in section.entries:
            before = self.before.pop(entry, [])
            if _is_setting(entry, section):
                self.before[entry] = [*moved, *before]
                moved = []
            else:
                behind = self.behind.pop(entry, [])
                moved += [*before, *(Remark(one.text, span=one.span) for one in behind)]
        self.end = [*moved, *self.end]

    def add(self, remarks: Iterable[Remark], last: Node | None, following: Node | None) -> None:
        """Put comments between two entries; a trailing one stands behind the last of them."""
        for remark in remarks:
            if remark.is_trailing and last is not None:
                self.behind.setdefault(last, []).append(remark)
            elif following is not None:
                self.before.setdefault(following, []).append(Remark(remark.text, span=remark.span))
            else:
                self.end.append(Remark(remark.text, span=remark.span))


def _remarks(configuration: Configuration, section: Section, notes: list[Note]) -> _Remarks:
    document = section.document
    if isinstance(document, XmlDocument):
        return _of_xml(document, section, notes) if _has_comments(section.node) else _Remarks()
    mapping = _mapping(document)
    return _Remarks() if mapping is None else _of_mapping(mapping, configuration, section)


def _mapping(document: Document) -> MappingDocument | None:
    """The document if it is JSON or YAML; what reads these is not needed otherwise."""
    if isinstance(document, XmlDocument):
        return None
    from migrator.document.mapping import MappingDocument

    return document if isinstance(document, MappingDocument) else None


def _has_comments(node: Node) -> bool:
    """Whether there are comments in a section, or around it where it is the root; placing them takes long."""
    if not isinstance(node, XmlNode):
        return False
    return next(node.element.iter(etree.Comment), None) is not None or _stands_beside(node, etree.Comment)


def _stands_beside(node: XmlNode, kind: Callable[..., etree._Element]) -> bool:
    """Whether something of this kind stands before or behind a node that is the root."""
    element = node.element
    return element.getparent() is None and any(
        next(element.itersiblings(kind, preceding=preceding), None) is not None for preceding in (False, True)
    )


def _of_xml(document: XmlDocument, section: Section, notes: list[Note]) -> _Remarks:
    found = _Remarks()
    is_root = section.node.parent() is None
    text = document.source.text
    places = [(document.place_of(entry), entry) for entry in section.entries]
    root_start = document.place_of(section.node).start
    entries = frozenset(section.entries)
    last: Node | None = None
    at = end = 0
    for comment in document.comments():
        span = document.source.span(comment.start, comment.end)
        if comment.inside is None and is_root:
            (found.head if comment.start < root_start else found.tail).append(Remark(comment.text, span=span))
        elif comment.inside == section.node:
            while at < len(places) and places[at][0].start < comment.start:
                end, last = places[at][0].end, places[at][1]
                at += 1
            between = text[end : comment.start] if at else "\n"
            is_trailing = not between.strip(WHITE_SPACE) and not set(between) & set("\r\n")
            end = comment.end if is_trailing else end  # several may stand behind one
            following = places[at][1] if at < len(places) else None
            found.add([Remark(comment.text, is_trailing, span)], last, following)
        elif comment.inside in entries:
            notes.append(Note("a comment inside a value is left out", span))
    return found


def _of_mapping(document: MappingDocument, configuration: Configuration, section: Section) -> _Remarks:
    found = _Remarks()
    from migrator.conversion.whole_file import RemarkReader
    from migrator.document.mapping import MappingNode

    reader = RemarkReader(document)
    if not reader.comments or not isinstance(section.node, MappingNode):
        return found
    before = reader.take(section.node.entry.key_start)
    is_root = section.node == configuration.root
    if is_root:
        found.head += before
    last: MappingNode | None = None
    for entry in section.entries:
        if isinstance(entry, MappingNode):
            behind = -1 if last is None else last.entry.value.end
            found.add(reader.take(entry.entry.key_start, behind), last, entry)
            last = entry
    behind = -1 if last is None else last.entry.value.end
    for remark in reader.take(_end_of(document, section.node), behind):
        column = 1 if remark.span is None else remark.span.start.column
        _, key_column = document.source.line_and_column(section.node.entry.key_start)
        if remark.is_trailing or column > key_column:
            found.add([remark], last, None)
        elif is_root:
            found.tail.append(remark)
    return found


def _end_of(document: MappingDocument, node: MappingNode) -> int:
    """Where the next key behind a node begins."""
    at: MappingNode | None = node
    while at is not None and at.above is not None:
        starts = [entry.key_start for entry in at.above.entry.value.entries]
        later = [start for start in starts if start > at.entry.key_start]
        if later:
            return min(later)
        at = at.above
    return len(document.source.text)


def _left_out(configuration: Configuration, section: Section) -> Iterator[Note]:
    """What is no setting, or stands around the text of one."""
    document = section.document
    mapping = _mapping(document)
    if mapping is not None:
        from migrator.conversion.whole_file import beside_root

        yield from beside_root(mapping)
    if isinstance(document, XmlDocument) and isinstance(section.node, XmlNode):
        yield from _instructions_beside(document, section.node)
    for other in (*configuration.sections, *configuration.misplaced):
        if other != section.node:
            yield Note("another SMTP section is left out", document.span(Target(other)))
    yield from _around_text(document, section.node, is_setting=False)
    are_settings = section.entry_count == len(section.values)
    for entry in section.entries:
        if not are_settings and not _is_setting(entry, section):
            name = shown_name(entry.name, section.secrets)
            is_again = entry.name in section.values and entry.namespace == section.node.namespace
            words = f"another {name}" if is_again else f"{name}, which is no setting here,"
            yield Note(f"{words} is left out", document.span(Target(entry)))
        elif not entry.is_text_alone():
            yield from _around_text(document, entry, is_setting=True)


def _instructions_beside(document: XmlDocument, node: XmlNode) -> Iterator[Note]:
    """Instructions before and behind a section that is the root; the XML declaration is none."""
    if not _stands_beside(node, etree.ProcessingInstruction):
        return
    from migrator.document.xml_index import Kind

    for piece in document.index.pieces():
        is_outside = piece.owner < 0 and piece.kind is Kind.INSTRUCTION
        if is_outside and document.source.text[piece.start : piece.inner_start] != "<?xml":
            span = document.source.span(piece.start, piece.end)
            yield Note(f"a {StrayKind.INSTRUCTION} is left out", span)


def _is_setting(entry: Node, section: Section) -> bool:
    """Whether the value of a setting is taken from this entry of a section."""
    place = section.places.get(entry.name)
    return place is not None and section.entries[place] is entry


def _around_text(document: Document, node: Node, *, is_setting: bool) -> Iterator[Note]:
    """Attributes, and what stands beside the settings or inside one."""
    for attribute in node.attributes():
        yield Note("an attribute is left out", document.span(Target(node, attribute=attribute)))
    for stray in node.strays():
        if stray.kind is not StrayKind.TEXT or not is_setting:
            words = "a text between the settings" if stray.kind is StrayKind.TEXT else f"a {stray.kind}"
            yield Note(f"{words} is left out", document.span(Target(node, Part.NAME, stray=stray)))
    if is_setting:
        for child in node.children():
            yield Note("an element inside a setting is left out", document.span(Target(child)))
        if node.literal() in CONTAINERS:
            yield Note("a mapping or list is no value: it is left out", document.span(Target(node)))
