from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrator.document.model import (
    CutComment,
    DeclareNamespace,
    InsertNodes,
    Literal,
    NewNode,
    RemoveAttribute,
    RemoveComment,
    RemoveNode,
    Rename,
    ReplaceValue,
    UseNamespaceOfParent,
)
from tests.document.changes import PLANS, Plan, changes, tree
from tests.document.mappings import WrittenFile, yaml_files
from tests.document.reading import document, edited, node_at


def _as_pyyaml(text: str) -> Any:
    return yaml.load(text, yaml.BaseLoader)  # noqa: S506 - it makes text and nothing else


TEXT = (
    "SMTP:  # c\r\n  Port : 587 # d\r\n  s: 'it''s'\r\n  d: \"a\\n\" # e\r\n  m: a\r\n   b\r\n"
    "  n: ~\r\n  e:   # f\r\n  z: ''\r\n  t: {x: no , \"y\":\"1\",'é😀': a}\r\n  l: [a]\r\n"
)
NEW = (
    "465",
    "",
    "a\"b'c\\d\n\0\u2028é😀",
    "25-nossl",
    "true",
    "no",
    "~",
    " a",
    "a: b",
    "a #b",
    "- a",
    "x,y",
    "0x1F",
    "1e3",
    "*a",
)


@pytest.mark.parametrize("new", NEW)
@pytest.mark.parametrize("path", ["Port", "s", "d", "m", "n", "e", "z", "t/x", "t/y", "t/é😀"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_value_is_replaced(path: str, new: str, encoding: str) -> None:
    read = document("x.yaml", TEXT.encode(encoding))
    node = node_at(read, f"SMTP/{path}")
    after = edited(read, ReplaceValue(node, new))

    assert after is not None
    text = after.decode(encoding)
    expected: Any = _as_pyyaml(TEXT)
    (expected["SMTP"] if "/" not in path else expected["SMTP"]["t"])[path.rpartition("/")[2]] = new
    assert _as_pyyaml(text) == expected
    again = node_at(document("x.yaml", after), f"SMTP/{path}")
    assert again.text() == new
    loaded: Any = yaml.safe_load(text)["SMTP"]
    loaded = loaded["t"] if "/" in path else loaded
    assert loaded[path.rpartition("/")[2]] == new  # the same text, not what YAML 1.1 could take it for
    value = node.entry.value
    assert text.startswith(TEXT[: value.start])
    assert text.endswith(TEXT[value.end :])


@pytest.mark.parametrize(
    ("text", "new", "expected"),
    [
        ("a: b", "c-d.e", "a: c-d.e"),
        ("a: 587-STARTTLS", "587-starttls", "a: 587-starttls"),
        ("a: b", "465", "a: '465'"),
        ("a: b", "it's", "a: 'it''s'"),
        ("a: b", "yes", "a: 'yes'"),
        ("a: b", "1e3", "a: '1e3'"),
        ("a: b", "a\nb", 'a: "a\\x0Ab"'),
        ("a: 'b'", "465", "a: '465'"),
        ("a: 'b'", "it's", "a: 'it''s'"),
        ("a: 'b'", "x\ty", 'a: "x\\x09y"'),
        ('a: "b"', 'c"\\', 'a: "c\\"\\\\"'),
        ("a:", "c", "a: c"),
        ("a: # x", "c", "a: c # x"),
        ("{a: ~}", "c", "{a: c}"),
        ("{a: , b: c}", "d", "{a: d , b: c}"),
    ],
)
def test_the_style_is_kept(text: str, new: str, expected: str) -> None:
    read = document("x.yaml", text)

    assert edited(read, ReplaceValue(node_at(read, "a"), new)) == expected.encode()


@pytest.mark.parametrize("text", ["a: 'b'", 'a: "b"', "{a: 'b'}"])
def test_the_quotes_of_a_value_are_no_part_of_the_edit(text: str) -> None:
    read = document("x.yaml", text)
    edits = read.edits([ReplaceValue(node_at(read, "a"), "new")])

    assert edits is not None
    assert [one.content for one in edits] == ["new"]


def test_a_number_is_written_as_one() -> None:
    for text in ("a: '078' # c", 'a: "078" # c', "a: 078 # c"):
        read = document("x.yaml", text)
        assert edited(read, ReplaceValue(node_at(read, "a"), "78", Literal.NUMBER)) == b"a: 78 # c"
    read = document("x.yaml", "a: b")
    assert edited(read, ReplaceValue(node_at(read, "a"), "7", Literal.NUMBER)) == b"a: 7"
    assert edited(read, ReplaceValue(node_at(read, "a"), "078", Literal.NUMBER)) == b"a: '078'"


@given(st.text(max_size=8), st.sampled_from(["a: b", "a: 'b'", 'a: "b"', "{a: b}", "a:", "[{a: b}]"]))
def test_any_text_can_be_written(new: str, text: str) -> None:
    read = document("x.yaml", text)
    after = edited(read, ReplaceValue(node_at(read, "a"), new))

    assert (after is None) == any("\ud800" <= one <= "\udfff" for one in new)
    if after is not None:
        loaded = yaml.safe_load(after.decode())
        assert (loaded[0] if isinstance(loaded, list) else loaded) == {"a": new}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SMTP:\n  Port : 1", "SMTP:\n  HostPort : 1"),
        ("SMTP:\n  'Port': 1", "SMTP:\n  'HostPort': 1"),
        ('SMTP: {"Port":1}', 'SMTP: {"HostPort":1}'),
        ("SMTP:\n  ? Port\n  : 1", "SMTP:\n  ? HostPort\n  : 1"),
        ("x: &x 1\nSMTP:\n  Port: *x", "x: &x 1\nSMTP:\n  HostPort: *x"),
        ("SMTP:\n  ? |-\n    Port\n  : 1", None),
    ],
)
def test_a_key_is_renamed(text: str, expected: str | None) -> None:
    read = document("x.yaml", text)

    result = edited(read, Rename(node_at(read, "SMTP/Port"), "HostPort"))

    assert result == (expected and expected.encode())


def test_a_key_without_a_name_is_renamed() -> None:
    for before, after in (('{"":1}', b'{"z":1}'), ("'': 1", b"'z': 1")):
        read = document("x.yaml", before)
        assert edited(read, Rename(read.root.children()[0], "z")) == after


