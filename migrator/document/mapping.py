"""What JSON and YAML have in common: values with keys, and where each of them stands."""
# ruff: noqa: D102 - what overrides a method of model.py is documented there

from __future__ import annotations

import re
from abc import abstractmethod
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from migrator.diagnostic import Edit
from migrator.document.model import (
    Attribute,
    Change,
    Comment,
    CutComment,
    Document,
    Literal,
    Node,
    Part,
    RemoveComment,
    Rename,
    ReplaceValue,
    Stray,
    Target,
    Veil,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from migrator.diagnostic import Span
    from migrator.document.excerpt import Excerpts
    from migrator.document.source import Source

    Stretch = tuple[int, int]
    Written = tuple[int, int, str]
    """What is written in the place of a stretch of the text."""

_CONTAINERS = (Literal.MAPPING, Literal.LIST)
_KEEPS_LINE_ENDS = re.compile(r"[|>][1-9]?\+")  # YAML 1.1, section 9.1.1.2
_ATTRIBUTE_MARK = "@"
_TEXT_KEY = "$"
_MOST_TEXTS = 64  # with more of them lines are masked as a whole anyway


@dataclass(slots=True, eq=False)
class Value:
    """A value as it stands in the file; of a list or mapping the `entries` are what is in it.

    `text` is what a scalar says. `quote` tells how it is written: `"`, `'`, `|`, `>`, or nothing for a plain
    one. `is_alias` marks a value that stands elsewhere: `start` to `end` is then the alias. `is_shared` marks
    the one that an alias stands for.
    """

    literal: Literal
    text: str
    start: int
    end: int
    entries: list[Entry] = field(default_factory=list)
    quote: str = ""
    is_alias: bool = False
    is_shared: bool = False


@dataclass(slots=True, eq=False)
class Entry:
    """A key with its value; in a list the key is empty and stands nowhere.

    `has_anchor` says so of the key.
    """

    key: str
    key_start: int
    key_end: int
    value: Value
    has_anchor: bool = False


class MappingNode(Node):
    """A key of a mapping with its value.

    Keys that begin with @ are the attributes of the node around them, and `$` is the text beside them; both
    are ordinary keys at the top of the file. The children of a list are those of the mappings in it.
    """

    __slots__ = ("above", "entry", "name", "namespace")

    def __init__(self, entry: Entry, above: MappingNode | None) -> None:
        self.entry = entry
        self.above = above
        self.name = entry.key
        self.namespace = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MappingNode) and other.entry is self.entry

    def __hash__(self) -> int:
        return hash(self.entry)

    def text(self) -> str:
        return self.text_entry().value.text

    def literal(self) -> Literal:
        return self.entry.value.literal

    def names(self) -> list[str]:
        return [entry.key for entry in self._entries() if not self._is_special(entry.key)]

    def children(self) -> list[MappingNode]:
        return [MappingNode(entry, self) for entry in self._entries() if not self._is_special(entry.key)]

    def attributes(self) -> list[Attribute]:
        return [
            Attribute(None, entry.key.removeprefix(_ATTRIBUTE_MARK), entry.value.text)
            for entry in self._entries()
            if entry.key.startswith(_ATTRIBUTE_MARK) and self.above is not None
        ]

    def strays(self) -> list[Stray]:
        if self.literal() is Literal.LIST:
            return [Stray("list", "", 0)]
        entry = self.text_entry()
        return [Stray("text", "", 0)] if entry is not self.entry or entry.value.text.strip() else []

    def parent(self) -> MappingNode | None:
        return self.above

    def path(self) -> str:
        names, node = [], self
        while node.above is not None:
            names.append(node.name)
            node = node.above
        return "/".join(reversed(names))

    def text_entry(self) -> Entry:
        """The entry whose value `text()` reads: the text beside attributes, or else this one."""
        value = self.entry.value
        if value.literal is Literal.MAPPING and self.above is not None:
            for entry in value.entries:
                if entry.key == _TEXT_KEY:
                    return entry
        return self.entry

    def attribute_entry(self, attribute: Attribute) -> Entry:
        """Where an attribute stands."""
        wanted = _ATTRIBUTE_MARK + attribute.name
        return next(entry for entry in self._entries() if entry.key == wanted)

    def is_elsewhere(self) -> bool:
        """Whether this stands in, or is, what an alias stands for: a change here would be one there too."""
        node: MappingNode | None = self
        while node is not None:
            if node.entry.value.is_alias or node.entry.value.is_shared:
                return True
            node = node.above
        return False

    def mappings(self) -> Iterator[list[MappingNode]]:
        """What each of the mappings in the value holds, special keys included."""
        return ([MappingNode(entry, self) for entry in one.entries] for one in _mappings(self.entry.value))

    def _entries(self) -> Iterator[Entry]:
        return (entry for one in _mappings(self.entry.value) for entry in one.entries)

    def _is_special(self, key: str) -> bool:
        return self.above is not None and (key == _TEXT_KEY or key.startswith(_ATTRIBUTE_MARK))


