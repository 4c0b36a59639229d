"""Lines to show under findings, with everything masked that is not known to be harmless."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from migrator.document.model import Excerpt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from migrator.diagnostic import Span
    from migrator.document.model import Veil
    from migrator.document.source import Source

    Hidden = Callable[[int, int], Iterable[tuple[int, int]]]
    """What may not be shown of the text between two places, in any order; it may reach beyond them."""

_BEFORE, _AFTER = 80, 160  # characters of a long line that are shown around the beginning of the span
_CUT = "…"
_MOST_TEXTS, _MOST_FOUND = 64, 10_000  # more than in any real file: a line is then masked as a whole


class Excerpts:
    """The lines of one document under one veil; the last one is kept: it may be long, and asked for often."""

    def __init__(self, source: Source, veil: Veil, hidden: Hidden) -> None:
        self.veil = veil
        self._source = source
        self._hidden_between = hidden
        self._line: _MaskedLine | None = None

    def excerpt(self, span: Span) -> Excerpt:
        """The line where the span starts, or the part of a long one around it."""
        line = self._masked_line(span.start.line)
        mark_start = line.shown_start(line.start + span.start.column - 1)
        is_one_line = span.end.line == span.start.line
        mark_end = line.shown_end(line.start + span.end.column - 1 if is_one_line else line.end)
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

    def line(self, number: int) -> str:
        """A whole line, without its line end."""
        return self._masked_line(number).text

    def _masked_line(self, number: int) -> _MaskedLine:
        line = self._line
        if line is None or line.number != number:
            line = self._line = self._masked(number)
        return line

    def _masked(self, number: int) -> _MaskedLine:
        text = self._source.text
        start, end = self._source.line_bounds(number)
        is_hopeless = (
            len(self.veil.texts) > _MOST_TEXTS
            or sum(text.count(one, start, end) for one in self.veil.texts) > _MOST_FOUND
        )
        hidden = ((start, end),) if is_hopeless else self._hidden(start, end)
        return _MaskedLine(number, text, start, end, hidden, self.veil.mask)

    def _hidden(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Stretches between two places that may not be shown, in file order; those that overlap are one."""
        hidden = list(self._hidden_between(start, end))
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


def _found(wanted: str, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where a text stands in a stretch of another."""
    place = text.find(wanted, start, end)
    while place >= 0:
        yield place, place + len(wanted)
        place = text.find(wanted, place + len(wanted), end)


class _MaskedLine:
    """A line of a text with parts of it masked, and where its places end up."""

    def __init__(
        self, number: int, text: str, start: int, end: int, hidden: Iterable[tuple[int, int]], mask: str
    ) -> None:
        self.number = number
        self.start = start
        self.end = end
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
