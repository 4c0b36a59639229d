"""Edits applied to the bytes of a file, and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from migrator.diagnostic import Edit
    from migrator.document.source import Source


def apply(source: Source, edits: Sequence[Edit]) -> bytes | None:
    """The bytes of the file with the edits made; None where a content cannot be written in its encoding.

    The edits are in file order and apart from each other.
    """
    data, parts, at = source.data, [], 0
    try:
        for edit in edits:
            parts += [data[at : edit.start], edit.content.encode(source.encoding)]
            at = edit.end
    except UnicodeEncodeError:
        return None
    return b"".join([*parts, data[at:]])
