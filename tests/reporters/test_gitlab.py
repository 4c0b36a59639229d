"""Code Quality reports against the shape that GitLab documents."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from migrator.checking import FileReport
from migrator.diagnostic import Quieted, Severity, Suppressed
from tests.reporters.reports import BROKEN, CLEAN, UNWRITTEN, as_bytes, finding, hostile, report, written

if TYPE_CHECKING:
    from pathlib import Path

# https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
SCHEMA = Draft202012Validator(
    {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["description", "check_name", "fingerprint", "severity", "location"],
            "additionalProperties": False,
            "properties": {
                "description": {"type": "string", "minLength": 1},
                "check_name": {"type": "string", "minLength": 1},
                "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
                "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
                "location": {
                    "type": "object",
                    "required": ["path", "lines"],
                    "properties": {
                        "path": {"type": "string", "not": {"pattern": r"^\./"}},
                        "lines": {
                            "type": "object",
                            "required": ["begin"],
                            "properties": {"begin": {"type": "integer", "minimum": 1}},
                        },
                    },
                },
            },
        },
    }
)


def entries(*reports: FileReport) -> list[dict[str, Any]]:
    """The entries of a report, which must have the documented shape and names of their own."""
    found: list[dict[str, Any]] = json.loads(as_bytes(written("gitlab", *reports)))
    SCHEMA.validate(found)
    assert len({one["fingerprint"] for one in found}) == len(found)
    return found


def test_a_clean_run_is_an_empty_list() -> None:
    assert entries() == entries(report(CLEAN)) == []


@pytest.mark.parametrize(
    ("severity", "expected"),
    [(Severity.ERROR, "critical"), (Severity.WARNING, "minor"), (Severity.INFO, "info")],
)
def test_a_finding(severity: Severity, expected: str) -> None:
    one = finding(severity, "./a/../b.xml", help="right it")

    (told,) = entries(FileReport(one.path, (one,)))

    assert told == {
        "description": "port-suffix-case: wrong; right it",
        "check_name": "H207",
        "fingerprint": told["fingerprint"],
        "severity": expected,
        "location": {"path": "b.xml", "lines": {"begin": 2}},
    }


@pytest.mark.parametrize(
    "one", [FileReport("\udcff.xml", (finding(path="\udcff.xml"),)), FileReport("\udcff.xml", failure="x")]
)
def test_a_path_that_is_no_unicode_is_written_out(one: FileReport) -> None:
    assert entries(one)[0]["location"]["path"] == "\\udcff.xml"


def test_a_finding_without_a_place_is_at_the_first_line() -> None:
    assert entries(FileReport("x.xml", (finding(span=None),)))[0]["location"]["lines"] == {"begin": 1}


def test_a_path_that_could_not_be_checked_is_an_entry() -> None:
    (told,) = entries(FileReport("x.xml", failure="it is gone"))

    assert (told["severity"], told["check_name"]) == ("blocker", "not-checked")
    assert told["description"] == "could not be checked: it is gone"


def test_what_could_not_be_done_stands_beside_the_findings() -> None:
    undone, one = entries(FileReport("x.xml", (finding(),), shortfalls=(UNWRITTEN,)))

    assert (undone["severity"], undone["check_name"]) == ("blocker", "not-written")
    assert undone["description"] == UNWRITTEN.reason
    assert one["check_name"] == "H207"


def test_names_stay_where_lines_move() -> None:
    before = entries(report(BROKEN))
    after = entries(report(BROKEN.replace("<SMTP>", "<SMTP>\n\n  <!-- moved -->")))
    elsewhere = entries(report(BROKEN, "y.xml"))

    assert [one["fingerprint"] for one in before] == [one["fingerprint"] for one in after]
    assert before[0]["location"]["lines"]["begin"] + 2 == after[0]["location"]["lines"]["begin"]
    assert not {one["fingerprint"] for one in before} & {one["fingerprint"] for one in elsewhere}


def test_what_is_suppressed_is_left_out_and_still_counts_for_names() -> None:
    one = finding(fingerprint="a")

    both = entries(FileReport("x.xml", (one, one)))
    quiet = entries(FileReport("x.xml", (one,), suppressed=(Suppressed(one, Quieted.COMMENT),)))

    assert len(quiet) == 1
    assert quiet[0]["fingerprint"] in {entry["fingerprint"] for entry in both}


def test_paths_start_at_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = str(tmp_path / "agents" / "DataMiner.xml")

    (told,) = entries(FileReport(path, (finding(path=path),)))

    assert told["location"]["path"] == "agents/DataMiner.xml"


def test_hostile_texts() -> None:
    for one in hostile():
        assert len(entries(one)) == len(one.diagnostics) + len(one.undone)
