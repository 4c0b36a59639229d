"""What a document of any format offers: named nodes with text, and where they stand in the file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from enum import Enum, StrEnum
from typing import TYPE_CHECKING

from migrator.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from migrator.diagnostic import Edit, Span
    from migrator.document.excerpt import Excerpts
    from migrator.document.source import Source


class Part(Enum):
    """Which part of a node a place is about."""

    NAME = "name"
    """The name in the start tag; in a mapping the key."""
    VALUE = "value"
    """The value as it stands in the file; the name where there is no value to point at."""


class Attribute(NamedTuple):
    """An XML attribute: namespace (or None), prefix-free name, value."""

    namespace: str | None
    name: str
    value: str

    def __repr__(self) -> str:
        return f"Attribute({self.namespace!r}, {self.name!r})"  # the value may be a secret


class StrayKind(StrEnum):
    """What a stray is, in words for messages."""

    TEXT = "text"
    INSTRUCTION = "processing instruction"
    LIST = "list"


class Stray(NamedTuple):
    """Something that does not belong into a text value or between named nodes.

    `ordinal` counts those of one kind in one node, from 0.
    """

    kind: StrayKind
    name: str
    ordinal: int


class Literal(Enum):
    """How a value is written: what a format with types says about it beside its text."""

    UNTYPED = "text"
    """Character data of XML, or a plain scalar of YAML: it is what its reader takes it for."""
    STRING = "a quoted text"
    NUMBER = "a number"
    BOOLEAN = "true or false"
    NULL = "null"
    MAPPING = "a mapping"
    LIST = "a list"


CONTAINERS = (Literal.MAPPING, Literal.LIST)
"""How values are written that have entries."""


class Node(ABC):
    """A named node: an XML element, or a key of a mapping with its value."""

    __slots__ = ()

    name: str
    """Local name."""
    namespace: str | None
    """Namespace name, None without one."""

    @abstractmethod
    def text(self) -> str:
        """Character data directly inside, comments and markup left out: the value of a setting."""

    def literal(self) -> Literal:
        """How the value is written."""
        return Literal.UNTYPED

    @abstractmethod
    def children(self) -> Sequence[Node]:
        """Named nodes directly inside, in file order."""

    def members(self) -> Sequence[Node]:
        """The elements of XML that this stands for: itself, or what a list of JSON or YAML holds."""
        return (self,)

    def has_order(self) -> bool:
        """Whether the order of `children()` means something, as that of keys in a mapping does not."""
        return True

    @abstractmethod
    def names(self) -> Sequence[str]:
        """The names of `children()`, which is quicker to ask for alone."""

    def contents(self) -> Sequence[tuple[str, str | None, str]]:
        """Name, namespace and text of each of `children()`."""
        return [(child.name, child.namespace, child.text()) for child in self.children()]

    @abstractmethod
    def attributes(self) -> Sequence[Attribute]:
        """Attributes, namespace declarations left out."""

    @abstractmethod
    def strays(self) -> Sequence[Stray]:
        """Text other than white space, instructions, and a list, directly inside, in file order."""

    @abstractmethod
    def is_text_alone(self) -> bool:
        """Whether it holds a text, or nothing, without attributes, nodes, instructions and XML comments."""

    def holds_texts_alone(self) -> bool:
        """Whether it holds nodes alone, and each of them a text, without attributes and instructions.

        Comments aside; False where it takes as long to tell as to look at each.
        """
        return False

    @abstractmethod
    def parent(self) -> Node | None:
        """The node around this one; None for the root."""

    def path(self) -> tuple[str, ...]:
        """Names from the root to here, without indices."""
        names = [self.name]
        above = self.parent()
        while above is not None and above.name:
            names.append(above.name)
            above = above.parent()
        return tuple(reversed(names))


class Comment(NamedTuple):
    """A comment: its text, the node around it (None outside the root) and its stretch of the text."""

    text: str
    inside: Node | None
    start: int
    end: int

    def __repr__(self) -> str:
        return f"Comment({self.start}, {self.end})"  # the text may hold a secret


class Target(NamedTuple):
    """What a finding points at: a part of a node, one of its attributes, or something astray in it."""

    node: Node
    part: Part = Part.NAME
    attribute: Attribute | None = None
    stray: Stray | None = None


class ReplaceValue(NamedTuple):
    """The node's value becomes this text; as a number where `literal` says so and the format has any."""

    node: Node
    text: str
    literal: Literal = Literal.STRING

    def __repr__(self) -> str:
        return f"ReplaceValue({self.node!r}, {self.literal})"  # the text may be a secret


class Rename(NamedTuple):
    """The node gets this local name, its prefix kept."""

    node: Node
    name: str


