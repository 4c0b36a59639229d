"""The figures of a run, added up while its results pass by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.diagnostic import Safety, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from migrator.checking import FileReport


class Tally:
    """Counts of a run; complete when `follow` has reached its end.

    `by_safety` counts the findings left that have a fix; `fixed` and `suppressed` are not among those of
    `by_severity`. `changed` counts the files that fixes changed, or would change, `written` those that were
    written, `unwritten` those that could not be, and `gone` what the baseline knows and is no longer found.
    """

    def __init__(self) -> None:
        self.files = 0
        self.by_severity = dict.fromkeys(Severity, 0)
        self.by_safety = dict.fromkeys(Safety, 0)
        self.fixed = 0
        self.changed = 0
        self.suppressed = 0
        self.gone = 0
        self.written = 0
        self.unwritten = 0
        self.failures: list[tuple[str, str]] = []

    def follow(self, reports: Iterable[FileReport]) -> Iterator[FileReport]:
        """Pass the reports on, counting them."""
        for report in reports:
            if report.failure is not None:
                self.failures.append((report.path, report.failure))
                self.unwritten += report.rewrite is not None
            if report.failure is None or report.rewrite is not None:
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
            yield report

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
        number = len(self.failures) - self.unwritten
        unread = f"{counted(number, 'path')} could not be checked" if number else ""
        if unread and not self.files:
            return f"nothing was checked: {unread}"
        waiting = [
            f"{number} with {f'{fixing} {option}'.lstrip()}"
            for safety, option in FIX_OPTIONS.items()
            if (number := self.by_safety[safety])
        ]
        parts = [
            self.found(shown_from),
            f"fixable: {', '.join(waiting)}" if waiting else "",
            f"{'would fix' if is_preview else 'fixed'} {self.fixed}" if self.fixed else "",
            f"{self.suppressed} suppressed" if self.suppressed else "",
            f"{counted(self.unwritten, 'file')} could not be written" if self.unwritten else "",
            unread,
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


FIX_OPTIONS = {Safety.SAFE: "--fix", Safety.UNSAFE: "--unsafe-fixes"}
"""The option of `lint` that makes a fix."""


def counted(number: int, noun: str) -> str:
    """A number with its noun, as in `2 files`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
