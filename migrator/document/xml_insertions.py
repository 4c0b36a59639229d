"""New elements as stretches of the text, laid out as what stands around them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from migrator.document.edits import Replacement
from migrator.document.lines import Lines
from migrator.document.source import WHITE_SPACE
from migrator.document.xml_index import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from migrator.document.model import InsertNodes, NewNode
    from migrator.document.xml import XmlDocument
    from migrator.document.xml_index import Element, Piece

_NAME = re.compile(r"[^\W\d][\w.-]*")
_LINE_END = re.compile("[\r\n]")
_BLANK_LINE = re.compile("(?:\r\n|\r|\n)[ \t]*(?:\r\n|\r|\n)")
_INDENT = "  "


def insertion(
    document: XmlDocument, change: InsertNodes, content: Callable[[str], str | None]
) -> list[Replacement] | None:
    """How new nodes are written; `content` gives a text as character data, None where it cannot be any."""
    parent = document.place_of(change.parent)
    inserter = _Inserter(document, parent, content)
    if not change.nodes:
        return []
    written = inserter.between(change) if inserter.elements else inserter.inside(change)
    return None if written is None else [written]


def filled_tag(text: str, element: Element, content: str) -> Replacement:
    """An empty tag becomes two tags with the content between them."""
    # the name is part of the stretch, so that another change of it contradicts this one
    tag = text[element.name_start : element.open_end - 2].rstrip(WHITE_SPACE)
    name = text[element.name_start : element.name_end]
    return Replacement(element.name_start, element.open_end, f"{tag}>{content}</{name}>")


class _Inserter:
    def __init__(self, document: XmlDocument, parent: Element, content: Callable[[str], str | None]) -> None:
        self.source = document.source
        self.text = document.source.text
        self.index = document.index
        self.document = document
        self.parent = parent
        self.pieces = document.index.pieces_of(parent)
        self.elements = [piece for piece in self.pieces if piece.kind is Kind.ELEMENT]
        self.content = content
        name = self.text[parent.name_start : parent.name_end]
        prefix, colon, _ = name.rpartition(":")
        self.prefix = prefix + colon

    def between(self, change: InsertNodes) -> Replacement | None:
        """Beside the elements that the parent holds."""
        anchor = change.before or change.after
        element = (
            self.index.elements[self.index.element_at(self.elements[-1].start)]
            if anchor is None
            else self.document.place_of(anchor)
        )
        if element.parent < 0 or self.index.elements[element.parent] is not self.parent:
            return None
        place = [piece.start for piece in self.pieces].index(element.start)
        indent = self.own_indent(element.start)
        if indent is not None:
            lines = self.lines_near(element.start, indent)
            if change.before is not None:
                return self.line_before(place, change.nodes, lines)
            return self.line_behind(place, element.end, change.nodes, lines)
        written = self.written_all(change.nodes, None)
        if written is None:
            return None
        space = self.space_before(place)
        if change.before is not None:
            return Replacement(element.start, element.start, "".join(one + space for one in written))
        return Replacement(element.end, element.end, "".join(space + one for one in written))

    def inside(self, change: InsertNodes) -> Replacement | None:
        """Into a parent that holds no element yet; its comments stay before what is new."""
        parent = self.parent
        if change.before is not None or change.after is not None:
            return None
        if any(piece.is_character_data and not self.index.is_blank(piece) for piece in self.pieces):
            return None
        others = [place for place, piece in enumerate(self.pieces) if not piece.is_character_data]
        if others:
            last = self.pieces[others[-1]]
            indent = self.own_indent(last.start)
            if indent is not None:
                return self.line_behind(
                    others[-1], last.end, change.nodes, self.lines_near(last.start, indent)
                )
            written = self.written_all(change.nodes, None)
            return None if written is None else Replacement(last.end, last.end, "".join(written))
        outer = self.indent_of(parent)
        lines = None if outer is None else self.lines_near(parent.start, outer).deeper()
        written = self.written_all(change.nodes, lines)
        if written is None:
            return None
        filling = "".join(written)
        if lines is not None:
            filling = "".join(f"{lines.begin}{one}" for one in written)
            filling += f"{lines.line_end}{outer}"
        if parent.is_empty_tag:
            return filled_tag(self.text, parent, filling)
        return Replacement(parent.open_end, parent.close_start, filling)

    def line_behind(self, place: int, end: int, nodes: Sequence[NewNode], lines: Lines) -> Replacement | None:
        """In lines of their own, behind the line that a piece of the parent ends, comments there included."""
        written = self.written_all(nodes, lines)
        if written is None:
            return None
        at = self.end_of_line(place, end)
        return Replacement(at, at, "".join(f"{lines.begin}{one}" for one in written))

    def line_before(self, place: int, nodes: Sequence[NewNode], lines: Lines) -> Replacement | None:
        """In lines of their own, before a piece of the parent and the comments right above it."""
        written = self.written_all(nodes, lines)
        if written is None:
            return None
        start = self.pieces[place].start
        for blank, comment in self.pairs_before(place):
            if comment.kind is not Kind.COMMENT or self.own_indent(comment.start) is None:
                break
            between = self.text[blank.start : blank.end]
            if not self.index.is_blank(blank) or "&" in between or _BLANK_LINE.search(between):
                break
            start = comment.start
        at = self.line_start(start)
        return Replacement(at, at, "".join(f"{lines.indent}{one}{lines.line_end}" for one in written))

    def pairs_before(self, place: int) -> Iterator[tuple[Piece, Piece]]:
        """Pieces before one, two by two: what stands right before, and what stands before that."""
        for at in range(place - 1, 0, -2):
            yield self.pieces[at], self.pieces[at - 1]

    def end_of_line(self, place: int, end: int) -> int:
        """Where the line of a piece ends, if nothing but white space and comments follows in it."""
        at = end
        for piece in self.pieces[place + 1 :]:
            if piece.kind is Kind.COMMENT:
                at = piece.end
            elif piece.kind is Kind.TEXT and self.index.is_blank(piece):
                line_end = _LINE_END.search(self.text, piece.start, piece.end)
                if line_end is not None:
                    return line_end.start()
            else:
                break
        return at

    def space_before(self, place: int) -> str:
        """White space between elements that stand in one line."""
        if place < 2:  # noqa: PLR2004 - what stands behind the start tag separates no elements
            return ""
        piece = self.pieces[place - 1]
        text = self.text[piece.start : piece.end]
        return "" if text.strip(" \t") else text

    def written_all(self, nodes: Sequence[NewNode], lines: Lines | None) -> list[str] | None:
        """New nodes, written; in one line where None is given."""
        found = [self.written(node, lines) for node in nodes]
        written = [one for one in found if one is not None]
        return written if len(written) == len(found) else None

    def written(self, node: NewNode, lines: Lines | None) -> str | None:
        name = self.prefix + node.name
        if not _NAME.fullmatch(node.name) or self.content(node.name) != node.name:
            return None
        if node.children is None:
            content = self.content(node.text)
            if content is None:
                return None
            return f"<{name}>{content}</{name}>" if content else f"<{name}/>"
        inner = self.written_all(node.children, None if lines is None else lines.deeper())
        if inner is None:
            return None
        if not inner:
            return f"<{name}/>"
        if lines is None:
            return f"<{name}>{''.join(inner)}</{name}>"
        before = lines.deeper().begin
        return f"<{name}>{''.join(before + one for one in inner)}{lines.begin}</{name}>"

    def lines_near(self, near: int, indent: str) -> Lines:
        return Lines(self.source.line_end_near(near), indent, self.unit(indent))

    def unit(self, indent: str) -> str:
        """By how much something is indented more than what it stands in: here, or elsewhere in the file."""
        here = _more(indent, self.indent_of(self.parent))
        if here:
            return here
        for element in (self.parent, *self.index.elements):
            if element.parent >= 0:
                outer = self.indent_of(self.index.elements[element.parent])
                elsewhere = _more(self.own_indent(element.start), outer)
                if elsewhere:
                    return elsewhere
        return "\t" if "\t" in indent else _INDENT

    def indent_of(self, element: Element) -> str | None:
        """The white space before an element that begins its line; of the root, whatever stands before it."""
        found = self.own_indent(element.start)
        return "" if found is None and element.parent < 0 else found

    def own_indent(self, at: int) -> str | None:
        """The white space before something that begins its line; None where something else does."""
        before = self.text[self.line_start(at) : at]
        return None if before.strip(" \t") else before

    def line_start(self, at: int) -> int:
        return self.source.line_start(self.source.line_and_column(at)[0])


def _more(inner: str | None, outer: str | None) -> str:
    """What an indent has more than the one around it; nothing where it does not begin as that one."""
    return inner.removeprefix(outer) if inner and outer is not None and inner.startswith(outer) else ""
