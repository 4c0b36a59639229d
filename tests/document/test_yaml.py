from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrator.checking import CheckSettings, check
from migrator.document.convention import NUMBER_KEYS
from migrator.document.limits import Limits
from migrator.document.model import Literal, Part, Target
from migrator.document.source import Fault
from tests.document.mappings import WrittenFile, yaml_files
from tests.document.places import stretch, unmarked
from tests.document.reading import compare, document, node_at, unreadable

if TYPE_CHECKING:
    from migrator.document.mapping import Value

_LARGE_EXAMPLES = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
SCHEMA = Path(__file__).parents[2] / "schemas" / "smtp.schema.json"
CANARY = "Kx7QvWz93TmPbY2d"


def as_python(value: Value) -> Any:
    """What PyYAML's BaseLoader makes of a value, but None where nothing is said."""
    match value.literal:
        case Literal.MAPPING:
            return {entry.key: as_python(entry.value) for entry in value.entries}
        case Literal.LIST:
            return [as_python(entry.value) for entry in value.entries]
        case Literal.NULL:
            return None
        case _:
            return value.text


def _as_pyyaml(text: str) -> Any:
    return yaml.load(text, yaml.BaseLoader)  # noqa: S506 - it makes text and nothing else


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_without_nulls(one) for one in value]
    return None if value in ("", "~", "null", "Null", "NULL") else value


@_LARGE_EXAMPLES
@given(yaml_files())
def test_everything_means_and_stands_what_and_where_it_was_written(written: WrittenFile) -> None:
    compare(document("x.yaml", written.data), written)


@_LARGE_EXAMPLES
@given(yaml_files())
def test_values_are_those_of_pyyaml(written: WrittenFile) -> None:
    if not written.is_narrow:
        return
    found = as_python(document("x.yaml", written.data).root.entry.value)

    assert _without_nulls(found) == _without_nulls(_as_pyyaml(written.text))


PLACES = [
    ("SMTP:\n  «Host»: a", "SMTP/Host", Part.NAME),
    ("SMTP:\n  Host: «smtp.example.com» # c", "SMTP/Host", Part.VALUE),
    ("SMTP:\n  Host:    «a\n    b c»  \n  User: x", "SMTP/Host", Part.VALUE),
    ("SMTP:\n  Host: '«it''s»'", "SMTP/Host", Part.VALUE),
    ('SMTP:\n  Host: "«a\\"\n    b»"  # c', "SMTP/Host", Part.VALUE),
    ('SMTP:\n  "«Host»": a', "SMTP/Host", Part.NAME),
    ("SMTP:\n  '«Host»' : a", "SMTP/Host", Part.NAME),
    ("SMTP:\n  Host: «|  # c\n    a # b\n\n    c»\n\n  User: x", "SMTP/Host", Part.VALUE),
    ("SMTP:\n  Host: «>-\n    a\n    b»\n  # c\n  User: x", "SMTP/Host", Part.VALUE),
    ("SMTP: {«Host»: a}", "SMTP/Host", Part.NAME),
    ("SMTP: {Host: «a b» , User: x}", "SMTP/Host", Part.VALUE),
    ('{"SMTP": {"Host":"«a»"}}', "SMTP/Host", Part.VALUE),
    ("SMTP:\n  Host: &a-1 «x»\n  User: *a-1", "SMTP/Host", Part.VALUE),
    ("SMTP:\n  Host: &a # c\n    «x»\n", "SMTP/Host", Part.VALUE),
    ("SMTP:\n  Host: &a x\n  User: «*a» # c", "SMTP/User", Part.VALUE),
    ("SMTP:\n  Host: &a 'x'\n  User: «*a»", "SMTP/User", Part.VALUE),
    ("SMTP:\n  &a «Host»: x", "SMTP/Host", Part.NAME),
    ("SMTP: &a\n  «Host»: x", "SMTP/Host", Part.NAME),
    ("SMTP:\n  «Host»:\n  User: x", "SMTP/Host", Part.VALUE),
    ("SMTP:\n  Host:\t«a\tb»\t\n  User: x", "SMTP/Host", Part.VALUE),
    ("SMTP:\n  Host: «a\n   \tb»\t# c\n  User: x", "SMTP/Host", Part.VALUE),
    ("SMTP: {Host: «a?b» , User: x}", "SMTP/Host", Part.VALUE),
    ("SMTP:\n  «Host»: ''", "SMTP/Host", Part.VALUE),
    ("SMTP:\n  Host: «~»", "SMTP/Host", Part.VALUE),
    ("SMTP:\n  Host: «null»", "SMTP/Host", Part.VALUE),
    ("SMTP:\n  «Host»: {a: b}", "SMTP/Host", Part.VALUE),
    ("SMTP:\n  «Host»:\n  - a", "SMTP/Host", Part.VALUE),
    ("? SMTP\n: ? «Host»\n  : a", "SMTP/Host", Part.NAME),
    ("%YAML 1.2\n---\nSMTP:\n  «é😀»: x\n...\n", "SMTP/é😀", Part.NAME),
    ("SMTP:\n  a: '😀\u2028'\n  Host: «é😀»", "SMTP/Host", Part.VALUE),
]


