"""Where a character stands, worked out the slow and obvious way; and documents to look at."""

from __future__ import annotations

import codecs

from migrator.diagnostic import Position, Span
from migrator.document.limits import Limits
from migrator.document.source import Source, decode
from migrator.document.xml import XmlDocument, parse


def encoded_offsets(text: str, encoding: str) -> list[int]:
    """Byte offset of every character and of the end, when the text is written in one go."""
    if encoding.startswith(("utf-16", "utf-32")):  # Python's incremental encoders would add a mark
        sizes = [len(character.encode(encoding)) for character in text]
    else:
        encoder = codecs.getincrementalencoder(encoding)()
        sizes = [len(encoder.encode(character)) for character in text]
    offsets = [0]
    for size in sizes:
        offsets.append(offsets[-1] + size)
    offsets[-1] = len(text.encode(encoding))  # what ends a stateful encoding belongs to nobody
    return offsets


def place(text: str, index: int, encoding: str = "utf-8", bom: int = 0) -> Position:
    """Position of a character in a file that holds the text after a mark of `bom` bytes."""
    line, column, at = 1, 1, 0
    while at < index:
        if text.startswith("\r\n", at) and at + 1 < index:
            line, column, at = line + 1, 1, at + 2
        elif text[at] in "\r\n" and not text.startswith("\r\n", at):
            line, column, at = line + 1, 1, at + 1
        else:
            column, at = column + 1, at + 1
    return Position(line, column, bom + len(text[:index].encode(encoding)))


def stretch(text: str, bounds: tuple[int, int], encoding: str = "utf-8", bom: int = 0) -> Span:
    """Span of a stretch of the text."""
    return Span(*(place(text, index, encoding, bom) for index in bounds))


def unmarked(marked: str) -> tuple[str, tuple[int, int]]:
    """A text without its guillemets, and the bounds of what stands between them."""
    before, _, rest = marked.partition("«")
    inside, mark, after = rest.partition("»")
    assert mark, "the row has no marks"
    return before + inside + after, (len(before), len(before) + len(inside))


def parsed(data: bytes) -> XmlDocument:
    """The document in a file that is well-formed XML."""
    source = decode(data)
    assert isinstance(source, Source), source
    document = parse(source, Limits(), lambda _: True)
    assert isinstance(document, XmlDocument), document
    return document
