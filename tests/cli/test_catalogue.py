"""`explain`, `rules` and `schema`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from migrator.definition import schema_names, schema_path
from migrator.rules import RULES
from migrator.rules.pages import page
from tests.cli.running import dmsmtp

if TYPE_CHECKING:
    from migrator.rules.model import Rule


@pytest.mark.parametrize(
    "name",
    [
        *("H207", "h207", "port-suffix-case", "PORT-SUFFIX-CASE", " H207 ", "H207 port-suffix-case", "H207:"),
        *("[H207]", "error[H207]", "error[H207] port-suffix-case: 535 5.7.8"),
        'C:/Skyline DataMiner/DataMiner.xml:535:15: error[H207] port-suffix-case: "587-STARTTLS": DataMiner',
    ],
)
def test_a_rule_by_code_or_name(name: str) -> None:
    outcome = dmsmtp("explain", name)

    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.lines[0] == "H207 port-suffix-case"
    assert "Why" in outcome.lines
    assert max(map(len, outcome.lines)) <= 80


@pytest.mark.parametrize("names", [["H207", "H208"], ["H207,port-suffix-case,H208"], ["ignore[H207] [H208]"]])
def test_one_rule_is_explained_at_a_time(names: list[str]) -> None:
    outcome = dmsmtp("explain", *names)

    assert (outcome.code, outcome.text) == (2, "")
    assert outcome.err == "dmsmtp: one rule has one page: `dmsmtp explain H207` shows the first of these\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("port suffix case", 'there is no rule "port suffix case"; did you mean "port-suffix-case"?'),
        ("error[Z999]", 'there is no rule "error[Z999]"; `dmsmtp rules` lists them all'),
        ("H20x", 'there is no rule "H20x"; `dmsmtp rules` lists them all'),
        ("it did not work", "give the reply with its number, or a rule's code"),
    ],
)
def test_what_is_not_known(text: str, words: str) -> None:
    outcome = dmsmtp("explain", text)

    assert (outcome.code, outcome.out) == (2, b"")
    assert words in outcome.err


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_has_a_page_in_both_formats(rule: Rule) -> None:
    text = dmsmtp("explain", rule.code).text
    told = json.loads(dmsmtp("explain", rule.code, "--output-format", "json").out)

    assert told["code"] == rule.code
    assert told["title"] in " ".join(text.split())
    assert [section["heading"] for section in told["sections"]][:3] == ["Why", "Bad", "Good"]
    assert all(block["text"] for section in told["sections"] for block in section["blocks"])


def test_the_list_of_rules() -> None:
    outcome = dmsmtp("rules")

    head, *rows = outcome.lines
    assert head.split() == ["code", "name", "severity", "fix", "finds"]
    assert [row[:4] for row in rows] == [rule.code for rule in RULES]
    for row, rule in zip(rows, RULES, strict=True):
        cells = [row[head.index(name) :].split("  ")[0].strip() for name in ("name", "severity", "finds")]
        assert cells == [rule.name, rule.severity.value, page(rule).title]
        assert row[head.index("fix") :][:3].strip() == ("" if rule.fix.value == "none" else "yes")


def test_the_list_of_rules_for_programs() -> None:
    told = json.loads(dmsmtp("rules", "--output-format", "json").out)

    assert told["version"] == 1
    assert [one["code"] for one in told["rules"]] == [rule.code for rule in RULES]
    assert set(told["rules"][0]) == {
        "code",
        "name",
        "severity",
        "fix",
        "in_validate",
        "whole_file_only",
        "title",
    }


def test_the_schemas() -> None:
    names = dmsmtp("schema").lines

    assert names == schema_names()
    assert {"smtp.schema.json", "smtp.xsd", "dataminer.xsd", "report.schema.json"} <= set(names)
    for name in names:
        assert dmsmtp("schema", name).out == schema_path(name).read_bytes()
