"""Changes of keys and values as edits of bytes; everything else of the file stays as it is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, assert_never

from migrator.document.edits import Replacement, as_edits, can_write
from migrator.document.mapping import mapping_node
from migrator.document.model import (
    CONTAINERS,
    Change,
    CutComment,
    DeclareNamespace,
    InsertNodes,
    Literal,
    RemoveAttribute,
    RemoveComment,
    RemoveNode,
    Rename,
    ReplaceValue,
    UseNamespaceOfParent,
)
from migrator.tuples import NamedTuple

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Sequence

    from migrator.diagnostic import Edit
    from migrator.document.bracket_insertions import Style
    from migrator.document.mapping import Entry, MappingDocument, Value
    from migrator.document.model import NewNode, Node


def complete(written: Sequence[Replacement | None]) -> list[Replacement] | None:
    """All that is written, where nothing of it is missing."""
    found = [one for one in written if one is not None]
    return found if len(found) == len(written) else None


class Run(NamedTuple):
    """Entries of a mapping one behind the other, from the first to the last, counted from 0."""

    first: int
    last: int


class Writer(ABC):
    """How changes are written in a format; None for what is not offered there.

    `blanks` is white space within a line, `breaks` what ends one. `rest_of_line` matches white space with a
    line end behind it, `space` white space and comments in brackets, `comma` one with these around it, and
    `comment` the beginning of a comment behind a value and its comma.
    """

    blanks: str
    breaks: str
    rest_of_line: re.Pattern[str]
    space: re.Pattern[str]
    comma: re.Pattern[str]
    comment: re.Pattern[str]

    def __init__(self, document: MappingDocument) -> None:
        self.document = document
        self.text = document.source.text
        self.leaving_comments: frozenset[Entry] = frozenset()
        """Those that may go while a comment behind them stays."""

    @abstractmethod
    def value(self, entry: Entry, text: str, literal: Literal) -> list[Replacement] | None:
        """How a text takes the place of the value of an entry, a scalar that stands in the file itself."""

    @abstractmethod
    def key(self, entry: Entry, name: str) -> Replacement | None:
        """How a name takes the place of a key."""

    @abstractmethod
    def new_key(self, name: str, style: Style) -> str:
        """A key that is not there yet."""

    @abstractmethod
    def new_scalar(self, node: NewNode, style: Style) -> str:
        """The value of a node that is a text."""

    @abstractmethod
    def insertion(self, owner: Entry, place: int, nodes: Sequence[NewNode]) -> list[Replacement] | None:
        """How new keys come before the one in a place, counted from 0, of the owner's mapping."""

    @abstractmethod
    def filling(self, owner: Entry, nodes: Sequence[NewNode]) -> list[Replacement] | None:
        """How the owner, which holds nothing or null, comes to hold new keys."""

    def removals(self, owner: Entry, runs: Sequence[Run]) -> list[Replacement] | None:
        """How keys of the owner's mapping go with their values; runs are in order and apart."""
        written = [self.removal_from_brackets(owner.value, run) for run in runs]
        return complete(written)

    def end_of(self, entry: Entry) -> int:
        """Where what stands of an entry in the file ends."""
        return entry.value.end

    def line_start(self, at: int) -> int | None:
        """Where the line of something begins that is the first in it; None where something stands before."""
        while at and self.text[at - 1] in self.blanks:
            at -= 1
        return at if not at or self.text[at - 1] in self.breaks else None

    def behind_blanks_for_value(self, end: int) -> int:
        """The end of an entry in brackets, with the blanks behind its colon where there is no value."""
        if self.text[end - 1] == ":":
            while self.text[end] in self.blanks:
                end += 1
        return end

    def without_comments(self, written: Replacement, end: int) -> Replacement | None:
        """What is written, unless it takes a comment along, or one stands behind what ends there."""
        if self.comment.match(self.text, end):
            return None
        return None if self.document.comments_between(written.start, written.end) else written

    def removal_from_brackets(self, mapping: Value, run: Run) -> Replacement | None:
        """Keys of a mapping in brackets go with their values, one comma each, and with lines of their own."""
        entries = mapping.entries
        is_first, is_last = run.first == 0, run.last == len(entries) - 1
        start, end = entries[run.first].key_start, self.end_of(entries[run.last])
        if not (is_last and self.text[mapping.start + 1] in self.blanks):
            end = self.behind_blanks_for_value(end)
        if is_first and is_last:
            return self.without_comments(Replacement(mapping.start + 1, mapping.end - 1, ""), end)
        before = mapping.start + 1
        if not is_first:
            before = self.behind_blanks_for_value(self.end_of(entries[run.first - 1]))
        if not (self.space if is_first else self.comma).fullmatch(self.text, before, start):
            return None
        if is_last:
            return self.without_comments(Replacement(before, end, ""), end)
        behind = entries[run.last + 1].key_start
        if not self.comma.fullmatch(self.text, end, behind):
            return None
        line_start = self.line_start(start)
        line_end = self.rest_of_line.match(self.text, self.text.index(",", end) + 1)
        if line_start is not None and line_end is not None:
            return self.without_comments(Replacement(line_start, line_end.end(), ""), end)
        if line_start is not None or is_first:
            return self.without_comments(Replacement(start, behind, ""), end)
        return self.without_comments(Replacement(before, end, ""), end)


