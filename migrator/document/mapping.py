"""What JSON and YAML have in common: values with keys, and where each of them stands."""
# ruff: noqa: D102 - what overrides a method of model.py is documented there

from __future__ import annotations

import re
from abc import abstractmethod
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from migrator.document.convention import (
    ATTRIBUTE_MARK,
    CONTENT_KEY,
    TEXT_KEY,
    XML_NAMESPACE,
    declared_prefix,
    declares_namespace,
)
from migrator.document.model import (
    CONTAINERS,
    Attribute,
    Change,
    Comment,
    Document,
    Literal,
    Node,
    Part,
    Stray,
    StrayKind,
    Target,
    Veil,
)
from migrator.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from migrator.diagnostic import Edit, Span
    from migrator.document.excerpt import Excerpts
    from migrator.document.mapping_edits import Writer
    from migrator.document.source import Source, Unreadable

    Stretch = tuple[int, int]

_KEEPS_LINE_ENDS = r"[|>][1-9]?\+"  # YAML 1.1, section 9.1.1.2
_MOST_TEXTS = 64  # with more of them lines are masked as a whole anyway


@dataclass(slots=True, eq=False)
class Value:
    """A value as it stands in the file; of a list or mapping the `entries` are what is in it.

    `text` is what a scalar says. `quote` tells how it is written: `"`, `'`, `|`, `>`, or nothing for a plain
    one. `is_alias` marks a value that stands elsewhere: `start` to `end` is then the alias. `is_shared` marks
    the one that an alias stands for. `is_block` marks a list or mapping that is told by its indentation; its
    `end` is where the next thing begins.
    """

    literal: Literal
    text: str
    start: int
    end: int
    entries: list[Entry] = field(default_factory=list)
    quote: str = ""
    is_alias: bool = False
    is_shared: bool = False
    is_block: bool = False


@dataclass(slots=True, eq=False)
class Entry:
    """A key with its value; in a list the key is empty and stands nowhere.

    `has_anchor` says so of the key. `attributes` holds where the attributes in the value stand, from when
    somebody asks for an attribute on.
    """

    key: str
    key_start: int
    key_end: int
    value: Value
    has_anchor: bool = False
    attributes: dict[Attribute, Entry] | None = field(default=None, repr=False)


class StoppedReading(Exception):  # noqa: N818 - it ends the reading, it is no error
    """Carries why there is no document."""

    def __init__(self, unreadable: Unreadable) -> None:
        super().__init__()
        self.unreadable = unreadable


class Home(NamedTuple):
    """Where an entry stands in the file itself: in the value of its owner, in a place counted from 0."""

    owner: Entry
    place: int