def test_what_cannot_be_changed() -> None:
    text = (
        "x: &x {b: 1}\ny: &y 2\nSMTP: *x\nT: &unused\n  a: *y\n  l: |\n   a\n"
        "  f: >\n   a\n  m: {}\n  &k k: 1\n  n: {q}\n"
    )
    read = document("x.yaml", text)
    for path in ("x/b", "SMTP/b", "y", "T/a", "T/m", "T/n/q"):
        assert edited(read, ReplaceValue(node_at(read, path), "z")) is None, path
    for path in ("x/b", "SMTP/b", "T/k"):
        assert edited(read, Rename(node_at(read, path), "z")) is None, path
    assert edited(read, Rename(node_at(read, "T/a"), "true")) is None
    nameless = document("x.yaml", "?\n: 1\n")
    assert edited(nameless, Rename(nameless.root.children()[0], "z")) is None
    for path in ("x", "x/b", "SMTP/b", "y", "T/k"):
        assert edited(read, RemoveNode(node_at(read, path))) is None, path
    assert edited(read, UseNamespaceOfParent(node_at(read, "T/a"))) is None
    assert edited(read, DeclareNamespace(node_at(read, "T/a"), "u")) is None
    assert edited(read, RemoveNode(read.root)) is None
    assert edited(read, Rename(read.root, "x")) is None
    node = node_at(read, "T/k")
    assert edited(read, ReplaceValue(node, "z")) == text.replace("k: 1", "k: z").encode()
    assert edited(read, ReplaceValue(node, "a"), ReplaceValue(node, "b")) is None


@pytest.mark.parametrize("kind", [ReplaceValue, Rename, RemoveNode])
def test_what_an_alias_in_a_list_stands_for_is_not_changed(kind: type) -> None:
    read = document("x.yaml", "x:\n  - &m {b: 1, c: 2}\n  - d: 3\n    e: 4\ny: [*m, *m]\n")
    arguments = () if kind is RemoveNode else ("z",)

    for path in ("x/b", "y/b"):
        assert edited(read, kind(node_at(read, path), *arguments)) is None
    assert edited(read, kind(node_at(read, "x/d"), *arguments)) is not None


@pytest.mark.parametrize("kind", [ReplaceValue, Rename, RemoveNode])
def test_what_is_deep_in_what_an_alias_stands_for_is_not_changed(kind: type) -> None:
    read = document("x.yaml", "x: &x\n  m: {b: 1, c: 2}\ny: *x\n")
    arguments = () if kind is RemoveNode else ("z",)

    for path in ("x/m/b", "y/m/b"):
        assert edited(read, kind(node_at(read, path), *arguments)) is None


# Block scalars


_BLOCKS = [  # of a, the new text
    pytest.param("a: |\n  old\nb: c\n", "new", "a: new\nb: c\n", id="one line"),
    pytest.param("a: |-\n  old\nb: c\n", "new", "a: |-\n  new\nb: c\n", id="stripped"),
    pytest.param("a: >-\n  old\n  er\nb: c\n", "new", "a: >-\n  new\nb: c\n", id="folded, stripped"),
    pytest.param("a: |\n  old\nb: c\n", "new\n", "a: |\n  new\nb: c\n", id="clipped"),
    pytest.param("a: >\n  old\nb: c\n", "new\n", "a: >\n  new\nb: c\n", id="folded, clipped"),
    pytest.param("a: |-\n  old\nb: c\n", "new\n", 'a: "new\\x0A"\nb: c\n', id="stripped, with a line end"),
    pytest.param("a: |+\n  old\n\nb: c\n", "new\n\n", 'a: "new\\x0A\\x0A"\n\nb: c\n', id="kept blank lines"),
    pytest.param("a: |+\n  old\nb: c\n", "new\n", 'a: "new\\x0A"\nb: c\n', id="kept line ends"),
    pytest.param("a: |-\u2028  old\u2028b: c\n", "new", "a: new\u2028b: c\n", id="line ends of Unicode"),
    pytest.param("a: |\n  old\nb: c\n", "x\n\n y\n", "a: |\n  x\n\n   y\nb: c\n", id="lines"),
    pytest.param("a: >\n  old\nb: c\n", "x\ny\n", 'a: "x\\x0Ay\\x0A"\nb: c\n', id="lines, folded"),
    pytest.param("a: |-\n  old\nb: c\n", "x\n y", "a: |-\n  x\n   y\nb: c\n", id="lines, stripped"),
    pytest.param("a: |-\n  old\nb: c\n", " x", "a: ' x'\nb: c\n", id="space before"),
    pytest.param("a: |-\n  old\nb: c\n", "x ", "a: 'x '\nb: c\n", id="space behind"),
    pytest.param("a: |-\n  old\nb: c\n", "\nx", 'a: "\\x0Ax"\nb: c\n', id="blank line first"),
    pytest.param("a: |-\n  old\nb: c\n", "", "a: ''\nb: c\n", id="nothing"),
    pytest.param("a: |-\n  old\nb: c\n", "x\ty", 'a: "x\\x09y"\nb: c\n', id="tab"),
    pytest.param("a: |-\n  old\nb: c\n", "# x", "a: |-\n  # x\nb: c\n", id="no comment"),
    pytest.param("a: |\n  old\nb: c\n", "no", "a: 'no'\nb: c\n", id="in quotes"),
    pytest.param("a: |  # d\n  old\nb: c\n", "new", "a: new  # d\nb: c\n", id="comment"),
    pytest.param("a: |- # d\n  old\nb: c\n", "new", "a: |- # d\n  new\nb: c\n", id="comment, stripped"),
    pytest.param(
        "a: |\n  old\n# d\n   # e\nb: c\n", "new", "a: new\n# d\n   # e\nb: c\n", id="comments behind"
    ),
    pytest.param("a: |-\n   old\n  # d\nb: c\n", "new", "a: |-\n   new\n  # d\nb: c\n", id="comment near"),
    pytest.param("a: |3-\n     old\n    e\nb: c\n", "new", "a: |3-\n   new\nb: c\n", id="columns"),
    pytest.param("a: |-3\n     old\nb: c\n", "new\n", 'a: "new\\x0A"\nb: c\n', id="columns, dropped"),
    pytest.param("a: &x |\n  old\nb: c\n", "new", "a: &x new\nb: c\n", id="anchor"),
    pytest.param("a: |\n\nb: c\n", "new\n", 'a: "new\\x0A"\n\nb: c\n', id="empty"),
    pytest.param("a: | # d\nb: c\n", "new", "a: new # d\nb: c\n", id="empty with a comment"),
    pytest.param("a: |-\n\n  old\n\n  er\n\n\nb: c\n", "new", "a: |-\n  new\n\n\nb: c\n", id="blank lines"),
    pytest.param("a: |\n  old\n  \t\n    \nb: c\n", "new", "a: new\nb: c\n", id="white space in it"),
    pytest.param("a: |-\n  old\n  \t\n\nb: c\n", "new", "a: new\n\nb: c\n", id="white space in it, stripped"),
    pytest.param("a: |\n  old  \nb: c\n", "new\n", 'a: "new\\x0A"\nb: c\n', id="white space behind"),
    pytest.param("a: |-\n \n  old\nb: c\n", "new", "a: |-\n  new\nb: c\n", id="white space before"),
    pytest.param("a: |\n  old", "new\n", 'a: "new\\x0A"', id="no line end"),
    pytest.param("a: |-\n  old", "new", "a: |-\n  new", id="no line end, stripped"),
    pytest.param("a: |-", "new", "a: new", id="empty, no line end"),
    pytest.param("a: |-\n old\nb: c\n", "new", "a: |-\n new\nb: c\n", id="one column"),
    pytest.param("a: |\n  old\nb: c\n", "x\ny\tz\n", 'a: "x\\x0Ay\\x09z\\x0A"\nb: c\n', id="lines, tab"),
    pytest.param(
        "a: |\n  old\u2028\nb: c\n", "new\n", 'a: "new\\x0A"\u2028\nb: c\n', id="another line end before"
    ),
    pytest.param(
        "a: |\n  old\n\u2028b: c\n", "new\n", "a: |\n  new\n\u2028b: c\n", id="another line end behind"
    ),
    pytest.param("a:\n |\n  old\nb: c\n", "new", "a:\n new\nb: c\n", id="sign in a line of its own"),
    pytest.param("a:\n|\n  old\nb: c\n", "new\n", "a:\n|\n  new\nb: c\n", id="sign below the key"),
    pytest.param("? a\n: |\n  old\nb: c\n", "new", "? a\n: new\nb: c\n", id="behind an explicit key"),
    pytest.param(
        "- x:\n  - a: |\n     old\n    b: c\n", "new\n", "- x:\n  - a: |\n     new\n    b: c\n", id="nested"
    ),
]


