"""What every format is read into and written from: elements, their texts, the comments between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator import definition
from migrator.document.source import WHITE_SPACE
from migrator.tuples import NamedTuple

if TYPE_CHECKING:
    from migrator.diagnostic import Span
    from migrator.document.model import Target


class Remark(NamedTuple):
    """A comment. `is_trailing` says that it stands behind an element, in the same line."""

    text: str
    is_trailing: bool = False
    span: Span | None = None

    def __repr__(self) -> str:
        return f"Remark({self.span})"  # the text may hold a secret


class Element(NamedTuple):
    """A named value, whatever the format: its attributes, and in order its texts, children and comments.

    `name` and the names of attributes are qualified, and namespace declarations are attributes, as XML writes
    them. `target` is where it stands in the input. `is_listed` says that it stood in a list there.
    """

    name: str
    content: tuple[str | Element | Remark, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()
    target: Target | None = None
    is_listed: bool = False

    def __repr__(self) -> str:
        return f"Element({self.name})"  # its texts may be secrets

    @property
    def local_name(self) -> str:
        """The name without its prefix."""
        return self.name.rpartition(":")[2] if ":" in self.name else self.name

    @property
    def text(self) -> str:
        """Its own character data."""
        content = self.content
        if len(content) == 1 and isinstance(content[0], str):
            return content[0]
        return "".join([one for one in content if isinstance(one, str)])

    @property
    def is_text_alone(self) -> bool:
        """Whether nothing but one text is in it, or nothing at all."""
        content = self.content
        return not self.attributes and (not content or (len(content) == 1 and isinstance(content[0], str)))

    @property
    def children(self) -> list[Element]:
        """The elements directly inside."""
        return [one for one in self.content if isinstance(one, Element)]

    @property
    def is_mixed(self) -> bool:
        """Whether text other than white space stands beside elements."""
        return bool(self.text.strip(WHITE_SPACE)) and any(isinstance(one, Element) for one in self.content)


def root_path(root: Element) -> tuple[str, ...]:
    """The local names down to a root; DataMiner is above SMTP even where that stands alone."""
    name = root.local_name
    return (definition.ROOT, name) if name == definition.SECTION else (name,)


class Tree(NamedTuple):
    """A root element, and the comments before and behind it."""

    root: Element
    head: tuple[Remark, ...] = ()
    tail: tuple[Remark, ...] = ()


class Note(NamedTuple):
    """Something of the input that is not in the output, or not as it was, and where it stands."""

    message: str
    span: Span | None = None


class Problem(NamedTuple):
    """Why there is no output, where in the input, and what to do."""

    message: str
    help: str
    span: Span | None = None


def without_remarks(tree: Tree) -> tuple[Tree, list[Remark]]:
    """The tree without its comments, and these in order."""
    found = list(tree.head)
    root = _bare(tree.root, found)
    found += tree.tail
    return (Tree(root), found) if found else (tree, found)


def _bare(element: Element, found: list[Remark]) -> Element:
    before = len(found)
    content: list[str | Element] = []
    is_same = True
    for one in element.content:
        if isinstance(one, Remark):
            found.append(one)
        elif isinstance(one, Element):
            bare = _bare(one, found)
            is_same &= bare is one
            content.append(bare)
        else:
            content.append(one)
    if is_same and len(found) == before:
        return element
    return Element(element.name, tuple(content), element.attributes, element.target, element.is_listed)
