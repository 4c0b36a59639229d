"""JUnit XML, as Jenkins, GitLab and Azure DevOps read it.

Each file is a test suite, so that its counts are known when it is written, and each finding a test of it:
errors and warnings fail, advice passes with its text as output, what is suppressed is skipped. A file without
findings is a suite with one test that passes. What could not be done with a file, such as reading it, is an
error beside its findings. Jenkins groups tests by what stands before the last dot of their class, so a class
is the path with dots for slashes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from migrator.diagnostic import Quieted, Severity, Undone
from migrator.reporters.concise import place_of
from migrator.reporters.findings import numbered, told, why_undone
from migrator.reporters.paths import relative_path, working_folder
from migrator.tuples import NamedTuple
from migrator.values.secret import printable

if TYPE_CHECKING:
    from migrator.checking import FileReport
    from migrator.diagnostic import Diagnostic, Suppressed
    from migrator.summary import Tally

_WHY_QUIET = {Quieted.COMMENT: "ignored by a comment in the file", Quieted.BASELINE: "known to the baseline"}

_ATTEMPTS = {
    Undone.CHECK: "read",
    Undone.WRITE: "write",
    Undone.LOGIN: "log in",
    Undone.ASK: "ask the server",
}


class _Test(NamedTuple):
    """A test: its name, line, and what came of it, as the name of an element and that element."""

    name: str
    line: int | None = None
    outcome: str = ""
    content: str = ""


class JUnitReport:
    """The files, a suite each."""

    def __init__(self) -> None:
        self._root = working_folder()

    def start(self) -> str:
        """The declaration and the beginning of the suites."""
        return '<?xml version="1.0" encoding="utf-8"?>\n<testsuites name="dmsmtp">\n'

    def file(self, report: FileReport) -> str:
        """The suite of a file."""
        path = relative_path(report.path, self._root)
        tests = _tests(report)
        counts = " ".join(
            f'{counted}="{sum(one.outcome == outcome for one in tests)}"'
            for counted, outcome in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped"))
        )
        lines = [f'<testsuite name={_quoted(path)} tests="{len(tests)}" {counts}>']
        group = _quoted(".".join(part.replace(".", "_") for part in path.split("/") if part))
        for one in tests:
            line = "" if one.line is None else f' line="{one.line}"'
            start = f"<testcase classname={group} name={_quoted(one.name)} file={_quoted(path)}{line}"
            lines.append(f"  {start}>{one.content}</testcase>" if one.content else f"  {start} />")
        return "\n".join([*lines, "</testsuite>\n"])

    def end(self, _tally: Tally) -> str:
        """The end of the suites."""
        return "</testsuites>\n"


def _tests(report: FileReport) -> list[_Test]:
    tests = [
        _Test(
            _ATTEMPTS[one.kind],
            None,
            "error",
            f'<error type="{one.kind}" message={_quoted(why_undone(one))} />',
        )
        for one in report.undone
    ]
    names: dict[str, int] = {}
    for one, suppressed, _, _ in numbered(report):
        name = " ".join(part for part in (one.code, one.name, one.place) if part)
        names[name] = names.get(name, 0) + 1
        ordinal = "" if names[name] == 1 else f" #{names[name]}"
        line = None if one.span is None else one.span.start.line
        tests.append(_Test(name + ordinal, line, *_outcome(one, suppressed)))
    return tests or [_Test("no findings")]


def _outcome(one: Diagnostic, suppressed: Suppressed | None) -> tuple[str, str]:
    if suppressed is not None:
        why = _WHY_QUIET[suppressed.by] + (f": {suppressed.reason}" if suppressed.reason else "")
        return "skipped", f"<skipped message={_quoted(why)} />"
    where = escape(f"{place_of(one.path, one.span)}: {printable(told(one))}")
    if one.severity is Severity.INFO:
        return "", f"<system-out>{where}</system-out>"
    return "failure", f'<failure type="{one.severity}" message={_quoted(one.message)}>{where}</failure>'


def _quoted(text: str) -> str:
    """An attribute's value; what XML cannot hold is written out."""
    return quoteattr(printable(text))
