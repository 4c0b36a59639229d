"""What JSON and YAML have in common: values with keys, and where each of them stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from migrator.document.model import (
    Attribute,
    Change,
    Comment,
    Document,
    Excerpt,
    Literal,
    Node,
    Part,
    Stray,
    Target,
    Veil,
)

if TYPE_CHECKING:
    from migrator.diagnostic import Edit, Span
    from migrator.document.source import Source

_CONTAINERS = (Literal.MAPPING, Literal.LIST)
_ATTRIBUTE_MARK = "@"


@dataclass(slots=True, eq=False)
class Value:
    """A value as it stands in the file; of a list or mapping the `entries` are what is in it.

    `text` is what a scalar says. `is_alias` marks a value that stands elsewhere: `start` to `end` is then the
    alias. `quote` tells how a scalar is written: `"`, `'`, `|`, `>`, or nothing for a plain one.
    """

    literal: Literal
    text: str
    start: int
    end: int
    entries: list[Entry] = field(default_factory=list)
    is_alias: bool = False
    quote: str = ""


@dataclass(slots=True, eq=False)
class Entry:
    """A key with its value; in a list the key is empty and stands nowhere."""

    key: str
    key_start: int
    key_end: int
    value: Value


class MappingNode(Node):
    """A key of a mapping with its value. Keys that begin with @ are the attributes of the node around."""

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
        return self.entry.value.text

    def literal(self) -> Literal:
        return self.entry.value.literal

    def names(self) -> list[str]:
        return [node.name for node in self.children()]

    def children(self) -> list[MappingNode]:
        return [
            MappingNode(entry, self) for entry in self._members() if not entry.key.startswith(_ATTRIBUTE_MARK)
        ]

    def attributes(self) -> list[Attribute]:
        return [
            Attribute(None, entry.key.removeprefix(_ATTRIBUTE_MARK), entry.value.text)
            for entry in self._members()
            if entry.key.startswith(_ATTRIBUTE_MARK)
        ]

    def attribute_entry(self, attribute: Attribute) -> Entry:
        """Where an attribute stands."""
        wanted = _ATTRIBUTE_MARK + attribute.name
        return next(entry for entry in self._members() if entry.key == wanted)

    def strays(self) -> list[Stray]:
        value = self.entry.value
        if value.literal is Literal.LIST:
            return [Stray("list", "", 0)]
        if value.literal is not Literal.MAPPING and value.text.strip():
            return [Stray("text", "", 0)]
        return []

    def parent(self) -> MappingNode | None:
        return self.above

    def _members(self) -> Sequence[Entry]:
        value = self.entry.value
        return value.entries if value.literal is Literal.MAPPING else ()


class MappingDocument(Document):
    """A parsed JSON or YAML file whose top is a mapping.

    The root is the whole of it, a node without a name.
    """

    def __init__(self, source: Source, top: Value, comments: tuple[tuple[int, int], ...]) -> None:
        self.source = source
        self.root: MappingNode = MappingNode(Entry("", 0, 0, top), None)
        self._comments = comments

    def find(self, name: str) -> Iterator[Node]:
        return (node for node in self._nodes() if node.name == name)

    def values_of(self, is_meant: Callable[[str], bool]) -> Iterator[str]:
        pending = [(node, False) for node in (self.root,)]
        while pending:
            node, is_inside = pending.pop()
            is_wanted = is_inside or is_meant(node.name)
            if is_wanted:
                yield from _texts(node.entry.value)
            else:
                yield from (one.value for one in node.attributes() if is_meant(one.name))
                pending += [(child, False) for child in node.children()]

    def comments(self) -> Iterator[Comment]:
        for start, end in self._comments:
            yield Comment(self.source.text[start + 1 : end], None, start, end)

    def duplicates(self) -> Iterator[tuple[Node, Node]]:
        """Every key that is there again in its mapping, with the first of them."""
        for node in (self.root, *self._nodes()):
            first: dict[str, MappingNode] = {}
            for child in node.children():
                before = first.setdefault(child.name, child)
                if before != child:
                    yield child, before

    def span(self, target: Target) -> Span:
        node = target.node
        if not isinstance(node, MappingNode):
            raise TypeError(node)
        entry = node.entry if target.attribute is None else node.attribute_entry(target.attribute)
        value = entry.value
        if target.stray is not None or (target.part is Part.VALUE and value.literal not in _CONTAINERS):
            start, end = self.inner(value)
            if start < end:
                return self.source.span(start, end)
        return self.source.span(*self._key_bounds(entry))

    def inner(self, value: Value) -> tuple[int, int]:
        """Where a scalar's text stands, without the quotation marks around it."""
        if value.quote in ('"', "'") and not value.is_alias:
            return value.start + 1, value.end - 1
        return value.start, value.end

    def edits(self, changes: Iterable[Change]) -> tuple[Edit, ...] | None:
        del changes
        return None

    def excerpt(self, span: Span, veil: Veil) -> Excerpt:
        from migrator.document.excerpt import excerpt

        return excerpt(self.source, span, self._hidden(veil), veil.mask)

    def _key_bounds(self, entry: Entry) -> tuple[int, int]:
        text = self.source.text[entry.key_start : entry.key_end]
        quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
        return entry.key_start + quoted, entry.key_end - quoted

    def _nodes(self) -> Iterator[MappingNode]:
        """All named nodes below the top, in file order."""
        pending = list(reversed(self.root.children()))
        while pending:
            node = pending.pop()
            yield node
            pending += reversed(node.children())

    def _hidden(self, veil: Veil) -> Iterator[tuple[int, int]]:
        stretches = list(self._comments)
        pending: list[tuple[tuple[str, ...], str | None, Value]] = [((), None, self.root.entry.value)]
        while pending:
            path, attribute, value = pending.pop()
            if value.literal in _CONTAINERS and not value.is_alias:
                for entry in value.entries:
                    if entry.key.startswith(_ATTRIBUTE_MARK):
                        pending.append((path, entry.key.removeprefix(_ATTRIBUTE_MARK), entry.value))
                    else:
                        pending.append(((*path, entry.key) if entry.key else path, None, entry.value))
            elif value.end > value.start and not veil.shows(path, attribute, value.text):
                stretches.append(self.inner(value))
        return iter(sorted(stretches))


def _texts(value: Value) -> Iterator[str]:
    pending = [value]
    while pending:
        one = pending.pop()
        if one.literal in _CONTAINERS:
            pending += [entry.value for entry in one.entries]
        else:
            yield one.text