class MappingDocument(Document):
    """A parsed JSON or YAML file. The root is the whole of it, a node without a name.

    `labels` are the stretches where names of anchors stand, which are as little shown as comments.
    """

    def __init__(
        self, source: Source, top: Value, comments: Iterable[Stretch] = (), labels: Iterable[Stretch] = ()
    ) -> None:
        self.source = source
        self.root: MappingNode = MappingNode(Entry("", 0, 0, top), None)
        self._comments = tuple(comments)
        self._labels = tuple(labels)
        self._excerpts: Excerpts | None = None

    @abstractmethod
    def write_value(self, value: Value, text: str, literal: Literal) -> Written | None:
        """How a text takes the place of a scalar that stands in the file itself."""

    @abstractmethod
    def write_key(self, entry: Entry, name: str) -> Written | None:
        """How a name takes the place of a key."""

    def find(self, name: str) -> Iterator[Node]:
        return (node for node in self._nodes() if node.name == name)

    def values_of(self, is_meant: Callable[[str], bool]) -> Iterator[str]:
        pending = [self.root.entry.value]
        while pending:
            for entry in pending.pop().entries:
                if entry.key and is_meant(entry.key.removeprefix(_ATTRIBUTE_MARK)):
                    yield from _texts(entry.value)
                elif entry.value.entries:
                    pending.append(entry.value)

    def comments(self) -> Iterator[Comment]:
        for start, end in self._comments:
            yield Comment(self.source.text[start + 1 : end], None, start, end)

    def duplicates(self) -> Iterator[tuple[Node, Node]]:
        pending = [self.root]
        while pending:
            node = pending.pop()
            if node.entry.value.is_alias:
                continue
            found: list[MappingNode] = []
            for members in node.mappings():
                first: dict[str, MappingNode] = {}
                for member in members:
                    before = first.setdefault(member.name, member)
                    if before is not member:
                        yield member, before
                found += members
            pending += reversed(found)

    def span(self, target: Target) -> Span:
        node = _mapping_node(target.node)
        is_value = target.part is Part.VALUE if target.stray is None else target.stray.kind == "text"
        entry = node.text_entry() if is_value else node.entry
        if target.attribute is not None:
            entry = node.attribute_entry(target.attribute)
        if is_value and entry.value.literal not in _CONTAINERS:
            start, end = _inner(entry.value)
            if start < end:
                return self.source.span(start, end)
        return self.source.span(*self.key_bounds(entry))

    def key_bounds(self, entry: Entry) -> Stretch:
        """Where a key stands, without the quotation marks around it."""
        start, end = entry.key_start, entry.key_end
        is_quoted = end - start > len('""') and self.source.text[start] in "\"'"
        return (start + 1, end - 1) if is_quoted else (start, end)

    def edits(self, changes: Iterable[Change]) -> tuple[Edit, ...] | None:
        planned: list[Written] = []
        for change in changes:
            one = self._plan(change)
            if one is None:
                return None
            planned.append(one)
        planned.sort()
        if any(before[1] > after[0] or before[:2] == after[:2] for before, after in pairwise(planned)):
            return None
        source = self.source
        return tuple(
            Edit(source.offset(start), source.offset(end), content) for start, end, content in planned
        )

    def excerpts(self, veil: Veil) -> Excerpts:
        from migrator.document.excerpt import Excerpts

        if self._excerpts is None or self._excerpts.veil is not veil:
            self._excerpts = Excerpts(self.source, veil, _Stretches(self._hidden(veil)).between)
        return self._excerpts

    def _plan(self, change: Change) -> Written | None:
        """What is written for a change; None for one that is not offered here."""
        match change:
            case ReplaceValue(node=node, text=text, literal=literal) if not _has_surrogate(text):
                target = _mapping_node(node)
                scalar = target.text_entry().value
                if target.is_elsewhere() or scalar.is_alias or scalar.is_shared:
                    return None
                return None if scalar.literal in _CONTAINERS else self.write_value(scalar, text, literal)
            case Rename(node=node, name=name) if not _has_surrogate(name):
                target = _mapping_node(node)
                if target.entry.has_anchor or (target.above is not None and target.above.is_elsewhere()):
                    return None
                return self.write_key(target.entry, name)
            case RemoveComment(comment=comment):
                return _remove_comment(self.source, comment)
            case CutComment(start=start, end=end):
                return start, end, ""
            case _:
                return None

    def _nodes(self) -> Iterator[MappingNode]:
        """All named nodes below the top, in file order."""
        pending = list(reversed(self.root.children()))
        while pending:
            node = pending.pop()
            yield node
            pending += reversed(node.children())

    def _hidden(self, veil: Veil) -> Iterator[Stretch]:
        yield from ((start + 1, end) for start, end in self._comments)
        yield from self._labels
        texts = veil.texts if len(veil.texts) <= _MOST_TEXTS else ()
        pending: list[tuple[tuple[str, ...], str | None, Value]] = [((), None, self.root.entry.value)]
        while pending:
            path, attribute, value = pending.pop()
            if value.is_alias:
                yield value.start + 1, value.end
            elif value.literal not in _CONTAINERS:
                if not veil.shows(path, attribute, value.text):
                    yield _inner(value)
            elif path and veil.conceals(attribute or path[-1]):
                yield value.start, value.end
            else:
                for entry in value.entries:
                    if any(text in entry.key for text in texts):  # perhaps written with escapes
                        yield self.key_bounds(entry)
                    around = path, attribute
                    inside = around if value.literal is Literal.LIST else _inside(*around, entry.key)
                    pending.append((*inside, entry.value))


