from __future__ import annotations

import codecs
from encodings.aliases import aliases

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from migrator.diagnostic import Position, Span
from migrator.document.source import Fault, Source, Unreadable, decode
from tests.document.places import encoded_offsets, place, stretch, unmarked

_MARKS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}
_WIDE = [encoding for encoding in _MARKS if encoding != "utf-8"]
_TEXT = "<a>\r\nGrüße, 世界 \U0001f600</a>\n"


def _source(data: bytes) -> Source:
    source = decode(data)
    assert isinstance(source, Source), source
    return source


def _undecodable(data: bytes) -> Unreadable:
    problem = decode(data)
    assert isinstance(problem, Unreadable), problem
    assert problem.fault is Fault.UNDECODABLE
    return problem


# Which encoding a file is in


@pytest.mark.parametrize("encoding", _MARKS)
def test_a_byte_order_mark_tells_the_encoding(encoding: str) -> None:
    mark = _MARKS[encoding]

    source = _source(mark + _TEXT.encode(encoding))

    assert (source.text, source.encoding, source.bom) == (_TEXT, encoding, len(mark))


@pytest.mark.parametrize("encoding", _MARKS)
def test_without_a_mark_the_first_bytes_tell_the_encoding(encoding: str) -> None:
    source = _source(_TEXT.encode(encoding))

    assert (source.text, source.encoding, source.bom) == (_TEXT, encoding, 0)


@pytest.mark.parametrize("declared", ["", "utf-8", "UTF-8", "utf8", "Utf-8"])
@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
def test_utf_8_declared_or_not(declared: str, mark: bytes) -> None:
    text = (f'<?xml version="1.0" encoding="{declared}"?>' if declared else "") + _TEXT

    assert _source(mark + text.encode()).text == text


@pytest.mark.parametrize("encoding", _WIDE)
@pytest.mark.parametrize("has_mark", [True, False])
@pytest.mark.parametrize("names_order", [True, False])
def test_wide_encodings_declared(encoding: str, *, has_mark: bool, names_order: bool) -> None:
    declared = encoding if names_order else encoding[: len("utf-16")]
    text = f"<?xml version='1.0' encoding='{declared.upper()}'?>{_TEXT}"
    mark = _MARKS[encoding] if has_mark else b""

    source = _source(mark + text.encode(encoding))

    assert (source.text, source.encoding, source.bom) == (text, encoding, len(mark))


