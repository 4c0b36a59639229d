from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrator.checking import CheckSettings, check
from migrator.document.limits import Limits
from migrator.document.model import Attribute, Literal, Part, Target
from migrator.document.source import Fault
from tests.document.mappings import WrittenFile, json_files
from tests.document.places import stretch, unmarked
from tests.document.reading import compare, document, node_at, unreadable

if TYPE_CHECKING:
    from migrator.document.mapping import Value

_LARGE_EXAMPLES = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
CANARY = "Kx7QvWz93TmPbY2d"


def as_python(value: Value) -> Any:
    """What `json.loads` makes of a value; numbers as what they are worth."""
    match value.literal:
        case Literal.MAPPING:
            return {entry.key: as_python(entry.value) for entry in value.entries}
        case Literal.LIST:
            return [as_python(entry.value) for entry in value.entries]
        case Literal.NUMBER:
            return float(value.text)
        case Literal.BOOLEAN:
            return value.text == "true"
        case Literal.NULL:
            return None
        case _:
            return value.text


@_LARGE_EXAMPLES
@given(json_files())
def test_everything_means_and_stands_what_and_where_it_was_written(written: WrittenFile) -> None:
    compare(document("x.json", written.data), written)


@_LARGE_EXAMPLES
@given(json_files())
def test_values_are_those_of_the_standard_library(written: WrittenFile) -> None:
    read = document("x.json", written.data)

    assert as_python(read.root.entry.value) == json.loads(written.text, parse_int=float)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_what_json_writes_is_read(value: Any) -> None:
    text = json.dumps(value)
    read = document("x.json", text)

    assert as_python(read.root.entry.value) == json.loads(text, parse_int=float)