def _remove_comment(source: Source, comment: Comment) -> Written | None:
    """A comment goes to the end of its line, with the white space before it, or with all of the line.

    None where a block scalar keeps its last line ends: those behind the comment could become part of it.
    """
    if _KEEPS_LINE_ENDS.search(source.text):
        return None
    return (*source.with_space_before(comment.start, comment.end), "")


class _Stretches:
    """Stretches of a text, to be asked for by place."""

    def __init__(self, stretches: Iterable[Stretch]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(stretches):
            if self._ends and start < self._ends[-1]:
                self._ends[-1] = max(end, self._ends[-1])
            elif start < end:
                self._starts.append(start)
                self._ends.append(end)

    def between(self, start: int, end: int) -> Iterator[Stretch]:
        """Those that stand, even in part, between two places."""
        for place in range(bisect_right(self._ends, start), len(self._starts)):
            if self._starts[place] >= end:
                return
            yield self._starts[place], self._ends[place]


def _inside(path: tuple[str, ...], attribute: str | None, key: str) -> tuple[tuple[str, ...], str | None]:
    """The path and attribute name of what stands under a key."""
    if path and key == _TEXT_KEY:
        return path, attribute
    if path and key.startswith(_ATTRIBUTE_MARK):
        return path, key.removeprefix(_ATTRIBUTE_MARK)
    return (*path, key), None


def _inner(value: Value) -> Stretch:
    """Where a scalar's text stands, without the quotation marks around it."""
    if value.quote in ('"', "'") and not value.is_alias:
        return value.start + 1, value.end - 1
    return value.start, value.end


def _mappings(value: Value) -> Iterator[Value]:
    """The mapping that a value is, or those in the list that it is."""
    pending = [value]
    while pending:
        one = pending.pop()
        if one.literal is Literal.MAPPING:
            yield one
        elif one.literal is Literal.LIST:
            pending += [entry.value for entry in reversed(one.entries)]


def _texts(value: Value) -> Iterator[str]:
    pending = [value]
    while pending:
        one = pending.pop()
        if one.literal in _CONTAINERS:
            pending += [entry.value for entry in one.entries]
        else:
            yield one.text


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


def _mapping_node(node: Node) -> MappingNode:
    if not isinstance(node, MappingNode):
        raise TypeError(node)
    return node
