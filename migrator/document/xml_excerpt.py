"""A line of XML to show under a finding, with everything masked that is not known to be harmless."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.document.model import Excerpt, Veil
from migrator.document.xml_index import Kind, Piece, XmlIndex, plain

if TYPE_CHECKING:
    from migrator.diagnostic import Span
    from migrator.document.source import Source

_BEFORE, _AFTER = 160, 320  # characters of a long line that are looked at around the span
_CUT = "…"


def excerpt(source: Source, index: XmlIndex, span: Span, veil: Veil) -> Excerpt:
    """The line where the span starts, or the part of a long one around it."""
    line_start, line_end = source.line_bounds(span.start.line)
    mark_start = line_start + span.start.column - 1
    mark_end = line_end if span.end.line > span.start.line else line_start + span.end.column - 1
    start = max(line_start, mark_start - _BEFORE)
    end = min(line_end, mark_start + _AFTER)
    writer = _Writer(source.text, start, min(max(mark_end, mark_start), end), mark_start)
    if start > line_start:
        writer.insert(_CUT)
    for piece in index.pieces_between(start, end):
        for hidden_start, hidden_end in _hidden(source.text, index, piece, veil):
            writer.copy_to(min(max(hidden_start, start), end))
            if hidden_end > start and hidden_start < end:
                writer.hide_to(min(hidden_end, end), veil.mask)
    writer.copy_to(end)
    if end < line_end:
        writer.insert(_CUT)
    return writer.excerpt(span.start.line)


class _Writer:
    """Copies a stretch of text, hiding parts of it, and follows where the marked part ends up."""

    def __init__(self, text: str, start: int, mark_end: int, mark_start: int) -> None:
        self.text = text
        self.at = start
        self.mark = (mark_start, mark_end)
        self.shown = ""
        self.places: list[int | None] = [None, None]

    def insert(self, text: str) -> None:
        self.shown += text

    def copy_to(self, end: int) -> None:
        if end < self.at:
            return
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
        start = self.places[0] if self.places[0] is not None else len(self.shown)
        end = self.places[1] if self.places[1] is not None else start
        return Excerpt(line, self.shown, start, max(end, start))


def _hidden(text: str, index: XmlIndex, piece: Piece, veil: Veil) -> list[tuple[int, int]]:
    """Stretches of a piece that may not be shown."""
    if piece.kind in (Kind.COMMENT, Kind.INSTRUCTION):
        is_declaration = piece.start == 0 and text.startswith("<?xml ")
        return [] if is_declaration else [(piece.inner_start, piece.inner_end)]
    if piece.kind is Kind.ELEMENT:
        ordinal = index.element_at(piece.start)
        path = index.names(ordinal)
        return [
            (place.value_start, place.value_end)
            for place in index.attributes(index.elements[ordinal])
            if not place.qualified_name.startswith("xmlns")
            and not veil.shows(
                path,
                place.qualified_name.rpartition(":")[2],
                plain(text[place.value_start : place.value_end]),
            )
        ]
    raw = text[piece.inner_start : piece.inner_end]
    value = plain(raw) if piece.kind is Kind.TEXT else raw
    if not value.strip() or (piece.owner >= 0 and veil.shows(index.names(piece.owner), None, value)):
        return []
    before = len(raw) - len(raw.lstrip())
    return [(piece.inner_start + before, piece.inner_start + len(raw.rstrip()))]