@pytest.mark.parametrize(("marked", "path", "part"), PLACES)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_places(marked: str, path: str, part: Part, line_end: str, encoding: str) -> None:
    text, bounds = unmarked(marked.replace("\n", line_end))
    read = document("x.yaml", text.encode(encoding))

    assert read.span(Target(node_at(read, path), part)) == stretch(
        text, bounds, read.source.encoding, read.source.bom
    )


@pytest.mark.parametrize(
    "raw",
    ["012345", "no", "1e3", "yes", "true", "0x1F", "1:20", "2001-01-01", ".inf", "1_000", "=", "-5", "587.0"],
)
def test_a_scalar_is_its_own_text(raw: str) -> None:
    node = node_at(document("x.yaml", f"SMTP:\n  Host: {raw}\n  {raw}: x\n"), "SMTP")

    assert (node.children()[0].text(), node.children()[0].literal()) == (raw, Literal.UNTYPED)
    assert node.children()[1].name == raw


@pytest.mark.parametrize("name", sorted(NUMBER_KEYS))
@pytest.mark.parametrize(
    "raw",
    [
        *("78", "78.0", "78.000", "0", "0.0", "-0", "-0.0", "-5.0", "100.0", "78.5", "0.5", "-78.05"),
        *("1.0e+2", "7.8E+1", "7800.0e-2", "-7.8e+1", "0.0e+9", "7.85e+1", "1.0e-1", "1.0e+9999"),
    ],
)
def test_a_number_is_whole_where_it_is_in_json(raw: str, name: str) -> None:
    read = node_at(document("x.yaml", f"SMTP:\n  {name}: {raw}\n"), f"SMTP/{name}")

    in_json = node_at(document("x.json", f'{{"SMTP": {{"{name}": {raw}}}}}'), f"SMTP/{name}")

    assert (read.text(), read.literal()) == (in_json.text(), Literal.UNTYPED)


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("SMTP: {MaxSubjectLength: &a 78.0}\n", "SMTP/MaxSubjectLength", "78"),
        ("SMTP: {MaxSubjectLength: &a 78.0, HostPort: *a}\n", "SMTP/HostPort", "78"),
        ("SMTP: {Helo: &a 78.0, MaxSubjectLength: *a}\n", "SMTP/MaxSubjectLength", "78"),
        ("SMTP: {Helo: &a 78.0, MaxSubjectLength: *a}\n", "SMTP/Helo", "78.0"),
        ("SMTP: {Helo: &a '78.0', MaxSubjectLength: *a}\n", "SMTP/MaxSubjectLength", "78.0"),
        ("SMTP: {&a 78.0: x, MaxSubjectLength: *a}\n", "SMTP/MaxSubjectLength", "78"),
    ],
)
def test_a_number_with_an_anchor_is_one_where_it_may_be(text: str, path: str, expected: str) -> None:
    assert node_at(document("x.yaml", text), path).text() == expected


