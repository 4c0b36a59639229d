"""Where every tag, value, comment and instruction of a well-formed XML text stands.

Built only for files with something to report. The text has been parsed before, so that this may split it at
its markup without checking it again; there is no DOCTYPE in it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from enum import Enum
from html import unescape
from typing import Final

_MARKUP = re.compile(
    r"<!--(?P<comment>.*?)-->"
    r"|<!\[CDATA\[(?P<cdata>.*?)\]\]>"
    r"|<\?(?P<instruction>[^\s?]+).*?\?>"
    r"|</(?P<close>[^\s>]+)\s*>"
    r"""|<(?P<open>[^\s/>"'=]+)(?:[^"'>]*(?:"[^"]*"|'[^']*'))*[^"'>]*>""",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""(\s+)([^\s=/>"']+)(\s*=\s*)("[^"]*"|'[^']*')""")
_REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|apos|#[0-9]+|#x[0-9A-Fa-f]+);")
_OUTSIDE: Final = -1


class Kind(Enum):
    """What a piece of content is."""

    TEXT = "text"
    CDATA = "cdata"
    COMMENT = "comment"
    INSTRUCTION = "instruction"
    ELEMENT = "element"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of content directly inside `owner` (ordinal of an element, -1 outside the root).

    `inner_start` and `inner_end` leave out the delimiters of CDATA, comments and instructions.
    """

    kind: Kind
    owner: int
    start: int
    end: int
    inner_start: int
    inner_end: int


@dataclass(slots=True)
class Element:
    """Where one element stands, in indices of the text.

    The start tag is `start` to `open_end`, the end tag `close_start` to `end`; for `<x/>` both of the
    latter are `open_end`. The name is the qualified one of the start tag.
    """

    start: int
    name_start: int
    name_end: int
    open_end: int
    parent: int
    close_start: int = -1
    end: int = -1
    pieces: list[Piece] = field(default_factory=list)

    @property
    def is_empty_tag(self) -> bool:
        """Whether it is written `<x/>`."""
        return self.close_start == self.end


@dataclass(frozen=True, slots=True)
class AttributePlace:
    """An attribute as written: `start` includes the white space before it; the value is without quotes."""

    start: int
    name_start: int
    name_end: int
    value_start: int
    value_end: int
    end: int
    qualified_name: str


class XmlIndex:
    """All elements in document order, and all content pieces in file order."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.elements: list[Element] = []
        self.pieces: list[Piece] = []
        self._split()
        self._starts = [piece.start for piece in self.pieces]

    def _split(self) -> None:
        owner, last = _OUTSIDE, 0
        for match in _MARKUP.finditer(self.text):
            start, end = match.span()
            if start > last:
                self._add(Kind.TEXT, owner, last, start, last, start)
            last = end
            kind = match.lastgroup
            if kind == "open":
                name_start, name_end = match.span("open")
                self._add(Kind.ELEMENT, owner, start, end, name_start, name_end)
                element = Element(start, name_start, name_end, end, owner)
                self.elements.append(element)
                if self.text[end - 2] == "/":
                    element.close_start = element.end = end
                else:
                    owner = len(self.elements) - 1
            elif kind == "close":
                element = self.elements[owner]
                element.close_start, element.end = start, end
                owner = element.parent
            elif kind == "instruction":
                self._add(Kind.INSTRUCTION, owner, start, end, match.end("instruction"), end - 2)
            elif kind is not None:
                self._add(Kind(kind), owner, start, end, *match.span(kind))
        if last < len(self.text):
            self._add(Kind.TEXT, owner, last, len(self.text), last, len(self.text))

    def _add(self, kind: Kind, owner: int, start: int, end: int, inner_start: int, inner_end: int) -> None:
        piece = Piece(kind, owner, start, end, inner_start, inner_end)
        self.pieces.append(piece)
        if owner != _OUTSIDE:
            self.elements[owner].pieces.append(piece)

    def pieces_between(self, start: int, end: int) -> list[Piece]:
        """Pieces that overlap a stretch; of an element only its start tag counts."""
        first = max(bisect_right(self._starts, start) - 1, 0)
        last = bisect_right(self._starts, end)
        return [piece for piece in self.pieces[first:last] if piece.end > start and piece.start < end]

    def element_at(self, start: int) -> int:
        """Ordinal of the element whose start tag begins at this index."""
        low, high = 0, len(self.elements)
        while low < high:
            middle = (low + high) // 2
            if self.elements[middle].start < start:
                low = middle + 1
            else:
                high = middle
        return low

    def value_bounds(self, element: Element) -> tuple[int, int] | None:
        """The character data of an element as it stands in the file, without CDATA delimiters around it.

        None where there is none. Comments before and behind it do not belong to it.
        """
        pieces = [piece for piece in element.pieces if piece.kind in (Kind.TEXT, Kind.CDATA)]
        if not pieces:
            return None
        if len(pieces) == 1:
            return pieces[0].inner_start, pieces[0].inner_end
        return pieces[0].start, pieces[-1].end

    def attributes(self, element: Element) -> list[AttributePlace]:
        """Attributes of a start tag in file order, namespace declarations included."""
        return [
            AttributePlace(
                match.start(), *match.span(2), match.start(4) + 1, match.end(4) - 1, match.end(), match[2]
            )
            for match in _ATTRIBUTE.finditer(self.text, element.name_end, element.open_end)
        ]

    def local_name(self, element: Element) -> str:
        """Name of the start tag without its prefix."""
        return self.text[element.name_start : element.name_end].rpartition(":")[2]

    def names(self, ordinal: int) -> tuple[str, ...]:
        """Local names from the root to an element."""
        names = []
        while ordinal != _OUTSIDE:
            element = self.elements[ordinal]
            names.append(self.local_name(element))
            ordinal = element.parent
        return tuple(reversed(names))


def plain(escaped: str) -> str:
    """Text with its character references and predefined entities resolved (XML 1.0, section 4.6)."""
    return _REFERENCE.sub(lambda match: unescape(match[0]), escaped) if "&" in escaped else escaped
