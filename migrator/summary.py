"""The figures of a run, added up while its results pass by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from migrator.checking import FileReport
from migrator.diagnostic import Severity


@dataclass(slots=True)
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

    def sentence(self) -> str:
        """The figures in words."""
        files = _count(self.files, "file")
        parts = [_count(number, str(severity)) for severity, number in self.by_severity.items() if number]
        text = f"{', '.join(parts) if parts else 'nothing found'} in {files}"
        if self.failures:
            text += f"; {_count(len(self.failures), 'path')} could not be checked"
        return text


def _count(number: int, noun: str) -> str:
    if noun == Severity.INFO:
        return f"{number} info"
    return f"{number} {noun}{'' if number == 1 else 's'}"