@pytest.mark.parametrize("raw", ["7.8e1", "78e+0", "078", "078.0", "+78", "78.", "0x4E", "1_000.0", "1:18"])
def test_a_number_that_not_all_readers_take_for_that_one_is_its_own_text(raw: str) -> None:
    read = document("x.yaml", f"SMTP:\n  MaxSubjectLength: {raw}\n")

    assert node_at(read, "SMTP/MaxSubjectLength").text() == raw


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("SMTP:\n  MaxSubjectLength: '78.0'\n", "SMTP/MaxSubjectLength"),
        ("SMTP: {MaxSubjectLength: &a 78.0, Helo: *a}\n", "SMTP/Helo"),
        ("DataMiner:\n  MobileGateway:\n    HostPort: 78.0\n", "DataMiner/MobileGateway/HostPort"),
        ("HostPort: 78.0\n", "HostPort"),
        ("SMTP: {Host: {HostPort: 78.0}}\n", "SMTP/Host/HostPort"),
    ],
)
def test_what_is_no_number_of_the_section_is_its_own_text(text: str, path: str) -> None:
    assert node_at(document("x.yaml", text), path).text() == "78.0"


def test_the_keys_of_numbers_are_those_of_the_schema() -> None:
    known = json.loads(SCHEMA.read_text("utf-8"))["$defs"]["section"]["properties"]

    assert {name for name, one in known.items() if "integer" in json.dumps(one)} == NUMBER_KEYS


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("SMTP:\n  Host:\ta\t\n  User\t:  \t'b'\t# c\n", {"Host": "a", "User": "b"}),
        ("SMTP:\n  Host: a\tb \t c\n", {"Host": "a\tb \t c"}),
        ("SMTP:\n  Host: a\t\n   \tb\n\t\n \t\n   \t c\n", {"Host": "a b\n\nc"}),
        ("SMTP:\n  Host:\n   \ta\n\n\t\n  User: b\n \t# c", {"Host": "a", "User": "b"}),
        ("SMTP:\n  -\ta\n  - \t[b]\n", ["a", ["b"]]),
        ("SMTP: {\n \tHost:\ta\t,\n\t\n \tUser: b }\n", {"Host": "a", "User": "b"}),
        ("\t{SMTP: [\n\ta\n\t]}", ["a"]),
        ("SMTP:\t|\n  \ta\n", "\ta\n"),
        ("SMTP:\n  Host: |\t\n    a\n  User: >2-\t# c\n     b\n", {"Host": "a\n", "User": " b"}),
        ("SMTP: |+ \t# c\n a\n\n", "a\n\n"),
        ("---\t{SMTP: a}", "a"),
        ("SMTP: {Host: https://a/?b=c?, ?d: e?}", {"Host": "https://a/?b=c?", "?d": "e?"}),
        ("SMTP: [?a, :b, ::c, -d, a:b:c]", ["?a", ":b", "::c", "-d", "a:b:c"]),
        ("SMTP: {'a':b, \"c\"::d, 'e' :f}", {"a": "b", "c": ":d", "e": "f"}),
        ("SMTP: {Host\n  : a, 'User'\n\n :b, From # c\n  :\n d}", {"Host": "a", "User": "b", "From": "d"}),
        ("SMTP: {Ho\n  st: a, 'Us\n  er': b}", {"Ho st": "a", "Us er": "b"}),
        ("SMTP: {Host: a#b}", {"Host": "a#b"}),
        ("SMTP: a\u2028 b\r\n c\r\r d\x85 e", "a\u2028b c\nd e"),
        ("SMTP:\n  a\n  ---\n  ...\n", "a --- ..."),
    ],
)
def test_what_yaml_1_2_allows_is_read(text: str, value: object) -> None:
    assert as_python(document("x.yaml", text).root.entry.value) == {"SMTP": value}


