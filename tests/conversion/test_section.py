from __future__ import annotations

import json
import time

import pytest

from migrator.conversion.convert import OutputFormat
from migrator.conversion.scalars import yaml_key
from tests.conversion.comparing import converted, through

SHUFFLED = b"""<SMTP>
  <From>dma@example.com</From> <!-- behind From -->
  <!-- before HostPort -->
  <HostPort>587-starttls</HostPort>
  <LoginMethod>NoLoginMethod</LoginMethod>
  <!-- before Host,
       in two lines -->
  <Host>smtp.example.com</Host>
  <!-- at the end -->
</SMTP>
"""


def _text(path: str, data: bytes | str, output: OutputFormat, **options: object) -> str:
    encoded = data.encode() if isinstance(data, str) else data
    result = converted(path, encoded, output, **options)
    assert result.document is not None, result
    return result.document.decode()


def test_settings_come_in_the_documented_order_and_comments_go_with_them() -> None:
    assert _text("a.xml", SHUFFLED, OutputFormat.YAML) == (
        "SMTP:\n"
        "  # before Host,\n"
        "  # in two lines\n"
        "  Host: smtp.example.com\n"
        "  # before HostPort\n"
        "  HostPort: 587-starttls\n"
        "  LoginMethod: NoLoginMethod\n"
        "  From: dma@example.com  # behind From\n"
        "  # at the end\n"
    )


def test_the_order_of_the_file_can_be_kept() -> None:
    there, back = through(SHUFFLED, OutputFormat.YAML, in_file_order=True)

    assert [line.split(":")[0].strip() for line in there.decode().splitlines() if "#" not in line] == [
        "SMTP",
        "HostPort",
        "LoginMethod",
        "Host",
    ]
    expected = SHUFFLED.decode().replace("Host,\n       in", "Host, -->\n  <!-- in")
    assert back.decode() == expected


@pytest.mark.parametrize(
    ("yaml", "xml"),
    [
        pytest.param(
            "# head\nSMTP:  # beside\n  Host: a  # behind\n\n  # before\n  User: b\n  # end\n# tail\n",
            "<!-- head -->\n<SMTP>\n  <!-- beside -->\n  <Host>a</Host> <!-- behind -->\n  <!-- before -->\n"
            "  <User>b</User>\n  <!-- end -->\n</SMTP>\n<!-- tail -->\n",
            id="everywhere",
        ),
        pytest.param(
            "DataMiner:\n  # of another\n  SMTP:\n    Host: a\n    # end\n  # of Telnet\n  Telnet: x # y\n",
            "<SMTP>\n  <Host>a</Host>\n  <!-- end -->\n</SMTP>\n",
            id="those of the rest of the file stay there",
        ),
        pytest.param(
            "SMTP: { Host: a, # behind\n  User: b } # end\n",
            "<SMTP>\n  <Host>a</Host> <!-- behind -->\n  <User>b</User> <!-- end -->\n</SMTP>\n",
            id="in braces",
        ),
        pytest.param(
            "SMTP:\n  Host: |-  # in Host\n    a\n  User:  # in User\n    b\n  From: c\n",
            "<SMTP>\n  <Host>a</Host> <!-- in Host -->\n  <User>b</User> <!-- in User -->\n"
            "  <From>c</From>\n</SMTP>\n",
            id="before the value of their key",
        ),
        pytest.param(
            "SMTP:\n  Host: 'a # no'\n", "<SMTP>\n  <Host>a # no</Host>\n</SMTP>\n", id="no comment"
        ),
        pytest.param(
            "# yaml-language-server: $schema=x.json\nSMTP:\n  Host: a\n",
            "<SMTP>\n  <Host>a</Host>\n</SMTP>\n",
            id="the line for editors is none of the user's",
        ),
        pytest.param(
            "SMTP:\n  # a--b---\n  Host: a\n",
            "<SMTP>\n  <!-- a- -b- - - -->\n  <Host>a</Host>\n</SMTP>\n",
            id="hyphens",
        ),
    ],
)
def test_comments_of_yaml(yaml: str, xml: str) -> None:
    assert _text("a.yaml", yaml, OutputFormat.XML) == xml