class RemoveNode(NamedTuple):
    """The node goes, with its line where it stands alone on one.

    `leaves_comment` says that a comment behind it in its line may stay there alone.
    """

    node: Node
    leaves_comment: bool = False


class RemoveAttribute(NamedTuple):
    """The attribute goes, with the white space before it."""

    node: Node
    attribute: Attribute


class UseNamespaceOfParent(NamedTuple):
    """The node's own default namespace declaration goes, so that it is in the namespace of its parent."""

    node: Node


class DeclareNamespace(NamedTuple):
    """The node's own default namespace becomes this one, or goes where there is no name.

    Nodes inside follow that have neither a prefix nor a declaration of their own. XML alone has namespaces.
    """

    node: Node
    name: str | None


class RemoveComment(NamedTuple):
    """The comment goes, with its line where it stands alone on one; no value changes with it."""

    comment: Comment


class CutComment(NamedTuple):
    """A stretch of the text goes that lies inside a comment."""

    comment: Comment
    start: int
    end: int


class NewNode(NamedTuple):
    """A node to be written: a text, as a number where `literal` says so and the format has any; or nodes.

    `children` is None for a text; then there is none beside them.
    """

    name: str
    text: str = ""
    literal: Literal = Literal.STRING
    children: tuple[NewNode, ...] | None = None

    def __repr__(self) -> str:
        return f"NewNode({self.name!r}, {self.literal})"  # the text may be a secret


class InsertNodes(NamedTuple):
    """New nodes come into a node, in this order, in its namespace, and written as what is there already.

    They come right behind the child `after`, or right before the child `before`, each with the comments that
    stand beside and above it; behind the last child where neither is given. A parent that holds nothing yet,
    or null, comes to hold them.
    """

    parent: Node
    nodes: tuple[NewNode, ...]
    after: Node | None = None
    before: Node | None = None


Change = (
    ReplaceValue
    | Rename
    | RemoveNode
    | RemoveAttribute
    | UseNamespaceOfParent
    | DeclareNamespace
    | RemoveComment
    | CutComment
    | InsertNodes
)


def written_texts(change: Change) -> Iterator[str]:
    """The texts that a change brings into the file as values."""
    if isinstance(change, ReplaceValue):
        yield change.text
    elif isinstance(change, InsertNodes):
        pending = list(change.nodes)
        while pending:
            new = pending.pop()
            yield new.text
            pending += new.children or ()


class Excerpt(NamedTuple):
    """A line of the file to show under a finding, with everything masked that is not known to be harmless.

    `start` and `end` are indices of `text`: what to underline.
    """

    line: int
    text: str
    start: int
    end: int


def _never(_name: str) -> bool:
    return False


class Veil(NamedTuple):
    """What an excerpt may show.

    `shows(path, attribute, value)` says whether a value may be seen: `path` holds the names from the root
    to its node, `attribute` the name of the attribute (`xmlns` or `xmlns:prefix` for a namespace declaration)
    or None for the node's own text, `value` the whole of it. Everything else, comments included, is shown as
    `mask`. So are tags inside a node of a name that `conceals` says so of, as they may be part of its value,
    and `texts` wherever they stand, in names too.
    """

    mask: str
    shows: Callable[[tuple[str, ...], str | None, str], bool]
    conceals: Callable[[str], bool] = _never
    texts: Collection[str] = ()


class Document(ABC):
    """A parsed file. Values are read at once; places only where somebody asks."""

    source: Source
    root: Node

    @abstractmethod
    def find(self, name: str) -> Iterator[Node]:
        """All nodes of this local name, in any namespace, in file order."""

    @abstractmethod
    def values_of(self, is_meant: Callable[[str], bool]) -> Iterator[str]:
        """Values of all nodes and attributes whose local name is meant, and of all nodes inside them."""

    def duplicates(self) -> Iterable[tuple[Node, Node]]:
        """Keys that are there again in their mapping, each with the first of them; XML has no keys."""
        return ()

    @abstractmethod
    def comments(self) -> Iterator[Comment]:
        """All comments, in file order."""

    def comment_behind_plain(self, _node: Node, /) -> Comment | None:
        """The comment in the line of a value that nothing but this comment ends; YAML alone has such."""
        return None

    @abstractmethod
    def span(self, target: Target) -> Span:
        """Where the target stands."""

    @abstractmethod
    def edits(self, changes: Iterable[Change]) -> tuple[Edit, ...] | None:
        """The changes as edits of the file's bytes, in file order and apart from each other.

        None where they would delete a comment, contradict each other, or cannot be written in this file.
        """

    @abstractmethod
    def excerpts(self, veil: Veil) -> Excerpts:
        """The lines of the file as they may be shown."""