@pytest.mark.parametrize("raw", ["", "~", "null", "Null", "NULL", " # c"])
def test_nothing_is_empty(raw: str) -> None:
    node = node_at(document("x.yaml", f"SMTP:\n  Host: {raw}\n"), "SMTP/Host")

    assert (node.text(), node.literal()) == ("", Literal.NULL)


def test_a_null_in_quotes_is_text() -> None:
    node = node_at(document("x.yaml", "SMTP:\n  Host: 'null'\n  null: x\n"), "SMTP")

    assert (node.children()[0].text(), node.children()[0].literal()) == ("null", Literal.STRING)
    assert node.children()[1].name == "null"


@pytest.mark.parametrize(
    "marked",
    [
        "«# a»\nSMTP: «# b»\n  Host: x#y «#z»\n  «#»\n",
        "SMTP:\n  Host: 'a # b'\n  User: \"a\n    # b\" «# c»\n",
        "SMTP:\n  Host: | «# a»\n    # b\n  «# c»\n  User: >\n    x\n   «# d»\n",
        "SMTP: {Host: 'a' «#b»\n, User: [\t«# c»\n] «#d»\n}\t«#e»",
        "%YAML 1.1 «# a»\n--- «# b»\nSMTP: &x «# c»\n  Host: &y a «# d»\n  User: *y «# e»\n... «# f»",
        "SMTP:\r  Host: a «# b»\r\n  «# é😀»\n",
        "SMTP:\n  #: a\n".replace("#:", "«#: a»").replace("» a", "»") + "  Host: x\n",
        "SMTP:\n  Host: a\n    b «#c»\n",
    ],
)
def test_comments(marked: str) -> None:
    expected, text = [], marked
    while "«" in text:
        text, bounds = unmarked(text)
        expected.append(bounds)
    read = document("x.yaml", text)

    assert [(one.start, one.end) for one in read.comments()] == expected
    assert [one.text for one in read.comments()] == [text[start + 1 : end] for start, end in expected]


