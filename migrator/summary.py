"""The figures of a run, added up while its results pass by."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from migrator.diagnostic import Safety, Severity, Undone
from migrator.tuples import NamedTuple
from migrator.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from migrator.checking import FileReport


class Failure(NamedTuple):
    """What could not be done with a path, and why."""

    path: str
    kind: Undone
    reason: str


class Tally:
    """Counts of a run; complete when `follow` has reached its end.

    `by_safety` counts the findings left that have a fix; `fixed` and `suppressed` are not among those of
    `by_severity`. `changed` counts the files that fixes changed, or would change, `written` those that were
    written, `undone` what could not be done, and `gone` what the baseline knows and is no longer found.
    Where fixes are only shown (`is_preview`), `on_disk` counts the files as they are without them.
    """

    def __init__(self, *, is_preview: bool = False) -> None:
        self.on_disk = Tally() if is_preview else self
        self.files = 0
        self.by_severity = dict.fromkeys(Severity, 0)
        self.by_safety = dict.fromkeys(Safety, 0)
        self.fixed = 0
        self.changed = 0
        self.suppressed = 0
        self.gone = 0
        self.written = 0
        self.undone: Counter[Undone] = Counter()
        self.failures: list[Failure] = []

    def follow(self, reports: Iterable[FileReport]) -> Iterator[FileReport]:
        """Pass the reports on, counting them."""
        for report in reports:
            self.count(report)
            yield report

    def count(self, report: FileReport) -> None:
        """Count what one report says."""
        if self.on_disk is not self:
            self.on_disk.count(report.on_disk)
        for kind, reason in report.undone:
            self.failures.append(Failure(report.path, kind, reason))
            self.undone[kind] += 1
        if report.failure is None:
            self.files += 1
            for one in report.diagnostics:
                self.by_severity[one.severity] += 1
                if one.fix is not None:
                    self.by_safety[one.fix.safety] += 1
            self.fixed += len(report.fixed)
            self.changed += report.rewrite is not None and bool(report.fixed)
            self.written += report.rewrite is not None and report.rewrite.is_written
            self.suppressed += len(report.suppressed)
            self.gone += report.gone

    @property
    def worst(self) -> Severity | None:
        """The gravest severity that was found."""
        return next((severity for severity in Severity if self.by_severity[severity]), None)

    @property
    def fixable(self) -> int:
        """How many of the findings left have a fix."""
        return sum(self.by_safety.values())

    def sentence(
        self, shown_from: Severity = Severity.INFO, *, is_preview: bool = False, fixing: str = ""
    ) -> str:
        """The figures in words; findings less grave than `shown_from` are said to be hidden.

        `is_preview` says that fixes were not made, but shown; `fixing` names the command that makes them,
        where another one was called.
        """
        undone = [
            f"{counted(number, noun)} could not be {what}"
            for kind, (noun, what) in _UNDONE.items()
            if (number := self.undone[kind])
        ]
        if self.undone[Undone.CHECK] and not self.files:
            return f"nothing was checked: {'; '.join(undone)}"
        waiting = [
            f"{number} with {fix_option(safety, fixing)}"
            for safety, number in self.by_safety.items()
            if number
        ]
        parts = [
            self.found(shown_from),
            f"fixable: {', '.join(waiting)}" if waiting else "",
            f"{'would fix' if is_preview else 'fixed'} {self.fixed}" if self.fixed else "",
            f"{self.suppressed} suppressed" if self.suppressed else "",
            *undone,
        ]
        return "; ".join(part for part in parts if part)

    def found(self, shown_from: Severity = Severity.INFO) -> str:
        """The findings of each severity and the files, in words."""
        parts = [counted(number, str(severity)) for severity, number in self.by_severity.items() if number]
        hidden = sum(
            number for severity, number in self.by_severity.items() if severity.rank < shown_from.rank
        )
        text = f"{', '.join(parts) if parts else 'nothing found'} in {counted(self.files, 'file')}"
        return f"{text} ({hidden} hidden by --min-severity)" if hidden else text


_UNDONE = {
    Undone.WRITE: ("file", "written"),
    Undone.LOGIN: ("login", "tried"),
    Undone.ASK: ("server", "asked"),
    Undone.CHECK: ("path", "checked"),
}

_FIX_OPTIONS = {Safety.SAFE: "--fix", Safety.UNSAFE: "--unsafe-fixes"}


def fix_option(safety: Safety, fixing: str = "") -> str:
    """The option that makes a fix, behind the command that has it where another one was called."""
    return f"{fixing} {_FIX_OPTIONS[safety]}".lstrip()
