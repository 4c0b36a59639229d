"""The JSON Schema of the report: the promised members, each required, and room for later ones."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

POSITION = {"line": 4, "column": 15, "offset": 71}
REPORT: dict[str, Any] = {
    "version": 1,
    "tool": {"name": "dmsmtp", "version": "0.1.0"},
    "diagnostics": [
        {
            "path": "conf/DataMiner.xml",
            "code": "H207",
            "name": "port-suffix-case",
            "severity": "error",
            "message": "the suffix is in upper case",
            "help": "write it in lower case",
            "place": "SMTP/HostPort",
            "agent": "DMA-7",
            "related": [
                {"message": "here", "place": "SMTP/Host", "path": "x", "start": POSITION, "end": POSITION}
            ],
            "start": POSITION,
            "end": {"line": 4, "column": 27, "offset": 83},
            "fix": {
                "title": "lower case",
                "safety": "safe",
                "edits": [{"start": 71, "end": 83, "content": "587-starttls"}],
            },
        }
    ],
    "failures": [{"path": "conf/none.xml", "kind": "not-checked", "reason": "it does not exist"}],
    "summary": {
        "files": 1,
        "errors": 1,
        "warnings": 0,
        "infos": 0,
        "fixed": 0,
        "fixable": 1,
        "suppressed": 0,
    },
}
NULLABLE = ["help", "place", "agent", "start", "end", "fix"]
WRONG: list[tuple[str, Any]] = [
    ("version", 2),
    ("tool.name", "another"),
    ("diagnostics", {}),
    ("diagnostics.0.code", "h207"),
    ("diagnostics.0.code", "H207\n"),
    ("diagnostics.0.severity", "fatal"),
    ("diagnostics.0.message", None),
    ("diagnostics.0.path", None),
    ("diagnostics.0.start.line", 0),
    ("diagnostics.0.start.column", 0),
    ("diagnostics.0.start.offset", -1),
    ("diagnostics.0.start.offset", "71"),
    ("diagnostics.0.fix.safety", "maybe"),
    ("diagnostics.0.fix.edits", []),
    ("diagnostics.0.related", None),
    ("failures.0.kind", None),
    ("failures.0.reason", None),
    ("summary.files", -1),
    ("summary.files", True),
]


def _members(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in items:
        if isinstance(key, str):
            yield (*path, key)
        yield from _members(member, (*path, key))


def _parent(report: Any, path: tuple[str | int, ...]) -> Any:
    for key in path[:-1]:
        report = report[key]
    return report


def _changed(dotted: str, value: Any) -> dict[str, Any]:
    path = tuple(int(key) if key.isdigit() else key for key in dotted.split("."))
    report = copy.deepcopy(REPORT)
    _parent(report, path)[path[-1]] = value
    return report


@pytest.fixture(scope="session")
def schema(report_schema: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator(report_schema)


def test_a_report_is_valid(schema: Draft202012Validator) -> None:
    schema.validate(REPORT)


@pytest.mark.parametrize("path", list(_members(REPORT)), ids=str)
def test_every_member_is_required(path: tuple[str | int, ...], schema: Draft202012Validator) -> None:
    report = copy.deepcopy(REPORT)
    del _parent(report, path)[path[-1]]

    related_path = path[-1] == "path" and "related" in path
    assert schema.is_valid(report) == related_path


def test_every_member_is_described(report_schema: dict[str, Any]) -> None:
    definitions = report_schema["$defs"]
    for owner in [report_schema, report_schema["properties"]["tool"], *definitions.values()]:
        for name, member in owner.get("properties", {}).items():
            described = member if "description" in member else definitions[member["$ref"].rpartition("/")[2]]
            assert described["description"].endswith("."), name


@pytest.mark.parametrize("member", NULLABLE)
def test_null_where_there_is_none(member: str, schema: Draft202012Validator) -> None:
    schema.validate(_changed(f"diagnostics.0.{member}", None))


@pytest.mark.parametrize(("path", "value"), WRONG)
def test_wrong_values(path: str, value: Any, schema: Draft202012Validator) -> None:
    assert not schema.is_valid(_changed(path, value))


@pytest.mark.parametrize("owner", ["", "tool.", "diagnostics.0.", "diagnostics.0.fix.", "summary."])
def test_later_versions_may_add(owner: str, schema: Draft202012Validator) -> None:
    schema.validate(_changed(f"{owner}added", "later"))


def test_ajv_agrees_in_strict_mode(ajv: Callable[[Path, list[Any]], list[bool]], schemas: Path) -> None:
    wrong = [_changed(path, value) for path, value in WRONG]

    verdicts = ajv(schemas / "report.schema.json", [REPORT, *wrong])
    assert verdicts == [True, *[False] * len(wrong)]
