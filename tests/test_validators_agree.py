"""Whether a section is valid, asked of libxml2, xmlschema, JSON Schema and our rules: they say the same."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from xml.sax.saxutils import escape

import xmlschema
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from lxml import etree

from migrator import definition
from migrator.checking import CheckSettings, check
from migrator.diagnostic import Severity
from migrator.rules import RULES

VALIDATE = CheckSettings(codes=frozenset(rule.code for rule in RULES if rule.in_validate))
LIBXML2 = etree.XMLSchema(etree.parse(str(definition.schema_path("dataminer.xsd"))))
XMLSCHEMA = xmlschema.XMLSchema10(str(definition.schema_path("dataminer.xsd")))
JSON_SCHEMA = json.loads(definition.schema_path("smtp.schema.json").read_bytes())
SECTION = Draft202012Validator({"$defs": JSON_SCHEMA["$defs"], "$ref": "#/$defs/section"})


@dataclass(frozen=True)
class Entry:
    """A child of SMTP: its name and text, and what is odd about it."""

    name: str
    text: str
    oddity: str = ""

    def xml(self) -> str:
        text = escape(self.text)
        match self.oddity:
            case "attribute":
                return f'<{self.name} secure="1">{text}</{self.name}>'
            case "xml:lang":
                return f'<{self.name} xml:lang="en">{text}</{self.name}>'
            case "nested":
                return f"<{self.name}>{text}<b/></{self.name}>"
            case "comment":
                return f"<{self.name}>{text}<!-- c --></{self.name}>"
            case "foreign":
                return f'<{self.name} xmlns="urn:other">{text}</{self.name}>'
            case "stray":
                return f"<{self.name}>{text}</{self.name}>stray"
            case _:
                return f"<{self.name}>{text}</{self.name}>"


def document(entries: list[Entry], shape: str) -> str:
    inner = "".join(entry.xml() for entry in entries)
    if shape == "bare":
        return f"<SMTP>{inner}</SMTP>"
    namespace = f' xmlns="{definition.NAMESPACE}"' if shape == "namespace" else ""
    return f'<DataMiner{namespace} id="7"><SMTP>{inner}</SMTP></DataMiner>'


def is_valid_to_rules(text: str) -> bool:
    report = check("x.xml", text.encode(), VALIDATE)
    assert "D007" not in [one.code for one in report.diagnostics], report.diagnostics
    return not [one for one in report.diagnostics if one.severity is Severity.ERROR]


def section_of(text: str) -> etree._Element:
    root = etree.fromstring(text.encode())
    return root if etree.QName(root).localname == "SMTP" else root[0]


def as_value(entries: list[Entry]) -> dict[str, object]:
    return {
        entry.name: int(entry.text)
        if entry.name == "MaxSubjectLength" and re.fullmatch("0|[1-9][0-9]*", entry.text)
        else entry.text
        for entry in entries
    }


HOST_PORTS = ("25", "465-ssl", "587-starttls", "587-STARTTLS", "0587", "70000", "0", "", " 25", "25\n", "٢٥")
METHODS = ("NoLoginMethod", "Auto", "XOAUTH2", "NTLM", "auto", "LOGIN", "", " NTLM", "NTLM\u00a0")
LENGTHS = ("78", "0", "078", "+78", "-1", "", "78 ", "7.8", "9" * 30)
NAMES = (*definition.settings(), "host", "Port", "Pasword", "Hosts", "SMTP2")
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12)
VALUES = {"HostPort": HOST_PORTS, "LoginMethod": METHODS, "MaxSubjectLength": LENGTHS}
ODDITIES = ("", "", "", "", "comment", "xml:lang", "attribute", "nested", "foreign", "stray")


@st.composite
def entry(draw: st.DrawFn) -> Entry:
    name = draw(st.sampled_from(NAMES))
    values = st.sampled_from(VALUES[name]) | TEXT if name in VALUES else TEXT
    return Entry(name, draw(values), draw(st.sampled_from(ODDITIES)))


@settings(max_examples=300, deadline=None)
@given(entries=st.lists(entry(), max_size=6), shape=st.sampled_from(["bare", "plain", "namespace"]))
@example(entries=[], shape="bare")
@example(entries=[Entry("Host", "\ufffe")], shape="plain")
@example(entries=[Entry("HostPort", "25", "comment")], shape="namespace")
@example(entries=[Entry("Host", "a", "stray")], shape="plain")
@example(entries=[Entry("Host", "a"), Entry("Host", "a")], shape="plain")
def test_a_section_is_valid_to_all_or_to_none(entries: list[Entry], shape: str) -> None:
    text = document(entries, shape)
    try:
        node = section_of(text)
    except etree.XMLSyntaxError:  # a character that XML does not have
        assert not is_valid_to_rules(text)
        return
    is_valid = LIBXML2.validate(node)
    assert is_valid == is_valid_to_rules(text), text
    # xmlschema reads text: given lxml's tree it takes comments for elements
    assert is_valid == XMLSCHEMA.is_valid(etree.tostring(node, encoding="unicode", with_tail=False)), text
    names = [one.name for one in entries]
    if len(names) == len(set(names)) and all(one.oddity in ("", "comment", "xml:lang") for one in entries):
        assert is_valid == SECTION.is_valid(as_value(entries)), text
