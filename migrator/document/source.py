"""The bytes of a file as text, and every place of that text as line, column and byte offset."""

from __future__ import annotations

import codecs
import re
from array import array
from bisect import bisect_left, bisect_right
from enum import StrEnum
from functools import cache, cached_property, lru_cache
from io import StringIO
from itertools import accumulate

from migrator.diagnostic import Position, Span
from migrator.tuples import Identity, NamedTuple

WHITE_SPACE = " \t\r\n"
"""What XML and JSON take for white space; `str.strip()` takes more, and some of that may stand in a name."""

BOM = "\ufeff"
"""What a byte order mark is among characters."""
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
    (rb"[\x01-\x7f]\0\0\0", "utf-32-le"),
    (rb"\0\0\0[\x01-\x7f]", "utf-32-be"),
    (rb"[\x01-\x7f]\0", "utf-16-le"),
    (rb"\0[\x01-\x7f]", "utf-16-be"),
)
_DECLARATION_LIMIT = 1024
_NAME_OF_ENCODING = r"[A-Za-z][A-Za-z0-9._-]{0,39}"  # XML 1.0, production 81
_NAMES_IN_XML = {  # that Python does not have
    "iso-10646-ucs-2": "utf-16",  # XML 1.0, section 4.3.3
    "iso-10646-ucs-4": "utf-32",
    "windows-31j": "cp932",  # IANA, character sets
    "windows-874": "cp874",
    "windows-936": "gbk",
}
_PRINTABLE_ASCII = bytes(range(0x20, 0x7F)) + b"\t\r\n"
_NO_CHARACTER_ENCODINGS = frozenset(  # codecs of Python alone, or of one machine
    {"charmap", "idna", "mbcs", "oem", "raw-unicode-escape", "undefined", "unicode-escape"}
)
_WIDTHS = {"utf-32-le": 4, "utf-32-be": 4}
_ONE_WAY_TO_WRITE = frozenset({"utf-8", "utf-16-le", "utf-16-be"})
_BLOCK = 512


class Fault(StrEnum):
    """Why a file could not be read as a document; each is the name of a D rule."""

    NOT_WELL_FORMED = "not-well-formed"
    DOCTYPE = "doctype-forbidden"
    UNDECODABLE = "undecodable"
    TOO_LARGE = "file-too-large"
    UNSUPPORTED = "unsupported-yaml"


class Unreadable(NamedTuple):
    """A file that is no document, with the place where reading stopped and words of our own."""

    fault: Fault
    span: Span
    message: str
    help: str


class _Source(NamedTuple):
    data: bytes
    text: str
    encoding: str
    bom: int


