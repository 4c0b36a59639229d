from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.diagnostic import Edit
from migrator.document.edits import apply, can_write
from migrator.document.source import Source, decode
from tests.document.reading import inverse


def _source(data: bytes) -> Source:
    source = decode(data)
    assert isinstance(source, Source)
    return source


def _declared(encoding: str, text: str) -> bytes:
    return f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding)


@pytest.mark.parametrize(
    ("data", "edits", "expected"),
    [
        (b"abc", [], b"abc"),
        (b"abc", [Edit(1, 2, "x\u00e9")], b"ax\xc3\xa9c"),
        (b"abc", [Edit(0, 0, "x"), Edit(3, 3, "y")], b"xabcy"),
        (b"abc", [Edit(0, 1, ""), Edit(1, 1, "x"), Edit(1, 2, "")], b"xc"),
        (b"a\r\nb\r\n", [Edit(0, 1, "x")], b"x\r\nb\r\n"),
        (codecs.BOM_UTF8 + b"abc", [Edit(3, 4, "\u65e5")], codecs.BOM_UTF8 + "\u65e5bc".encode()),
        ("abc".encode("utf-16"), [Edit(4, 6, "\U0001f600")], "a\U0001f600c".encode("utf-16")),
        (
            codecs.BOM_UTF16_BE + "abc".encode("utf-16-be"),
            [Edit(2, 2, "x")],
            codecs.BOM_UTF16_BE + "xabc".encode("utf-16-be"),
        ),
        (_declared("latin-1", "\u00e9"), [Edit(40, 41, "\u00e8")], _declared("latin-1", "\u00e8")),
    ],
)
def test_edits_are_made_and_taken_back(data: bytes, edits: list[Edit], expected: bytes) -> None:
    source = _source(data)
    backwards = inverse(source, edits)

    assert apply(source, edits) == expected
    assert backwards is not None
    assert apply(_source(expected), backwards) == data


@pytest.mark.parametrize(
    ("data", "edits"),
    [
        pytest.param(b"abc", [Edit(2, 3, ""), Edit(0, 1, "")], id="not in order"),
        pytest.param(b"abc", [Edit(0, 2, ""), Edit(1, 3, "")], id="not apart"),
        pytest.param(b"abc", [Edit(2, 1, "")], id="backwards"),
        pytest.param(b"abc", [Edit(2, 4, "")], id="behind the end"),
        pytest.param(b"abc", [Edit(-1, 1, "")], id="before the beginning"),
        pytest.param(codecs.BOM_UTF8 + b"abc", [Edit(0, 3, "")], id="of the mark"),
        pytest.param(b"abc", [Edit(0, 1, "\ud800")], id="half a character"),
        pytest.param("abc".encode("utf-16"), [Edit(2, 4, "\udc80")], id="half a character in UTF-16"),
        pytest.param(_declared("latin-1", "x"), [Edit(40, 41, "\u20ac")], id="not in this encoding"),
        pytest.param(_declared("Shift_JIS", "x"), [Edit(42, 43, "\u00a5")], id="read back as another one"),
        pytest.param(_declared("iso-2022-jp", "x"), [Edit(0, 0, "")], id="shift states"),
        pytest.param("\u65e5".encode(), [Edit(0, 1, "")], id="part of a character"),
        pytest.param("a\u65e5".encode("utf-16-le"), [Edit(0, 2, "")], id="what gave the encoding away"),
        pytest.param(b"abc", [Edit(0, 0, "\ufeff")], id="a mark that was not there"),
        pytest.param(_declared("latin-1", "\xe9"), [Edit(30, 37, "utf-8")], id="another declaration"),
        pytest.param(_declared("latin-1", "x"), [Edit(30, 37, "utf-8")], id="another one that reads alike"),
    ],
)
def test_edits_that_cannot_be_made(data: bytes, edits: list[Edit]) -> None:
    assert apply(_source(data), edits) is None
    assert inverse(_source(data), edits) is None


def test_what_is_written_in_another_way_cannot_be_taken_back() -> None:
    data = _declared("cp932", "") + b"\xed\x40 \xfa\x5c"  # two ways to write one character
    source = _source(data)
    start = len(data) - 5

    assert source.text[-3] == source.text[-1]
    assert apply(source, [Edit(start, start + 2, "x")]) == data[:start] + b"x \xfa\x5c"
    assert (inverse(source, [Edit(start, start + 2, "x")]) is None) != (
        inverse(source, [Edit(start + 3, start + 5, "x")]) is None
    )


def test_what_can_be_written() -> None:
    assert can_write(_source(b"a"), "\u65e5\U0001f600")
    assert not can_write(_source(b"a"), "\udfff")
    assert can_write(_source(_declared("windows-1252", "")), "\u20ac")
    assert not can_write(_source(_declared("windows-1252", "")), "\u65e5")
    assert not can_write(_source(_declared("iso-2022-jp", "")), "a")


@given(
    st.text(st.sampled_from("ab\r\n\u00e9\u65e5\U0001f600"), max_size=12),
    st.lists(
        st.tuples(st.integers(0, 12), st.integers(0, 3), st.text(st.sampled_from("x\u20ac\U0001f601"))),
        max_size=4,
    ),
    st.sampled_from(["utf-8", "utf-16-le", "utf-16-be", "utf-32-le"]),
)
def test_edits_are_what_replacing_text_is(
    text: str, planned: list[tuple[int, int, str]], encoding: str
) -> None:
    source = _source(("\ufeff" + text).encode(encoding))
    edits: list[Edit] = []
    parts: list[str] = []
    at = 0
    for start, length, content in sorted(planned):
        begin, end = min(start, len(text)), min(start + length, len(text))
        if begin >= at:
            edits.append(Edit(source.offset(begin), source.offset(end), content))
            parts += [text[at:begin], content]
            at = end
    expected = "\ufeff" + "".join([*parts, text[at:]])
    backwards = inverse(source, edits)

    assert apply(source, edits) == expected.encode(encoding)
    assert backwards is not None
    assert apply(_source(expected.encode(encoding)), backwards) == source.data