BROKEN = {
    "«»": (Fault.NOT_WELL_FORMED, "empty"),
    "# c\n«»": (Fault.NOT_WELL_FORMED, "empty"),
    "SMTP:\n«\t»Host: a": (Fault.NOT_WELL_FORMED, "tab"),
    "SMTP:\n «\t»Host: a": (Fault.NOT_WELL_FORMED, "tab"),
    "SMTP:\n  Host: a\n «\t»User: b": (Fault.NOT_WELL_FORMED, "tab"),
    "SMTP:\n  Host:\n  «\t»a": (Fault.NOT_WELL_FORMED, "tab"),
    "SMTP:\n  -«\t»Host: a": (Fault.NOT_WELL_FORMED, "tab"),
    "SMTP:\n  -«\t» - a": (Fault.NOT_WELL_FORMED, "tab"),
    "SMTP:\n  ?«\t»- a": (Fault.NOT_WELL_FORMED, "tab"),
    "SMTP: {Host: a,\n«\t»User: b}": (Fault.NOT_WELL_FORMED, "tab"),
    "SMTP: {Host: a\n«\t»b}": (Fault.NOT_WELL_FORMED, "tab"),
    "SMTP:\n  Host: |\n    a\n «\t»User: b": (Fault.NOT_WELL_FORMED, "tab"),
    "SMTP:\n  Host:\ta\n   User«:» b": (Fault.NOT_WELL_FORMED, "colon stands"),
    "SMTP:\n  Host: 'a'«#»b": (Fault.NOT_WELL_FORMED, "# stands right behind"),
    "SMTP: {Host: a,«#»b\n}": (Fault.NOT_WELL_FORMED, "# stands right behind"),
    "SMTP: {}«#»b": (Fault.NOT_WELL_FORMED, "# stands right behind"),
    "SMTP: {Host: «-»}": (Fault.NOT_WELL_FORMED, "reserves"),
    "SMTP: {«?»}": (Fault.NOT_WELL_FORMED, "reserves"),
    "«...»\n": (Fault.NOT_WELL_FORMED, "before anything stands in it"),
    "%YAML 1.2\n«...»\n": (Fault.NOT_WELL_FORMED, "before anything stands in it"),
    "SMTP:\n  Host: a\n   User«:» b": (Fault.NOT_WELL_FORMED, "colon stands"),
    "SMTP:\n   Host: a\n  «U»ser: b": (Fault.NOT_WELL_FORMED, "indentation"),
    "SMTP:\n  Host: a: b": (Fault.NOT_WELL_FORMED, "colon stands"),
    "SMTP:\n  Host: «,» a": (Fault.NOT_WELL_FORMED, "a comma or a closing bracket"),
    "SMTP:\n  Host: «}»a": (Fault.NOT_WELL_FORMED, "a comma or a closing bracket"),
    "SMTP:\n  Host: «?» a": (Fault.NOT_WELL_FORMED, "reserves"),
    "SMTP:\n  Host: «@»a": (Fault.NOT_WELL_FORMED, "reserves"),
    "SMTP:\n  Host: «`»a": (Fault.NOT_WELL_FORMED, "reserves"),
    "SMTP:\n  Host: «%»a": (Fault.NOT_WELL_FORMED, "reserves"),
    "SMTP:\n  Host: |«a»bc": (Fault.NOT_WELL_FORMED, "reserves"),
    "SMTP:\n  Host: |-«#» a\n": (Fault.NOT_WELL_FORMED, "reserves"),
    "SMTP:\n  Host: |«0»\n": (Fault.NOT_WELL_FORMED, "reserves"),
    "SMTP:\n  Host: |2+«2»\n": (Fault.NOT_WELL_FORMED, "reserves"),
    "SMTP:\n  Host: |\t«a»\n": (Fault.NOT_WELL_FORMED, ""),
    "SMTP:\n  Host: &«!»abc": (Fault.NOT_WELL_FORMED, "reserves"),
    "SMTP:\n  Host: '": (Fault.NOT_WELL_FORMED, "inside a quoted"),
    "SMTP:\n  Host: 'a\n---\n'": (Fault.NOT_WELL_FORMED, "inside a quoted"),
    'SMTP:\n  Host: "a\\«q»"': (Fault.NOT_WELL_FORMED, "no escape"),
    'SMTP:\n  Host: "a\\x«4»"': (Fault.NOT_WELL_FORMED, "no escape"),
    'SMTP:\n  Host: "\\U«F»FFFFFFF"': (Fault.NOT_WELL_FORMED, "not well-formed here"),
    'SMTP:\n  Host: "\\U«0»0110000"': (Fault.NOT_WELL_FORMED, "not well-formed here"),
    'SMTP:\n  Host: «"»\\ud800"': (Fault.NOT_WELL_FORMED, "half a character"),
    'SMTP:\n  «"»\\udc00": a': (Fault.NOT_WELL_FORMED, "half a character"),
    "SMTP: {Host: a": (Fault.NOT_WELL_FORMED, "not closed"),
    "SMTP: [a": (Fault.NOT_WELL_FORMED, "not closed"),
    "SMTP:\n  Host: - a": (Fault.NOT_WELL_FORMED, "list begins"),
    "SMTP:\n  Host: 'a' b": (Fault.NOT_WELL_FORMED, "quoted value"),
    "SMTP:\n  Host\n  User: a": (Fault.NOT_WELL_FORMED, ""),
    "SMTP:\n  Host: «\x01»a": (Fault.NOT_WELL_FORMED, "U+0001"),
    "SMTP:\n  Host: «\0»a": (Fault.NOT_WELL_FORMED, "U+0000"),
    "SMTP:\n  Host: «\ufffe»a": (Fault.NOT_WELL_FORMED, "U+FFFE"),
    "SMTP:\n  Host: «*a»": (Fault.NOT_WELL_FORMED, "not there before"),
    "SMTP: &a\n  Host: «*a»": (Fault.NOT_WELL_FORMED, "inside the value"),
    "SMTP: &a [«*a»]": (Fault.NOT_WELL_FORMED, "inside the value"),
    "%YAML 1.1\n«%»YAML 1.1\n---\na": (Fault.NOT_WELL_FORMED, ""),
    f"%YAML 1.{'1' * 5000}\n---\na": (Fault.NOT_WELL_FORMED, ""),
    "%YAML 2.0\n---\na": (Fault.NOT_WELL_FORMED, ""),
    "%TAG": (Fault.NOT_WELL_FORMED, ""),
    "SMTP:\n  Host: «!!str a»": (Fault.UNSUPPORTED, "a tag"),
    "SMTP: «!x {»Host: a}": (Fault.UNSUPPORTED, "a tag"),
    "SMTP:\n  Host: «! a»": (Fault.UNSUPPORTED, "a tag"),
    "SMTP:\n  Host: «!!python/object:os.system a»": (Fault.UNSUPPORTED, "a tag"),
    "SMTP:\n  Host: !<a«»": (Fault.NOT_WELL_FORMED, "reserves"),
    "SMTP:\n  Host: «!»u!x a": (Fault.NOT_WELL_FORMED, "reserves"),
    "%TAG !e! tag:x,2000:\n---\nSMTP: !e!x a": (Fault.UNSUPPORTED, "%TAG"),
    "%TAG !e! tag:x,2000:\n---\nSMTP: a": (Fault.UNSUPPORTED, "%TAG"),
    "SMTP:\n  «<<»: {Host: a}": (Fault.UNSUPPORTED, "a merge key"),
    "x: &x {a: b}\nSMTP: {«<<»: *x}": (Fault.UNSUPPORTED, "a merge key"),
    "SMTP: {}\n«---»\nSMTP: {}": (Fault.UNSUPPORTED, "second document"),
    "SMTP: {}\n«---»": (Fault.UNSUPPORTED, "second document"),
    "SMTP: {}\n...\n# c\n«H»ost: a": (Fault.UNSUPPORTED, "second document"),
    "SMTP:\n  «:» a": (Fault.UNSUPPORTED, "without a key"),
    "SMTP:\n  Host: a\n  «:» b": (Fault.UNSUPPORTED, "without a key"),
    "SMTP: {«:» a}": (Fault.UNSUPPORTED, "without a key"),
    "SMTP:\n  Host: «&x:y a»": (Fault.UNSUPPORTED, "other characters"),
    "SMTP:\n  Host: [«&x»? a]": (Fault.UNSUPPORTED, "other characters"),
    "SMTP:\n  ? «[»a]\n  : b": (Fault.UNSUPPORTED, "no plain text"),
    "SMTP:\n  ? «{»a: b}\n  : b": (Fault.UNSUPPORTED, "no plain text"),
    "SMTP:\n  Host: &x a\n  «*x» : b": (Fault.UNSUPPORTED, "no plain text"),
    "SMTP:\n  Password: «&x»\n  Host: a": (Fault.UNSUPPORTED, "without a value"),
    "SMTP:\n  Password: &x a\n  Host: «&x» a".replace("» a", " a»"): (Fault.UNSUPPORTED, "same name"),
}


