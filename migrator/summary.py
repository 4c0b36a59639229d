"""The figures of a run, added up while its results pass by."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from migrator.diagnostic import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from migrator.checking import FileReport


@dataclass(slots=True, eq=False, repr=False)
class Tally:
    """Counts of a run; complete when `follow` has reached its end."""

    files: int = 0
    by_severity: dict[Severity, int] = field(default_factory=lambda: dict.fromkeys(Severity, 0))
    fixable: int = 0
    failures: list[tuple[str, str]] = field(default_factory=list)

    def follow(self, reports: Iterable[FileReport]) -> Iterator[FileReport]:
        """Pass the reports on, counting them."""
        for report in reports:
            if report.failure is not None:
                self.failures.append((report.path, report.failure))
            else:
                self.files += 1
                for one in report.diagnostics:
                    self.by_severity[one.severity] += 1
                    self.fixable += one.fix is not None
            yield report

    @property
    def worst(self) -> Severity | None:
        """The gravest severity that was found."""
        return next((severity for severity in Severity if self.by_severity[severity]), None)

    def sentence(self, shown_from: Severity = Severity.INFO) -> str:
        """The figures in words; findings less grave than `shown_from` are said to be hidden."""
        parts = [counted(number, str(severity)) for severity, number in self.by_severity.items() if number]
        hidden = sum(
            number for severity, number in self.by_severity.items() if severity.rank < shown_from.rank
        )
        text = f"{', '.join(parts) if parts else 'nothing found'} in {counted(self.files, 'file')}"
        if hidden:
            text += f" ({hidden} hidden by --min-severity)"
        if not self.failures:
            return text
        unread = f"{counted(len(self.failures), 'path')} could not be checked"
        return f"{text}; {unread}" if self.files else f"nothing was checked: {unread}"


def counted(number: int, noun: str) -> str:
    """A number with its noun, as in `2 files`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
