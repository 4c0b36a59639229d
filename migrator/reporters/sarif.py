"""SARIF 2.1.0: one document for all files, written as they pass by.

See https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html. The rules that found something are known
at the end, so the tool's part comes last; the order of members is free in JSON.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import repeat
from typing import TYPE_CHECKING, Any

import migrator
from migrator.diagnostic import Quieted, Safety, Severity
from migrator.reporters.findings import numbered, told
from migrator.reporters.paths import address, folder_address, working_folder
from migrator.rules import BY_CODE
from migrator.rules.markdown import as_markdown, escaped
from migrator.rules.pages import BlockKind, as_text, page
from migrator.values.secret import json_text, printable

if TYPE_CHECKING:
    from migrator.checking import FileReport
    from migrator.diagnostic import Diagnostic, Edit, Fix, Related, Span, Suppressed
    from migrator.reporters.findings import Numbered
    from migrator.rules.model import Rule
    from migrator.summary import Failure, Tally

MOST_RESULTS = 25_000
"""Results that GitHub takes; it refuses a document with more."""
MOST_RELATED = 10
"""Related places of a result that are told."""

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_KINDS = {Quieted.COMMENT: "inSource", Quieted.BASELINE: "external"}
_LEFT_OUT = "left-out"
_LINK = re.compile(r"\[(?=[^\[\]]*\]\()")


class SarifReport:
    """One run with a result a line.

    Where a baseline is in use, each result says whether it is in it. Of more than `MOST_RESULTS` findings the
    rest is left out, and a notification says how many these are. So that they take no room from others, those
    that are suppressed come last.
    """

    def __init__(self, *, has_baseline: bool = False) -> None:
        self._root = working_folder()
        self._has_baseline = has_baseline
        self._rules: dict[str, int] = {}
        self._results = 0
        self._suppressed: list[Numbered] = []
        self._left_out = 0

    def start(self) -> str:
        """What holds for all results."""
        folder = folder_address(self._root)
        base = {"description": {"text": "the folder that dmsmtp was started in"}}
        shared = {
            "columnKind": "unicodeCodePoints",
            "newlineSequences": ["\r\n", "\n", "\r"],
            "originalUriBaseIds": {_ROOT: base if folder is None else {"uri": folder, **base}},
        }
        return f'{{"$schema": "{_SCHEMA}", "version": "2.1.0", "runs": [{{\n{_members(shared)},\n"results": ['

    def file(self, report: FileReport) -> str:
        """The findings of a file."""
        told_ = ""
        for one in numbered(report):
            if one.suppressed is None:
                told_ += self._line(one)
            elif len(self._suppressed) < MOST_RESULTS:
                self._suppressed.append(one)
            else:
                self._left_out += 1
        return told_

    def _line(self, one: Numbered) -> str:
        if self._results == MOST_RESULTS:
            self._left_out += 1
            return ""
        self._results += 1
        return (",\n  " if self._results > 1 else "\n  ") + _json(self._result(one))

    def end(self, tally: Tally) -> str:
        """Suppressed findings, what could not be done, and the tool with the rules that found something."""
        suppressed = "".join(map(self._line, self._suppressed))
        notifications = list(map(self._failure, tally.failures))
        if self._left_out:
            text = (
                f"{self._left_out} more findings are left out, as no more than {MOST_RESULTS:,} are taken: "
                "check fewer files at a time, or see --output-format json for all"
            )
            notifications.append(_notification(_LEFT_OUT, "warning", text))
        invocation = {
            "executionSuccessful": not tally.failures,
            "toolExecutionNotifications": notifications,
        }
        tool = {"name": "dmsmtp", "semanticVersion": migrator.__version__}
        rules = ",\n  ".join(_rule(code) for code in self._rules)
        return (
            f'{suppressed}],\n"invocations": [{_json(invocation)}],\n'
            f'"tool": {{"driver": {{{_members(tool)}, "rules": [{rules}]}}}}\n}}]}}\n'
        )

    def _result(self, numbered_: Numbered) -> dict[str, Any]:
        one, suppressed, mark, ordinal = numbered_
        location: dict[str, Any] = {"physicalLocation": self._place(one.path, one.span)}
        if one.place is not None:
            location["logicalLocations"] = [{"fullyQualifiedName": one.place}]
        result: dict[str, Any] = {
            "ruleId": one.code,
            "ruleIndex": self._rules.setdefault(one.code, len(self._rules)),
            "level": _LEVELS[one.severity],
            "message": _message(told(one)),
            "locations": [location],
            "partialFingerprints": {"primaryLocationLineHash": f"{mark}:{ordinal}"},
        }
        if one.related:
            result["relatedLocations"] = [
                self._related(number, related, one)
                for number, related in enumerate(one.related[:MOST_RELATED], 1)
            ]
        if one.fix is not None and not one.fix.tells_length:
            result["fixes"] = [self._fix(one.fix, one)]
        if suppressed is not None:
            result["suppressions"] = [_suppression(suppressed)]
        if self._has_baseline:
            is_known = suppressed is not None and suppressed.by is Quieted.BASELINE
            result["baselineState"] = "unchanged" if is_known else "new"
        if one.agent is not None:
            result["properties"] = {"agent": one.agent}
        return result

    def _artifact(self, path: str) -> dict[str, str]:
        uri, is_relative = address(path, self._root)
        return {"uri": uri, "uriBaseId": _ROOT} if is_relative else {"uri": uri}

    def _place(self, path: str, span: Span | None) -> dict[str, Any]:
        place: dict[str, Any] = {"artifactLocation": self._artifact(path)}
        if span is not None:
            place["region"] = _region(span)
        return place

    def _related(self, number: int, related: Related, one: Diagnostic) -> dict[str, Any]:
        return {
            "id": number,
            "message": _message(related.message),
            "physicalLocation": self._place(related.path or one.path, related.span),
        }

    def _fix(self, fix: Fix, one: Diagnostic) -> dict[str, Any]:
        unsafe = " (unsafe: look at it first)" if fix.safety is Safety.UNSAFE else ""
        return {
            "description": _message(fix.title + unsafe),
            "artifactChanges": [
                {
                    "artifactLocation": self._artifact(one.path),
                    "replacements": list(map(_replacement, fix.edits, fix.spans or repeat(None))),
                }
            ],
            "properties": {"safety": fix.safety.value},
        }

    def _failure(self, one: Failure) -> dict[str, Any]:
        found = _notification(one.kind, "error", printable(one.reason))
        return {**found, "locations": [{"physicalLocation": self._place(one.path, None)}]}


def _region(span: Span) -> dict[str, int]:
    start, end = span
    return {
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
        "byteOffset": start.offset,
        "byteLength": end.offset - start.offset,
    }


def _replacement(edit: Edit, span: Span | None) -> dict[str, Any]:
    bounds = {"byteOffset": edit.start, "byteLength": edit.end - edit.start}
    return {
        "deletedRegion": bounds if span is None else _region(span),
        "insertedContent": {"text": edit.content},
    }


def _suppression(suppressed: Suppressed) -> dict[str, str]:
    found = {"kind": _KINDS[suppressed.by], "status": "accepted"}
    return {**found, "justification": suppressed.reason} if suppressed.reason else found


def _notification(name: str, level: str, text: str) -> dict[str, Any]:
    return {"descriptor": {"id": name}, "level": level, "message": _message(text)}


@cache
def _rule(code: str) -> str:
    """A rule as JSON."""
    rule = BY_CODE[code]
    content = page(rule)
    prose = (
        block.text for part in content.sections for block in part.blocks if block.kind is BlockKind.PROSE
    )
    why = next(prose, content.title)
    found = {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": content.title, "markdown": escaped(content.title)},
        "fullDescription": {"text": why, "markdown": escaped(why)},
        "help": {"text": as_text(rule), "markdown": as_markdown(page(rule))},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": ["smtp", _subject(rule)]},
    }
    return _json(found)


def _subject(rule: Rule) -> str:
    """The subject of the module that the rule's page stands in, such as `host`."""
    module: str = getattr(rule.page, "__module__", "")
    return module.rpartition(".")[2].replace("_", "-")


def _message(text: str) -> dict[str, str]:
    """A message in which `[text](address)`, which may come from the file, is no link (section 3.11.6)."""
    return {"text": _LINK.sub(r"\\[", text)}


def _members(values: dict[str, Any]) -> str:
    return ", ".join(f"{_json(name)}: {_json(value)}" for name, value in values.items())


def _json(value: object) -> str:
    return json_text(value)