class Source(Identity, _Source):
    """A decoded file.

    `text` is what `data` says in `encoding` (a Python codec name) after the `bom` bytes of its byte order
    mark. Indices count characters of `text`.
    """

    @property
    def has_shift_states(self) -> bool:
        """Whether what a byte means depends on escape sequences before it."""
        return self.encoding.startswith("iso2022")

    def position(self, index: int) -> Position:
        """Place of the character at `index`; `len(text)` is the place behind the last one."""
        return Position(*self.line_and_column(index), self.offset(index))

    def line_and_column(self, index: int) -> tuple[int, int]:
        """Line and column of the character at `index`, both from 1."""
        line = bisect_right(self._line_starts, index)
        return line, index - self._line_starts[line - 1] + 1

    def span(self, start: int, end: int) -> Span:
        """The stretch from one index to another, exclusive."""
        return Span(self.position(start), self.position(end))

    def offset(self, index: int) -> int:
        """Byte offset in `data` of the character at `index`, with the escape sequence before it, if any."""
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

    @property
    def line_count(self) -> int:
        """How many lines there are; the one behind the last line end counts, even where it is empty."""
        return len(self._line_starts)

    def line_start(self, line: int) -> int:
        """First index of a line."""
        return self._line_starts[line - 1]

    def index_at(self, offset: int) -> int:
        """Index of the character at a byte offset; the way back from `offset`."""
        return bisect_left(range(len(self.text) + 1), offset, key=self.offset)

    def line_bounds(self, line: int) -> tuple[int, int]:
        """First and last index (exclusive) of a line, without its line end."""
        start = self._line_starts[line - 1]
        end = self._line_starts[line] if line < len(self._line_starts) else len(self.text)
        text = self.text[max(start, end - 2) : end]
        return start, end - (len(text) - len(text.rstrip("\r\n")))

    def line_end_near(self, index: int) -> str:
        """What ends the line of the character at `index`; of the line before where it is the last."""
        line, _ = self.line_and_column(index)
        last = min(line, self.line_count - 1)
        if last < 1:
            return "\n"
        return self.text[self.line_bounds(last)[1] : self.line_start(last + 1)]

    def with_line(self, start: int, end: int) -> tuple[int, int]:
        """A stretch with its whole lines, the last line end included, where it stands alone on them."""
        line_start, _ = self.line_bounds(self.line_and_column(start)[0])
        _, line_end = self.line_bounds(self.line_and_column(end)[0])
        if (self.text[line_start:start] + self.text[end:line_end]).strip(WHITE_SPACE):
            return start, end
        behind = line_end + (2 if self.text.startswith("\r\n", line_end) else 1)
        return line_start, min(behind, len(self.text))

    def with_space_before(self, start: int, end: int) -> tuple[int, int]:
        """As `with_line`; where a stretch only ends its line, with the white space before it."""
        line_start, _ = self.line_bounds(self.line_and_column(start)[0])
        _, line_end = self.line_bounds(self.line_and_column(end)[0])
        before = self.text[line_start:start].rstrip(WHITE_SPACE)
        if before and not self.text[end:line_end].strip(WHITE_SPACE):
            return line_start + len(before), end
        return self.with_line(start, end)

    @cached_property
    def _line_starts(self) -> array[int]:
        lines = StringIO(self.text, newline="")  # each with its end as it is written
        starts = array("I", accumulate(map(len, lines), initial=0))
        if not self.text.endswith(("\r", "\n")) and self.text:
            starts.pop()  # behind the last line, which has no end
        return starts

    @cached_property
    def _blocks(self) -> array[int] | None:
        """Byte offset of every 512th character; None where encoding again does not tell."""
        if self.has_shift_states:
            return None
        offsets = array("I", [self.bom])
        is_certain = self.encoding in _ONE_WAY_TO_WRITE
        for start in range(0, len(self.text), _BLOCK):
            try:
                encoded = self.text[start : start + _BLOCK].encode(self.encoding)
            except UnicodeEncodeError:
                return None
            end = offsets[-1] + len(encoded)
            if not is_certain and self.data[offsets[-1] : end] != encoded:
                return None
            offsets.append(end)
        return offsets

    @cached_property
    def _offsets(self) -> array[int]:
        """Byte offset of every character, for encodings with shift states or several ways to write one."""
        decoder = codecs.getincrementaldecoder(self.encoding)()
        offsets = array("I", [self.bom])
        for offset in range(self.bom, len(self.data)):
            produced = len(decoder.decode(self.data[offset : offset + 1]))
            if produced:
                offsets.extend([offset + 1] * produced)
        offsets[-1] = len(self.data)
        return offsets


