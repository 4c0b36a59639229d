"""Edits of a file's bytes: making them, and whether its encoding can hold them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from migrator.diagnostic import Edit
from migrator.document.source import Source, decode
from migrator.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Replacement(NamedTuple):
    """What is written in the place of a stretch of the text, told by its indices."""

    start: int
    end: int
    content: str


def as_edits(source: Source, replacements: Iterable[Replacement]) -> tuple[Edit, ...] | None:
    """The same as edits of bytes, in file order; None where two contradict each other.

    What does nothing is left out.
    """
    found = sorted(replacements)
    if any(before.end > after.start or before[:2] == after[:2] for before, after in pairwise(found)):
        return None
    return tuple(
        Edit(source.offset(one.start), source.offset(one.end), one.content)
        for one in found
        if one.content or one.start < one.end
    )


def apply(source: Source, edits: Sequence[Edit]) -> bytes | None:
    """The bytes of the file after edits, which are in file order and apart from each other.

    None where they are not, where a content cannot be written in the encoding of the file and read back, and
    where the file would be taken for one in another encoding. Everything else is the same, byte for byte.
    """
    if not edits:
        return source.data
    parts: list[bytes] = []
    at = source.bom
    for edit in edits:
        content = _encoded(source, edit.content)
        if content is None or not at <= edit.start <= edit.end <= len(source.data):
            return None
        parts += [source.data[at : edit.start], content]
        at = edit.end
    data = b"".join([source.data[: source.bom], *parts, source.data[at:]])
    after = decode(data)
    is_read_alike = (
        isinstance(after, Source) and after.encoding == source.encoding and after.bom == source.bom
    )
    return data if is_read_alike else None


def can_write(source: Source, text: str) -> bool:
    """Whether a text can be written in the encoding of the file and is read back as it is."""
    if source.has_shift_states:  # what stands behind it would need the escape sequence before it
        return False
    return text.encode(source.encoding, "ignore").decode(source.encoding) == text


def _encoded(source: Source, text: str) -> bytes | None:
    return text.encode(source.encoding) if can_write(source, text) else None
