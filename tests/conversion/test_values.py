"""Values survive whatever they hold, to our readers and to those of other people."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from ruamel.yaml import YAML

from migrator.conversion.convert import OutputFormat
from tests.conversion.comparing import BETWEEN, converted, through

if TYPE_CHECKING:
    from collections.abc import Mapping

MODULES = Path(__file__).resolve().parents[2] / ".tools" / "node" / "node_modules"
SCRIPT = Path(__file__).with_name("js_yaml.mjs")
NUMBERS = [
    "012345",
    "0",
    "-0",
    "1e3",
    "1E3",
    "12e03",
    "1_000",
    "0x1F",
    "0o17",
    "0b101",
    "190:20:30",
    ".5",
    "5.",
]
NUMBERS += [
    "+1",
    "-1",
    "1.5",
    ".inf",
    "-.INF",
    ".nan",
    "0.",
    "685_230.15",
    "1:2",
    "08",
    "1e",
    "0x",
    "e3",
    "1d3",
]
WORDS = [
    "no",
    "NO",
    "n",
    "y",
    "yes",
    "on",
    "off",
    "true",
    "False",
    "null",
    "Null",
    "~",
    "",
    "=",
    "<<",
    "-",
    "?",
]
DATES = ["2026-12-31", "2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43", "2026-1-1", "12:30", "12:30:45"]
MARKS = [
    "a: b",
    "a:",
    ": a",
    "#a",
    "a #b",
    "a#b",
    "'a'",
    '"a"',
    "it's",
    'say "x"',
    "&a",
    "*a",
    "!a",
    "|",
    ">",
    "%a",
]
MARKS += [
    "@a",
    "`a",
    "[a]",
    "{a}",
    "a, b",
    "- a",
    "--- a",
    "...",
    "? a",
    "a\\b",
    "\\n",
    "<a>",
    "]]>",
    "&amp;",
    "%YAML",
]
SPACES = [
    " a",
    "a ",
    "  ",
    "a  b",
    "\ta",
    "a\tb",
    "a\t",
    "\n",
    "a\nb",
    "a\n",
    "\na",
    "a\r\nb",
    "a\rb",
    "a\n\n b\n",
]
CHARACTERS = [
    "é",
    "日本語",
    "\U0001f600",
    "\x7f",
    "\x80",
    "\x85",
    "\xa0",
    "\u2028",
    "\u2029",
    "\ufeff",
    "\ufeffa",
]
CHARACTERS += [
    "\u200b",
    "\ufffd",
    "\ud7ff",
    "\ue000",
    "\U0010ffff",
    "e\u0301",
    "\u202e",
    "a\u2028b",
    "\u0085a",
]
SECRETS = ["${env:HOME}", "$${env:HOME}", "$$${", "${", "$$", "${env:", "a${env:X}b", "$", "${}", "$${"]
NASTY = [*NUMBERS, *WORDS, *DATES, *MARKS, *SPACES, *CHARACTERS, *SECRETS, "x" * 10_000, "ab " * 3_000 + "c"]

allowed = st.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufffe\uffff").filter(
    lambda one: one in "\t\n\r" or one >= " "
)
texts = st.one_of(
    st.sampled_from(NASTY),
    st.text(allowed, max_size=20),
    st.text(st.sampled_from(" -:#'\"\\\n\t0123ex_.$&<")),
)
sections = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(["Host", "User", "Password", "Helo", "From"], texts)
)


def _xml(values: Mapping[str, str]) -> bytes:
    """A section, written by lxml."""
    root = etree.Element("SMTP")
    for name, value in values.items():
        etree.SubElement(root, name).text = value
    return etree.tostring(root)


def _values(data: bytes) -> dict[str, str]:
    """What lxml reads in a section."""
    return {str(one.tag): one.text or "" for one in etree.fromstring(data)}


def _escaped(values: Mapping[str, str]) -> dict[str, str]:
    """The values as JSON and YAML hold them: in a secret `${` is written `$${`."""
    return {
        name: value.replace("${", "$${") if name == "Password" else value for name, value in values.items()
    }


def _ruamel(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(io.StringIO(text))


@pytest.mark.parametrize("value", NASTY)
def test_a_value_survives(value: str) -> None:
    values = {"Host": value, "User": value, "Password": value}

    for output in BETWEEN:
        _, back = through(_xml(values), output)
        assert _values(back) == values


@settings(max_examples=60)
@given(values=sections)
def test_values_survive(values: dict[str, str]) -> None:
    expected = {"SMTP": _escaped(values)}

    as_json, back = through(_xml(values), OutputFormat.JSON, in_file_order=True)
    assert list(_values(back).items()) == list(values.items())
    assert json.loads(as_json) == expected
    as_yaml, back = through(_xml(values), OutputFormat.YAML, in_file_order=True)
    assert list(_values(back).items()) == list(values.items())
    assert yaml.safe_load(as_yaml.decode()) == expected
    assert _ruamel(as_yaml.decode()) == expected
    assert _values(converted("a.xml", _xml(values), OutputFormat.XML, force=True).document or b"") == values


def test_javascript_reads_the_same(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None or not (MODULES / "js-yaml").is_dir():
        pytest.skip(
            "install node and js-yaml (npm install --prefix .tools/node js-yaml@4), or run make tools"
        )
    cases = [{"Host": value, "Password": value, "MaxSubjectLength": "78"} for value in NASTY]
    documents = [converted("a.xml", _xml(case), OutputFormat.YAML, force=True).document for case in cases]
    whole = b"<DataMiner id='007' x='no'><Y>~</Y><n>1e3</n><A/>12:30<A>2026-12-31</A></DataMiner>"
    documents.append(converted("a.xml", whole, OutputFormat.YAML, whole_file=True, force=True).document)
    file = tmp_path / "documents.json"
    file.write_text(json.dumps([(one or b"").decode() for one in documents]), "utf-8")

    command: list[str | Path] = [node, SCRIPT, MODULES, file]
    outcome = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)

    assert outcome.returncode == 0, outcome.stderr
    *found, found_whole = json.loads(outcome.stdout)
    assert found == [{"SMTP": {**_escaped(case), "MaxSubjectLength": 78}} for case in cases]
    content = [{"Y": "~"}, {"n": "1e3"}, {"A": ""}, "12:30", {"A": "2026-12-31"}]
    assert found_whole == {"DataMiner": {"@id": "007", "@x": "no", "$children": content}}


@pytest.mark.parametrize("character", ["\x00", "\x01", "\x08", "\x0b", "\x0c", "\x1f", "\ufffe", "\uffff"])
def test_what_xml_cannot_hold_is_named(character: str) -> None:
    data = json.dumps({"SMTP": {"Host": "smtp.example.com", "Password": f"a{character}b"}}).encode()

    result = converted("a.json", data, OutputFormat.XML)

    assert result.document is None
    assert [one.message for one in result.problems] == [
        f"Password holds the character U+{ord(character):04X}, which XML cannot hold"
    ]
    assert result.problems[0].span is not None
    to_yaml = converted("a.json", data, OutputFormat.YAML, force=True).document
    assert yaml.safe_load((to_yaml or b"").decode())["SMTP"]["Password"] == f"a{character}b"


def test_what_xml_cannot_hold_is_left_out_by_force() -> None:
    section = {"Host": "smtp.example.com", "Password": "a\x01b", "From": "dma@example.com"}
    data = json.dumps(
        {"DataMiner": {"@id": "7\x02", "Own": {"$children": ["a\x03", {"b": "c"}]}, "SMTP": section}}
    )

    short = converted("a.json", data.encode(), OutputFormat.XML, force=True)
    whole = converted("a.json", data.encode(), OutputFormat.XML, force=True, whole_file=True)

    assert short.document == (
        b"<SMTP>\n  <Host>smtp.example.com</Host>\n  <From>dma@example.com</From>\n</SMTP>\n"
    )
    words = "{} holds the character U+{}, which XML cannot hold: it is left out"
    assert [one.message for one in short.notes] == [words.format("Password", "0001")]
    assert short.notes[0].span is not None
    assert not short.holds_secret
    assert b"<DataMiner>\n  <Own>\n    <b>c</b>\n  </Own>\n" in (whole.document or b"")
    assert [one.message for one in whole.notes] == [
        words.format(name, code) for name, code in (("@id", "0002"), ("Own", "0003"), ("Password", "0001"))
    ]
