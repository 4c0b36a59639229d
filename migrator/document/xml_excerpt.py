"""Lines of XML to show under findings, with everything masked that is not known to be harmless."""

from __future__ import annotations

from bisect import bisect_right
from operator import itemgetter
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

_BEFORE, _AFTER = 160, 320  # characters of a long line that are looked at around the span
_CUT = "…"
_Stretch = tuple[int, int]


class Excerpts:
    """The lines of one document under one veil; what it hides is found out once."""

    def __init__(self, source: Source, index: XmlIndex, veil: Veil) -> None:
        self.veil = veil
        self._source = source
        self._index = index
        self._hidden: dict[int, list[_Stretch]] = {}
        self._shown_values: dict[int, bool] = {}

    def excerpt(self, span: Span) -> Excerpt:
        """The line where the span starts, or the part of a long one around it."""
        line_start, line_end = self._source.line_bounds(span.start.line)
        mark_start = line_start + span.start.column - 1
        mark_end = line_end if span.end.line > span.start.line else line_start + span.end.column - 1
        start = max(line_start, mark_start - _BEFORE)
        end = min(line_end, mark_start + _AFTER)
        writer = _Writer(self._source.text, start, (mark_start, max(mark_start, min(mark_end, end))))
        if start > line_start:
            writer.insert(_CUT)
        for hidden_start, hidden_end in self._hidden_between(start, end):
            writer.copy_to(max(hidden_start, start))
            writer.hide_to(min(hidden_end, end), self.veil.mask)
        writer.copy_to(end)
        if end < line_end:
            writer.insert(_CUT)
        return writer.excerpt(span.start.line)

    def _hidden_between(self, start: int, end: int) -> Iterator[_Stretch]:
        for piece in self._index.pieces_between(start, end):
            stretches = self._hidden.get(piece.start)
            if stretches is None:
                stretches = self._hidden[piece.start] = list(self._hidden_in(piece))
            for stretch in stretches[bisect_right(stretches, start, key=itemgetter(1)) :]:
                if stretch[0] >= end:
                    break
                if stretch[0] < stretch[1]:
                    yield stretch

    def _hidden_in(self, piece: Piece) -> Iterator[_Stretch]:
        """Stretches of a piece that may not be shown."""
        index, text = self._index, self._source.text
        if piece.kind is Kind.COMMENT:
            yield piece.inner_start, piece.inner_end
        elif piece.kind is Kind.INSTRUCTION:
            if text[piece.start : piece.inner_start] != "<?xml":  # nothing in the declaration is the user's
                yield piece.start + len("<?"), piece.inner_end
        elif piece.kind is Kind.ELEMENT:
            ordinal = index.element_at(piece.start)
            path = index.names(ordinal)
            for place in index.attributes(index.elements[ordinal]):
                name = place.qualified_name if place.is_declaration else place.local_name
                if not self.veil.shows(path, name, index.attribute_value(place)):
                    yield place.value_start, place.value_end
        elif not index.is_blank(piece) and not self._shows_value(piece.owner):
            raw = text[piece.inner_start : piece.inner_end]
            before = len(raw) - len(raw.lstrip(WHITE_SPACE))
            yield piece.inner_start + before, piece.inner_start + len(raw.rstrip(WHITE_SPACE))

    def _shows_value(self, ordinal: int) -> bool:
        shown = self._shown_values.get(ordinal)
        if shown is None:
            value = self._index.value(self._index.elements[ordinal])
            shown = self.veil.shows(self._index.names(ordinal), None, value)
            self._shown_values[ordinal] = shown
        return shown


class _Writer:
    """Copies a stretch of text, hiding parts of it, and follows where the marked part ends up."""

    def __init__(self, text: str, start: int, mark: _Stretch) -> None:
        self.text = text
        self.at = start
        self.mark = mark
        self.shown = ""
        self.places: list[int | None] = [None, None]

    def insert(self, text: str) -> None:
        self.shown += text

    def copy_to(self, end: int) -> None:
        for which, mark in enumerate(self.mark):
            if self.places[which] is None and self.at <= mark <= end:
                self.places[which] = len(self.shown) + mark - self.at
        self.shown += self.text[self.at : end]
        self.at = end

    def hide_to(self, end: int, mask: str) -> None:
        for which, mark in enumerate(self.mark):
            if self.places[which] is None and self.at <= mark < end:
                self.places[which] = len(self.shown) + (len(mask) if which else 0)
        self.shown += mask
        self.at = end

    def excerpt(self, line: int) -> Excerpt:
        start, end = self.places
        start = len(self.shown) if start is None else start
        return Excerpt(line, self.shown, start, start if end is None else max(start, end))
