"""SARIF against its schema, Microsoft's validator and another program that reads it; the limits of GitHub."""

from __future__ import annotations

import importlib
import json
import os
import platform
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from migrator.checking import FileReport, check
from migrator.diagnostic import Edit, Fix, Quieted, Related, Safety, Severity, Suppressed
from migrator.document.source import Unreadable, decode
from migrator.reporters import sarif
from migrator.reporters.sarif import MOST_RELATED
from migrator.rules import RULES
from migrator.rules.pages import page
from tests.reporters.reports import (
    BROKEN,
    CLEAN,
    SETTINGS,
    SPAN,
    UNWRITTEN,
    as_bytes,
    finding,
    hostile,
    report,
    written,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from migrator.rules.model import Rule

TOOLS = Path(__file__).resolve().parents[2] / ".tools"
MULTITOOL = TOOLS / "node" / "node_modules" / "@microsoft" / "sarif-multitool-linux"
ROOT = {"uriBaseId": "%SRCROOT%"}


@pytest.fixture(scope="session")
def schema() -> Draft202012Validator:
    file = MULTITOOL / "sarif-2.1.0.json"
    if not file.exists():
        pytest.skip("install the SARIF Multitool's package: run make tools")
    return Draft202012Validator(json.loads(file.read_bytes()))


@pytest.fixture
def run(schema: Draft202012Validator) -> Callable[..., dict[str, Any]]:
    """The only run of the document, which must be as the schema says."""

    def read(*reports: FileReport, has_baseline: bool = False) -> dict[str, Any]:
        document = json.loads(as_bytes(written("sarif", *reports, has_baseline=has_baseline)))
        schema.validate(document)
        (only,) = document["runs"]
        rules = only["tool"]["driver"]["rules"]
        assert all(rules[one["ruleIndex"]]["id"] == one["ruleId"] for one in only["results"])
        found: dict[str, Any] = only
        return found

    return read


def test_a_clean_run_is_a_document_too(run: Callable[..., dict[str, Any]]) -> None:
    for reports in ([], [FileReport("x.xml")], [report(CLEAN), report(CLEAN, "y.xml")]):
        told = run(*reports)

        assert told["results"] == told["tool"]["driver"]["rules"] == []
        assert told["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]
        assert told["columnKind"] == "unicodeCodePoints"


def test_all_files_are_one_run(run: Callable[..., dict[str, Any]]) -> None:
    told = run(report(BROKEN, "a.xml"), report(CLEAN, "b.xml"), report(BROKEN, "c.xml"))

    paths = [one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in told["results"]]
    assert paths == ["a.xml"] * (len(paths) // 2) + ["c.xml"] * (len(paths) // 2)
    assert len(told["tool"]["driver"]["rules"]) == len({one["ruleId"] for one in told["results"]})


def test_a_finding_with_everything(run: Callable[..., dict[str, Any]]) -> None:
    one = finding(
        Severity.WARNING,
        help="right it",
        place="SMTP/Host",
        agent="Agent 7",
        related=(Related("the first", "SMTP/Host", SPAN), Related("another", None, None, "b.xml")),
        fix=Fix("right it", Safety.UNSAFE, (Edit(10, 14, "<&ä"), Edit(20, 21, "")), (SPAN, SPAN)),
        fingerprint="0123",
    )
    region = {
        "startLine": 2,
        "startColumn": 3,
        "endLine": 2,
        "endColumn": 7,
        "byteOffset": 10,
        "byteLength": 4,
    }
    here = {"uri": "x.xml", **ROOT}

    (told,) = run(FileReport("x.xml", (one,)))["results"]

    assert told == {
        "ruleId": "H207",
        "ruleIndex": 0,
        "level": "warning",
        "message": {"text": "wrong; right it"},
        "locations": [
            {
                "physicalLocation": {"artifactLocation": here, "region": region},
                "logicalLocations": [{"fullyQualifiedName": "SMTP/Host"}],
            }
        ],
        "partialFingerprints": {"primaryLocationLineHash": "0123:1"},
        "relatedLocations": [
            {
                "id": 1,
                "message": {"text": "the first"},
                "physicalLocation": {"artifactLocation": here, "region": region},
            },
            {
                "id": 2,
                "message": {"text": "another"},
                "physicalLocation": {"artifactLocation": {"uri": "b.xml", **ROOT}},
            },
        ],
        "fixes": [
            {
                "description": {"text": "right it (unsafe: look at it first)"},
                "artifactChanges": [
                    {
                        "artifactLocation": here,
                        "replacements": [
                            {"deletedRegion": region, "insertedContent": {"text": "<&ä"}},
                            {"deletedRegion": region, "insertedContent": {"text": ""}},
                        ],
                    }
                ],
                "properties": {"safety": "unsafe"},
            }
        ],
        "properties": {"agent": "Agent 7"},
    }


def test_a_finding_with_nothing(run: Callable[..., dict[str, Any]]) -> None:
    (told,) = run(FileReport("x.xml", (finding(span=None),)))["results"]

    assert told["locations"] == [{"physicalLocation": {"artifactLocation": {"uri": "x.xml", **ROOT}}}]
    assert not {"relatedLocations", "fixes", "suppressions", "baselineState", "properties"} & told.keys()


@pytest.mark.parametrize(
    ("severity", "level"),
    [(Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "note")],
)
def test_levels(severity: Severity, level: str, run: Callable[..., dict[str, Any]]) -> None:
    (told,) = run(FileReport("x.xml", (finding(severity),)))["results"]

    assert told["level"] == level


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_what_each_rule_finds_is_as_the_schema_says(rule: Rule, run: Callable[..., dict[str, Any]]) -> None:
    told = run(FileReport("x.xml", (finding(code=rule.code, name=rule.name),)))

    (described,) = told["tool"]["driver"]["rules"]
    assert (described["id"], described["name"]) == (rule.code, rule.name)
    assert described["shortDescription"]["text"] == page(rule).title
    assert described["help"]["text"].startswith(f"{rule.code} {rule.name}\n")
    assert "## Why\n" in described["help"]["markdown"]
    assert described["properties"]["tags"][0] == "smtp"
    assert len(described["properties"]["tags"]) <= 10


def test_what_keeps_a_finding_quiet(run: Callable[..., dict[str, Any]]) -> None:
    one = finding()
    quiet = (
        Suppressed(one, Quieted.COMMENT, "the server wants it"),
        Suppressed(one, Quieted.COMMENT),
        Suppressed(one, Quieted.BASELINE),
    )

    told = run(FileReport("x.xml", (), suppressed=quiet))["results"]

    assert [one["suppressions"] for one in told] == [
        [{"kind": "inSource", "status": "accepted", "justification": "the server wants it"}],
        [{"kind": "inSource", "status": "accepted"}],
        [{"kind": "external", "status": "accepted"}],
    ]
    assert not any("baselineState" in one for one in told)


def test_with_a_baseline_all_results_have_a_state(run: Callable[..., dict[str, Any]]) -> None:
    one = finding()
    quiet = (Suppressed(one, Quieted.COMMENT), Suppressed(one, Quieted.BASELINE))

    told = run(FileReport("x.xml", (one,), suppressed=quiet), has_baseline=True)["results"]

    assert [one["baselineState"] for one in told] == ["new", "new", "unchanged"]


def test_what_was_mended_is_no_result(run: Callable[..., dict[str, Any]]) -> None:
    assert run(FileReport("x.xml", fixed=(finding(), finding())))["results"] == []


def test_what_could_not_be_done_stands_beside_the_findings(run: Callable[..., dict[str, Any]]) -> None:
    told = run(FileReport("x.xml", (finding(),), shortfalls=(UNWRITTEN,)))

    (invocation,) = told["invocations"]
    (notification,) = invocation["toolExecutionNotifications"]
    assert not invocation["executionSuccessful"]
    assert notification["descriptor"] == {"id": "not-written"}
    assert notification["message"] == {"text": UNWRITTEN.reason}
    assert [one["ruleId"] for one in told["results"]] == ["H207"]


def test_paths_that_could_not_be_checked(run: Callable[..., dict[str, Any]]) -> None:
    told = run(
        FileReport("a b.xml", failure="it is\ngone"), FileReport("/x/y.xml", failure="Permission denied")
    )

    (invocation,) = told["invocations"]
    assert not invocation["executionSuccessful"]
    first, second = invocation["toolExecutionNotifications"]
    assert first == {
        "descriptor": {"id": "not-checked"},
        "level": "error",
        "message": {"text": "it is\\ngone"},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": "a%20b.xml", **ROOT}}}],
    }
    address = second["locations"][0]["physicalLocation"]["artifactLocation"]
    assert address["uri"].startswith("file:///")
    assert "uriBaseId" not in address


def test_the_root_is_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., dict[str, Any]]
) -> None:
    (tmp_path / "a b").mkdir()
    monkeypatch.chdir(tmp_path / "a b")

    told = run(report(BROKEN, str(tmp_path / "a b" / "c.xml")), report(BROKEN, str(tmp_path / "c.xml")))

    base = told["originalUriBaseIds"]["%SRCROOT%"]["uri"]
    assert base.endswith("/a%20b/")
    addresses = {
        tuple(one["locations"][0]["physicalLocation"]["artifactLocation"].items()) for one in told["results"]
    }
    outside = base.removesuffix("a%20b/") + "c.xml"
    assert addresses == {(("uri", "c.xml"), ("uriBaseId", "%SRCROOT%")), (("uri", outside),)}


def test_a_link_in_a_message_is_none(run: Callable[..., dict[str, Any]]) -> None:
    text = "[click](https://example.com) a[0] [x] (y) [1](2)"

    (told,) = run(FileReport("x.xml", (finding(message=text),)))["results"]

    assert told["message"]["text"] == r"\[click](https://example.com) a[0] [x] (y) \[1](2)"


def test_hostile_texts(run: Callable[..., dict[str, Any]]) -> None:
    told = run(*hostile(), has_baseline=True)

    addresses = [
        one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in told["results"]
    ]
    assert all(re.fullmatch(r"(?:[A-Za-z0-9._~/:-]|%[0-9A-F]{2})*", one) for one in addresses)
    assert not any(":" in one for one in addresses if not one.startswith("file:"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig", "cp1252"])
def test_the_lines_and_columns_of_a_fix_are_those_of_its_bytes(
    encoding: str, run: Callable[..., dict[str, Any]]
) -> None:
    text = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>\r\n<!-- é -->\r\n{BROKEN}'
    data = text.encode(encoding)
    source = decode(data)
    assert not isinstance(source, Unreadable)
    told = run(check("x.xml", data, SETTINGS))

    regions = [
        replacement["deletedRegion"]
        for one in told["results"]
        for fix in one.get("fixes", ())
        for replacement in fix["artifactChanges"][0]["replacements"]
    ]
    assert len(regions) == 3
    for region in regions:
        start, end = (
            source.line_bounds(region[f"{which}Line"])[0] + region[f"{which}Column"] - 1
            for which in ("start", "end")
        )
        assert source.offset(start) == region["byteOffset"]
        assert source.offset(end) == region["byteOffset"] + region["byteLength"]


def test_equal_findings_of_a_file_are_told_apart(run: Callable[..., dict[str, Any]]) -> None:
    one = finding(fingerprint="abc")

    told = run(FileReport("x.xml", (one, one)), FileReport("y.xml", (one,)))["results"]

    assert [result["partialFingerprints"]["primaryLocationLineHash"] for result in told] == [
        "abc:1",
        "abc:2",
        "abc:1",
    ]


def test_no_more_results_than_github_takes(
    run: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sarif, "MOST_RESULTS", 5)
    one = finding()

    told = run(FileReport("x.xml", (one,) * 3), FileReport("y.xml", (one,) * 4), FileReport("z.xml", (one,)))

    assert len(told["results"]) == 5
    (invocation,) = told["invocations"]
    assert invocation["executionSuccessful"]
    (notification,) = invocation["toolExecutionNotifications"]
    assert notification["level"] == "warning"
    assert notification["message"]["text"].startswith("3 more findings are left out")


def test_what_is_suppressed_takes_no_room_from_other_results(
    run: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sarif, "MOST_RESULTS", 3)
    one, quiet = finding(), (Suppressed(finding(), Quieted.BASELINE),)

    told = run(
        FileReport("x.xml", (), suppressed=quiet * 4),
        FileReport("y.xml", (one, one), suppressed=quiet),
        has_baseline=True,
    )

    assert [one["baselineState"] for one in told["results"]] == ["new", "new", "unchanged"]
    (notification,) = told["invocations"][0]["toolExecutionNotifications"]
    assert notification["message"]["text"].startswith("4 more findings are left out")


def test_as_many_results_as_github_takes_need_no_notification(
    run: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sarif, "MOST_RESULTS", 3)

    told = run(FileReport("x.xml", (finding(),) * 3))

    assert told["invocations"][0]["toolExecutionNotifications"] == []


def test_no_more_related_places_than_are_read(run: Callable[..., dict[str, Any]]) -> None:
    one = finding(related=tuple(Related(str(number), None, SPAN) for number in range(MOST_RELATED + 5)))

    (told,) = run(FileReport("x.xml", (one,)))["results"]

    assert [place["id"] for place in told["relatedLocations"]] == list(range(1, MOST_RELATED + 1))


def test_microsofts_validator_finds_no_error(tmp_path: Path, schema: Draft202012Validator) -> None:
    """The rules of the standard, and those of GitHub; the program is there for one system alone."""
    nowhere = FileReport("x.xml", (finding(span=None),))
    odd = [one for one in hostile() if one.path]  # we never say nothing
    text = written("sarif", report(BROKEN), FileReport("gone.xml", failure="it is gone"), nowhere, *odd)
    document = json.loads(as_bytes(text))
    schema.validate(document)
    del document["$schema"]  # it would be asked for on the network, and is missed (GH1013)
    (tmp_path / "report.sarif").write_text(json.dumps(document), "utf-8")
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return
    program = MULTITOOL / "Sarif.Multitool"
    program.chmod(0o755)

    outcome = subprocess.run(
        [
            *(program, "validate", "report.sarif", "--output", "told.sarif", "--quiet"),
            *("--rule-kind", "Sarif;Ghas", "--level", "Error", "--kind", "Fail"),
        ],
        cwd=tmp_path,
        capture_output=True,
        env={**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"},
        timeout=120,
        check=False,
    )

    assert (tmp_path / "told.sarif").exists(), outcome
    told = json.loads((tmp_path / "told.sarif").read_text("utf-8-sig"))["runs"][0]
    wrong = [(one["ruleId"], one["message"]) for one in told["results"] if one.get("level") == "error"]
    assert [one for one in wrong if one[0] != "GH1013"] == []
    assert all(one["executionSuccessful"] for one in told["invocations"])


def test_sarif_tools_read_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not (TOOLS / "python" / "sarif").is_dir():
        pytest.skip("install sarif-tools: run make tools")
    monkeypatch.syspath_prepend(TOOLS / "python")
    file = tmp_path / "report.sarif"
    file.write_bytes(as_bytes(written("sarif", report(BROKEN, "a.xml"))))

    records = importlib.import_module("sarif.loader").load_sarif_file(str(file)).get_records()

    assert {
        (one["Severity"], one["Code"].split()[0], Path(one["Location"]).name, one["Line"]) for one in records
    } == {
        ("warning", "S109", "a.xml", 2),
        ("error", "H207", "a.xml", 3),
        ("note", "S108", "a.xml", 6),
        ("warning", "A305", "a.xml", 7),
    }
