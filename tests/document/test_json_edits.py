from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings

from migrator.document.model import (
    DeclareNamespace,
    InsertNodes,
    Literal,
    NewNode,
    RemoveAttribute,
    RemoveNode,
    Rename,
    ReplaceValue,
    UseNamespaceOfParent,
)
from tests.document.changes import PLANS, Plan, changes, tree
from tests.document.mappings import WrittenFile, json_files
from tests.document.reading import document, edited, node_at

if TYPE_CHECKING:
    from migrator.document.mapping import MappingDocument

TEXT = (
    '{"SMTP": {"Port" : "587\\n", "n": 25, "t": true, "z": null, "e": "", "m": {}, "l": [], "é😀": "x"}}\r\n'
)


@pytest.mark.parametrize("new", ["465", "", 'a"b\\c\n\0\u2028é😀', "25-nossl", "true"])
@pytest.mark.parametrize("path", ["SMTP/Port", "SMTP/n", "SMTP/t", "SMTP/z", "SMTP/e", "SMTP/é😀"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_value_is_replaced(path: str, new: str, encoding: str) -> None:
    read = document("x.json", TEXT.encode(encoding))
    after = edited(read, ReplaceValue(node_at(read, path), new))

    assert after is not None
    expected = json.loads(TEXT)
    expected["SMTP"][path.partition("/")[2]] = new
    text = after.decode(encoding)
    assert json.loads(text) == expected
    _only_changed(read, node_at(read, path), text)


def _only_changed(read: MappingDocument, node: Any, text: str) -> None:
    """What stands before and behind the value is the same."""
    value = node.entry.value
    before, behind = read.source.text[: value.start], read.source.text[value.end :]
    assert text.startswith(before)
    assert text.endswith(behind)


def test_a_number_is_written_as_one() -> None:
    read = document("x.json", TEXT)

    def changed(path: str, text: str) -> bytes | None:
        return edited(read, ReplaceValue(node_at(read, path), text, Literal.NUMBER))

    assert changed("SMTP/Port", "78") == TEXT.replace('"587\\n"', "78").encode()
    assert changed("SMTP/n", "78") == TEXT.replace("25", "78").encode()
    assert changed("SMTP/n", "078") == TEXT.replace("25", '"078"').encode()


@pytest.mark.parametrize("new", ["HostPort", 'a"\\é😀'])
def test_a_key_is_renamed(new: str) -> None:
    read = document("x.json", TEXT)

    assert (
        edited(read, Rename(node_at(read, "SMTP/Port"), new))
        == TEXT.replace('"Port"', json.dumps(new, ensure_ascii=False)).encode()
    )


def test_changes_together() -> None:
    read = document("x.json", TEXT)
    port, number = node_at(read, "SMTP/Port"), node_at(read, "SMTP/n")

    assert edited(read, ReplaceValue(number, "7"), Rename(port, "HostPort"), ReplaceValue(port, "25")) == (
        TEXT.replace("25", '"7"').replace('"587\\n"', '"25"').replace('"Port"', '"HostPort"').encode()
    )


def test_what_cannot_be_changed() -> None:
    read = document("x.json", TEXT)
    port = node_at(read, "SMTP/Port")

    assert edited(read, ReplaceValue(node_at(read, "SMTP/m"), "x")) is None
    assert edited(read, ReplaceValue(node_at(read, "SMTP/l"), "x")) is None
    assert edited(read, ReplaceValue(port, "\ud800")) is None
    assert edited(read, Rename(port, "\udfff")) is None
    assert edited(read, ReplaceValue(port, "a"), ReplaceValue(port, "b")) is None
    assert edited(read, UseNamespaceOfParent(port)) is None
    assert edited(read, DeclareNamespace(port, "u")) is None
    assert edited(read, RemoveNode(read.root)) is None
    assert edited(read, Rename(read.root, "x")) is None
    assert edited(read) == TEXT.encode()


_REMOVALS = [  # of everything named b
    pytest.param('{"b": 1}', "{}", id="only"),
    pytest.param('{ "b": {"c": [1, "}"]} }', "{}", id="only, nested"),
    pytest.param('{\n  "b": 1\n}\n', "{}\n", id="only, on a line"),
    pytest.param('{"a": {"b": 1}, "c": 2}', '{"a": {}, "c": 2}', id="only, inside"),
    pytest.param('{"b": 1, "c": 2}', '{"c": 2}', id="first"),
    pytest.param('{"b":1,"c":2}', '{"c":2}', id="first, tight"),
    pytest.param('{"a": 1, "b": 2, "c": 3}', '{"a": 1, "c": 3}', id="middle"),
    pytest.param('{"a": 1 , "b": 2 , "c": 3}', '{"a": 1 , "c": 3}', id="middle, loose"),
    pytest.param('{"a": 1, "b": 2}', '{"a": 1}', id="last"),
    pytest.param('{"a": 1, "b": 2 }', '{"a": 1 }', id="last, loose"),
    pytest.param('{\n  "b": 1,\n  "c": 2\n}', '{\n  "c": 2\n}', id="first line"),
    pytest.param('{\n\t"a": 1,\n\t"b": 2,\n\t"c": 3\n}', '{\n\t"a": 1,\n\t"c": 3\n}', id="middle line"),
    pytest.param('{\n  "a": 1,\n  "b": 2\n}', '{\n  "a": 1\n}', id="last line"),
    pytest.param('{\n "a": 1,\n "b": 2, \n "c": 3\n}', '{\n "a": 1,\n "c": 3\n}', id="line, blank behind"),
    pytest.param('{\t"b": 1\t,\t"c": 2}', '{\t"c": 2}', id="tabs, first"),
    pytest.param('{"a": 1\t,\t"b": 2\t,\t"c": 3}', '{"a": 1\t,\t"c": 3}', id="tabs, middle"),
    pytest.param(
        '{\n  "a": 1,\n  "b": [\n    2\n  ] ,\t\n    "c": 3\n}', '{\n  "a": 1,\n    "c": 3\n}', id="lines"
    ),
    pytest.param('{\n "b": 1, \n  "c": 2\n}', '{\n  "c": 2\n}', id="line, blank behind, indented otherwise"),
    pytest.param(
        '{\n  "a": 1,\n  "b": 2, "c": 3\n}', '{\n  "a": 1,\n  "c": 3\n}', id="begins a line in the middle"
    ),
    pytest.param('{\n  "b": 1, "c": 2,\n  "d": 3\n}', '{\n  "c": 2,\n  "d": 3\n}', id="begins a line"),
    pytest.param('{\n  "a": 1, "b": 2,\n  "c": 3\n}', '{\n  "a": 1,\n  "c": 3\n}', id="ends a line"),
    pytest.param('{"b": 1,\n "c": 2}', '{"c": 2}', id="behind the brace"),
    pytest.param('{ "a": 1\n, "b": 2\n, "c": 3\n}', '{ "a": 1\n, "c": 3\n}', id="commas first, middle"),
    pytest.param('{ "b": 1\n, "c": 2\n}', '{ "c": 2\n}', id="commas first, first"),
    pytest.param(
        '{\n  "a": 1,\n\n  "b": 2,\n\n  "c": 3\n}', '{\n  "a": 1,\n\n\n  "c": 3\n}', id="blank lines"
    ),
    pytest.param('{"b": 1, "c": 2, "b": 3}', '{"c": 2}', id="two, apart"),
    pytest.param('{"a": 1, "b": 2, "b": 3}', '{"a": 1}', id="two, last"),
    pytest.param('{"b": 1, "b": 2, "c": 3}', '{"c": 3}', id="two, first"),
    pytest.param('{\n  "b": 1,\n  "b": 2,\n  "c": 3\n}', '{\n  "c": 3\n}', id="two lines"),
    pytest.param('{"b": 1, "b": 2}', "{}", id="all"),
    pytest.param('{"a": [{"b": 1}, [{"c": 2, "b": 3}]]}', '{"a": [{}, [{"c": 2}]]}', id="in lists"),
    pytest.param('{"a": "x", "b": ",}", "c": "\\","}', '{"a": "x", "c": "\\","}', id="commas in values"),
    pytest.param(
        '{"\u2028": 1, "b": "\u2028", "c": "\x85"}', '{"\u2028": 1, "c": "\x85"}', id="no line ends"
    ),
]


@pytest.mark.parametrize(("before", "after"), _REMOVALS)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_keys_are_removed(before: str, after: str, line_end: str, encoding: str) -> None:
    read = document("x.json", before.replace("\n", line_end).encode(encoding))

    result = edited(read, *map(RemoveNode, read.find("b")))

    assert result == after.replace("\n", line_end).encode(encoding)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"D": {"@x": "1", "$": "t"}}', '{"D": {"$": "t"}}'),
        ('{"D": {"$": "t", "@x": "1"}}', '{"D": {"$": "t"}}'),
        ('{"D": {"@x": "1"}}', '{"D": {}}'),
        ('{"D": {"@x": "2", "@y": "1", "@x": "1", "b": 2}}', '{"D": {"@x": "2", "@y": "1", "b": 2}}'),
    ],
)
def test_attributes_are_removed(before: str, after: str) -> None:
    read = document("x.json", before)
    node = node_at(read, "D")
    (attribute,) = [one for one in node.attributes() if (one.name, one.value) == ("x", "1")]

    assert edited(read, RemoveAttribute(node, attribute)) == after.encode()