@pytest.mark.parametrize(("before", "new", "after"), _BLOCKS)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_block_scalar_is_replaced(before: str, new: str, after: str, line_end: str, encoding: str) -> None:
    read = document("x.yaml", before.replace("\n", line_end).encode(encoding))
    node = next(read.find("a"))

    result = edited(read, ReplaceValue(node, new))

    assert result == after.replace("\n", line_end).encode(encoding)
    assert next(document("x.yaml", result).find("a")).text() == new
    assert [one.text for one in document("x.yaml", result).comments()] == [
        one.text for one in read.comments()
    ]


@pytest.mark.parametrize("before", ["a:\n|\n old\n", "- x:\n  a:\n  |\n    old\n", "? a\n:\n|-\n"])
def test_only_a_block_scalar_can_stand_below_its_key(before: str) -> None:
    read = document("x.yaml", before)

    assert edited(read, ReplaceValue(next(read.find("a")), "new")) is None


def test_a_block_scalar_that_is_the_whole_file_is_replaced() -> None:
    read = document("x.yaml", "---\n|\n  old\n")

    assert edited(read, ReplaceValue(read.root, "new")) == b"---\nnew\n"


@pytest.mark.parametrize("before", ["a: |\n  0078\n", "a: >-\n  0078\n", "a: '0078'\n", 'a: "00\\\n  78"\n'])
def test_a_number_takes_the_place_of_any_scalar(before: str) -> None:
    read = document("x.yaml", before)

    assert edited(read, ReplaceValue(node_at(read, "a"), "78", Literal.NUMBER)) == b"a: 78\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: x\n  y\n\n  z # c\nb: 1\n", "a: new # c\nb: 1\n"),
        ("a:\n  x\n  y\nb: 1\n", "a:\n  new\nb: 1\n"),
        ("a: 'x\n\n  y' # c\n", "a: 'new' # c\n"),
        ('a: "x\\\n  \\ y"\n', 'a: "new"\n'),
        ("{a: x\n y, b: 1}", "{a: new, b: 1}"),
    ],
)
def test_a_scalar_of_several_lines_is_replaced(before: str, after: str) -> None:
    read = document("x.yaml", before)

    assert edited(read, ReplaceValue(next(read.find("a")), "new")) == after.encode()


# Removals


