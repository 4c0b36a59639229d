"""Annotations of GitHub Actions: workflow commands on standard output.

See https://docs.github.com/actions/reference/workflow-commands-for-github-actions.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from migrator.diagnostic import Severity
from migrator.reporters import Layout
from migrator.reporters.concise import headline
from migrator.reporters.findings import told, why_undone
from migrator.reporters.paths import relative_path, working_folder
from migrator.values.secret import printable
from migrator.wording import counted

if TYPE_CHECKING:
    from migrator.checking import FileReport
    from migrator.diagnostic import Diagnostic, Shortfall
    from migrator.summary import Tally

SHOWN = 10
"""Annotations of a kind (error, warning, notice) that GitHub shows for one step; it drops the rest."""

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_PLAIN = Layout()
# What would move or colour a terminal, or turn a text around; a name is to stay one that GitHub finds
_MOVING = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_Told = tuple[str, str]  # as an annotation, and as a line of the log


class GitHubReport:
    """The first findings of each severity as annotations, all others as lines of the step's log.

    What could not be done comes before all errors, so the first errors are held back until all files
    have passed by. A notice tells how many are in the log alone. It takes the place of one, so the last
    advice is held back until it is known whether there is such a notice.
    """

    def __init__(self) -> None:
        self._root = working_folder()
        self._shown = dict.fromkeys(Severity, 0)
        self._in_log = dict.fromkeys(Severity, 0)
        self._failures: list[_Told] = []
        self._errors: list[_Told] = []
        self._held: _Told | None = None

    def start(self) -> str:
        """Nothing."""
        return ""

    def file(self, report: FileReport) -> str:
        """What could not be done with a file, and its findings."""
        undone = "".join(
            self._held_back(self._failures, self._complaint(report.path, one)) for one in report.undone
        )
        return undone + "".join(
            self._told(one.severity, (self._annotation(one), _log_line(headline(one, _PLAIN))))
            for one in report.diagnostics
        )

    def end(self, _tally: Tally) -> str:
        """What was held back, and how many findings have no annotation, if any."""
        shown = SHOWN - len(self._failures)
        no_room = self._errors[shown:]
        self._in_log[Severity.ERROR] += len(no_room)
        told = [*self._failures, *self._errors[:shown]]
        last = "".join([*(annotation for annotation, _ in told), *(line for _, line in no_room)])
        if self._held is not None:
            annotation, line = self._held
            if not any(self._in_log.values()):
                return last + annotation
            self._in_log[Severity.INFO] += 1
            last += line
        parts = [counted(number, str(severity)) for severity, number in self._in_log.items() if number]
        if not parts:
            return last
        text = (
            f"{', '.join(parts)} more without an annotation, as GitHub shows {SHOWN} of a kind: "
            "see the log of this step, or a report in another format"
        )
        return last + _command("notice", {"title": "dmsmtp"}, text)

    def _held_back(self, held: list[_Told], told: _Told) -> str:
        if len(held) < SHOWN:
            held.append(told)
            return ""
        self._in_log[Severity.ERROR] += 1
        return told[1]

    def _told(self, severity: Severity, told: _Told) -> str:
        if severity is Severity.ERROR:
            return self._held_back(self._errors, told)
        annotation, line = told
        is_room = self._shown[severity] < SHOWN
        if not is_room:
            self._in_log[severity] += 1
            return line
        self._shown[severity] += 1
        if severity is Severity.INFO and self._shown[severity] == SHOWN:
            self._held = told
            return ""
        return annotation

    def _complaint(self, path: str, one: Shortfall) -> _Told:
        place = {"file": relative_path(path, self._root), "title": one.kind.replace("-", " ")}
        reason = printable(why_undone(one))
        return _command("error", place, reason), _log_line(f"{printable(path)}: {reason}")

    def _annotation(self, one: Diagnostic) -> str:
        place = {"file": relative_path(one.path, self._root)}
        if one.span is not None:
            start, end = one.span
            place |= {"line": str(start.line), "endLine": str(end.line)}
            if start.line == end.line:  # GitHub takes columns of one line alone
                place |= {"col": str(start.column), "endColumn": str(end.column)}
        return _command(
            _COMMANDS[one.severity], {**place, "title": f"{one.code} {one.name}"}, printable(told(one))
        )


def _command(name: str, properties: dict[str, str], text: str) -> str:
    shown = ",".join(f"{key}={_escaped_property(value)}" for key, value in properties.items())
    return f"::{name} {shown}::{_escaped(text)}\n"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escaped_property(text: str) -> str:
    escaped = _escaped(text).replace(":", "%3A").replace(",", "%2C")
    return _MOVING.sub(lambda match: printable(match[0]), escaped)


def _log_line(text: str) -> str:
    """A line that is no command to GitHub, neither `::name::` at its beginning nor `##[name]` anywhere."""
    return f"- {text.replace('##[', '## [')}\n"