@pytest.mark.parametrize("marked", BROKEN)
def test_a_broken_file_is_found_where_it_is_broken(marked: str) -> None:
    text, bounds = unmarked(marked) if "«" in marked else (marked, None)
    why = unreadable("x.yaml", text)

    assert why.fault is BROKEN[marked][0]
    assert BROKEN[marked][1] in why.message
    if bounds is not None:
        assert why.span.start == stretch(text, bounds).start
        if why.fault is Fault.UNSUPPORTED:
            assert why.span == stretch(text, bounds)


FULL = f"""%YAML 1.1
---
# {CANARY}
SMTP: &{CANARY}
  Host: "{CANARY}\\n" # {CANARY}
  Password: '{CANARY}'
  {CANARY}: |
    {CANARY} é😀
  'a{CANARY}': [{CANARY}, {{"{CANARY}": {CANARY}}}]
  User: &x {CANARY}
  From: *x
  ? Helo
  : - {CANARY}
..."""


INSERTED = (
    "",
    "'",
    '"',
    "\t",
    ":",
    "!",
    "&",
    "*",
    "{",
    "\n",
    '"\\',
    "|x",
    "@",
    "\x01",
    "- ",
    "? ",
    f"*{CANARY}",
    f"!{CANARY}",
)


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize(("number", "inserted"), list(enumerate(INSERTED)))
def test_no_cut_raises_or_leaks(number: int, inserted: str) -> None:
    """Each text at one byte in three, and at each byte one text in three."""
    data = FULL.encode()
    for end in range(number % 3, len(data), 3):
        report = check("x.yaml", data[:end] + inserted.encode(), CheckSettings())
        for one in report.diagnostics:
            if one.code in ("D001", "D003", "D010"):
                assert one.span is not None
                assert one.span.end.offset <= end + len(inserted.encode())
                assert CANARY[:6] not in one.message + str(one.help)
        assert "D007" not in [one.code for one in report.diagnostics]