_REMOVALS = [  # of everything named b
    pytest.param("a: 1\nb: 2\nc: 3\n", "a: 1\nc: 3\n", id="line"),
    pytest.param("b: 2\nc: 3\n", "c: 3\n", id="first line"),
    pytest.param("b: 2\nc: 3  ", "c: 3  ", id="first line, blanks at the end"),
    pytest.param("a: 1\nb: 2\n", "a: 1\n", id="last line"),
    pytest.param("a: 1\nb: 2", "a: 1\n", id="last line without an end"),
    pytest.param("a: 1\n'b' : \"2\"  \nc: 3\n", "a: 1\nc: 3\n", id="quotes and spaces"),
    pytest.param("S:\n  a: 1\n  b:\n  c: 3\n", "S:\n  a: 1\n  c: 3\n", id="nothing"),
    pytest.param("S:\n  a: 1\n  b: x\n    y\n  c: 3\n", "S:\n  a: 1\n  c: 3\n", id="lines"),
    pytest.param("S:\n  a: 1\n  b:\n    d:\n    - 1\n    -\n  c: 3\n", "S:\n  a: 1\n  c: 3\n", id="nested"),
    pytest.param("S:\n  a: 1\n  b:\n  - d: 1\n    e:\nT: 3\n", "S:\n  a: 1\nT: 3\n", id="list"),
    pytest.param("S:\n  b: {a: [1,\n   2]}\n  c: 3\n", "S:\n  c: 3\n", id="brackets"),
    pytest.param("S:\n  b: |\n    x\n    # y\n  c: 3\n", "S:\n  c: 3\n", id="block scalar"),
    pytest.param("S:\n  b: |+\n    x\n\n  c: 3\n", "S:\n\n  c: 3\n", id="kept blank lines"),
    pytest.param("x: &x 1\nb: *x\nc: *x\n", "x: &x 1\nc: *x\n", id="alias"),
    pytest.param("x: 1\nb: &x 1\nc: 1\n", "x: 1\nc: 1\n", id="anchor without an alias"),
    pytest.param("a: 1\n# d\nb: 2\n# e\nc: 3\n", "a: 1\n# d\n# e\nc: 3\n", id="comments around"),
    pytest.param("--- # d\nb: 1\nc: 2\n...\n", "--- # d\nc: 2\n...\n", id="document"),
    pytest.param("a: 1\u2028b: 2\u2028c: 3\x85b: 4", "a: 1\u2028c: 3\x85", id="other line ends"),
    pytest.param("b: 1\nb: 2\nc: 3\nb: 4\n", "c: 3\n", id="several"),
    pytest.param("S:\n  b: 1\n", "S: {}\n", id="only"),
    pytest.param("S:\n  b: 1\n  b:\n    c: 1\nT:\n", "S: {}\nT:\n", id="all"),
    pytest.param("S: # d\n  b: 1\n", "S: # d\n  {}\n", id="only, comment"),
    pytest.param("S:\n# d:\n  b: 1\n", "S:\n# d:\n  {}\n", id="only, comment on a line"),
    pytest.param("S: &x\n  b: 1\n", "S: &x\n  {}\n", id="only, anchor"),
    pytest.param("b: 1\n# d\n", "{}\n# d\n", id="only, top"),
    pytest.param("S:\n- b: 1\n-\n  b: 1\n", "S:\n- {}\n-\n  {}\n", id="only, in a list"),
    pytest.param("S:\n- b: 1\n  c: 2\n- c: 3\n  b: 4\n", "S:\n- c: 2\n- c: 3\n", id="in a list"),
    pytest.param("S:\n- b: 1\n\n  b: 2\n  c: 2\n  b: 3\n", "S:\n- c: 2\n", id="several in a list"),
    pytest.param("? S\n: b: 1\n  c: 2\n", "? S\n: c: 2\n", id="behind an explicit key"),
    pytest.param("? S\n: b: 1\nT: 1", "? S\n: {}\nT: 1", id="only, behind an explicit key"),
    pytest.param("a: |\n  x\nb: 1\nc: 1\n", "a: |\n  x\nc: 1\n", id="behind a block scalar"),
    pytest.param("S:\n  a: |+\n    x\n  b: 1", "S:\n  a: |+\n    x\n", id="behind a block scalar, last"),
    pytest.param("S: {b: 1}\n", "S: {}\n", id="brackets, only"),
    pytest.param("S: { b: 1, } # d\n", "S: {} # d\n", id="brackets, only with a comma"),
    pytest.param("S: {b: 1, c: 2} # d\n", "S: {c: 2} # d\n", id="brackets, first"),
    pytest.param("S: {a: 1, b: 2, c: 3}\n", "S: {a: 1, c: 3}\n", id="brackets, middle"),
    pytest.param("S: {a: , b: , c: }\n", "S: {a: , c: }\n", id="brackets, nothing"),
    pytest.param("S: {a: 1, b: , c: 3}\n", "S: {a: 1, c: 3}\n", id="brackets, nothing in the middle"),
    pytest.param("S: {a: 1, b: }\n", "S: {a: 1}\n", id="brackets, nothing at the end"),
    pytest.param("S: { a: 1, b: }\n", "S: { a: 1 }\n", id="brackets with blanks, nothing at the end"),
    pytest.param(
        "S: { a: 1, b: , c: 3 }\n", "S: { a: 1, c: 3 }\n", id="brackets with blanks, nothing inside"
    ),
    pytest.param("S: {b: , a: , c: 3}\n", "S: {a: , c: 3}\n", id="brackets, nothing at the beginning"),
    pytest.param("S: {a, b, c}\n", "S: {a, c}\n", id="brackets, keys alone"),
    pytest.param("S: {a: 1, b: 2}\n", "S: {a: 1}\n", id="brackets, last"),
    pytest.param("S: {b: 1, c: 2, ? }\n", "S: {c: 2, ? }\n", id="brackets, a question mark further down"),
    pytest.param("S: {? , a: 1, b: 2}\n", "S: {? , a: 1}\n", id="brackets, a question mark further up"),
    pytest.param("S: {? : 1, b: 2}\n", "S: {? : 1}\n", id="brackets, a question mark with a value"),
    pytest.param("S: {'?', b: 2}\n", "S: {'?'}\n", id="brackets, a question mark in quotes"),
    pytest.param("S: {? a, b: 2}\n", "S: {? a}\n", id="brackets, behind an explicit key"),
    pytest.param("S: {a?, b: 2}\n", "S: {a?}\n", id="brackets, behind a key with a question mark"),
    pytest.param("S: {a: 1, b: 2 , }\n", "S: {a: 1 , }\n", id="brackets, last with a comma"),
    pytest.param("S: {\n  a: 1,\n  b: 2,\n  c: 3\n}\n", "S: {\n  a: 1,\n  c: 3\n}\n", id="brackets, line"),
    pytest.param("S: {\n # d\n b: 2,\n # e\n c: 3}\n", "S: {\n # d\n # e\n c: 3}\n", id="brackets, comments"),
    pytest.param('{"a":1,"b":2,"c":3}', '{"a":1,"c":3}', id="as in JSON"),
    pytest.param("[{b: 1}, {b: 2, c: 3}]", "[{}, {c: 3}]", id="brackets in brackets"),
    pytest.param("x: &x 1\nS: {a: *x , b: 1}\n", "x: &x 1\nS: {a: *x}\n", id="brackets, alias"),
]