class MappingNode(Node):
    """A key of a mapping with its value.

    Keys that begin with @ are the attributes of the node around them, and `$` is the text beside them; both
    are ordinary keys at the top of the file. The children of a list are those of the mappings in it; those of
    a list under `$children` belong to the node around it. Keys have prefixes as names of XML have.
    """

    __slots__ = ("_namespaces", "above", "entry", "name", "namespace")

    def __init__(self, entry: Entry, above: MappingNode | None) -> None:
        self.entry = entry
        self.above = above
        self._namespaces: Mapping[str, str] | None = None
        self.name = entry.key
        self.namespace = None
        if above is not None:
            self.namespace, self.name = self._resolved(entry.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MappingNode) and other.entry is self.entry

    def __hash__(self) -> int:
        return hash(self.entry)

    def text(self) -> str:
        return self.text_entry().value.text

    def literal(self) -> Literal:
        return self.entry.value.literal

    def names(self) -> list[str]:
        return [one.name for one in self.children()]

    def children(self) -> list[MappingNode]:
        return [MappingNode(entry, self) for entry in self._entries() if not self._is_special(entry.key)]

    def members(self) -> list[MappingNode]:
        if self.literal() is not Literal.LIST:
            return [self]
        key = self.entry
        return [
            MappingNode(Entry(key.key, key.key_start, key.key_end, one.value), self.above)
            for one in key.value.entries
        ]

    def has_order(self) -> bool:
        return any(one.key == CONTENT_KEY for inside in _mappings(self.entry.value) for one in inside.entries)

    def attributes(self) -> list[Attribute]:
        return [self._attribute(entry) for entry in self._attribute_entries()]

    def strays(self) -> list[Stray]:
        if self.literal() is Literal.LIST:
            return [Stray(StrayKind.LIST, "", 0)]
        entry = self.text_entry()
        has_text = entry is not self.entry or entry.value.text.strip() or self._has_text_between()
        return [Stray(StrayKind.TEXT, "", 0)] if has_text else []

    def is_text_alone(self) -> bool:
        return self.literal() not in CONTAINERS

    def parent(self) -> MappingNode | None:
        return self.above

    def path(self) -> tuple[str, ...]:
        names: list[str] = []
        node = self
        while node.above is not None:
            names.append(node.name)
            node = node.above
        return tuple(reversed(names))

    def text_entry(self) -> Entry:
        """The entry whose value `text()` reads: the text beside attributes, or else this one."""
        value = self.entry.value
        if value.literal is Literal.MAPPING and self.above is not None:
            for entry in value.entries:
                if entry.key == TEXT_KEY:
                    return entry
        return self.entry

    def attribute_entry(self, attribute: Attribute) -> Entry:
        """Where an attribute stands."""
        found = self.entry.attributes
        if found is None:
            written = reversed([*self._attribute_entries()])
            found = self.entry.attributes = {self._attribute(entry): entry for entry in written}
        return found[attribute]

    def mappings(self) -> Iterator[list[MappingNode]]:
        """What each of the mappings in the value holds, special keys included."""
        return ([MappingNode(entry, self) for entry in one.entries] for one in _mappings(self.entry.value))

    def namespaces(self) -> Mapping[str, str]:
        """The namespaces that are declared here and around, by prefix; that without one is under nothing."""
        if self._namespaces is None:
            around = {} if self.above is None else self.above.namespaces()
            own = {
                declared_prefix(entry.key.removeprefix(ATTRIBUTE_MARK)): entry.value.text
                for one in _mappings(self.entry.value)
                for entry in one.entries
                if _is_declaration(entry.key) and self.above is not None
            }
            self._namespaces = {**around, **own} if own else around
        return self._namespaces

    def _resolved(self, key: str) -> tuple[str | None, str]:
        """Namespace and local name; a prefix that is not declared is part of the name."""
        namespaces = self.namespaces()
        prefix, colon, name = key.partition(":")
        if not colon:
            return namespaces.get("") or None, key
        return (namespaces[prefix], name) if prefix in namespaces else (None, key)

    def _attribute_entries(self) -> Iterator[Entry]:
        return (
            entry
            for entry in self._entries()
            if entry.key.startswith(ATTRIBUTE_MARK)
            and not _is_declaration(entry.key)
            and self.above is not None
        )

    def _attribute(self, entry: Entry) -> Attribute:
        name = entry.key.removeprefix(ATTRIBUTE_MARK)
        if ":" not in name:
            return Attribute(None, name, entry.value.text)
        if name.startswith("xml:"):
            return Attribute(XML_NAMESPACE, name.removeprefix("xml:"), entry.value.text)
        return Attribute(*self._resolved(name), entry.value.text)

    def _has_text_between(self) -> bool:
        """Whether texts stand between children, in a list under `$children`."""
        return self.above is not None and any(
            item.value.literal not in CONTAINERS and item.value.text.strip()
            for one in _mappings(self.entry.value)
            for entry in one.entries
            if entry.key == CONTENT_KEY and entry.value.literal is Literal.LIST
            for item in entry.value.entries
        )

    def _entries(self) -> Iterator[Entry]:
        for one in _mappings(self.entry.value):
            for entry in one.entries:
                if (
                    entry.key == CONTENT_KEY
                    and entry.value.literal is Literal.LIST
                    and self.above is not None
                ):
                    yield from (inside for listed in _mappings(entry.value) for inside in listed.entries)
                else:
                    yield entry

    def _is_special(self, key: str) -> bool:
        return self.above is not None and (key == TEXT_KEY or key.startswith(ATTRIBUTE_MARK))


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
    def writer(self) -> Writer:
        """How changes are written in this format."""

    @cached_property
    def homes(self) -> dict[Entry, Home]:
        """Where every key and every member of a list stands; aliases bring none along."""
        homes: dict[Entry, Home] = {}
        pending = [self.root.entry]
        while pending:
            owner = pending.pop()
            if not owner.value.is_alias:
                for place, entry in enumerate(owner.value.entries):
                    homes[entry] = Home(owner, place)
                pending += owner.value.entries
        return homes

    @cached_property
    def may_keep_line_ends(self) -> bool:
        """Whether there may be a block scalar to which the line ends behind it belong."""
        return re.search(_KEEPS_LINE_ENDS, self.source.text) is not None

    def comments_between(self, start: int, end: int) -> tuple[Stretch, ...]:
        """Where comments begin between two places."""
        first = bisect_left(self._comments, (start,))
        return self._comments[first : bisect_left(self._comments, (end,))]

    def find(self, name: str) -> Iterator[Node]:
        return (node for node in self._nodes() if node.name == name)

    def values_of(self, is_meant: Callable[[str], bool]) -> Iterator[str]:
        pending = [self.root.entry.value]
        while pending:
            for entry in pending.pop().entries:
                if entry.key and is_meant(entry.key.removeprefix(ATTRIBUTE_MARK)):
                    yield from _texts(entry.value)
                elif entry.value.entries:
                    pending.append(entry.value)

    def comments(self) -> Iterator[Comment]:
        for start, end in self._comments:
            yield Comment(self.source.text[start + 1 : end], None, start, end)

    def comment_behind_plain(self, node: Node, /) -> Comment | None:
        value = mapping_node(node).entry.value
        if value.literal is not Literal.UNTYPED or value.is_alias:
            return None
        _, end_of_line = self.source.line_bounds(self.source.line_and_column(value.end)[0])
        text = self.source.text
        for start, end in self.comments_between(value.end, end_of_line):
            if text[value.end : start].isspace():
                return Comment(text[start + 1 : end], None, start, end)
            break
        return None

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
                    before = first.setdefault(member.entry.key, member)
                    if before is not member:
                        yield member, before
                found += members
            pending += reversed(found)

    def span(self, target: Target) -> Span:
        node = mapping_node(target.node)
        is_value = target.part is Part.VALUE if target.stray is None else target.stray.kind is StrayKind.TEXT
        entry = node.text_entry() if is_value else node.entry
        if target.attribute is not None:
            entry = node.attribute_entry(target.attribute)
        if is_value and entry.value.literal not in CONTAINERS:
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
        from migrator.document.mapping_edits import edits

        return edits(self, changes)

    def excerpts(self, veil: Veil) -> Excerpts:
        from migrator.document.excerpt import Excerpts

        if self._excerpts is None or self._excerpts.veil is not veil:
            self._excerpts = Excerpts(self.source, veil, _Stretches(self._hidden(veil)).between)
        return self._excerpts

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
            elif value.literal not in CONTAINERS:
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


def _is_declaration(key: str) -> bool:
    """Whether a key is that of an attribute which declares a namespace."""
    return key.startswith(ATTRIBUTE_MARK) and declares_namespace(key.removeprefix(ATTRIBUTE_MARK))


def _inside(path: tuple[str, ...], attribute: str | None, key: str) -> tuple[tuple[str, ...], str | None]:
    """The path and attribute name of what stands under a key."""
    if path and key in (TEXT_KEY, CONTENT_KEY):
        return path, attribute
    if path and key.startswith(ATTRIBUTE_MARK):
        return path, key.removeprefix(ATTRIBUTE_MARK)
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
        if one.literal in CONTAINERS:
            pending += [entry.value for entry in one.entries]
        else:
            yield one.text


def mapping_node(node: Node) -> MappingNode:
    """The node as what it is here."""
    if not isinstance(node, MappingNode):
        raise TypeError(node)
    return node