SEVERAL_BEHIND = (
    "<SMTP>\n  <Host>a</Host> <!-- one --> <!-- two -->\n  <User>b</User>\n"
    "  <Password>c</Password> <!-- in\n  lines --> <!-- one -->\n  <From>d</From>\n</SMTP>\n"
)


@pytest.mark.parametrize("whole_file", [False, True])
def test_several_comments_behind_one_setting_stay_with_it(whole_file: bool) -> None:
    shuffled = SEVERAL_BEHIND.replace("Host", "Helo")

    yaml = _text("a.xml", SEVERAL_BEHIND, OutputFormat.YAML, whole_file=whole_file)
    xml = _text("a.xml", shuffled, OutputFormat.XML, whole_file=whole_file)

    assert yaml == (
        "SMTP:\n  # two\n  Host: a  # one\n  User: b\n  # in\n  # lines\n  Password: c  # one\n  From: d\n"
    )
    assert "<Helo>a</Helo> <!-- one --> <!-- two -->\n" in xml
    assert "<Password>c</Password> <!-- in -->\n  <!-- lines --> <!-- one -->\n" in xml


def test_hyphens_that_are_set_apart_are_noted() -> None:
    data = b"# -- head --\nSMTP:\n  # a--b\n  Host: a\n  # alone -\n# - list\n# tail--\n"
    result = converted("a.yaml", data, OutputFormat.XML)

    words = "two hyphens in a comment are set apart, as XML allows none there"
    assert [(one.message, one.span.start.line) for one in result.notes if one.span] == [
        (words, 1),
        (words, 3),
        (words, 7),
    ]
    assert b"<!-- alone - -->" in (result.document or b"")


def test_instructions_beside_a_section_are_noted() -> None:
    xml = b'<?xml version="1.0"?><?one x?><SMTP><Host>a</Host></SMTP>\n<?two y?>'

    result = converted("a.xml", xml, OutputFormat.YAML)

    assert [(one.message, one.span and one.span.start.column) for one in result.notes] == [
        ("a processing instruction is left out", 22),
        ("a processing instruction is left out", 1),
    ]
    around = b"<?one x?><DataMiner><SMTP><Host>a</Host></SMTP></DataMiner>"
    assert converted("a.xml", around, OutputFormat.YAML).notes == ()


def test_a_namespace_is_written_where_asked_for() -> None:
    xml = "<SMTP><Host>a</Host></SMTP>"

    assert "xmlns" not in _text("a.xml", xml, OutputFormat.XML)
    declared = _text("a.xml", xml, OutputFormat.XML, namespace=True)
    assert declared.startswith('<SMTP xmlns="http://www.skyline.be/config/dataminer">\n')
    assert _text("a.xml", declared, OutputFormat.XML, namespace=True) == declared


def test_a_root_that_has_its_namespace_by_a_prefix_gets_no_other() -> None:
    xml = '<d:DataMiner xmlns:d="http://www.skyline.be/config/dataminer"><Own>a</Own></d:DataMiner>'

    document = _text("a.xml", xml, OutputFormat.XML, namespace=True, whole_file=True)

    assert ' xmlns="' not in document
    assert "<Own>a</Own>" in document


@pytest.mark.usefixtures("untraced")
def test_very_many_comments_inside_entries_are_noted_in_time() -> None:
    xml = f"<SMTP>{'<X>a<!-- b --></X>' * 10_000}</SMTP>".encode()
    started = time.process_time()

    notes = converted("a.xml", xml, OutputFormat.XML, force=True).notes

    assert [one.message for one in notes].count("a comment inside a value is left out") == 10_000
    assert time.process_time() - started < 10


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize("whole_file", [False, True])
def test_very_many_comments_behind_the_last_setting_come_along_in_time(whole_file: bool) -> None:
    yaml = "SMTP:\n  Host: a # b\n  # c\n" + "  # d\n" * 40_000
    started = time.process_time()

    document = _text("a.yaml", yaml, OutputFormat.XML, whole_file=whole_file)

    assert "  <Host>a</Host> <!-- b -->\n  <!-- c -->\n  <!-- d -->\n" in document
    assert document.count("<!-- d -->") == 40_000
    assert time.process_time() - started < 15