@pytest.mark.parametrize(("before", "after"), _REMOVALS)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_keys_are_removed(before: str, after: str, line_end: str, encoding: str) -> None:
    read = document("x.yaml", before.replace("\n", line_end).encode(encoding))

    result = edited(read, *map(RemoveNode, read.find("b")))

    assert result == after.replace("\n", line_end).encode(encoding)
    assert not list(document("x.yaml", result).find("b"))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a: 1\nb: 2 # d\n", id="comment behind"),
        pytest.param("a: 1\nb: # d\n  2\n", id="comment before the value"),
        pytest.param("a: 1\nb: | # d\n  2\n", id="comment of a block scalar"),
        pytest.param("a: 1\nb:\n  c: 2\n  # d\n  e: 3\n", id="comment inside"),
        pytest.param("S:\n  b: 1 # d\n", id="only, comment behind"),
        pytest.param("S:\n- b: 1 # d\n  c: 2\n", id="comment in a list"),
        pytest.param("S:\n- b: 1\n  # d\n  c: 2\n", id="comment on a line in a list"),
        pytest.param("S: {b: 1, # d\n c: 2}\n", id="comment behind the comma"),
        pytest.param("S: {b: 1 # d\n , c: 2}\n", id="comment before the comma"),
        pytest.param("S: {a: 1, b: 2, # d\n c: 3}\n", id="comment behind the comma, in the middle"),
        pytest.param("S: {a: 1, b: 2 , # d\n c: 3}\n", id="comment behind the comma, blanks"),
        pytest.param("S: {a: 1, b: 2\t,\t# d\n c: 3}\n", id="comment behind the comma, tabs"),
        pytest.param("S: {b: 1 # , d,\n , c: 2}\n", id="comma in a comment"),
        pytest.param("S: {a: 1, # d\n b: 2}\n", id="comment behind the comma before"),
        pytest.param("S: {a\n # d\n , b: 2}\n", id="comment behind a key alone"),
        pytest.param("S: {b: 1\n # d\n}\n", id="comment in brackets"),
        pytest.param("b: &x 1\nc: *x\n", id="alias"),
        pytest.param("b: [&x 1]\nc: *x\n", id="alias of something inside"),
        pytest.param("a: 1\nb: {&x c: 1}\n", id="anchor of a key inside"),
        pytest.param("? b\n: 1\n? c\n: 2\n", id="explicit key"),
        pytest.param("?\n  b\n: 1\nc: 2\n", id="explicit key on a line"),
        pytest.param("? b\n", id="explicit key alone"),
        pytest.param("S: {? b : 1, c: 2}\n", id="explicit key in brackets"),
        pytest.param("S: {b: 1, ? c : 2}\n", id="explicit key behind"),
        pytest.param("S: {b: 1, &x c: 2}\n", id="anchor behind"),
        pytest.param("S:\n- b: 1\n  ? c\n  : 2\n", id="explicit key behind, in a list"),
        pytest.param("S:\n- ? b\n  : 1\n  c: 2\n", id="explicit key in a list"),
        pytest.param("S: {? , b: 1}\n", id="question mark alone before"),
        pytest.param("S: {? , b: 1, c: 2, b: 3}\n", id="question mark alone before one of them"),
        pytest.param("S: {a: 1, ?\n , b: 2, c: 3}\n", id="question mark alone on its line before"),
        pytest.param("S: [b: 1]\n", id="pair in a list"),
        pytest.param("a: |+\n  x\nb: 1\n\nc: 1\n", id="blank line behind a block scalar"),
        pytest.param("a: |\n  x\nb: 1\n  # d\nc: 1\n", id="comment behind a block scalar"),
        pytest.param("a:\n  - >\n    x\nb: 1\n\n\n", id="blank lines behind a block scalar in a list"),
        pytest.param("b: |\n  x\n  \t\nc: 1\n", id="tab in a block scalar"),
        pytest.param("S:\n  b: |\n    x\n    \t\n", id="only, tab in a block scalar"),
        pytest.param("- b: |\n    x\n    \t\n  c: 1\n", id="tab in a block scalar in a list"),
    ],
)
def test_keys_are_not_removed(text: str) -> None:
    read = document("x.yaml", text)

    assert edited(read, *map(RemoveNode, read.find("b"))) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("D:\n  '@x': 1\n  $: t\n", "D:\n  $: t\n"),
        ("D:\n  $: t\n  '@x': 1\n", "D:\n  $: t\n"),
        ("D: {'@x': 1, $: t}\n", "D: {$: t}\n"),
        ("D:\n  '@x': 1\n", "D: {}\n"),
        ("D:\n- '@x': 1\n  b: 2\n", "D:\n- b: 2\n"),
        ("D:\n  '@x': 1 # c\n  $: t\n", None),
        ("D:\n  '@x': &x 1\n  $: *x\n", None),
        ("E: &x {'@x': 1}\nD: *x\n", None),
    ],
)
def test_attributes_are_removed(before: str, after: str | None) -> None:
    read = document("x.yaml", before)
    node = node_at(read, "D")

    assert edited(read, RemoveAttribute(node, node.attributes()[0])) == (after and after.encode())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("S:\n  a: 1\n  b: 2  # d\n  c: 3\n", "S:\n  a: 1\n  # d\n  c: 3\n"),
        ("S:\n  b: 2 # d\n  c: 3\n", "S:\n  # d\n  c: 3\n"),
        ("S:\n  b: 2\t# d\n  c: 3\n", "S:\n  # d\n  c: 3\n"),
        ("S:\n  a: |\n    x\n  b: 2 # d", "S:\n  a: |\n    x\n  # d"),
        ("S:\n  a: 1\n  b: 2\n", "S:\n  a: 1\n"),
        ("S:\n  a: 1\n  b: # d\n    2 # e\n", None),
        ("S:\n  b: 2 # d\n", None),
        ("S:\n- b: 2 # d\n  c: 3\n", None),
        ("S: {a: 1, b: 2 # d\n}", None),
    ],
)
def test_a_comment_behind_what_is_removed_may_be_left(before: str, after: str | None) -> None:
    read = document("x.yaml", before)

    result = edited(read, RemoveNode(next(read.find("b")), leaves_comment=True))

    assert result == (after and after.encode())


