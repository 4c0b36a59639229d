"""What of an XML document may not be shown in an excerpt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.document.source import WHITE_SPACE
from migrator.document.xml_index import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.document.model import Veil
    from migrator.document.xml_index import Piece, XmlIndex


class HiddenXml:
    """The stretches of one document that one veil hides."""

    def __init__(self, index: XmlIndex, veil: Veil) -> None:
        self.veil = veil
        self._index = index
        self._shown_values: dict[int, bool] = {}
        self._concealed = {-1: False}  # outside the root nothing is

    def between(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Those of the pieces that stand, even in part, between two places."""
        for piece in self._index.pieces_between(start, end):
            yield from self._hidden_in(piece)

    def _hidden_in(self, piece: Piece) -> Iterator[tuple[int, int]]:
        index, text = self._index, self._index.text
        if piece.kind is Kind.COMMENT:
            yield piece.inner_start, piece.inner_end
        elif piece.kind is Kind.INSTRUCTION:
            if text[piece.start : piece.inner_start] != "<?xml":  # nothing in the declaration is the user's
                yield piece.start + len("<?"), piece.inner_end
        elif piece.kind is Kind.ELEMENT:
            yield from self._hidden_in_start_tag(piece)
        elif piece.kind is Kind.END_TAG:
            if self._is_concealed(piece.owner):
                yield piece.inner_start, piece.end - len(">")
        elif not index.is_blank(piece) and not self._shows_value(piece.owner):
            raw = text[piece.inner_start : piece.inner_end]
            before = len(raw) - len(raw.lstrip(WHITE_SPACE))
            yield piece.inner_start + before, piece.inner_start + len(raw.rstrip(WHITE_SPACE))

    def _hidden_in_start_tag(self, piece: Piece) -> Iterator[tuple[int, int]]:
        index = self._index
        ordinal = index.element_at(piece.start)
        element = index.elements[ordinal]
        if self._is_concealed(ordinal):
            yield piece.inner_start, piece.end - len("/>" if element.is_empty_tag else ">")
            return
        path = index.names(ordinal)
        for place in index.attributes(element):
            name = place.qualified_name if place.is_declaration else place.local_name
            if not self.veil.shows(path, name, index.attribute_value(place)):
                yield place.value_start, place.value_end

    def _is_concealed(self, ordinal: int) -> bool:
        """Whether the tags of an element may be part of a value that is not shown."""
        elements = self._index.elements
        unknown: list[int] = []
        while ordinal not in self._concealed:
            unknown.append(ordinal)
            ordinal = elements[ordinal].parent
        concealed = self._concealed[ordinal]
        for inside in reversed(unknown):
            around = elements[inside].parent
            concealed = concealed or (around >= 0 and self.veil.conceals(elements[around].name))
            self._concealed[inside] = concealed
        return concealed

    def _shows_value(self, ordinal: int) -> bool:
        """Whether the value of an element may be seen; asked for the whole of it, which comments may cut."""
        shown = self._shown_values.get(ordinal)
        if shown is None:
            value = self._index.value(self._index.elements[ordinal])
            shown = self.veil.shows(self._index.names(ordinal), None, value)
            self._shown_values[ordinal] = shown
        return shown
