"""Edits of a file's bytes: making them, and what takes them back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.diagnostic import Edit
from migrator.document.source import Source, decode

if TYPE_CHECKING:
    from collections.abc import Sequence


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


def inverse(source: Source, edits: Sequence[Edit]) -> tuple[Edit, ...] | None:
    """The edits that bring back the bytes of the file when they are applied to what `apply` returns.

    They hold what the file held there, secrets included. None where there are none: `apply` refuses the
    edits, or the encoding knows several ways to write what they take away, and writes another one.
    """
    if apply(source, edits) is None:
        return None
    found: list[Edit] = []
    shift = 0
    for edit in edits:
        before = source.data[edit.start : edit.end]
        length = len(edit.content.encode(source.encoding))
        try:
            text = before.decode(source.encoding)
        except UnicodeDecodeError:  # it begins or ends inside a character
            return None
        if _encoded(source, text) != before:
            return None
        start = edit.start + shift
        found.append(Edit(start, start + length, text))
        shift += length - len(before)
    return tuple(found)


def can_write(source: Source, text: str) -> bool:
    """Whether a text can be written in the encoding of the file and is read back as it is."""
    if source.has_shift_states:  # what stands behind it would need the escape sequence before it
        return False
    return text.encode(source.encoding, "ignore").decode(source.encoding) == text


def _encoded(source: Source, text: str) -> bytes | None:
    return text.encode(source.encoding) if can_write(source, text) else None