def test_changes_together() -> None:
    text = "S:\n  a: |\n    x\n  b: 1\n  c:\n  d: 1\n"
    read = document("x.yaml", text)
    a, b, c, d = node_at(read, "S").children()

    assert edited(read, RemoveNode(d), ReplaceValue(a, "new"), Rename(c, "e"), RemoveNode(b)) == (
        b"S:\n  a: new\n  e:\n"
    )
    assert edited(read, ReplaceValue(c, "x"), RemoveNode(d), Rename(a, "z")) == (
        b"S:\n  z: |\n    x\n  b: 1\n  c: x\n"
    )
    for other in (RemoveNode(c), Rename(c, "x"), ReplaceValue(c, "x")):
        assert edited(read, RemoveNode(c), other) is None
        assert edited(read, RemoveNode(node_at(read, "S")), other) is None


def test_nothing_is_inserted_into_what_goes() -> None:
    read = document("x.yaml", "S:\n  m:\n    c: 1")
    m, c = node_at(read, "S/m"), node_at(read, "S/m/c")

    assert edited(read, RemoveNode(m)) == b"S: {}"
    assert edited(read, RemoveNode(m), InsertNodes(m, _ONE, after=c)) is None


# Insertions

_ONE = (NewNode("x", "new"),)
_INSERTIONS = [  # behind b, or into b where it holds nothing
    pytest.param("b: 1\n", "b: 1\nx: new\n", id="line"),
    pytest.param("b: 1", "b: 1\nx: new", id="no line end"),
    pytest.param("b: 1  # d\nc: 2\n", "b: 1  # d\nx: new\nc: 2\n", id="comment"),
    pytest.param("b: 1\n# d\nc: 2\n", "b: 1\nx: new\n# d\nc: 2\n", id="comment of the next"),
    pytest.param("b: 1  \n\nc: 2\n", "b: 1  \nx: new\n\nc: 2\n", id="white space"),
    pytest.param("S:\n   b: 1\nT:\n", "S:\n   b: 1\n   x: new\nT:\n", id="indented"),
    pytest.param("b: p\n q # d\nc: 2\n", "b: p\n q # d\nx: new\nc: 2\n", id="lines"),
    pytest.param("b:\n- e: # d\n- f\nc: 2\n", "b:\n- e: # d\n- f\nx: new\nc: 2\n", id="list"),
    pytest.param("b:\n - e:\n    f: # d\nc: 2\n", "b:\n - e:\n    f: # d\nx: new\nc: 2\n", id="nested"),
    pytest.param("b: |\n  e\n\nc: 2\n", "b: |\n  e\nx: new\n\nc: 2\n", id="block scalar"),
    pytest.param("b: >-\n  e", "b: >-\n  e\nx: new", id="block scalar, no line end"),
    pytest.param("b: |\n  e\n\u2028c: 2\n", "b: |\n  e\nx: new\n\u2028c: 2\n", id="two kinds of line ends"),
    pytest.param("b: |\nc: 2\n", "b: |\nx: new\nc: 2\n", id="empty block scalar"),
    pytest.param("b: |2-\n\n# d\nc: 2\n", "b: |2-\nx: new\n\n# d\nc: 2\n", id="empty block scalar, stripped"),
    pytest.param("b: | # d\nc: 2\n", "b: | # d\nx: new\nc: 2\n", id="empty block scalar, comment"),
    pytest.param("- b: |-", "- b: |-\n  x: new", id="empty block scalar, no line end"),
    pytest.param("b: [1,\n 2] # d\nc: 2\n", "b: [1,\n 2] # d\nx: new\nc: 2\n", id="brackets inside"),
    pytest.param("- a: 1\n  b: 2\n", "- a: 1\n  b: 2\n  x: new\n", id="in a list"),
    pytest.param("? S\n: b: 1\n  c: 2\n", "? S\n: b: 1\n  x: new\n  c: 2\n", id="behind an explicit key"),
    pytest.param("? b\n: 1\n", "? b\n: 1\nx: new\n", id="explicit key"),
    pytest.param("S:\n  &k b: 1\n", "S:\n  &k b: 1\n  x: new\n", id="anchor"),
    pytest.param("--- # d\nb: 1\n...\n", "--- # d\nb: 1\nx: new\n...\n", id="document"),
    pytest.param('"b": "1"\n', '"b": "1"\n"x": "new"\n', id="quotes"),
    pytest.param("b: 'q'\n", "b: 'q'\nx: 'new'\n", id="quotes of values"),
    pytest.param('b: "q"\n', 'b: "q"\nx: "new"\n', id="double quotes of values"),
    pytest.param("b: '1'\n", "b: '1'\nx: new\n", id="quotes of a number"),
    pytest.param("b: 'q'\nc: d\n", "b: 'q'\nx: new\nc: d\n", id="quotes where it must be"),
    pytest.param("{b: 1}", "{b: 1, x: new}", id="brackets"),
    pytest.param('{"a": 1, b: 2}', '{"a": 1, b: 2, x: new}', id="brackets, quotes of another"),
    pytest.param('{"b":\n "1"}', '{"b":\n "1", "x": "new"}', id="brackets, value in another line"),
    pytest.param("{b: 1, }", "{b: 1, x: new, }", id="brackets, comma behind"),
    pytest.param(
        '{"b": 1, c: 2, d: 3}', '{"b": 1, "x": "new", c: 2, d: 3}', id="brackets, quotes of the nearest"
    ),
    pytest.param("x: {\n \ty: 1}\nb:\n", "x: {\n \ty: 1}\nb:\n  x: new\n", id="nothing, tabs elsewhere"),
    pytest.param("S:\n  a: 'q'\nb:\n", "S:\n  a: 'q'\nb:\n  x: 'new'\n", id="nothing, quotes elsewhere"),
    pytest.param("{b:  1}", "{b:  1, x:  new}", id="brackets, blanks behind the colon"),
    pytest.param("a: &z 'q'\nS:\n  b: *z\n", "a: &z 'q'\nS:\n  b: *z\n  x: new\n", id="quotes of an alias"),
    pytest.param('{"b":"1","c":"2"}', '{"b":"1","x":"new","c":"2"}', id="as in JSON"),
    pytest.param("{\n  b: 1,\n  c: 2\n}", "{\n  b: 1,\n  x: new,\n  c: 2\n}", id="brackets, lines"),
    pytest.param("b:\nc: 1\n", "b:\n  x: new\nc: 1\n", id="nothing"),
    pytest.param("b: # d\nc: 1\n", "b: # d\n  x: new\nc: 1\n", id="nothing, comment"),
    pytest.param("b: ~  # d\nc: 1\n", "b:  # d\n  x: new\nc: 1\n", id="null, comment"),
    pytest.param("b: {} \nc: 1\n", "b: \n  x: new\nc: 1\n", id="empty"),
    pytest.param("b: &z {}\n", "b: &z\n  x: new\n", id="empty, anchor"),
    pytest.param("S:\n    b: {}", "S:\n    b:\n        x: new", id="empty, indented as elsewhere"),
    pytest.param("b:\n   {} # d\n", "b:\n   x: new # d\n", id="empty, on a line"),
    pytest.param("- b:\n- c\n", "- b:\n    x: new\n- c\n", id="nothing, in a list"),
    pytest.param("{b: , c: 1}", "{b: {x: new} , c: 1}", id="nothing in brackets"),
    pytest.param("{b: {}}", "{b: {x: new}}", id="empty in brackets"),
    pytest.param("{\n  b: ~\n}", "{\n  b: {\n    x: new\n  }\n}", id="null in brackets, lines"),
    pytest.param('{"b": {}}', '{"b": {"x": "new"}}', id="empty in brackets, quotes"),
    pytest.param("'b': 1\n", "'b': 1\n'x': 'new'\n", id="single quotes"),
]