_ONE = (NewNode("x", '"'),)
_INSERTIONS = [  # behind b, or into b where it holds nothing
    pytest.param('{"b":1}', '{"b":1,"x":"\\""}', id="tight"),
    pytest.param('{"b": 1}', '{"b": 1, "x": "\\""}', id="only"),
    pytest.param('{"a": 1, "b":2}', '{"a": 1, "b":2, "x":"\\""}', id="colon of the last"),
    pytest.param('{ "b" : 1 }', '{ "b" : 1, "x" : "\\"" }', id="only, loose"),
    pytest.param('{"b"\n: 1}', '{"b"\n: 1, "x": "\\""}', id="colon in another line"),
    pytest.param('{"a":1,"b":2,"c":3}', '{"a":1,"b":2,"x":"\\"","c":3}', id="middle"),
    pytest.param('{"b": 1, "c": 2}', '{"b": 1, "x": "\\"", "c": 2}', id="first"),
    pytest.param('{"b":1,"c":2, "d":3}', '{"b":1,"x":"\\"","c":2, "d":3}', id="comma of the nearest"),
    pytest.param('{\n\t"b": 1\n}', '{\n\t"b": 1,\n\t"x": "\\""\n}', id="line"),
    pytest.param('{\n"b": 1\n}', '{\n"b": 1,\n"x": "\\""\n}', id="line without an indent"),
    pytest.param(
        '{\n  "b": 1,\n\n  "c": 2\n}', '{\n  "b": 1,\n  "x": "\\"",\n\n  "c": 2\n}', id="blank line"
    ),
    pytest.param('{ "a": 1\n, "b": 2\n}', '{ "a": 1\n, "b": 2\n, "x": "\\""\n}', id="commas first"),
    pytest.param('{"a": [{"b": 1}]}', '{"a": [{"b": 1, "x": "\\""}]}', id="in a list"),
    pytest.param('{"b": {}}', '{"b": {"x": "\\""}}', id="empty"),
    pytest.param('{"b": null}', '{"b": {"x": "\\""}}', id="null"),
    pytest.param('{"a": 1, "b":{ }}', '{"a": 1, "b":{"x":"\\""}}', id="empty, tight"),
    pytest.param('{\n  "b": { }\n}\n', '{\n  "b": {\n    "x": "\\""\n  }\n}\n', id="empty, line"),
    pytest.param(
        '{\n "a": {\n    "b": null\n }\n}',
        '{\n "a": {\n    "b": {\n     "x": "\\""\n    }\n }\n}',
        id="null, line",
    ),
]


