"""Where every tag, value, comment and instruction of a well-formed XML text stands.

Built only for files with something to report. The text has been parsed before, so that this may split it at
its markup without checking it again; there is no DOCTYPE in it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from enum import Enum
from functools import cache
from operator import attrgetter, methodcaller
from typing import TYPE_CHECKING, Final

from migrator.document.convention import declares_namespace
from migrator.document.source import WHITE_SPACE
from migrator.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARKUP = re.compile(
    r"""<(?P<open>[^ \t\r\n/>!?]++)(?:[^"'>/]++|"[^"]*+"|'[^']*+')*+(?P<empty>/)?>"""
    r"|</(?P<close>[^ \t\r\n>]+)[ \t\r\n]*>"
    r"|<!--(?P<comment>.*?)-->"
    r"|<!\[CDATA\[(?P<cdata>.*?)\]\]>"
    r"|<\?(?P<instruction>[^ \t\r\n?]+).*?\?>",
    re.DOTALL,
)
_PREDEFINED = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&"}  # & last
_OUTSIDE: Final = -1
_START, _END = methodcaller("start"), methodcaller("end")


class Kind(Enum):
    """What a piece of content is."""

    TEXT = "text"
    CDATA = "cdata"
    COMMENT = "comment"
    INSTRUCTION = "instruction"
    ELEMENT = "element"
    END_TAG = "end tag"


_KINDS = {  # by the last group of the pattern that took part
    "open": Kind.ELEMENT,
    "empty": Kind.ELEMENT,
    "close": Kind.END_TAG,
    "comment": Kind.COMMENT,
    "cdata": Kind.CDATA,
    "instruction": Kind.INSTRUCTION,
}


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


class Element:
    """Where one element stands, in indices of the text.

    The start tag is `start` to `open_end`, the end tag `close_start` to `end`; for `<x/>` both of the
    latter are `open_end`. The name is the qualified one of the start tag. `first` and `last` are the numbers
    of its tags among all markup. `holds_elements` says that others stand inside.
    """

    __slots__ = ("closing", "first", "holds_elements", "last", "opening", "parent")

    def __init__(
        self, opening: re.Match[str], closing: re.Match[str] | None, parent: int, first: int, last: int
    ) -> None:
        self.opening = opening
        self.closing = closing
        self.parent = parent
        self.first = first
        self.last = last
        self.holds_elements = False

    @property
    def start(self) -> int:
        """Where the start tag begins."""
        return self.opening.start()

    @property
    def name_start(self) -> int:
        """Where the name in the start tag begins."""
        return self.opening.start("open")

    @property
    def name_end(self) -> int:
        """Where the name in the start tag ends."""
        return self.opening.end("open")

    @property
    def open_end(self) -> int:
        """Where the start tag ends."""
        return self.opening.end()

    @property
    def close_start(self) -> int:
        """Where the end tag begins."""
        return self.opening.end() if self.closing is None else self.closing.start()

    @property
    def end(self) -> int:
        """Where the element ends."""
        return self.opening.end() if self.closing is None else self.closing.end()

    @property
    def name(self) -> str:
        """The name without its prefix."""
        return self.opening["open"].rpartition(":")[2]

    @property
    def is_empty_tag(self) -> bool:
        """Whether it is written `<x/>`."""
        return self.closing is None


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
        return declares_namespace(self.qualified_name)


class XmlIndex:
    """All elements in document order. Pieces are made out of the markup where somebody asks for them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.elements: list[Element] = []
        self._markup: list[re.Match[str]] = list(_MARKUP.finditer(text))
        # The owner of each markup and of the text before it, and at the end that of the text behind the last
        self._owners: list[int] = []
        elements, note_owner = self.elements, self._owners.append
        owner = _OUTSIDE
        for number, markup in enumerate(self._markup):
            note_owner(owner)
            kind = markup.lastgroup
            if kind == "close":
                element = elements[owner]
                element.closing, element.last = markup, number
                owner = element.parent
            elif kind in ("open", "empty"):
                if owner >= 0:
                    elements[owner].holds_elements = True
                elements.append(Element(markup, None, owner, number, number))
                if kind == "open":
                    owner = len(elements) - 1
        note_owner(_OUTSIDE)

    def pieces(self) -> Iterator[Piece]:
        """All pieces, in file order."""
        for number in range(len(self._owners)):
            yield from self._pieces_at(number)

    def pieces_between(self, start: int, end: int) -> list[Piece]:
        """Pieces that overlap a stretch."""
        first = bisect_right(self._markup, start, key=_END)
        last = bisect_left(self._markup, end, key=_START)
        around = [piece for number in range(first, last + 1) for piece in self._pieces_at(number)]
        return [piece for piece in around if piece.start < end and piece.end > start]

    def pieces_of(self, element: Element) -> list[Piece]:
        """Pieces directly inside an element, without its end tag."""
        pieces: list[Piece] = []
        number = element.first + 1
        while number <= element.last:
            found = self._pieces_at(number)
            pieces += found
            if found[-1].kind is Kind.ELEMENT:  # what is inside of it is not directly inside
                number = self.elements[self.element_at(found[-1].start)].last
            number += 1
        return pieces[:-1]

    def _pieces_at(self, number: int) -> list[Piece]:
        """A markup, and before it the text that ends there; behind the last one there can be text alone."""
        owner, found = self._owners[number], list[Piece]()
        markup = self._markup[number] if number < len(self._markup) else None
        start = len(self.text) if markup is None else markup.start()
        before = self._markup[number - 1].end() if number else 0
        if before < start:
            found.append(Piece(Kind.TEXT, owner, before, start, before, start))
        if markup is not None:
            found.append(_piece(markup, owner))
        return found

    def element_at(self, start: int) -> int:
        """Ordinal of the element whose start tag begins at this index."""
        return bisect_left(self.elements, start, key=attrgetter("start"))

    def attributes(self, element: Element) -> list[AttributePlace]:
        """Attributes of a start tag in file order, namespace declarations included."""
        if element.open_end - element.name_end <= len("/>"):
            return []
        return [
            AttributePlace(
                match.start(),
                *match.span("name"),
                *match.span("double" if match["single"] is None else "single"),
                match.end(),
                match["name"],
            )
            for match in _attribute().finditer(self.text, element.name_end, element.open_end)
        ]

    def names(self, ordinal: int) -> tuple[str, ...]:
        """Local names from the root to an element."""
        names = []
        while ordinal != _OUTSIDE:
            element = self.elements[ordinal]
            names.append(element.name)
            ordinal = element.parent
        return tuple(reversed(names))

    def value_bounds(self, element: Element) -> tuple[int, int] | None:
        """The value of an element as it stands in the file, without CDATA delimiters around it.

        None where there is none, or only white space beside something else. Comments before and behind it do
        not belong to it.
        """
        pieces = self.pieces_of(element)
        data = [piece for piece in pieces if piece.is_character_data]
        values = [piece for piece in data if not self.is_blank(piece)]
        if len(values) == 1 or len(pieces) == len(data) == 1:
            value = (values or data)[0]
            return value.inner_start, value.inner_end
        return (values[0].start, values[-1].end) if values else None

    def is_blank(self, piece: Piece) -> bool:
        """Whether a piece of character data is white space alone."""
        left = self.text[piece.inner_start : piece.inner_end].strip(WHITE_SPACE)
        if left.startswith("&") and piece.kind is Kind.TEXT:
            return _blank().fullmatch(left) is not None
        return not left

    def plain(self, piece: Piece) -> str:
        """What a parser reads in a piece of character data."""
        raw = _with_line_feeds(self.text[piece.inner_start : piece.inner_end])
        return _dereferenced(raw) if piece.kind is Kind.TEXT else raw

    def value(self, element: Element) -> str:
        """What a parser reads as the element's own character data."""
        return "".join([self.plain(piece) for piece in self.pieces_of(element) if piece.is_character_data])

    def attribute_value(self, place: AttributePlace) -> str:
        """What a parser reads as the value of an attribute (XML 1.0, section 3.3.3)."""
        raw = _with_line_feeds(self.text[place.value_start : place.value_end])
        return _dereferenced(raw.replace("\n", " ").replace("\t", " "))


def _piece(markup: re.Match[str], owner: int) -> Piece:
    kind = markup.lastgroup or ""
    if kind == "instruction":
        inner = markup.end(kind), markup.end() - len("?>")
    else:
        inner = markup.span("open" if kind == "empty" else kind)
    return Piece(_KINDS[kind], owner, *markup.span(), *inner)


def _with_line_feeds(raw: str) -> str:
    """The text with its line ends as a parser hands them on (XML 1.0, section 2.11)."""
    return raw.replace("\r\n", "\n").replace("\r", "\n") if "\r" in raw else raw


def _dereferenced(escaped: str) -> str:
    """Text with its character references and predefined entities resolved (XML 1.0, sections 4.1 and 4.6)."""
    if "&" not in escaped:
        return escaped
    if "&#" in escaped:
        return _reference().sub(_character, escaped)
    for reference, character in _PREDEFINED.items():
        escaped = escaped.replace(reference, character)
    return escaped


def _character(reference: re.Match[str]) -> str:
    if reference["decimal"]:
        return chr(int(reference["decimal"]))
    return chr(int(reference["hex"], 16)) if reference["hex"] else _PREDEFINED[reference[0]]


# Compiled when they are asked for: together they take a millisecond.


@cache
def _attribute() -> re.Pattern[str]:
    """No search begins within white space, which would be looked through from each of its places."""
    return re.compile(
        r"""(?<![ \t\r\n])[ \t\r\n]++(?P<name>[^ \t\r\n=/>]++)"""
        r"""[ \t\r\n]*=[ \t\r\n]*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)')"""
    )


@cache
def _blank() -> re.Pattern[str]:
    return re.compile(r"(?:[ \t\r\n]|&#0*(?:9|10|13|32);|&#x0*(?:9|[Aa]|[Dd]|20);)*+")


@cache
def _reference() -> re.Pattern[str]:
    return re.compile(r"&(?:lt|gt|amp|quot|apos|#0*(?P<decimal>[0-9]+)|#x(?P<hex>[0-9A-Fa-f]+));")
