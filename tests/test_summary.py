from __future__ import annotations

import pytest

from migrator.checking import FileReport
from migrator.diagnostic import Diagnostic, Edit, Fix, Safety, Severity
from migrator.summary import Tally

E, W, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


def tally(*reports: FileReport) -> Tally:
    """The figures of these reports."""
    counted = Tally()
    assert list(counted.follow(reports)) == list(reports)
    return counted


def report(*severities: Severity, fix: bool = False) -> FileReport:
    """A file with findings of these severities."""
    mended = Fix("mend", Safety.SAFE, (Edit(0, 1, ""),)) if fix else None
    return FileReport(
        "x", tuple(Diagnostic("x", None, "H207", "x", one, "message", fix=mended) for one in severities)
    )


FAILED = FileReport("x", failure="it is gone")


@pytest.mark.parametrize(
    ("reports", "sentence"),
    [
        ([report()], "nothing found in 1 file"),
        ([report(), report()], "nothing found in 2 files"),
        ([report(E)], "1 error in 1 file"),
        ([report(E, W, INFO), report(E)], "2 errors, 1 warning, 1 info in 2 files"),
        ([report(INFO, INFO, W, W)], "2 warnings, 2 infos in 1 file"),
        ([report(W), FAILED], "1 warning in 1 file; 1 path could not be checked"),
        ([report(), FAILED, FAILED], "nothing found in 1 file; 2 paths could not be checked"),
        ([FAILED], "nothing was checked: 1 path could not be checked"),
        ([FAILED, FAILED], "nothing was checked: 2 paths could not be checked"),
    ],
)
def test_the_figures_in_words(reports: list[FileReport], sentence: str) -> None:
    assert tally(*reports).sentence() == sentence


@pytest.mark.parametrize(
    ("shown_from", "hidden"),
    [(INFO, ""), (W, " (3 hidden by --min-severity)"), (E, " (5 hidden by --min-severity)")],
)
def test_what_is_hidden(shown_from: Severity, hidden: str) -> None:
    counted = tally(report(E, W, W, INFO, INFO, INFO))

    assert counted.sentence(shown_from) == f"1 error, 2 warnings, 3 infos in 1 file{hidden}"


@pytest.mark.parametrize(
    ("severities", "worst"), [((), None), ((INFO,), INFO), ((INFO, W), W), ((W, E, INFO), E)]
)
def test_the_worst(severities: tuple[Severity, ...], worst: Severity | None) -> None:
    assert tally(report(*severities)).worst == worst


def test_fixes_and_failures_are_counted() -> None:
    counted = tally(report(E, W, fix=True), report(E), FAILED)

    assert (counted.files, counted.fixable, counted.failures) == (2, 2, [("x", "it is gone")])