@pytest.mark.parametrize(
    ("marked", "path", "part"),
    [
        ('{"SMTP": {"«Host»": "a"}}', "SMTP/Host", Part.NAME),
        ('{"SMTP": {"Host": "«smtp.example.com»"}}', "SMTP/Host", Part.VALUE),
        ('{"SMTP": {"Host":"«\\u0041\\n\\"»"}}', "SMTP/Host", Part.VALUE),
        ('{"SMTP": {"«\\u0048ost»": "a"}}', "SMTP/Host", Part.NAME),
        ('{"SMTP": {"«Host»": ""}}', "SMTP/Host", Part.VALUE),
        ('{"SMTP": {"HostPort": «587»}}', "SMTP/HostPort", Part.VALUE),
        ('{"SMTP": {"HostPort": «5.87e2»}}', "SMTP/HostPort", Part.VALUE),
        ('{"SMTP": {"Helo": «true»}}', "SMTP/Helo", Part.VALUE),
        ('{"SMTP": {"Helo": «null»}}', "SMTP/Helo", Part.VALUE),
        ('{"SMTP": {"«Helo»": {"a": 1}}}', "SMTP/Helo", Part.VALUE),
        ('{"SMTP": {"«Helo»": ["a"]}}', "SMTP/Helo", Part.VALUE),
        ('{"SMTP": {"Helo": {"@a": 1, "$": "«text»"}}}', "SMTP/Helo", Part.VALUE),
        ('{"SMTP": {"Helo": {"@a": 1, "«$»": ""}}}', "SMTP/Helo", Part.VALUE),
        ('\r\n\t{"«SMTP»"\r:\n{}}', "SMTP", Part.NAME),
        ('{"x": [{"y": 1}, [{"z": "«é\U0001f600»"}]]}', "x/z", Part.VALUE),
        ('{"😀": "日", "«é»": 1}', "é", Part.NAME),
        ('{«""»: 1}', "", Part.NAME),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_places(marked: str, path: str, part: Part, encoding: str) -> None:
    text, bounds = unmarked(marked)
    data = text.encode(encoding)
    read = document("x.json", data)

    assert read.span(Target(node_at(read, path), part)) == stretch(
        text, bounds, read.source.encoding, read.source.bom
    )


def test_attributes_and_text() -> None:
    read = document("x.json", '{"@a": 1, "$": 2, "D": {"@id": "7", "@id": "8", "$": "t", "$": "u", "c": 1}}')
    node = node_at(read, "D")

    assert [child.name for child in read.root.children()] == ["@a", "$", "D"]
    assert node.attributes() == [Attribute(None, "id", "7"), Attribute(None, "id", "8")]
    assert (node.text(), node.names(), [one.name for one in node.children()]) == ("t", ["c"], ["c"])
    assert [(one.name, before.name) for one, before in read.duplicates()] == [("@id", "@id"), ("$", "$")]
    at = read.source.text.index('"@id"') + 1
    assert read.span(Target(node, Part.NAME, node.attributes()[0])).start.offset == at
    assert read.span(Target(node, Part.VALUE, node.attributes()[0])).start.offset == at + 7


@pytest.mark.parametrize(
    ("raw", "whole"),
    [
        *(("587", "587"), ("587.0", "587"), ("58.7e1", "587"), ("5870e-1", "587"), ("0.0", "0"), ("-0", "0")),
        *(
            ("587.5", "587.5"),
            ("1e-1", "1e-1"),
            ("-5", "-5"),
            ("-5.0", "-5"),
            ("0e99999", "0"),
            ("1E+2", "100"),
        ),
        *(("1e9999", "1e9999"), ("0.05e2", "5"), ("12e-3", "12e-3"), ("1" * 5000, "1" * 5000)),
        ("1." + "0" * 5000, "1"),
    ],
)
def test_numbers_are_whole_where_json_schema_says_so(raw: str, whole: str) -> None:
    assert node_at(document("x.json", f'{{"a": {raw}}}'), "a").text() == whole


BROKEN = {
    "«»": "the file is empty",
    " \n«»": "the file is empty",
    '{"SMTP": {}}«x»': "follows the end",
    '{"SMTP": {}}\n«/»/ c': "no comments",
    '{«/»* c */"SMTP": {}}': "no comments",
    '{"SMTP" «#» c': "no comments",
    '{"SMTP": «/»/ c\n{}}': "no comments",
    '{"SMTP": {}«,» }': "comma stands before the end",
    "[1«,»]": "comma stands before the end",
    "[1,«,»2]": "no JSON value",
    "{«'»SMTP': {}}": "no double quotes",
    "{«S»MTP: {}}": "no double quotes",
    "{\"SMTP\": «'»x'}": "single quotes",
    '{"SMTP": «N»aN}': "no JSON value",
    '{"SMTP": «-»Infinity}': "no JSON value",
    '{"SMTP": «T»rue}': "no JSON value",
    '{"SMTP": «n»ulll}': "no JSON value",
    '{"SMTP": «0»12}': "no JSON value",
    '{"SMTP": «1».}': "no JSON value",
    '{"SMTP": «.»5}': "no JSON value",
    '{"SMTP": «+»5}': "no JSON value",
    '{"SMTP": «5»87-starttls}': "no JSON value",
    '{"SMTP": «\xa0»{}}': "no JSON value",
    '{"SMTP": "a«\t»b"}': "U+0009",
    '{"SMTP": "a«\0»b"}': "U+0000",
    '{"SMTP": "a«\n»b"}': "line ends inside",
    '{"SMTP": "a«\\»x"}': "no escape",
    '{"SMTP": "a«\\»u12"}': "no escape",
    '{"SMTP": "a«\\ud800»"}': "half a character",
    '{"SMTP": "\\ud83d\\ude00«\\ude00»"}': "half a character",
    '{"SMTP": "«\\ud83d»\\u0041"}': "half a character",
    '{"SMTP": "«\\ud83d»\\ud83d\\ude00"}': "half a character",
    '{"SMTP": "a«»': "inside a string",
    '{"SMTP": «»': "where a value should be",
    '{"SMTP"«»': "colon is missing",
    '{"SMTP" «{»}}': "colon is missing",
    '{"SMTP": {}«»': "everything that is open",
    "{«»": "everything that is open",
    "[«»": "where a value should be",
    '{"a": 1 «"»b": 2}': "a comma or } is missing",
    '["a" «"»b"]': "a comma or ] is missing",
    '["a"«}»': "a comma or ] is missing",
    "«<»SMTP/>": "no JSON value",
    "«S»MTP:\n  Host: x": "no JSON value",
}


@pytest.mark.parametrize("marked", BROKEN)
def test_a_broken_file_is_found_where_it_is_broken(marked: str) -> None:
    text, bounds = unmarked(marked)
    why = unreadable("x.json", text)

    assert why.fault is Fault.NOT_WELL_FORMED
    assert why.span == stretch(text, bounds)
    assert BROKEN[marked] in why.message


FULL = json.dumps(
    {"SMTP": {"Host": "a", "Password": CANARY + "é\n😀", CANARY: [CANARY, {"x": -1.5e3, "y": None}]}}
)


@pytest.mark.parametrize("inserted", ["", "\\", "'", "\t", "//", ",", "}", "\\ud800", CANARY])
def test_no_cut_raises_or_leaks(inserted: str) -> None:
    data = FULL.encode()
    for end in range(len(data)):
        cut = data[:end] + inserted.encode()
        if cut not in (b"{}", data):
            why = unreadable("x.json", cut)
            assert CANARY[:6] not in why.message + why.help


@given(st.binary(max_size=40) | st.text("{}[]\"':,\\u0d8e1-.+tfn /#\n").map(str.encode))
def test_nothing_raises(data: bytes) -> None:
    report = check("x.json", data, CheckSettings(excerpts=True))
    assert "D007" not in [one.code for one in report.diagnostics]
    try:
        text = data.decode("utf-8-sig")
        json.loads(text, parse_constant=int)
        text.encode()
        json.dumps(json.loads(text), ensure_ascii=False).encode()
    except ValueError:
        assert report.diagnostics


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[" * 100_000, Fault.TOO_LARGE),
        ('{"a":' * 100_000, Fault.TOO_LARGE),
        ("[" * 100_000 + "]" * 100_000, Fault.TOO_LARGE),
        ("[" + "1," * 300_000 + "1]", Fault.TOO_LARGE),
        ('["' + "a" * 16_000_000 + '"', Fault.NOT_WELL_FORMED),
        ('["' + r"\u0041" * 2_000_000 + '"', Fault.NOT_WELL_FORMED),
        ("[" + "1" * 16_000_000 + "x]", Fault.NOT_WELL_FORMED),
        ("[" + " " * 16_000_000, Fault.NOT_WELL_FORMED),
        (" " * (16 * 1024 * 1024 + 1), Fault.TOO_LARGE),
    ],
)
@pytest.mark.usefixtures("untraced")
def test_large_files_are_bounded(text: str, fault: Fault) -> None:
    start = time.process_time()
    assert unreadable("x.json", text).fault is fault
    assert time.process_time() - start < 10


def test_limits() -> None:
    assert unreadable("x.json", "[[[1]]]", Limits(depth=2)).span.start.offset == 2
    assert unreadable("x.json", "[1, 2]", Limits(nodes=2)).span.start.offset == 4
    assert document("x.json", "[[1]]", Limits(depth=2, nodes=3))


def test_duplicates_are_reported_once_each() -> None:
    text = '{"SMTP": {"Host": "a", "Host": "b", "x": [{"y": 1, "y": 2}], "Host": "c"}}'
    found = [one for one in check("x.json", text.encode(), CheckSettings()).diagnostics if one.code == "D004"]

    assert [(one.place, one.span.start.offset) for one in found if one.span] == [
        ("SMTP/Host", text.index("Host", 20)),
        ("SMTP/x/y", text.rindex("y")),
        ("SMTP/Host", text.rindex("Host")),
    ]
    firsts = [text.index("Host"), text.index("y"), text.index("Host")]
    assert [one.related[0].span.start.offset for one in found if one.related[0].span] == firsts


def test_a_repeated_key_inside_a_secret_is_not_named() -> None:
    text = f'{{"SMTP": {{"Password": {{"{CANARY}": {{"{CANARY}": 1, "{CANARY}": 2}}}}}}}}'
    (found,) = [
        one for one in check("x.json", text.encode(), CheckSettings()).diagnostics if one.code == "D004"
    ]

    assert (found.place, found.span and found.span.start.offset) == ("SMTP/Password", 11)
    assert CANARY not in repr(found)
