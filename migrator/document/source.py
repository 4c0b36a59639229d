"""The bytes of a file as text, and every place of that text as line, column and byte offset."""

from __future__ import annotations

import codecs
import re
from array import array
from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache

from migrator.diagnostic import Position, Span

_BOMS = (  # UTF-32 first: the mark of UTF-16 is the beginning of its little-endian mark
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What an ASCII character at the beginning looks like in wide encodings without a mark
# (XML 1.0, appendix F.1; RFC 8259 obsoleted the same table for JSON, files still hold it).
_WIDE_STARTS = (
    (re.compile(rb"[\x01-\x7f]\0\0\0", re.DOTALL), "utf-32-le"),
    (re.compile(rb"\0\0\0[\x01-\x7f]", re.DOTALL), "utf-32-be"),
    (re.compile(rb"[\x01-\x7f]\0", re.DOTALL), "utf-16-le"),
    (re.compile(rb"\0[\x01-\x7f]", re.DOTALL), "utf-16-be"),
)
_ENCODING_NAME = re.compile(
    rb"""<\?xml[ \t\r\n][^>]*?[ \t\r\n]encoding[ \t\r\n]*=[ \t\r\n]*(["'])(?P<name>[^"'<>]*)\1"""
)
_DECLARATION_LIMIT = 1024
_PRINTABLE_ASCII = bytes(range(0x20, 0x7F)) + b"\t\r\n"
_MACHINE_DEPENDENT = frozenset({"mbcs", "oem", "undefined", "raw-unicode-escape"})
_WIDTHS = {"utf-32-le": 4, "utf-32-be": 4}
_BLOCK = 4096
_LINE_END = re.compile(r"\r\n|\r|\n")


class Fault(StrEnum):
    """Why a file could not be read as a document; each is the name of a D rule."""

    NOT_WELL_FORMED = "not-well-formed"
    DOCTYPE = "doctype-forbidden"
    UNDECODABLE = "undecodable"
    TOO_LARGE = "file-too-large"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that is no document, with the place where reading stopped and words of our own."""

    fault: Fault
    span: Span
    message: str
    help: str


@dataclass(frozen=True)
class Source:
    """A decoded file.

    `text` is what `data` says in `encoding` (a Python codec name) after the `bom` bytes of its byte order
    mark. Indices count characters of `text`.
    """

    data: bytes
    text: str
    encoding: str
    bom: int

    def position(self, index: int) -> Position:
        """Place of the character at `index`; `len(text)` is the place behind the last one."""
        line = bisect_right(self._line_starts, index)
        return Position(line, index - self._line_starts[line - 1] + 1, self.offset(index))

    def span(self, start: int, end: int) -> Span:
        """The stretch from one index to another, exclusive."""
        return Span(self.position(start), self.position(end))

    def offset(self, index: int) -> int:
        """Byte offset in `data` of the character at `index`."""
        width = _WIDTHS.get(self.encoding)
        if width is None and len(self.text) == len(self.data) - self.bom:
            width = 1
        if width is not None:
            return self.bom + index * width
        if self._blocks is None:
            return self._offsets[index]
        block = index // _BLOCK
        rest = self.text[block * _BLOCK : index]
        return self._blocks[block] + len(rest.encode(self.encoding))

    def line_bounds(self, line: int) -> tuple[int, int]:
        """First and last index (exclusive) of a line, without its line end."""
        start = self._line_starts[line - 1]
        end = self._line_starts[line] if line < len(self._line_starts) else len(self.text)
        text = self.text[max(start, end - 2) : end]
        return start, end - (len(text) - len(text.rstrip("\r\n")))

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in _LINE_END.finditer(self.text))]

    @cached_property
    def _blocks(self) -> list[int] | None:
        """Byte offset of every 4096th character; None where encoding again gives other bytes."""
        offsets = [self.bom]
        for start in range(0, len(self.text), _BLOCK):
            try:
                encoded = self.text[start : start + _BLOCK].encode(self.encoding)
            except UnicodeEncodeError:
                return None
            if self.data[offsets[-1] : offsets[-1] + len(encoded)] != encoded:
                return None
            offsets.append(offsets[-1] + len(encoded))
        return offsets if offsets[-1] == len(self.data) else None

    @cached_property
    def _offsets(self) -> array[int]:
        """Byte offset of every character, for encodings with shift states or several ways to write one."""
        decoder = codecs.getincrementaldecoder(self.encoding)()
        offsets = array("I", [self.bom])
        for offset in range(self.bom, len(self.data)):
            produced = len(decoder.decode(self.data[offset : offset + 1]))
            offsets.extend([offset + 1] * produced)
        offsets[-1] = len(self.data)
        return offsets


def decode(data: bytes) -> Source | Unreadable:
    """Decode by byte order mark, then by declaration, strictly; UTF-8 where there is neither.

    Rules as in XML 1.0, section 4.3.3 and appendix F. A declaration that names another encoding than the
    byte order mark, or one that this machine-independent reading does not know, is `UNDECODABLE`.
    """
    bom, found = _detect(data)
    head = data[bom : bom + _DECLARATION_LIMIT]
    ascii_head = head.decode(found or "latin-1", "ignore").encode("ascii", "replace")
    declaration = _ENCODING_NAME.match(ascii_head)
    encoding = found or "utf-8"
    if declaration is not None:
        name = declaration["name"].decode("ascii")
        declared = _codec(name)
        if declared is None:
            problem = f'the declaration names the encoding "{name[:40]}", which is not known'
            return _undecodable_name(data, bom, found, declaration, problem)
        if found is None:
            if declared.startswith(("utf-16", "utf-32")):
                problem = f'the declaration says "{name}", but the bytes are not'
                return _undecodable_name(data, bom, found, declaration, problem)
            encoding = declared
        elif declared not in (found, found.removesuffix("-le").removesuffix("-be")):
            marked = f"the file is {found.upper()}" + (", as its byte order mark says" if bom else "")
            problem = f'{marked}, but the declaration says "{name}"'
            return _undecodable_name(data, bom, found, declaration, problem)
    try:
        return Source(data, (data[bom:] if bom else data).decode(encoding), encoding, bom)
    except UnicodeDecodeError as error:
        return _undecodable_byte(data, bom, encoding, error.start)


def _detect(data: bytes) -> tuple[int, str | None]:
    """Length of the byte order mark, and the encoding that the first bytes give away, if any."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return len(mark), encoding
    if 0 in data[:4]:
        for pattern, encoding in _WIDE_STARTS:
            if pattern.match(data):
                return 0, encoding
    return 0, None


@lru_cache
def _codec(name: str) -> str | None:
    """Python's codec for a declared name, if it is a character encoding that keeps ASCII as it is."""
    try:
        codec = codecs.lookup(name).name
        if codec.startswith(("utf-16", "utf-32")):
            return codec
        keeps_ascii = "".encode(codec) == b"" and _PRINTABLE_ASCII.decode(codec) == _PRINTABLE_ASCII.decode()
    except (LookupError, ValueError):  # bytes-to-bytes codecs are a LookupError too
        return None
    return codec if keeps_ascii and codec not in _MACHINE_DEPENDENT else None


def _undecodable_name(
    data: bytes, bom: int, found: str | None, declaration: re.Match[bytes], problem: str
) -> Unreadable:
    readable = Source(data, data[bom:].decode(found or "latin-1", "replace"), found or "latin-1", bom)
    span = readable.span(*declaration.span("name"))
    return Unreadable(
        Fault.UNDECODABLE,
        span,
        problem,
        'save the file as UTF-8 and let the declaration say encoding="utf-8"',
    )


def _undecodable_byte(data: bytes, bom: int, encoding: str, error_start: int) -> Unreadable:
    offset = bom + error_start
    before = Source(data[:offset], data[bom:offset].decode(encoding, "replace"), encoding, bom)
    place = before.position(len(before.text))
    start = Position(place.line, place.column, offset)
    span = Span(start, Position(place.line, place.column + 1, min(offset + 1, len(data))))
    value = f"byte 0x{data[offset]:02X}" if offset < len(data) else "the end of the file"
    if 0 in data[: offset + 1][-64:] and not encoding.startswith(("utf-16", "utf-32")):
        value += " in what looks like binary data"
    return Unreadable(
        Fault.UNDECODABLE,
        span,
        f"{value} is not {encoding.upper()}",
        "save the file as UTF-8, or name its real encoding in the XML declaration",
    )