@pytest.mark.parametrize(("before", "after"), _INSERTIONS)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_keys_are_inserted(before: str, after: str, line_end: str, encoding: str) -> None:
    if "\n" not in before:
        line_end = "\n"
    read = document("x.yaml", before.replace("\n", line_end).encode(encoding))
    node = next(read.find("b"))
    parent = node.parent()
    assert parent is not None
    is_empty = node.literal() in (Literal.MAPPING, Literal.NULL)

    result = edited(read, InsertNodes(node, _ONE) if is_empty else InsertNodes(parent, _ONE, after=node))

    assert result == after.replace("\n", line_end).encode(encoding)
    if not is_empty and parent.children()[-1] == node and parent.literal() is Literal.MAPPING:
        assert edited(read, InsertNodes(parent, _ONE)) == result


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("b: 1\n", "x: new\nb: 1\n"),
        ("# d\nb: 1\n", "# d\nx: new\nb: 1\n"),
        ("---\nb: 1\n", "---\nx: new\nb: 1\n"),
        ("S:\n  # d\n  # e\n  b: 1\n", "S:\n  x: new\n  # d\n  # e\n  b: 1\n"),
        ("S: # d\n\n  # e\n  b: 1\n", "S: # d\n\n  x: new\n  # e\n  b: 1\n"),
        ("S:\n  # e\n\n  b: 1\n", "S:\n  # e\n\n  x: new\n  b: 1\n"),
        ("- b: 1\n  c: 2\n", "- x: new\n  b: 1\n  c: 2\n"),
        ("- ? b\n  : 2\n", "- x: new\n  ? b\n  : 2\n"),
        ("{b: 1}", "{x: new, b: 1}"),
        ("{ b: 1, c: 2 }", "{ x: new, b: 1, c: 2 }"),
        ("S: {b: 1}", "S: {x: new, b: 1}"),
        ("{? b: 1, c: 2}", None),
        ("{ # d\n b: 1}", None),
        ("a: 1 # d\nb: 1\n", "a: 1 # d\nx: new\nb: 1\n"),
        ("S:\n# e\n  b: 1\n", "S:\n  x: new\n# e\n  b: 1\n"),
        ("S:\n\t# e\n  b: 1\n", "S:\n  x: new\n\t# e\n  b: 1\n"),
        ("{a:, b: 1}", "{a:, x: new, b: 1}"),
        ("{a:[1], b: 1}", "{a:[1], x: new, b: 1}"),
        ('{"a":, "b":1}', '{"a":, "x": "new", "b":1}'),
    ],
)
def test_keys_are_inserted_before(before: str, after: str | None) -> None:
    read = document("x.yaml", before)
    node = next(read.find("b"))
    parent = node.parent()
    assert parent is not None

    assert edited(read, InsertNodes(parent, _ONE, before=node)) == (after and after.encode())


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        pytest.param("a: q\n", "x: '587'\nm: 587", id="nothing to go by"),
        pytest.param('a: q\nb: "1"\n', 'x: "587"\nm: 587', id="in the quotes that others need"),
        pytest.param('a: |\n  q\nb: "1"\n', 'x: "587"\nm: 587', id="a block scalar has no quotes"),
        pytest.param('a: ""\n', 'x: "587"\nm: 587', id="quotes of an empty text"),
        pytest.param("a: '1'\nb: \"2\"\n", "x: '587'\nm: 587", id="the first quotes"),
    ],
)
def test_what_looks_like_a_number_is_quoted_as_other_texts_are(before: str, behind: str) -> None:
    read = document("x.yaml", before)
    new = (NewNode("x", "587"), NewNode("m", "587", Literal.NUMBER))

    assert edited(read, InsertNodes(read.root, new)) == f"{before}{behind}\n".encode()


@pytest.mark.parametrize(("before", "content"), [(600, "'new'"), (1100, "new")])
def test_in_a_long_file_the_first_values_tell_how_others_are_written(before: int, content: str) -> None:
    text = f"a: [{'1,' * before}'q']\nb:\n"
    read = document("x.yaml", text)

    assert edited(read, InsertNodes(node_at(read, "b"), _ONE)) == f"{text}  x: {content}\n".encode()


