"""Changes of JSON and YAML documents made up at random, and what a document must say after them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from migrator.document.mapping import CONTAINERS, MappingDocument, MappingNode, Value
from migrator.document.model import Literal, RemoveAttribute, RemoveNode, Rename, ReplaceValue

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
        st.sampled_from(["value", "value", "name", "removal", "removal", "removal"]),
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
        elif kind == "value" and node.text_entry().value.literal not in CONTAINERS:
            made[node.text_entry(), kind] = ReplaceValue(node, text)
        elif kind in ("value", "name"):
            made[node.entry, kind] = Rename(node, "x" + "".join(filter(str.isalpha, text)))
        else:
            made[node.entry, kind] = RemoveNode(node)
    return list(made.values())


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
    removed: set[Entry] = set()
    names: dict[Entry, str] = {}
    texts: dict[Value, str] = {}
    for change in made:
        match change:
            case RemoveAttribute(node=MappingNode() as node, attribute=attribute):
                removed.add(node.attribute_entry(attribute))
            case RemoveNode(node=MappingNode() as node):
                removed.add(node.entry)
            case Rename(node=MappingNode() as node, name=name):
                names[node.entry] = name
            case ReplaceValue(node=MappingNode() as node, text=text):
                texts[node.text_entry().value] = text

    def said(one: Value) -> Any:
        if one.literal is Literal.LIST:
            return [said(entry.value) for entry in one.entries]
        if one.literal is Literal.MAPPING:
            return tuple(
                (names.get(entry, entry.key), said(entry.value))
                for entry in one.entries
                if entry not in removed
            )
        return texts.get(one, None if one.literal is Literal.NULL else one.text)

    return said(value)