def edits(document: MappingDocument, changes: Iterable[Change]) -> tuple[Edit, ...] | None:
    """The changes as edits, as `Document.edits` has them."""
    source = document.source
    changes = list(changes)
    removed = [entry for change in changes if (entry := _removed(change)) is not None]
    gone = set(removed)
    if len(gone) < len(removed) or _are_contradictory(changes):
        return None
    writer = document.writer()
    writer.leaving_comments = frozenset(
        mapping_node(one.node).entry for one in changes if isinstance(one, RemoveNode) and one.leaves_comment
    )
    written = _removals(writer, gone)
    if written is None:
        return None
    for change in changes:
        planned = _plan(writer, change, gone)
        if planned is None:
            return None
        written += planned
    if not all(can_write(source, one.content) for one in written):
        return None
    return as_edits(source, written)


def _plan(writer: Writer, change: Change, gone: set[Entry]) -> list[Replacement] | None:
    """What is written for a change of something that stays."""
    match change:
        case ReplaceValue(node=node, text=text, literal=literal):
            entry = mapping_node(node).text_entry()
            value = entry.value
            if _is_elsewhere(writer.document, entry, gone) or value.is_alias or value.is_shared:
                return None
            return None if value.literal in CONTAINERS else writer.value(entry, text, literal)
        case Rename(node=node, name=name):
            entry = mapping_node(node).entry
            if _is_elsewhere(writer.document, entry, gone) or entry.has_anchor:
                return None
            full = _prefix(node) + name
            written = writer.key(entry, full) if entry in writer.document.homes else None
            return None if written is None else [written]
        case InsertNodes():
            return _insertion(writer, change, gone)
        case RemoveComment() | CutComment():
            return _change_comment(writer.document, change)
        case RemoveNode() | RemoveAttribute():
            return []
        case UseNamespaceOfParent() | DeclareNamespace():
            return None
        case _:
            assert_never(change)


def _are_contradictory(changes: Iterable[Change]) -> bool:
    """Whether something is to become a text and to hold keys."""
    replaced = {mapping_node(one.node).text_entry() for one in changes if isinstance(one, ReplaceValue)}
    return any(isinstance(one, InsertNodes) and mapping_node(one.parent).entry in replaced for one in changes)