def test_several_keys_are_inserted_before() -> None:
    new = (NewNode("x", "new"), NewNode("z", "newer"))
    for text, expected in (
        ("- b: 1\n", b"- x: new\n  z: newer\n  b: 1\n"),
        ("{b: 1}", b"{x: new, z: newer, b: 1}"),
        ("S:\n  b: 1\n", b"S:\n  x: new\n  z: newer\n  b: 1\n"),
    ):
        read = document("x.yaml", text)
        (b,) = read.find("b")
        parent = b.parent()
        assert parent is not None
        assert edited(read, InsertNodes(parent, new, before=b)) == expected


def test_keys_are_inserted_with_keys_inside() -> None:
    inner = (NewNode("num", "78", Literal.NUMBER), NewNode("m", "078", Literal.NUMBER))
    new = (NewNode("no", ""), NewNode("in", children=inner), NewNode("e", children=()))

    def into(text: str) -> bytes | None:
        read = document("x.yaml", text)
        return edited(read, InsertNodes(read.root, new))

    lines = b"'no': ''\nin:\n  num: 78\n  m: '078'\ne: {}"
    assert into("{}") == lines
    assert into("# c\n{} # d\n") == b"# c\n" + lines + b" # d\n"
    assert into("--- {}") == b"--- {'no': '', in: {num: 78, m: '078'}, e: {}}"
    assert into("a: b") == b"a: b\n" + lines
    assert into('{"a":"b"}') == b'{"a":"b","no":"","in":{"num":78,"m":"078"},"e":{}}'


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("b: |+\n  e\n\nc: 1\n", id="behind kept blank lines"),
        pytest.param("b: |\n  e\n  \t\nc: 1\n", id="behind white space in a block scalar"),
        pytest.param("b: |\n  e", id="behind a block scalar without a line end"),
        pytest.param("b: |\n  e\u2028c: 1\n", id="behind a line end that is part of a block scalar"),
        pytest.param("b: |\n  e\n    ", id="behind white space at the end of a block scalar"),
        pytest.param("{b: 1, # d\n c: 2}", id="comment in brackets"),
        pytest.param("{b: 1 # d\n}", id="comment behind in brackets"),
        pytest.param("[b: 1]", id="pair in a list"),
        pytest.param("{? b : 1}", id="explicit key in brackets"),
        pytest.param("q: &z\n  b: 1\nr: *z\n", id="what an alias stands for"),
        pytest.param("q: &z [{b: 1}]\nr: *z\n", id="in what an alias stands for"),
        pytest.param("? b\n? c\n", id="explicit key alone"),
        pytest.param("b: { # d\n}", id="comment in an empty mapping"),
        pytest.param("? b\n", id="nothing behind an explicit key"),
        pytest.param("? b\n: {}\n", id="empty behind an explicit key"),
        pytest.param("b:\n \t{}\n", id="empty behind a tab"),
        pytest.param("b:\n  &z {}\n", id="empty behind an anchor in a line"),
        pytest.param("\ufeff\ufeffb: 1\n", id="second byte order mark"),
        pytest.param("\ufeff\ufeffb: {}\n", id="empty, second byte order mark"),
        pytest.param("{b}", id="key alone in brackets"),
        pytest.param("c: &z {}\nb: *z\n", id="alias of an empty mapping"),
    ],
)
def test_keys_are_not_inserted(text: str) -> None:
    read = document("x.yaml", text)
    node = next(read.find("b"))
    parent = node.parent()
    assert parent is not None
    is_empty = node.literal() in (Literal.MAPPING, Literal.NULL)

    assert (
        edited(read, InsertNodes(node, _ONE) if is_empty else InsertNodes(parent, _ONE, after=node)) is None
    )


def test_what_is_inserted_agrees_with_what_else_changes() -> None:
    read = document("x.yaml", "S:\n  b: 1\n  c: # d\n")
    s = node_at(read, "S")
    b, c = s.children()

    assert edited(read, InsertNodes(c, _ONE), ReplaceValue(b, "z")) == b"S:\n  b: z\n  c: # d\n    x: new\n"
    assert edited(read, InsertNodes(s, _ONE, after=b), Rename(c, "e")) == b"S:\n  b: 1\n  x: new\n  e: # d\n"
    for other in (ReplaceValue(c, "z"), RemoveNode(c), RemoveNode(s), InsertNodes(c, _ONE)):
        assert edited(read, InsertNodes(c, _ONE), other) is None
    assert edited(read, InsertNodes(s, _ONE, after=b), RemoveNode(b)) is None


@settings(
    deadline=None,
    max_examples=75,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(yaml_files(), PLANS)
def test_changes_do_what_they_say_and_nothing_else(written: WrittenFile, plans: list[Plan]) -> None:
    read = document("x.yaml", written.data)
    made = changes(read, plans)
    expected = tree(read.root.entry.value, made)

    result = edited(read, *made)

    if result is None:
        return
    after = document("x.yaml", result)
    assert tree(after.root.entry.value) == expected
    assert [one.text for one in after.comments()] == [one.text for one in read.comments()]
    if written.is_narrow:
        assert _said(_as_pyyaml(after.source.text)) == _said(expected)


def _said(value: Any) -> Any:
    """What a document says, whoever read it."""
    if isinstance(value, dict):
        return {key: _said(one) for key, one in value.items()}
    if isinstance(value, tuple):
        return {key: _said(one) for key, one in value}
    if isinstance(value, list):
        return [_said(one) for one in value]
    return None if value in ("", "~", "null", "Null", "NULL") else value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: b # c\nd: e\n", "a: b\nd: e\n"),
        ("a: |\n  x\nb: y # c\n", "a: |\n  x\nb: y\n"),
        ("a: >-\n  x\nb: y # c\n", "a: >-\n  x\nb: y\n"),
        # where a line without a comment may be one line more of a value
        ("a: |+\n  x\nb: y # c\n", None),
        ("a: >+\n  x\nb: y # c\n", None),
        ("a: |2+\n  x\nb: y # c\n", None),
    ],
)
def test_a_comment_is_removed(text: str, expected: str | None) -> None:
    read = document("x.yaml", text)
    (comment,) = read.comments()

    assert edited(read, RemoveComment(comment)) == (None if expected is None else expected.encode())


def test_a_comment_is_cut() -> None:
    read = document("x.yaml", "a: b # c, d\n")
    (comment,) = read.comments()

    assert edited(read, CutComment(comment, 8, 11)) == b"a: b # c\n"
