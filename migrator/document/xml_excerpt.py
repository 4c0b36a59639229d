"""Lines of XML to show under findings, with everything masked that is not known to be harmless."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import cached_property
from typing import TYPE_CHECKING

from migrator.document.model import Excerpt
from migrator.document.source import WHITE_SPACE
from migrator.document.xml_index import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.diagnostic import Span
    from migrator.document.model import Veil
    from migrator.document.source import Source
    from migrator.document.xml_index import Piece, XmlIndex

_BEFORE, _AFTER = 80, 160  # characters of a long line that are shown around the beginning of the span
_CUT = "…"


class Excerpts:
    """The lines of one document under one veil; the last one is kept: it may be long, and asked for often."""

    def __init__(self, source: Source, index: XmlIndex, veil: Veil) -> None:
        self.veil = veil
        self._source = source
        self._index = index
        self._line: _MaskedLine | None = None
        self._shown_values: dict[int, bool] = {}

    def excerpt(self, span: Span) -> Excerpt:
        """The line where the span starts, or the part of a long one around it."""
        start, end = self._source.line_bounds(span.start.line)
        line = self._line
        if line is None or line.start != start:
            line = self._line = _MaskedLine(
                self._source.text, start, end, self._hidden(start, end), self.veil.mask
            )
        mark_start = line.shown_start(start + span.start.column - 1)
        is_one_line = span.end.line == span.start.line
        mark_end = line.shown_end(start + span.end.column - 1 if is_one_line else end)
        first = max(mark_start - _BEFORE, 0)
        last = min(mark_start + _AFTER, len(line.text))
        before, after = _CUT if first else "", _CUT if last < len(line.text) else ""
        shift = len(before) - first
        return Excerpt(
            span.start.line,
            f"{before}{line.text[first:last]}{after}",
            mark_start + shift,
            max(mark_start, min(mark_end, last)) + shift,
        )

    def _hidden(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Stretches between two places that may not be shown, in file order; those that overlap are one."""
        pieces = self._index.pieces_between(start, end)
        hidden = [stretch for piece in pieces for stretch in self._hidden_in(piece)]
        hidden += [stretch for stretch in self._concealed_end_tags if stretch[0] < end]
        hidden += (found for text in self.veil.texts for found in _found(text, self._source.text, start, end))
        at = until = start
        for one_start, one_end in sorted((max(first, start), min(last, end)) for first, last in hidden):
            if one_start < one_end:
                if one_start >= until:
                    if at < until:
                        yield at, until
                    at = one_start
                until = max(until, one_end)
        if at < until:
            yield at, until

    def _hidden_in(self, piece: Piece) -> Iterator[tuple[int, int]]:
        index, text = self._index, self._source.text
        if piece.kind is Kind.COMMENT:
            yield piece.inner_start, piece.inner_end
        elif piece.kind is Kind.INSTRUCTION:
            if text[piece.start : piece.inner_start] != "<?xml":  # nothing in the declaration is the user's
                yield piece.start + len("<?"), piece.inner_end
        elif piece.kind is Kind.ELEMENT:
            ordinal = index.element_at(piece.start)
            if self._concealed[ordinal]:
                yield piece.start + len("<"), piece.end - len("/>" if text[piece.end - 2] == "/" else ">")
                return
            path = index.names(ordinal)
            for place in index.attributes(index.elements[ordinal]):
                name = place.qualified_name if place.is_declaration else place.local_name
                if not self.veil.shows(path, name, index.attribute_value(place)):
                    yield place.value_start, place.value_end
        elif not index.is_blank(piece) and not self._shows_value(piece.owner):
            raw = text[piece.inner_start : piece.inner_end]
            before = len(raw) - len(raw.lstrip(WHITE_SPACE))
            yield piece.inner_start + before, piece.inner_start + len(raw.rstrip(WHITE_SPACE))

    @cached_property
    def _concealed(self) -> list[bool]:
        """Of each element, whether its tags may be part of a value that is not shown."""
        index, concealed = self._index, list[bool]()
        for element in index.elements:
            around = element.parent
            is_inside = around >= 0 and (concealed[around] or self.veil.conceals(index.names(around)[-1]))
            concealed.append(is_inside)
        return concealed

    @cached_property
    def _concealed_end_tags(self) -> list[tuple[int, int]]:
        return [
            (element.close_start + len("</"), element.end - len(">"))
            for element, is_concealed in zip(self._index.elements, self._concealed, strict=True)
            if is_concealed and not element.is_empty_tag
        ]

    def _shows_value(self, ordinal: int) -> bool:
        """Whether the value of an element may be seen; asked for the whole of it, which comments may cut."""
        shown = self._shown_values.get(ordinal)
        if shown is None:
            value = self._index.value(self._index.elements[ordinal])
            shown = self.veil.shows(self._index.names(ordinal), None, value)
            self._shown_values[ordinal] = shown
        return shown


def _found(wanted: str, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where a text stands in a stretch of another."""
    place = text.find(wanted, start, end)
    while place >= 0:
        yield place, place + len(wanted)
        place = text.find(wanted, place + len(wanted), end)


class _MaskedLine:
    """A line of a text with parts of it masked, and where its places end up."""

    def __init__(self, text: str, start: int, end: int, hidden: Iterator[tuple[int, int]], mask: str) -> None:
        self.start = start
        self._mask = len(mask)
        self._hidden_starts: list[int] = []
        self._hidden_ends: list[int] = []
        self._mask_starts: list[int] = []
        parts: list[str] = []
        length, at = 0, start
        for hidden_start, hidden_end in hidden:
            parts += [text[at:hidden_start], mask]
            length += hidden_start - at
            self._hidden_starts.append(hidden_start)
            self._hidden_ends.append(hidden_end)
            self._mask_starts.append(length)
            length += len(mask)
            at = hidden_end
        self.text = "".join([*parts, text[at:end]])

    def shown_start(self, place: int) -> int:
        """Where a stretch that begins at this place of the text begins in the line."""
        return self._shown(place, bisect_right(self._hidden_starts, place) - 1, 0)

    def shown_end(self, place: int) -> int:
        """Where a stretch that ends before this place of the text ends in the line."""
        return self._shown(place, bisect_left(self._hidden_starts, place) - 1, self._mask)

    def _shown(self, place: int, before: int, inside: int) -> int:
        if before < 0:
            return place - self.start
        if place < self._hidden_ends[before]:
            return self._mask_starts[before] + inside
        return self._mask_starts[before] + self._mask + place - self._hidden_ends[before]
