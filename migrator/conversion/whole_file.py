"""All of a document as a tree: DataMiner.xml in any format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator import definition
from migrator.conversion.scalars import is_xml_name
from migrator.conversion.shape import documented_order, is_container, out_of_order
from migrator.conversion.tree import Element, Note, Problem, Remark, Tree
from migrator.document.convention import ATTRIBUTE_MARK, CONTENT_KEY, SCHEMA_KEY, TEXT_KEY
from migrator.document.mapping import MappingDocument, MappingNode
from migrator.document.model import CONTAINERS, Literal, Target
from migrator.document.source import WHITE_SPACE
from migrator.document.xml import XmlDocument
from migrator.document.xml_index import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator.diagnostic import Span
    from migrator.document.mapping import Entry, Value
    from migrator.document.model import Comment
    from migrator.section import Configuration

_ROOTS = (definition.ROOT, definition.SECTION)


def read_whole(configuration: Configuration, notes: list[Note], problems: list[Problem]) -> Tree:
    """The document as a tree; what has no place in one is noted, what cannot be told is a problem."""
    document = configuration.document
    if isinstance(document, XmlDocument):
        return _XmlReader(document, notes).read()
    if isinstance(document, MappingDocument):
        return _MappingReader(document, notes, problems).read()
    raise TypeError(document)


class _XmlReader:
    """Reads the pieces of an XML text; the names stay as they are written."""

    def __init__(self, document: XmlDocument, notes: list[Note]) -> None:
        self.source = document.source
        self.index = document.index
        self.notes = notes
        self.next = 0

    def read(self) -> Tree:
        """Read the root, and the comments around it."""
        head: list[Remark] = []
        tail: list[Remark] = []
        start = self.index.elements[0].start
        for piece in self.index.pieces():
            if piece.owner >= 0 or piece.kind is Kind.ELEMENT:
                continue
            if piece.kind is Kind.COMMENT:
                text = self.source.text[piece.inner_start : piece.inner_end]
                remark = Remark(text, span=self.source.span(piece.start, piece.end))
                (head if piece.start < start else tail).append(remark)
            elif piece.kind is Kind.INSTRUCTION and not self.is_declaration(piece.start):
                self.note_instruction(piece.start, piece.end)
        return Tree(self.element(), tuple(head), tuple(tail))

    def element(self) -> Element:
        """The next element, in document order."""
        place = self.index.elements[self.next]
        self.next += 1
        attributes = tuple(
            (one.qualified_name, self.index.attribute_value(one)) for one in self.index.attributes(place)
        )
        content: list[str | Element | Remark] = []
        for piece in self.index.pieces_of(place):
            match piece.kind:
                case Kind.ELEMENT:
                    content.append(self.element())
                case Kind.TEXT | Kind.CDATA:
                    before = content.pop() if content and isinstance(content[-1], str) else ""
                    content.append(f"{before}{self.index.plain(piece)}")
                case Kind.COMMENT:
                    text = self.source.text[piece.inner_start : piece.inner_end]
                    span = self.source.span(piece.start, piece.end)
                    content.append(Remark(text, _is_behind(content), span))
                case Kind.INSTRUCTION:
                    self.note_instruction(piece.start, piece.end)
                case _:
                    pass
        return Element(self.source.text[place.name_start : place.name_end], tuple(content), attributes)

    def is_declaration(self, start: int) -> bool:
        """Whether this is the XML declaration, which looks like an instruction."""
        return start == 0 and self.source.text.startswith(("<?xml ", "<?xml\t", "<?xml\r", "<?xml\n"))

    def note_instruction(self, start: int, end: int) -> None:
        """Say that an instruction is left out."""
        self.notes.append(Note("a processing instruction is left out", self.source.span(start, end)))


def _is_behind(content: Sequence[str | Element | Remark]) -> bool:
    """Whether what comes next stands in the line of the element before it."""
    for one in reversed(content):
        if isinstance(one, Element):
            return True
        if isinstance(one, Remark):
            return one.is_trailing  # several may stand behind one
        if one.strip(WHITE_SPACE) or "\n" in one:
            return False
    return False


class RemarkReader:
    """The comments of a JSON or YAML document, handed out in the order of the file."""

    def __init__(self, document: MappingDocument) -> None:
        self.source = document.source
        self.comments: list[Comment] = list(document.comments())
        self.next = 0

    def take(self, until: int, behind: int = -1) -> list[Remark]:
        """Those before a place; one in a value, or in the line in which it ends (`behind`), is behind it."""
        found: list[Remark] = []
        while self.next < len(self.comments) and self.comments[self.next].start < until:
            comment = self.comments[self.next]
            self.next += 1
            if not comment.text.strip().startswith("yaml-language-server:"):
                is_trailing = self._is_behind(comment.start, behind)
                span = self.source.span(comment.start, comment.end)
                found.append(Remark(comment.text, is_trailing, span))
        return found

    def take_inside(self, mapping: Value, behind: int) -> list[Remark]:
        """Those behind the last key of a mapping that are in it: in its braces, as deep as its keys."""
        if not mapping.is_block:
            return self.take(mapping.end, behind)
        found: list[Remark] = []
        _, column = self.source.line_and_column(mapping.entries[0].key_start)
        while self.next < len(self.comments) and self.comments[self.next].start < mapping.end:
            start = self.comments[self.next].start
            if not self._is_behind(start, behind) and self.source.line_and_column(start)[1] < column:
                break
            found += self.take(start + 1, behind)
        return found

    def _is_behind(self, start: int, behind: int) -> bool:
        """Whether a comment is in the line in which a value ends, or in the value; there may be none (-1)."""
        line_of = self.source.line_and_column
        return behind >= 0 and (start < behind or line_of(start)[0] == line_of(behind)[0])


def beside_root(document: MappingDocument) -> Iterator[Note]:
    """Keys at the top of a file that stand for no element."""
    for node in document.root.children():
        if node.name not in (*_ROOTS, SCHEMA_KEY):
            words = "a key beside the root is left out"
            yield Note(words, document.span(Target(node)))


def _is_container(node: MappingNode) -> bool:
    """Whether a node stands for an element that is documented to hold no text: a comment in it is in none."""
    names = node.path()
    return is_container(names if names[:1] == (definition.ROOT,) else (definition.ROOT, *names))


def _in_order(
    content: list[str | Element | Remark], node: MappingNode, mapping: Value
) -> list[str | Element | Remark]:
    """What keys of a mapping stand for in the order that is documented; comments stay with their elements.

    An element that no order is documented for stays behind the one that it stands behind.
    """
    order = documented_order(node.path())
    names = [one.local_name for one in content if isinstance(one, Element)]
    if order is None or not out_of_order(names, order):
        return content
    if any(one.key == CONTENT_KEY for one in mapping.entries) or any(isinstance(one, str) for one in content):
        return content
    groups: list[tuple[int, list[str | Element | Remark]]] = []
    waiting: list[str | Element | Remark] = []
    place = -1
    for one in content:
        if isinstance(one, Element):
            place = order.get(one.local_name, place)
            groups.append((place, [*waiting, one]))
            waiting = []
        elif groups and not waiting and isinstance(one, Remark) and one.is_trailing:
            groups[-1][1].append(one)
        else:
            waiting.append(one)
    groups.sort(key=lambda group: group[0])
    return [*(one for _, group in groups for one in group), *waiting]


class _MappingReader:
    """Reads keys and values by the convention of `shape.py`."""

    def __init__(self, document: MappingDocument, notes: list[Note], problems: list[Problem]) -> None:
        self.document = document
        self.notes = notes
        self.problems = problems
        self.remarks = RemarkReader(document)
        self.behind = -1

    def read(self) -> Tree:
        """Read the key that is the root, and the comments around it."""
        top = self.document.root
        root = next(node for node in top.children() if node.name in _ROOTS)
        self.notes += beside_root(self.document)
        head = self.remarks.take(root.entry.key_start)
        element = self.element(root.entry.key, root.entry.value, root, is_listed=False)
        return Tree(element, tuple(head), tuple(self.remarks.take(len(self.document.source.text))))

    def element(self, name: str, value: Value, node: MappingNode, *, is_listed: bool) -> Element:
        """An element of this name with what the value says."""
        if not is_xml_name(name):
            self.problem(node, "this key cannot be the name of an element", "rename it")
        target = Target(node)
        if value.literal is not Literal.MAPPING:
            self.behind = value.end
            return Element(name, (value.text,) if value.text else (), (), target, is_listed)
        attributes: list[tuple[str, str]] = []
        content: list[str | Element | Remark] = []
        for entry in value.entries:
            key, inside = entry.key, MappingNode(entry, node)
            content += self.remarks.take(entry.key_start, self.behind)
            if key.startswith(ATTRIBUTE_MARK):
                attributes.append((key.removeprefix(ATTRIBUTE_MARK), self.scalar(entry.value, inside)))
                if not is_xml_name(attributes[-1][0]):
                    self.problem(inside, "this key cannot be the name of an attribute", "rename it")
            elif key == TEXT_KEY:
                content.append(self.scalar(entry.value, inside))
            elif key == CONTENT_KEY and entry.value.literal is Literal.LIST:
                content += self.listed_content(entry.value, inside)
            else:
                content += self.elements(entry, inside)
        content = _in_order(content, node, value)
        if any(isinstance(one, Element) for one in content) or _is_container(node):
            content += self.remarks.take_inside(value, self.behind)
        self.behind = self.behind if value.is_block else value.end
        return Element(name, tuple(content), tuple(attributes), target, is_listed)

    def elements(self, entry: Entry, node: MappingNode) -> Iterator[Element | Remark]:
        """The element that a key stands for, or those of the list under it."""
        if entry.value.literal is not Literal.LIST:
            yield self.element(entry.key, entry.value, node, is_listed=False)
            return
        for item in entry.value.entries:
            yield from self.remarks.take(item.value.start, self.behind)
            if item.value.literal is Literal.LIST:
                self.problem(node, "a list in a list stands for no element", "keep one of the lists")
            else:
                yield self.element(entry.key, item.value, node, is_listed=True)

    def listed_content(self, value: Value, node: MappingNode) -> Iterator[str | Element | Remark]:
        """What stands under `$children`: texts, and mappings of elements."""
        for item in value.entries:
            yield from self.remarks.take(item.value.start, self.behind)
            if item.value.literal not in CONTAINERS:
                yield item.value.text
                continue
            if item.value.literal is Literal.LIST:
                self.problem(node, "a list in a list stands for no element", "keep one of the lists")
                continue
            for entry in item.value.entries:
                yield from self.elements(entry, MappingNode(entry, node.above))

    def scalar(self, value: Value, node: MappingNode) -> str:
        """The text of an attribute, or beside attributes."""
        if value.literal in CONTAINERS:
            self.problem(node, "a mapping or list stands where only a text can", "write a text")
        self.behind = value.end
        return value.text

    def problem(self, node: MappingNode, message: str, help_: str) -> None:
        """Say what cannot be converted."""
        self.problems.append(Problem(message, help_, self.span(node)))

    def span(self, node: MappingNode) -> Span:
        """Where a key stands."""
        return self.document.span(Target(node))