@given(
    st.binary(max_size=40)
    | st.text("{}[]\"':,\\u0d8e1-.+tfn /#\n!&*|>%@`?~<=\t\r\x85\u2028\ufeffxUN_").map(
        lambda text: text.encode()
    )
)
@settings(max_examples=300)
def test_nothing_raises(data: bytes) -> None:
    report = check("x.yaml", data, CheckSettings(excerpts=True))

    assert "D007" not in [one.code for one in report.diagnostics]
    for one in report.diagnostics:
        assert one.span is None or one.span.end.offset <= len(data)


def _bomb(levels: int, width: int) -> str:
    aliases = [", ".join([f"*l{level}"] * width) for level in range(levels)]
    return "\n".join(["l0: &l0 lol", *(f"l{at + 1}: &l{at + 1} [{one}]" for at, one in enumerate(aliases))])


def _lines(count: int, line: str) -> str:
    return "".join(line.format(number) + "\n" for number in range(count))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[" * 100_000, Fault.TOO_LARGE),
        ("{a: " * 100_000, Fault.TOO_LARGE),
        ("- " * 100_000, Fault.TOO_LARGE),
        ("? " * 100_000, Fault.UNSUPPORTED),
        ("".join(" " * depth + "a:\n" for depth in range(1_400)), Fault.TOO_LARGE),
        (_bomb(10, 10), Fault.TOO_LARGE),
        (_bomb(300, 1), Fault.TOO_LARGE),
        ("a: &a [" + "1," * 50_000 + "]\n" + "b: *a\n" * 5, Fault.TOO_LARGE),
        ("a: '" + "x" * 1_000_000, Fault.NOT_WELL_FORMED),
        ('a: "' + "\\x41" * 250_000, Fault.NOT_WELL_FORMED),
        ("a: " + "x" * 1_000_000 + ": y", Fault.NOT_WELL_FORMED),
        ("a: *" + "x" * 1_000_000, Fault.NOT_WELL_FORMED),
        ("a: !" + "x" * 1_000_000, Fault.UNSUPPORTED),
        ("%" + "x" * 1_000_000, Fault.NOT_WELL_FORMED),
        ("a: |" + "\n " * 500_000 + "\x01", Fault.NOT_WELL_FORMED),
        ("a\n" * 500_000 + ": b", Fault.NOT_WELL_FORMED),
        ("\n" * 1_000_000, Fault.NOT_WELL_FORMED),
        ("#\n" * 500_000, Fault.NOT_WELL_FORMED),
        ("'" * 1_000_000 + ": a", Fault.NOT_WELL_FORMED),
        ("a: b\n" + " " * 1_040_000 + "\tc: d", Fault.NOT_WELL_FORMED),
        ("{" * 500_000, Fault.UNSUPPORTED),
        ("{[\n" * 300_000, Fault.UNSUPPORTED),
        ('{"a"' + "\n\t" * 500_000 + "b", Fault.NOT_WELL_FORMED),
        ("- \t" * 300_000, Fault.NOT_WELL_FORMED),
        ("x" * (1024 * 1024 + 1), Fault.TOO_LARGE),
    ],
)
@pytest.mark.usefixtures("untraced")
def test_large_files_are_bounded(text: str, fault: Fault) -> None:
    start = time.process_time()
    assert unreadable("x.yaml", text).fault is fault
    assert time.process_time() - start < 10