@pytest.mark.parametrize(("before", "after"), _INSERTIONS)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_keys_are_inserted(before: str, after: str, line_end: str, encoding: str) -> None:
    read = document("x.json", before.replace("\n", line_end).encode(encoding))
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
        ('{"b":1}', '{"x":"\\"","b":1}'),
        ('{\n  "b": 1\n}', '{\n  "x": "\\"",\n  "b": 1\n}'),
        ('{"a": 1, "b": 2}', '{"a": 1, "x": "\\"", "b": 2}'),
        ('{ "b": 1\n, "c": 2\n}', '{ "x": "\\""\n, "b": 1\n, "c": 2\n}'),
    ],
)
def test_keys_are_inserted_before(before: str, after: str) -> None:
    read = document("x.json", before)

    assert edited(read, InsertNodes(read.root, _ONE, before=node_at(read, "b"))) == after.encode()


def test_keys_are_inserted_with_keys_inside() -> None:
    inner = (NewNode("n", "78", Literal.NUMBER), NewNode("m", "078", Literal.NUMBER))
    new = (NewNode("é", ""), NewNode("in", children=inner), NewNode("e", children=()))

    def into(text: str) -> bytes | None:
        read = document("x.json", text)
        return edited(read, InsertNodes(read.root, new))

    lines = '{\n  "é": "",\n  "in": {\n    "n": 78,\n    "m": "078"\n  },\n  "e": {}\n}'.encode()
    assert into("{}") == lines
    assert into("{} ") == lines + b" "
    assert into("\t{}") == (
        '\t{\n\t\t"é": "",\n\t\t"in": {\n\t\t\t"n": 78,\n\t\t\t"m": "078"\n\t\t},\n\t\t"e": {}\n\t}'.encode()
    )
    assert into('{\n\t"a": {}\n}') == (
        '{\n\t"a": {},\n\t"é": "",\n\t"in": {\n\t\t"n": 78,\n\t\t"m": "078"\n\t},\n\t"e": {}\n}'.encode()
    )
    assert into('{\n"a": {\n "b": 1\n}}') == (
        '{\n"a": {\n "b": 1\n},\n"é": "",\n"in": {\n "n": 78,\n "m": "078"\n},\n"e": {}}'.encode()
    )
    assert into('{"a":1}') == '{"a":1,"é":"","in":{"n":78,"m":"078"},"e":{}}'.encode()