@pytest.mark.parametrize(
    ("declared", "encoding"), [("ISO-10646-UCS-2", "utf-16-le"), ("ISO-10646-UCS-4", "utf-32-be")]
)
def test_the_names_in_the_xml_specification_are_known(declared: str, encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{declared}"?>{_TEXT}'

    assert _source(_MARKS[encoding] + text.encode(encoding)).text == text


@pytest.mark.parametrize("data", [b"", b" ", b"<", b"a", b"\xef\xbb\xbf", b"\xff\xfe", b"\xff\xfe\0\0"])
def test_hardly_any_bytes(data: bytes) -> None:
    assert _source(data).text == data.removeprefix(b"\xef\xbb\xbf").strip(b"\xff\xfe\0").decode()


@pytest.mark.parametrize(
    "declaration",
    [
        '<?xml version="1.0" encoding="iso-8859-1"?>',
        "<?xml version='1.0' encoding='ISO-8859-1' standalone='yes'?>",
        '<?xml\tversion = "1.0"\r\n\tencoding\n=\r"latin1" ?>',
    ],
)
def test_a_declaration_is_read_however_it_is_written(declaration: str) -> None:
    assert _source(f"{declaration}<a>é</a>".encode("latin-1")).text == f"{declaration}<a>é</a>"


@pytest.mark.parametrize(
    "beginning",
    [
        '<!-- <?xml version="1.0" encoding="iso-8859-1"?> -->',
        '\n<?xml version="1.0" encoding="iso-8859-1"?>',
        '<?xml-model encoding="iso-8859-1"?>',
        '<?xml version="1.0"?><?pi encoding="iso-8859-1"?>',
        '<a encoding="iso-8859-1"/>',
    ],
)
def test_what_only_looks_like_a_declaration_declares_nothing(beginning: str) -> None:
    assert _source(f"{beginning}é".encode()).encoding == "utf-8"


# Python and libxml2 as judges of each other: whatever both read alike, we read like them


def _keeps_ascii(encoding: str) -> bool:
    """Whether the declaration can be read before the encoding is known."""
    ascii_alone = bytes(range(0x20, 0x7F))
    try:
        return ascii_alone.decode(encoding) == ascii_alone.decode()
    except (LookupError, UnicodeError):  # it is not known, or does not make characters of bytes
        return False


def _common_characters(encoding: str) -> str:
    """Those that Python can write in an encoding, and libxml2 reads as the same."""
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    found = ""
    for character in "aéÄßñØšžőλЯжשعกあア漢字한글€“”ÿ":
        try:
            data = f"{head}<a>x{character}y</a>".encode(encoding)
            text = etree.fromstring(data).text
        except (UnicodeError, etree.XMLSyntaxError, LookupError):
            continue
        if text == f"x{character}y":
            found += character
    return found


_BY_PYTHON = sorted({*aliases, *aliases.values(), *(name.replace("_", "-") for name in aliases)})
_COMMON = {
    name: characters for name in _BY_PYTHON if _keeps_ascii(name) and (characters := _common_characters(name))
}


def test_python_and_libxml2_agree_on_most_encodings() -> None:
    expected = {"ascii", "big5", "cp1252", "euc_jp", "gb18030", "iso8859_15", "koi8_r", "latin_1", "utf_8"}
    assert {codecs.lookup(name).name for name in _COMMON} >= {codecs.lookup(name).name for name in expected}


@pytest.mark.parametrize("name", _COMMON)
def test_an_encoding_that_python_and_libxml2_read_alike_is_read_like_that(name: str) -> None:
    text = f'<?xml version="1.0" encoding="{name}"?>\n<a>{_COMMON[name]}</a>'

    source = _source(text.encode(name))

    assert source.text == text
    assert source.encoding == codecs.lookup(name).name


@pytest.mark.parametrize(
    ("name", "codec", "text"),
    [("windows-874", "cp874", "ไทย"), ("Windows-31J", "cp932", "監視ｶﾅ"), ("windows-936", "gbk", "监视")],
)
def test_a_registered_name_that_python_does_not_have(name: str, codec: str, text: str) -> None:
    text = f'<?xml version="1.0" encoding="{name}"?>\n<a>{text}</a>'

    source = _source(text.encode(codec))

    assert (source.text, source.encoding) == (text, codec)


@pytest.mark.posix  # for Windows lxml has an older libxml2, which does not know these names
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("has_mark", [True, False])
def test_libxml2_reads_wide_encodings_as_we_do(encoding: str, *, has_mark: bool) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><a>Grüße, 世界 \U0001f600</a>'
    data = (_MARKS[encoding] if has_mark else b"") + text.encode(encoding)

    assert etree.fromstring(data).text == etree.fromstring(_source(data).text.encode(), _AS_UTF_8).text


_AS_UTF_8 = etree.XMLParser(encoding="utf-8")


# What is refused


@pytest.mark.parametrize(
    ("marked", "declared"),
    [
        (marked, declared)
        for marked in _MARKS
        for declared in ("iso-8859-1", "windows-1252", "us-ascii", "utf-8", "utf-16", "utf-16le", "utf-32")
        if codecs.lookup(declared).name not in (marked, marked[: len("utf-16")])
    ],
)
def test_a_declaration_that_contradicts_the_mark_is_refused(marked: str, declared: str) -> None:
    text, bounds = unmarked(f'<?xml version="1.0"\r\n encoding="«{declared}»"?><a>\U0001f600</a>')
    mark = _MARKS[marked]

    problem = _undecodable(mark + text.encode(marked))

    assert problem.span == stretch(text, bounds, marked, len(mark))
    assert problem.message == (
        f'the file is {marked.upper()}, as its byte order mark says, but the declaration says "{declared}"'
    )


@pytest.mark.parametrize("declared", ["utf-16", "UTF-16LE", "utf-16-be", "utf-32", "UTF-32BE"])
def test_a_wide_encoding_is_refused_where_the_bytes_are_not(declared: str) -> None:
    text, bounds = unmarked(f'<?xml version="1.0" encoding="«{declared}»"?>\n<a/>')

    problem = _undecodable(text.encode())

    assert problem.span == stretch(text, bounds)
    assert problem.message == f'the declaration says "{declared}", but the bytes are not'


@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1", "utf-16-be"])
def test_a_declaration_that_contradicts_the_first_bytes_is_refused(declared: str) -> None:
    text, bounds = unmarked(f'<?xml version="1.0" encoding="«{declared}»"?>\n<a/>')

    problem = _undecodable(text.encode("utf-16-le"))

    assert problem.span == stretch(text, bounds, "utf-16-le")
    assert problem.message == f'the file is UTF-16-LE, but the declaration says "{declared}"'


@pytest.mark.parametrize("damage", [b"\xd8", b"\x00\xd8\x00\x00", b"\xff"])
def test_a_contradiction_is_told_also_where_the_rest_is_damaged(damage: bytes) -> None:
    text, bounds = unmarked('<?xml version="1.0" encoding="«iso-8859-1»"?>\n<a/>')

    problem = _undecodable(codecs.BOM_UTF16_LE + text.encode("utf-16-le") + damage)

    assert problem.span == stretch(text, bounds, "utf-16-le", 2)


_UNKNOWN = ["", "utf-9", "klingon", " utf-8", "utf-8 ", "!utf!8!", "8859-1", "é", "\0", "\x1b[31m", "x" * 900]
# Python has these, but they are not of characters, keep no ASCII, or belong to one machine alone.
_NO_ENCODINGS_OF_XML = [
    "base64", "bz2", "charmap", "cp037", "hex", "idna", "mbcs", "oem", "punycode", "quopri",
    "raw_unicode_escape", "rot13", "undefined", "unicode_escape", "utf-7", "utf-8-sig", "uu", "zlib",
]  # fmt: skip


@pytest.mark.parametrize("declared", [*_UNKNOWN, *_NO_ENCODINGS_OF_XML])
def test_an_unknown_encoding_is_refused_and_not_quoted(declared: str) -> None:
    text, bounds = unmarked(f'<?xml version="1.0" encoding="«{declared}»"?><a/>')

    problem = _undecodable(text.encode("latin-1"))

    assert problem.span == stretch(text, bounds, "latin-1")
    assert problem.message == "the declaration names an encoding that is not known"


def test_the_place_of_an_encoding_with_odd_signs() -> None:
    declared = "utf\u20138"  # with a dash that a text program made
    data = f'<?xml version="1.0" encoding="{declared}"?><a>{" " * 1024}</a>'.encode()

    span = _undecodable(data).span

    assert data[span.start.offset : span.end.offset] == declared.encode()


_DAMAGED = [  # encoding, bytes before the damage, the damage
    pytest.param("utf-8", b"<a>", b"\xe9</a>", id="Latin-1 in UTF-8"),
    pytest.param("utf-8", b"", b"\xff", id="first byte"),
    pytest.param("utf-8", b"<a>\n\tx", b"\xff</a>", id="second line"),
    pytest.param("utf-8", b"<a>\r\rx", b"\xff</a>", id="lone CR"),
    pytest.param("utf-8", b"<a>\r\n", b"\xff</a>", id="CRLF"),
    pytest.param("utf-8", b"<a>\r", b"\xff\n</a>", id="behind a CR"),
    pytest.param("utf-8", "<a>é世\U0001f600".encode(), b"\xff</a>", id="behind wide characters"),
    pytest.param("utf-8", b"<a>", b"\xc3", id="cut inside a character"),
    pytest.param("utf-8", b"<a>", b"\xf0\x9f\x98", id="cut inside an emoji"),
    pytest.param("utf-8", b"<a>", b"\xc0\x80", id="NUL in two bytes"),
    pytest.param("utf-8", b"<a>", b"\xed\xa0\x80</a>", id="surrogate in UTF-8"),
    pytest.param("utf-8", b"<a>", b"\xf4\x90\x80\x80</a>", id="beyond Unicode"),
    pytest.param("us-ascii", b"<a>", b"\xe9</a>", id="not ASCII"),
    pytest.param("windows-1252", b"<a>", b"\x81</a>", id="not assigned"),
    pytest.param("shift_jis", "<a>日".encode("shift_jis"), b"\x85\x20</a>", id="Shift JIS"),
    pytest.param("gb18030", "<a>é\n日".encode("gb18030"), b"\xff</a>", id="GB 18030"),
    pytest.param("iso-2022-jp", "<a>日</a>".encode("iso2022_jp"), b"\xe9", id="ISO 2022"),
    pytest.param("utf-16-le", "<a>\n".encode("utf-16-le"), b"\x00\xdc<\0", id="half a surrogate pair"),
    pytest.param("utf-16-be", "<a>\U0001f600".encode("utf-16-be"), b"\0", id="half a character"),
    pytest.param("utf-32-le", "<a>\n".encode("utf-32-le"), b"\0\0\x11\0", id="beyond Unicode in UTF-32"),
]


@pytest.mark.parametrize(("encoding", "before", "damage"), _DAMAGED)
@pytest.mark.parametrize("is_marked", [True, False])
def test_bytes_that_are_no_characters_are_refused_at_their_place(
    encoding: str, before: bytes, damage: bytes, *, is_marked: bool
) -> None:
    codec = codecs.lookup(encoding).name
    mark = _MARKS.get(codec, b"") if is_marked else b""
    head = (
        f'<?xml version="1.0" encoding="{encoding}"?>'.encode(codec) if codec != "utf-8" and not mark else b""
    )
    good = head + before

    problem = _undecodable(mark + good + damage)

    text = good.decode(codec)
    line, column = place(text, len(text)).line, place(text, len(text)).column
    offset = len(mark) + len(good)
    assert problem.span == Span(Position(line, column, offset), Position(line, column + 1, offset + 1))
    assert problem.message == f"what stands here is not {codec.upper()}"


def test_what_looks_like_binary_data_is_called_that() -> None:
    assert (
        _undecodable(b"MZ\x90\0\3\0\0\0").message
        == "what stands here is not UTF-8, and looks like binary data"
    )


# Places

_EXACT = [
    "utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "latin-1", "cp1252", "shift_jis", "cp932",
    "euc_jp", "euc_kr", "big5", "gbk", "gb18030", "iso2022_jp", "iso2022_jp_2", "iso2022_kr",
]  # fmt: skip
_CHARACTERS = (
    "ab<>& \t\r\n\r\n\x0b\x0c\x1c\x85\u2028éüßàÄя日本語アｱ한글€\uff0d\u0301\ufeff\U0001f600\U00020000"
)


@st.composite
def _encoded(draw: st.DrawFn) -> tuple[str, str, int]:
    """A text, an encoding that can hold it, and how often it is repeated."""
    encoding = draw(st.sampled_from(_EXACT))
    writable = [one for one in _CHARACTERS if one.encode(encoding, "ignore").decode(encoding) == one]
    text = draw(st.text(st.sampled_from(writable), max_size=60))
    return text, encoding, draw(st.sampled_from([1, 1, 1, 300]))


@settings(deadline=None)
@given(_encoded())
@example(("日本a語\r\n", "iso2022_jp", 1))
@example(("日本語" * 3, "iso2022_jp", 1000))
@example(("\U0001f600a", "utf-16-le", 3000))
@example(("é\r\n", "utf-8", 3000))
@example(("\r\n", "gb18030", 3000))
def test_every_character_has_its_line_column_and_offset(given_text: tuple[str, str, int]) -> None:
    text, encoding, times = given_text
    text *= times
    mark = _MARKS.get(encoding, b"")
    source = Source(mark + text.encode(encoding), text, encoding, len(mark))

    offsets = [len(mark) + offset for offset in encoded_offsets(text, encoding)]
    line, column = 1, 1
    for index, offset in enumerate(offsets):
        assert source.position(index) == Position(line, column, offset)
        is_line_end = text.startswith(("\r", "\n"), index) and not text.startswith("\r\n", index)
        line, column = (line + 1, 1) if is_line_end else (line, column + 1)
    for index in range(0, len(offsets), max(len(offsets) // 16, 1)):
        assert source.index_at(offsets[index]) == index


@settings(deadline=None)
@given(st.text(st.sampled_from("a\r\n\x0b\x85\u2028"), max_size=12))
def test_lines_end_at_lf_crlf_and_a_lone_cr_alone(text: str) -> None:
    source = Source(text.encode(), text, "utf-8", 0)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")

    found = [text[slice(*source.line_bounds(number))] for number in range(1, len(lines) + 1)]

    assert found == lines


def test_a_byte_that_encodes_otherwise_when_written_again_keeps_its_place() -> None:
    # 0x5C 0x7E are Python's way to write both kinds of backslash and tilde; the escape is superfluous
    data = b'<?xml version="1.0" encoding="iso-2022-jp"?><a>\x1b(J\\~\x1b(B\x1b(B!</a>'
    source = _source(data)

    assert source.position(source.text.index("!")).offset == data.index(b"~") + 1
    assert source.position(source.text.index("</a>")).offset == data.index(b"</a>")
    assert source.position(len(source.text)).offset == len(data)


def test_a_source_does_not_show_what_it_holds() -> None:
    assert "hunter2" not in repr(_source(b"<Password>hunter2</Password>"))


@pytest.mark.parametrize(
    ("text", "index", "line_end"),
    [
        ("", 0, "\n"),
        ("a", 1, "\n"),
        ("a\r\nb\nc", 0, "\r\n"),
        ("a\r\nb\nc", 1, "\r\n"),
        ("a\r\nb\nc", 3, "\n"),
        ("a\r\nb\nc", 5, "\n"),
        ("a\nb\rc", 5, "\r"),
        ("a\r", 2, "\r"),
    ],
)
def test_the_line_end_near_a_place(text: str, index: int, line_end: str) -> None:
    source = decode(text.encode())
    assert isinstance(source, Source)

    assert source.line_end_near(index) == line_end