@pytest.mark.parametrize(
    ("head", "line", "count"),
    [
        ("", "k{0}: v{0}", 12_000),
        ("", "k{0}: &a{0} 'v'", 8_000),
        ("a: &a x\n", "k{0}: *a", 12_000),
        ("SMTP:\n", "  Host: smtp.sendgrid.net", 8_000),
        ("", "SMTP:", 20_000),
        ("SMTP:\n  Host: a\n", "  # dmsmtp: ignore[H208] {0}", 8_000),
        ("[\n", "1,", 24_000),
        ("x: &x " + "[" * 200 + "1" + "]" * 200 + "\ny:\n", "  - *x", 900),
    ],
)
@pytest.mark.usefixtures("untraced")
def test_four_times_as_much_takes_four_times_as_long(head: str, line: str, count: int) -> None:
    """Twice as long at most, as machines are busy; sixteen times where it grew with the square."""
    few, many = head + _lines(count // 4, line), head + _lines(count, line)
    most = 8 * max(min(_seconds(few), _seconds(few)), 0.05)

    assert any(_seconds(many) < most for _ in range(3))


@pytest.mark.usefixtures("untraced")
def test_a_full_file_is_bounded() -> None:
    assert _seconds(_lines(60_000, "k{0}: v{0}")) < 30


def _seconds(text: str) -> float:
    start = time.process_time()
    assert "D007" not in [one.code for one in check("x.yaml", text.encode(), CheckSettings()).diagnostics]
    return time.process_time() - start


def test_limits() -> None:
    assert unreadable("x.yaml", "[[[1]]]", Limits(depth=2)).span.start.offset == 2
    assert unreadable("x.yaml", "[1, 2]", Limits(nodes=2)).span.start.offset == 4
    assert unreadable("x.yaml", "[" + "1," * 22_000, Limits(nodes=20_000)).fault is Fault.TOO_LARGE
    assert unreadable("x.yaml", "- &a [[1]]\n- *a\n- [*a]", Limits(depth=3)).span.start.offset == 19
    assert unreadable("x.yaml", "- &a [[1]]\n- *a", Limits(nodes=5)).span.start.offset == 13
    assert unreadable("x.yaml", "a: b", Limits(yaml_size=3)).fault is Fault.TOO_LARGE
    assert document("x.yaml", "[[1]]", Limits(depth=2, nodes=3))


@pytest.mark.parametrize(
    ("marked", "code"),
    [
        ("SMTP:\n  Host: a\n  «Host»: b\n", "D004"),
        ("SMTP: {Host: a, '«Host»': b}\n", "D004"),
        ("SMTP: {Host: a}\n«SMTP»: {}\n", "D004"),
        ("x: &x {a: 1, «a»: 2}\ny: *x\nSMTP: {}\n", "D004"),
        ("SMTP:\n  Host: «!!str a»\n", "D010"),
        ("- «» a", "D005"),
    ],
)
def test_findings(marked: str, code: str) -> None:
    text, bounds = unmarked(marked)
    found = [one for one in check("x.yaml", text.encode(), CheckSettings()).diagnostics if one.code == code]

    assert len(found) == 1
    if code != "D005":
        assert found[0].span == stretch(text, bounds)
