"""What tests of documents share: comparing what was read with what was written, and applying edits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.checking import read_document
from migrator.diagnostic import Edit
from migrator.document.edits import apply, can_write
from migrator.document.limits import Limits
from migrator.document.mapping import MappingDocument, MappingNode, Value
from migrator.document.model import Literal, Part, Target
from migrator.document.source import Source, Unreadable, decode
from tests.document.places import stretch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from migrator.diagnostic import Span
    from migrator.document.model import Change, Document
    from tests.document.mappings import Bounds, WrittenFile, WrittenValue

LITERALS = {
    "mapping": Literal.MAPPING,
    "list": Literal.LIST,
    "string": Literal.STRING,
    "untyped": Literal.UNTYPED,
    "number": Literal.NUMBER,
    "boolean": Literal.BOOLEAN,
    "null": Literal.NULL,
}


def document(path: str, data: bytes | str, limits: Limits | None = None) -> MappingDocument:
    """The document of a file that can be read."""
    data = data.encode() if isinstance(data, str) else data
    read = read_document(path, data, limits or Limits())
    assert isinstance(read, MappingDocument), read
    return read


def unreadable(path: str, data: bytes | str, limits: Limits | None = None) -> Unreadable:
    """Why a file cannot be read; its place lies in the file."""
    data = data.encode() if isinstance(data, str) else data
    read = read_document(path, data, limits or Limits())
    assert isinstance(read, Unreadable), read
    assert 0 <= read.span.start.offset <= read.span.end.offset <= len(data)
    assert read.message
    assert read.help
    return read


def node_at(read: MappingDocument, path: str) -> MappingNode:
    """The first node with these names from the top on, joined with slashes."""
    node = read.root
    for name in path.split("/"):
        node = next(child for child in node.children() if child.name == name)
    return node


def compare(read: MappingDocument, written: WrittenFile) -> None:
    """Everything is what it was written as, and stands where it was written."""
    assert read.source.text == written.text
    assert [(one.start, one.end) for one in read.comments()] == written.comments
    assert [one.text for one in read.comments()] == [
        written.text[start + 1 : end] for start, end in written.comments
    ]
    _compare(read, written, read.root, read.root.entry.value, written.top)


def _compare(
    read: MappingDocument, written: WrittenFile, node: MappingNode, value: Value, wanted: WrittenValue
) -> None:
    def span(bounds: Bounds) -> Span:
        return stretch(written.text, bounds, written.encoding, len(written.mark))

    assert (value.literal, value.text) == (LITERALS[wanted.kind], wanted.text)
    if wanted.kind not in ("mapping", "list"):
        assert (value.start, value.end) == wanted.at
    assert [entry.key for entry in value.entries] == [entry.key for entry in wanted.entries]
    for entry, other in zip(value.entries, wanted.entries, strict=True):
        child = MappingNode(entry, node)
        if wanted.kind == "mapping":
            at_key = span(other.key_at)
            assert read.span(Target(child)) == at_key
            at_value = other.value.inner
            if other.value.kind in ("mapping", "list"):
                at_value = None
            assert read.span(Target(child, Part.VALUE)) == (at_key if at_value is None else span(at_value))
        _compare(read, written, child, entry.value, other.value)


def applied(data: bytes, edits: Sequence[Edit]) -> bytes:
    """The bytes of a file after edits that can be made."""
    source = decode(data)
    assert isinstance(source, Source)
    after = apply(source, edits)
    assert after is not None
    return after


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
        if not can_write(source, text) or text.encode(source.encoding) != before:
            return None
        start = edit.start + shift
        found.append(Edit(start, start + length, text))
        shift += length - len(before)
    return tuple(found)


def edited(read: Document, *changes: Change) -> bytes | None:
    """The bytes of a file after changes, which can be taken back; None where they are not offered."""
    edits = read.edits(changes)
    if edits is None:
        return None
    if len(edits) > len(changes) == 1:
        assert all(one.content or one.start < one.end for one in edits)  # none does nothing
    after = applied(read.source.data, edits)
    backwards = inverse(read.source, edits)
    assert backwards is not None
    assert applied(after, backwards) == read.source.data
    return after
