"""Where every tag, value, comment and instruction of a well-formed XML text stands.

Built only for files with something to report. The text has been parsed before, so that this may split it at
its markup without checking it again; there is no DOCTYPE in it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from enum import Enum
from operator import attrgetter
from typing import Final, NamedTuple

from migrator.document.source import WHITE_SPACE

_MARKUP = re.compile(
    r"<!--(?P<comment>.*?)-->"
    r"|<!\[CDATA\[(?P<cdata>.*?)\]\]>"
    r"|<\?(?P<instruction>[^ \t\r\n?]+).*?\?>"
    r"|</(?P<close>[^ \t\r\n>]+)[ \t\r\n]*>"
    r"""|<(?P<open>[^ \t\r\n/>]++)(?:[^"'>]++|"[^"]*+"|'[^']*+')*+>""",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(
    r"""[ \t\r\n]+(?P<name>[^ \t\r\n=/>]+)[ \t\r\n]*=[ \t\r\n]*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)')"""
)
_BLANK = re.compile(r"(?:[ \t\r\n]|&#0*(?:9|10|13|32);|&#x0*(?:9|[Aa]|[Dd]|20);)*+")
_REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|apos|#0*(?P<decimal>[0-9]+)|#x(?P<hex>[0-9A-Fa-f]+));")
_PREDEFINED = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&"}  # & last
_OUTSIDE: Final = -1


class Kind(Enum):
    """What a piece of content is."""

    TEXT = "text"
    CDATA = "cdata"
    COMMENT = "comment"
    INSTRUCTION = "instruction"
    ELEMENT = "element"
    END_TAG = "end tag"


class Piece(NamedTuple):
    """A stretch directly inside `owner` (ordinal of an element, -1 outside the root), or its end tag.

    `inner_start` and `inner_end` leave out the delimiters of CDATA, comments and instructions, and the target
    of an instruction; of an element, which counts as its start tag here, and of an end tag they are the name.
    """

    kind: Kind
    owner: int
    start: int
    end: int
    inner_start: int
    inner_end: int

    @property
    def is_character_data(self) -> bool:
        """Whether it is part of its owner's value."""
        return self.kind is Kind.TEXT or self.kind is Kind.CDATA


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


class AttributePlace(NamedTuple):
    """An attribute as written: `start` includes the white space before it; the value is without quotes."""

    start: int
    name_start: int
    name_end: int
    value_start: int
    value_end: int
    end: int
    qualified_name: str

    @property
    def local_name(self) -> str:
        """The name without its prefix."""
        return self.qualified_name.rpartition(":")[2]

    @property
    def is_declaration(self) -> bool:
        """Whether it declares a namespace, and so is no attribute to those who read the document."""
        return self.qualified_name == "xmlns" or self.qualified_name.startswith("xmlns:")


class XmlIndex:
    """All elements in document order, and all pieces in file order."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.elements: list[Element] = []
        self.pieces: list[Piece] = []
        self._split()

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
                self.pieces.append(Piece(Kind.END_TAG, owner, start, end, *match.span("close")))
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
        """Pieces that overlap a stretch."""
        first = max(bisect_right(self.pieces, start, key=attrgetter("start")) - 1, 0)
        last = bisect_left(self.pieces, end, key=attrgetter("start"))
        return [piece for piece in self.pieces[first:last] if piece.end > start]

    def element_at(self, start: int) -> int:
        """Ordinal of the element whose start tag begins at this index."""
        return bisect_left(self.elements, start, key=attrgetter("start"))

    def attributes(self, element: Element) -> list[AttributePlace]:
        """Attributes of a start tag in file order, namespace declarations included."""
        return [
            AttributePlace(
                match.start(),
                *match.span("name"),
                *match.span("double" if match["single"] is None else "single"),
                match.end(),
                match["name"],
            )
            for match in _ATTRIBUTE.finditer(self.text, element.name_end, element.open_end)
        ]

    def names(self, ordinal: int) -> tuple[str, ...]:
        """Local names from the root to an element."""
        names = []
        while ordinal != _OUTSIDE:
            element = self.elements[ordinal]
            names.append(self.text[element.name_start : element.name_end].rpartition(":")[2])
            ordinal = element.parent
        return tuple(reversed(names))

    def values(self, element: Element) -> list[Piece]:
        """Character data of an element; of white space alone only where there is nothing else."""
        found = [piece for piece in element.pieces if piece.is_character_data]
        return [piece for piece in found if not self.is_blank(piece)] or found

    def value_bounds(self, element: Element) -> tuple[int, int] | None:
        """The value of an element as it stands in the file, without CDATA delimiters around it.

        None where there is none, or only white space beside something else. Comments before and behind it do
        not belong to it.
        """
        values = self.values(element)
        if len(values) == 1 and (len(element.pieces) == 1 or not self.is_blank(values[0])):
            return values[0].inner_start, values[0].inner_end
        if not values or self.is_blank(values[0]):
            return None
        return values[0].start, values[-1].end

    def is_blank(self, piece: Piece) -> bool:
        """Whether a piece of character data is white space alone."""
        if piece.kind is Kind.TEXT:
            return _BLANK.fullmatch(self.text, piece.start, piece.end) is not None
        return not self.text[piece.inner_start : piece.inner_end].strip(WHITE_SPACE)

    def plain(self, piece: Piece) -> str:
        """What a parser reads in a piece of character data."""
        raw = _with_line_feeds(self.text[piece.inner_start : piece.inner_end])
        return _dereferenced(raw) if piece.kind is Kind.TEXT else raw

    def value(self, element: Element) -> str:
        """What a parser reads as the element's own character data."""
        return "".join([self.plain(piece) for piece in element.pieces if piece.is_character_data])

    def attribute_value(self, place: AttributePlace) -> str:
        """What a parser reads as the value of an attribute (XML 1.0, section 3.3.3)."""
        raw = _with_line_feeds(self.text[place.value_start : place.value_end])
        return _dereferenced(raw.replace("\n", " ").replace("\t", " "))


def _with_line_feeds(raw: str) -> str:
    """The text with its line ends as a parser hands them on (XML 1.0, section 2.11)."""
    return raw.replace("\r\n", "\n").replace("\r", "\n") if "\r" in raw else raw


def _dereferenced(escaped: str) -> str:
    """Text with its character references and predefined entities resolved (XML 1.0, sections 4.1 and 4.6)."""
    if "&" not in escaped:
        return escaped
    if "&#" in escaped:
        return _REFERENCE.sub(_character, escaped)
    for reference, character in _PREDEFINED.items():
        escaped = escaped.replace(reference, character)
    return escaped


def _character(reference: re.Match[str]) -> str:
    if reference["decimal"]:
        return chr(int(reference["decimal"]))
    return chr(int(reference["hex"], 16)) if reference["hex"] else _PREDEFINED[reference[0]]
