"""The JSON report against its schema: findings, failures, clean runs."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

import migrator
from migrator.checking import CheckSettings, FileReport, check
from migrator.definition import schema_path
from migrator.diagnostic import (
    Diagnostic,
    Edit,
    Fix,
    Position,
    Quieted,
    Related,
    Safety,
    Severity,
    Span,
    Suppressed,
)
from migrator.rules import RULES
from migrator.rules.pages import page
from tests.reporters.reports import UNWRITTEN, as_bytes, finding, hostile, report, written

if TYPE_CHECKING:
    from migrator.rules.model import Rule

SCHEMA = Draft202012Validator(json.loads(schema_path("report.schema.json").read_bytes()))
SPAN = Span(Position(2, 3, 10), Position(2, 7, 14))


def document(*reports: FileReport) -> dict[str, Any]:
    """The report, which must be as its schema says."""
    told: dict[str, Any] = json.loads(written("json", *reports))
    SCHEMA.validate(told)
    return told


def test_a_clean_run_is_a_report_too() -> None:
    assert document(FileReport("x.xml")) == {
        "version": 1,
        "tool": {"name": "dmsmtp", "version": migrator.__version__},
        "diagnostics": [],
        "failures": [],
        "summary": {
            "files": 1,
            "errors": 0,
            "warnings": 0,
            "infos": 0,
            "fixed": 0,
            "fixable": 0,
            "suppressed": 0,
        },
    }


def test_nothing_but_failures() -> None:
    told = document(FileReport("a", failure="there is no such file"), FileReport("b", failure="it is gone"))

    assert told["failures"] == [
        {"path": "a", "kind": "not-checked", "reason": "there is no such file"},
        {"path": "b", "kind": "not-checked", "reason": "it is gone"},
    ]
    assert told["summary"]["files"] == 0


def test_what_could_not_be_done_stands_beside_the_findings() -> None:
    told = document(FileReport("x.xml", (finding(),), shortfalls=(UNWRITTEN,)))

    assert [one["code"] for one in told["diagnostics"]] == ["H207"]
    assert told["failures"] == [{"path": "x.xml", "kind": "not-written", "reason": UNWRITTEN.reason}]
    assert (told["summary"]["files"], told["summary"]["errors"]) == (1, 1)


def test_a_finding_with_everything() -> None:
    one = Diagnostic(
        "x.xml",
        SPAN,
        "S102",
        "duplicate-setting",
        Severity.WARNING,
        "twice",
        "remove one",
        place="SMTP/Host",
        agent="Agent 7",
        related=(Related("the first", "SMTP/Host", SPAN), Related("another", None, None, "b.xml")),
        fix=Fix("remove it", Safety.UNSAFE, (Edit(10, 14, "<&\u00e4"),)),
    )
    start, end = {"line": 2, "column": 3, "offset": 10}, {"line": 2, "column": 7, "offset": 14}

    told = document(FileReport("x.xml", (one,)))

    assert told["diagnostics"] == [
        {
            "path": "x.xml",
            "code": "S102",
            "name": "duplicate-setting",
            "severity": "warning",
            "message": "twice",
            "help": "remove one",
            "place": "SMTP/Host",
            "agent": "Agent 7",
            "related": [
                {"message": "the first", "place": "SMTP/Host", "start": start, "end": end},
                {"message": "another", "place": None, "path": "b.xml", "start": None, "end": None},
            ],
            "start": start,
            "end": end,
            "fix": {
                "title": "remove it",
                "safety": "unsafe",
                "edits": [{"start": 10, "end": 14, "content": "<&\u00e4"}],
            },
        }
    ]
    assert told["summary"] == {
        "files": 1,
        "errors": 0,
        "warnings": 1,
        "infos": 0,
        "fixed": 0,
        "fixable": 1,
        "suppressed": 0,
    }


def test_what_was_mended_or_suppressed_is_counted_and_not_told() -> None:
    one = finding()
    quiet = (Suppressed(one, Quieted.COMMENT, "why"), Suppressed(one, Quieted.BASELINE))

    told = document(FileReport("x.xml", suppressed=quiet, fixed=(one, one, one)))

    assert told["diagnostics"] == []
    assert (told["summary"]["suppressed"], told["summary"]["fixed"]) == (2, 3)


def test_fixes_of_both_kinds_count() -> None:
    edits = (Edit(10, 14, ""),)
    found = tuple(finding(fix=Fix("mend", safety, edits)) for safety in Safety)

    assert document(FileReport("x.xml", (*found, finding())))["summary"]["fixable"] == 2


def test_hostile_texts() -> None:
    for one in hostile():
        told = json.loads(as_bytes(written("json", one)))
        SCHEMA.validate(told)
        assert len(told["diagnostics"]) == len(one.diagnostics)


def test_a_finding_with_nothing() -> None:
    one = Diagnostic("x.xml", None, "D007", "rule-crashed", Severity.ERROR, "it failed")

    (told,) = document(FileReport("x.xml", (one,)))["diagnostics"]

    assert [told[name] for name in ("help", "place", "agent", "start", "end", "fix")] == [None] * 6
    assert told["related"] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_what_each_rule_finds_is_as_the_schema_says(rule: Rule) -> None:
    found = [report(example) for example in page(rule).examples("Bad")]

    told = document(*found, FileReport("gone", failure="it is gone"))

    assert told["summary"]["files"] == len(found)
    assert len(told["diagnostics"]) == sum(len(one.diagnostics) for one in found)


def test_a_finding_stands_on_a_line_of_its_own() -> None:
    found = [report("<SMTP />"), report("<Other />")]

    lines = written("json", *found).splitlines()

    assert sum(line.startswith('  {"path": ') for line in lines) == sum(len(one.diagnostics) for one in found)


@pytest.mark.parametrize(
    ("path", "expected"),
    [("a/b.xml", "a/b.xml"), ("\udcff.xml", "\\udcff.xml"), ("b\u00fccher.xml", "b\u00fccher.xml")],
)
def test_paths(path: str, expected: str) -> None:
    told = document(FileReport(path, failure="no"))

    assert told["failures"][0]["path"] == expected


def test_paths_of_windows_get_slashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sep", "\\")
    one = Diagnostic("C:\\a\\b.xml", None, "D007", "rule-crashed", Severity.ERROR, "it failed")

    told = document(FileReport("C:\\a\\b.xml", (one,)), FileReport("D:\\c", failure="no"))

    assert told["diagnostics"][0]["path"] == "C:/a/b.xml"
    assert told["failures"][0]["path"] == "D:/c"


def test_a_fix_that_takes_a_secret_away_shows_no_edits() -> None:
    login = "<LoginMethod>NoLoginMethod</LoginMethod><User>b</User><Password>c</Password>"
    report = check("x.xml", f"<SMTP>{login}</SMTP>".encode(), CheckSettings())

    fixes = {one["place"]: one["fix"] for one in document(report)["diagnostics"] if one["code"] == "A305"}

    assert fixes["SMTP/User"] is not None
    assert fixes["SMTP/Password"] is None