def _insertion(writer: Writer, change: InsertNodes, gone: set[Entry]) -> list[Replacement] | None:
    """None where the neighbours of what is new go."""
    owner, place = _place(writer.document, change)
    if owner is None or owner.value.is_alias or owner.value.is_shared:
        return None
    if _is_elsewhere(writer.document, owner, gone):
        return None
    entries = owner.value.entries
    nodes = _prefixed(change.nodes, _prefix(change.parent))
    if not nodes:
        return []
    if not entries:
        return writer.filling(owner, nodes)
    if any(entry in gone for entry in entries[max(place - 1, 0) : place + 1]):
        return None
    return writer.insertion(owner, place, nodes)


def _prefix(node: Node) -> str:
    """What stands before the local name in a key, as in `dm:SMTP`."""
    return mapping_node(node).entry.key.removesuffix(node.name)


def _prefixed(nodes: Sequence[NewNode], prefix: str) -> Sequence[NewNode]:
    """The nodes with a prefix before their names, and those of the nodes in them."""
    if not prefix:
        return nodes
    return [
        one._replace(name=prefix + one.name, children=one.children and tuple(_prefixed(one.children, prefix)))
        for one in nodes
    ]


def _place(document: MappingDocument, change: InsertNodes) -> tuple[Entry | None, int]:
    """The entry whose mapping gets new keys, and before which of them; None where there is no such mapping.

    What is a child of a list stands in a mapping in it.
    """
    parent, anchor = mapping_node(change.parent), change.before or change.after
    if anchor is not None:
        node = mapping_node(anchor)
        home = document.homes.get(node.entry)
        if node.above != parent or home is None:
            return None, 0
        return home.owner, home.place + (change.before is None)
    is_fit = parent.literal() in (Literal.MAPPING, Literal.NULL)
    return parent.entry if is_fit else None, len(parent.entry.value.entries)


def _change_comment(
    document: MappingDocument, change: RemoveComment | CutComment
) -> list[Replacement] | None:
    """A comment goes to the end of its line, with the white space before it, or with all of the line.

    None where a block scalar keeps its last line ends: those behind the comment could become part of it.
    """
    if isinstance(change, CutComment):
        return [Replacement(change.start, change.end, "")]
    if document.may_keep_line_ends:
        return None
    return [Replacement(*document.source.with_space_before(change.comment.start, change.comment.end), "")]


def _removed(change: Change) -> Entry | None:
    match change:
        case RemoveNode(node=node):
            return mapping_node(node).entry
        case RemoveAttribute(node=node, attribute=attribute):
            return mapping_node(node).attribute_entry(attribute)
        case _:
            return None


def _removals(writer: Writer, gone: set[Entry]) -> list[Replacement] | None:
    """What is written so that all of these go."""
    document = writer.document
    places: dict[Entry, list[int]] = {}
    for entry in gone:
        home = document.homes.get(entry)
        if home is None or _is_needed(entry) or _is_elsewhere(document, home.owner, gone):
            return None
        if home.owner.value.is_shared:
            return None
        places.setdefault(home.owner, []).append(home.place)
    written: list[Replacement] = []
    for owner, found in places.items():
        removals = writer.removals(owner, _runs(found))
        if removals is None:
            return None
        written += removals
    return written


def _runs(places: list[int]) -> list[Run]:
    runs: list[Run] = []
    for place in sorted(places):
        if runs and runs[-1].last == place - 1:
            runs[-1] = Run(runs[-1].first, place)
        else:
            runs.append(Run(place, place))
    return runs


def _is_elsewhere(document: MappingDocument, entry: Entry, gone: set[Entry]) -> bool:
    """Whether this goes, or stands in what goes or what an alias stands for: it would change there too."""
    at: Entry | None = entry
    while at is not None:
        home = document.homes.get(at)
        if at in gone or (home is not None and home.owner.value.is_shared):
            return True
        at = home.owner if home is not None else None
    return False


def _is_needed(entry: Entry) -> bool:
    """Whether an alias stands for this or for something in it, or may do so."""
    pending = [entry]
    while pending:
        one = pending.pop()
        if one.has_anchor or one.value.is_shared:
            return True
        if not one.value.is_alias:
            pending += one.value.entries
    return False