def decode(data: bytes) -> Source | Unreadable:
    """Decode by byte order mark, then by declaration, strictly; UTF-8 where there is neither.

    Rules as in XML 1.0, section 4.3.3 and appendix F. A declaration that names another encoding than the
    byte order mark, or one that this machine-independent reading does not know, is `UNDECODABLE`.
    """
    bom, found = _detect(data)
    head = data[bom : bom + _DECLARATION_LIMIT].decode(found or "latin-1", "ignore")
    declaration = _declared_name().match(head) if head.startswith("<?xml") else None
    encoding = found or "utf-8"
    if declaration is not None:
        declared = _codec(declaration["name"])
        problem = _contradiction(bom, found, declaration["name"], declared)
        if problem is not None:
            return Unreadable(
                Fault.UNDECODABLE,
                Source(data, head, found or "latin-1", bom).span(*declaration.span("name")),
                problem,
                'save the file as UTF-8 and let the declaration say encoding="utf-8"',
            )
        if found is None and declared is not None:
            encoding = declared
    try:
        return Source(data, (data[bom:] if bom else data).decode(encoding), encoding, bom)
    except UnicodeDecodeError as error:
        return _undecodable(data, bom, encoding, bom + error.start)


def _detect(data: bytes) -> tuple[int, str | None]:
    """Length of the byte order mark, and the encoding that the first bytes give away, if any."""
    start = data[:4]
    if start.isascii() and 0 not in start:
        return 0, None
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return len(mark), encoding
    if 0 in start:
        for pattern, encoding in _WIDE_STARTS:
            if re.match(pattern, data):
                return 0, encoding
    return 0, None


def declaration_of_encoding(text: str) -> tuple[int, int] | None:
    """From where to where the XML declaration names an encoding; None where it names none."""
    found = _declared_name().match(text, 0, _DECLARATION_LIMIT) if text.startswith("<?xml") else None
    return None if found is None else found.span("declaration")


@cache
def _declared_name() -> re.Pattern[str]:
    """All ASCII up to the name, so that its place can be told before the encoding is known."""
    return re.compile(
        r"""<\?xml[ \t\r\n][\t\r\n -=?-~]*?[ \t\r\n]"""
        r"""(?P<declaration>encoding[ \t\r\n]*=[ \t\r\n]*(["'])(?P<name>[^"'<>]*)\2)"""
    )


@lru_cache
def _codec(name: str) -> str | None:
    """Python's codec for a declared name, if it is a character encoding that keeps ASCII as it is."""
    if not re.fullmatch(_NAME_OF_ENCODING, name):
        return None
    try:
        codec = codecs.lookup(_NAMES_IN_XML.get(name.lower(), name)).name
        if codec in _NO_CHARACTER_ENCODINGS:
            return None
        if codec.startswith(("utf-16", "utf-32")):
            return codec
        keeps_ascii = "".encode(codec) == b"" and _PRINTABLE_ASCII.decode(codec) == _PRINTABLE_ASCII.decode()
    except (LookupError, ValueError):  # bytes-to-bytes codecs are a LookupError too
        return None
    return codec if keeps_ascii else None


def _contradiction(bom: int, found: str | None, name: str, declared: str | None) -> str | None:
    """What is wrong with the declared encoding; None where it fits what the first bytes give away."""
    if declared is None:
        return "the declaration names an encoding that is not known"
    if found is None:
        is_wide = declared.startswith(("utf-16", "utf-32"))
        return f'the declaration says "{name}", but the bytes are not' if is_wide else None
    if declared in (found, found.removesuffix("-le").removesuffix("-be")):
        return None
    marked = f"the file is {found.upper()}" + (", as its byte order mark says" if bom else "")
    return f'{marked}, but the declaration says "{name}"'


def _undecodable(data: bytes, bom: int, encoding: str, offset: int) -> Unreadable:
    before = data[bom:offset].decode(encoding, "replace")
    line, column = Source(data, before, encoding, bom).line_and_column(len(before))
    start = Position(line, column, offset)
    end = Position(line, column + 1, min(offset + 1, len(data)))
    is_binary = 0 in data[max(offset - 64, 0) : offset + 64] and not encoding.startswith(("utf-16", "utf-32"))
    return Unreadable(
        Fault.UNDECODABLE,
        Span(start, end),
        f"what stands here is not {encoding.upper()}" + (", and looks like binary data" if is_binary else ""),
        "save the file as UTF-8, or name its real encoding in the XML declaration",
    )
