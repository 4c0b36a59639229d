"""A Code Quality report of GitLab: a JSON list.

See https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from migrator.diagnostic import Severity
from migrator.files import posix_path
from migrator.reporters.findings import numbered, told, why_undone
from migrator.reporters.paths import relative_path, working_folder
from migrator.values.secret import json_text

if TYPE_CHECKING:
    from migrator.checking import FileReport
    from migrator.summary import Tally

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.INFO: "info"}


class GitLabReport:
    """The findings, and what could not be done, an entry a line."""

    def __init__(self) -> None:
        self._root = working_folder()
        self._separator = "\n"

    def start(self) -> str:
        """The beginning of the list."""
        return "["

    def file(self, report: FileReport) -> str:
        """What could not be done with a file, and its findings."""
        path = relative_path(report.path, self._root)
        undone = "".join(
            self._entry(path, 1, one.kind, "blocker", why_undone(one), one.kind) for one in report.undone
        )
        return undone + "".join(
            self._entry(
                path,
                1 if one.span is None else one.span.start.line,
                one.code,
                _SEVERITIES[one.severity],
                f"{one.name}: {told(one)}",
                f"{mark}:{ordinal}",
            )
            for one, suppressed, mark, ordinal in numbered(report)
            if suppressed is None
        )

    def end(self, _tally: Tally) -> str:
        """The end of the list."""
        return "\n]\n" if self._separator.startswith(",") else "]\n"

    def _entry(self, path: str, line: int, check: str, severity: str, description: str, mark: str) -> str:
        name = sha256(f"{path}\0{mark}".encode("utf-8", "backslashreplace")).hexdigest()[:32]
        entry = {
            "description": description,
            "check_name": check,
            "fingerprint": name,
            "severity": severity,
            "location": {"path": posix_path(path), "lines": {"begin": line}},
        }
        separator, self._separator = self._separator, ",\n"
        return separator + json_text(entry)
