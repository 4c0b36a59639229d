"""For programs: the report that `schemas/report.schema.json` describes, version 1."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import migrator
from migrator.diagnostic import Severity
from migrator.files import posix_path
from migrator.values.secret import json_text, printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from migrator.checking import FileReport
    from migrator.diagnostic import Diagnostic, Fix, Position, Related, Span
    from migrator.summary import Tally

VERSION = 1


class JsonReport:
    """One JSON document, a finding a line; `further` are members that some commands add."""

    def __init__(self, further: Mapping[str, object] = MappingProxyType({})) -> None:
        """`further` are members that a command adds at the end."""
        self._separator = "\n  "
        self._further = further

    def start(self) -> str:
        """The version of the format, and the tool."""
        tool = _text({"name": "dmsmtp", "version": migrator.__version__})
        return f'{{"version": {VERSION}, "tool": {tool},\n "diagnostics": ['

    def file(self, report: FileReport) -> str:
        """The findings of a file."""
        told = ""
        for one in report.diagnostics:
            told += self._separator + _text(_diagnostic(one))
            self._separator = ",\n  "
        return told

    def end(self, tally: Tally) -> str:
        """What could not be done, and the figures."""
        failures = [
            {"path": posix_path(path), "kind": kind, "reason": printable(reason)}
            for path, kind, reason in tally.failures
        ]
        summary = {
            "files": tally.files,
            "errors": tally.by_severity[Severity.ERROR],
            "warnings": tally.by_severity[Severity.WARNING],
            "infos": tally.by_severity[Severity.INFO],
            "fixed": tally.fixed,
            "fixable": tally.fixable,
            "suppressed": tally.suppressed,
        }
        more = "".join(f',\n "{name}": {_text(member)}' for name, member in self._further.items())
        return f'],\n "failures": {_text(failures)},\n "summary": {_text(summary)}{more}}}\n'


def _text(value: object) -> str:
    return json_text(value)


def _diagnostic(one: Diagnostic) -> dict[str, Any]:
    return {
        "path": posix_path(one.path),
        "code": one.code,
        "name": one.name,
        "severity": one.severity.value,
        "message": one.message,
        "help": one.help,
        "place": one.place,
        "agent": one.agent,
        "related": [_related(related) for related in one.related],
        **_bounds(one.span),
        "fix": None if one.fix is None or one.fix.tells_length else _fix(one.fix),
    }


def _related(related: Related) -> dict[str, Any]:
    path = {} if related.path is None else {"path": posix_path(related.path)}
    return {"message": related.message, "place": related.place, **path, **_bounds(related.span)}


def _bounds(span: Span | None) -> dict[str, Any]:
    if span is None:
        return {"start": None, "end": None}
    return {"start": _position(span.start), "end": _position(span.end)}


def _position(position: Position) -> dict[str, int]:
    return {"line": position.line, "column": position.column, "offset": position.offset}


def _fix(fix: Fix) -> dict[str, Any]:
    edits = [{"start": edit.start, "end": edit.end, "content": edit.content} for edit in fix.edits]
    return {"title": fix.title, "safety": fix.safety.value, "edits": edits}