def test_editors_are_told_of_the_schema_where_asked_for() -> None:
    xml = "<SMTP><Host>a</Host></SMTP>"

    assert json.loads(_text("a.xml", xml, OutputFormat.JSON, schema="x.json")) == {
        "$schema": "x.json",
        "SMTP": {"Host": "a"},
    }
    written = _text("a.xml", xml, OutputFormat.YAML, schema="x.json")
    assert written == "# yaml-language-server: $schema=x.json\nSMTP:\n  Host: a\n"
    assert "schema" not in _text("a.yaml", written, OutputFormat.JSON)


@pytest.mark.parametrize(
    ("xml", "notes"),
    [
        ("<SMTP><Host>a<!-- b --></Host></SMTP>", ["a comment inside a value is left out"]),
        ("<SMTP><Hots>a</Hots></SMTP>", ["Hots, which is no setting here, is left out"]),
        ("<SMTP><Host>a</Host><Host>b</Host></SMTP>", ["another Host is left out"]),
        (
            '<SMTP xmlns:o="urn:o"><Host>a</Host><o:Host>b</o:Host></SMTP>',
            ["Host, which is no setting here, is left out"],
        ),
        ("<SMTP id='1'><Host a='b'>a</Host></SMTP>", ["an attribute is left out"] * 2),
        (
            "<SMTP>text<Host>a<?b?></Host></SMTP>",
            ["a text between the settings is left out", "a processing instruction is left out"],
        ),
        ("<SMTP><Host>a<b>c</b></Host></SMTP>", ["an element inside a setting is left out"]),
    ],
)
def test_what_is_left_out_is_noted(xml: str, notes: list[str]) -> None:
    result = converted("a.xml", xml.encode(), OutputFormat.YAML, force=True)

    assert [one.message for one in result.notes] == notes
    assert all(one.span is not None for one in result.notes)
    assert result.document == (b"SMTP: {}\n" if "Hots" in xml else b"SMTP:\n  Host: a\n")


def test_an_invalid_file_is_not_converted_unless_forced() -> None:
    xml = b"<SMTP><HostPort>587-STARTTLS</HostPort></SMTP>"

    result = converted("a.xml", xml, OutputFormat.YAML)

    assert (result.document, result.is_valid) == (None, False)
    assert "H207" in [one.code for one in result.report.diagnostics]
    forced = converted("a.xml", xml, OutputFormat.YAML, force=True)
    assert (forced.document, forced.is_valid) == (b"SMTP:\n  HostPort: 587-STARTTLS\n", False)


def test_a_file_without_a_section_needs_the_whole_file() -> None:
    result = converted("a.xml", b'<DataMiner id="7"/>', OutputFormat.JSON)

    assert [one.message for one in result.problems] == ["there is no SMTP section to convert"]
    assert converted("a.xml", b'<DataMiner id="7"/>', OutputFormat.JSON, whole_file=True).document is not None


def test_a_key_that_is_too_long_for_a_simple_one() -> None:
    assert yaml_key("x" * 1000) == "x" * 1000 + ":"
    assert yaml_key("x" * 1001) == "? " + "x" * 1001 + "\n:"


def test_text_between_settings_is_invalid_in_every_format() -> None:
    data = json.dumps({"SMTP": {"$children": ["text", {"Host": "a"}]}}).encode()

    assert not converted("a.json", data, OutputFormat.XML).is_valid
    forced = converted("a.json", data, OutputFormat.XML, force=True)
    assert forced.document == b"<SMTP>\n  <Host>a</Host>\n</SMTP>\n"
    assert [one.message for one in forced.notes] == ["a text between the settings is left out"]