def test_what_cannot_be_inserted() -> None:
    read = document("x.json", '{"a": "", "l": [{"b": 1}], "m": {"c": 2}}')
    a, l_, m = read.root.children()

    assert edited(read, InsertNodes(a, _ONE)) is None
    assert edited(read, InsertNodes(l_, _ONE)) is None
    assert edited(read, InsertNodes(m, _ONE, after=a)) is None
    assert edited(read, InsertNodes(a, _ONE, before=read.root)) is None
    assert edited(read, InsertNodes(m, (NewNode("x", "\ud800"),))) is None
    assert edited(read, InsertNodes(m, _ONE), RemoveNode(m)) is None
    assert edited(read, InsertNodes(m, _ONE), RemoveNode(m.children()[0])) is None
    assert edited(read, InsertNodes(m, ())) == read.source.data
    assert edited(read, InsertNodes(read.root, _ONE, after=m), RemoveNode(l_)) == (
        b'{"a": "", "m": {"c": 2}, "x": "\\""}'
    )
    for gone in (a, l_):  # one of the two neighbours
        assert edited(read, InsertNodes(read.root, _ONE, after=a), RemoveNode(gone)) is None
    assert edited(read, InsertNodes(read.root, _ONE, after=a), RemoveNode(m)) == (
        b'{"a": "", "x": "\\"", "l": [{"b": 1}]}'
    )


def test_what_is_removed_is_not_changed_too() -> None:
    read = document("x.json", '{"a": {"b": "", "@c": ""}, "d": 1}')
    a, b = node_at(read, "a"), node_at(read, "a/b")

    for other in (
        RemoveNode(a),
        RemoveNode(b),
        Rename(a, "x"),
        Rename(b, "x"),
        ReplaceValue(b, "x"),
        RemoveAttribute(a, a.attributes()[0]),
    ):
        assert edited(read, RemoveNode(a), other) is None
        assert edited(read, other, RemoveNode(a)) is None
    assert edited(read, RemoveNode(a), Rename(node_at(read, "d"), "e")) == b'{"e": 1}'


@pytest.mark.usefixtures("untraced")
def test_very_many_attributes_are_bounded() -> None:
    read = document("x.json", json.dumps({"D": {f"@a{number}": "" for number in range(40_000)}}))
    node = node_at(read, "D")
    start = time.process_time()
    assert all(read.edits([RemoveAttribute(node, one)]) for one in node.attributes())
    assert time.process_time() - start < 10


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(json_files(), PLANS)
def test_changes_do_what_they_say_and_nothing_else(written: WrittenFile, plans: list[Plan]) -> None:
    read = document("x.json", written.data)
    made = changes(read, plans)
    expected = tree(read.root.entry.value, made)

    after = edited(read, *made)

    if after is None:
        assert len(made) > 1
        return
    assert tree(document("x.json", after).root.entry.value) == expected


def test_a_key_keeps_its_prefix_and_new_ones_get_that_of_their_neighbours() -> None:
    text = '{"d:a": {"@xmlns:d": "u", "d:b": "1"}}'
    read = document("x.json", text)
    (a,) = read.find("a")
    (b,) = read.find("b")

    renamed = edited(read, Rename(b, "c"))
    filled = edited(read, InsertNodes(a, (NewNode("e", "2"),)))
    nested = edited(read, InsertNodes(a, (NewNode("e", children=(NewNode("f", "2"),)),)))

    assert renamed == text.replace("d:b", "d:c").encode()
    assert filled == text.replace('"1"', '"1", "d:e": "2"').encode()
    assert nested == text.replace('"1"', '"1", "d:e": {"d:f": "2"}').encode()
