"""Changes of JSON and YAML documents made up at random, and what a document must say after them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from migrator.document.mapping import MappingDocument, MappingNode, Value
from migrator.document.model import (
    CONTAINERS,
    InsertNodes,
    Literal,
    NewNode,
    RemoveAttribute,
    RemoveNode,
    Rename,
    ReplaceValue,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator.document.mapping import Entry
    from migrator.document.model import Change

_TEXTS = st.text(st.sampled_from("ab1 #:'\"\\,{]&-\n\té\u2028\U0001f600"), max_size=8) | st.sampled_from(
    ["smtp.example.com", "no", "587", "a\nb\n", "a\n\n b", "x\n"]
)
Plan = tuple[int, str, str]
PLANS: st.SearchStrategy[list[Plan]] = st.lists(
    st.tuples(
        st.integers(0, 30),
        st.sampled_from(
            ["value", "value", "name", "removal", "removal", "removal", "behind", "before", "inside"]
        ),
        _TEXTS,
    ),
    min_size=1,
    max_size=3,
)
"""What to do with which nodes, counted from 0 in file order and round again."""


def changes(read: MappingDocument, plans: Sequence[Plan]) -> list[Change]:
    """The changes that are planned, no two of a kind for one entry."""
    nodes = list(_nodes(read.root))
    made: dict[tuple[Entry, str], Change] = {}
    for ordinal, kind, text in plans if nodes else ():
        node, special = nodes[ordinal % len(nodes)]
        if special is not None:
            made[special, "removal"] = RemoveAttribute(
                node, next(one for one in node.attributes() if "@" + one.name == special.key)
            )
        elif kind in ("behind", "before", "inside"):
            if kind == "inside" and node.literal() not in (Literal.NULL, Literal.MAPPING):
                kind = "behind"  # noqa: PLW2901 - nothing can be inside
            parent = node if kind == "inside" else node.above
            assert parent is not None
            made[node.entry, kind] = InsertNodes(
                parent,
                new_nodes(text),
                after=node if kind == "behind" else None,
                before=node if kind == "before" else None,
            )
        elif kind == "value" and node.text_entry().value.literal not in CONTAINERS:
            made[node.text_entry(), kind] = ReplaceValue(node, text)
        elif kind in ("value", "name"):
            made[node.entry, kind] = Rename(node, "x" + "".join(filter(str.isalpha, text)))
        else:
            made[node.entry, kind] = RemoveNode(node)
    return list(made.values())


def new_nodes(text: str) -> tuple[NewNode, ...]:
    """Some new nodes: one with a text, perhaps one with a number, perhaps one with others inside."""
    first = NewNode("x" + "".join(filter(str.isalpha, text)), text)
    number = NewNode("n", str(len(text)), Literal.NUMBER)
    return (first, number, NewNode("in", children=(first, number)))[: len(text) % 3 + 1]


def _nodes(node: MappingNode) -> Iterator[tuple[MappingNode, Entry | None]]:
    """All nodes below a node, and all attributes as their nodes with their entries."""
    for attribute in node.attributes():
        yield node, node.attribute_entry(attribute)
    for child in node.children():
        yield child, None
        yield from _nodes(child)


def tree(value: Value, made: Sequence[Change] = ()) -> Any:
    """What a value says: pairs of a mapping, members of a list, text of a scalar; None for nothing.

    With changes, what it must say after them.
    """
    after = _After()
    for change in made:
        after.take(change)
    return after.said(value)


class _After:
    """What changes make of values."""

    def __init__(self) -> None:
        self.removed: set[Entry] = set()
        self.names: dict[Entry, str] = {}
        self.texts: dict[Value, str] = {}
        self.inserted: dict[tuple[Entry, bool], tuple[NewNode, ...]] = {}
        """Before an entry, or behind it."""
        self.filled: dict[Value, tuple[NewNode, ...]] = {}

    def take(self, change: Change) -> None:
        match change:
            case InsertNodes():
                self.insert(change)
            case RemoveAttribute(node=MappingNode() as node, attribute=attribute):
                self.removed.add(node.attribute_entry(attribute))
            case RemoveNode(node=MappingNode() as node):
                self.removed.add(node.entry)
            case Rename(node=MappingNode() as node, name=name):
                self.names[node.entry] = name
            case ReplaceValue(node=MappingNode() as node, text=text):
                self.texts[node.text_entry().value] = text

    def insert(self, change: InsertNodes) -> None:
        assert isinstance(change.parent, MappingNode)
        value, anchor = change.parent.entry.value, change.after or change.before
        if isinstance(anchor, MappingNode):
            self.inserted[anchor.entry, change.before is None] = change.nodes
        elif value.entries:
            self.inserted[value.entries[-1], True] = change.nodes
        else:
            self.filled[value] = change.nodes

    def said(self, one: Value) -> Any:
        if one in self.filled:
            return tuple(map(_pair, self.filled[one]))
        if one.literal is Literal.LIST:
            return [self.said(entry.value) for entry in one.entries]
        if one.literal is Literal.MAPPING:
            return tuple(pair for entry in one.entries for pair in self.pairs(entry))
        return self.texts.get(one, None if one.literal is Literal.NULL else one.text)

    def pairs(self, entry: Entry) -> Iterator[tuple[str, Any]]:
        yield from map(_pair, self.inserted.get((entry, False), ()))
        if entry not in self.removed:
            yield self.names.get(entry, entry.key), self.said(entry.value)
        yield from map(_pair, self.inserted.get((entry, True), ()))


def _pair(new: NewNode) -> tuple[str, Any]:
    return new.name, new.text if new.children is None else tuple(map(_pair, new.children))
