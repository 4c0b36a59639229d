from __future__ import annotations

import pytest

from migrator.checking import FileReport
from migrator.diagnostic import (
    Diagnostic,
    Edit,
    Fix,
    Quieted,
    Safety,
    Severity,
    Shortfall,
    Suppressed,
    Undone,
)
from migrator.summary import Failure, Tally

E, W, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
SAFE, UNSAFE = Safety.SAFE, Safety.UNSAFE


def tally(*reports: FileReport) -> Tally:
    """The figures of these reports."""
    counted = Tally()
    assert list(counted.follow(reports)) == list(reports)
    return counted


def report(*severities: Severity, fix: Safety | None = None) -> FileReport:
    """A file with findings of these severities, with fixes of this safety."""
    mended = None if fix is None else Fix("mend", fix, (Edit(0, 1, ""),))
    return FileReport(
        "x", tuple(Diagnostic("x", None, "H207", "x", one, "message", fix=mended) for one in severities)
    )


FAILED = FileReport("x", failure="it is gone")
UNWRITTEN = (Shortfall(Undone.WRITE, "the disk is full"),)
UNTRIED = (Shortfall(Undone.LOGIN, "there is no password"),)
QUIET = Suppressed(report(E).diagnostics[0], Quieted.COMMENT)


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
    counted = tally(report(E, W, fix=SAFE), report(E, fix=UNSAFE), report(E), FAILED)

    assert (counted.files, counted.fixable, counted.failures) == (3, 3, [("x", Undone.CHECK, "it is gone")])
    assert counted.by_safety == {SAFE: 2, UNSAFE: 1}


def test_what_could_not_be_done_leaves_the_findings_standing() -> None:
    short = report(E, W, fix=SAFE)._replace(shortfalls=(*UNTRIED, *UNWRITTEN), suppressed=(QUIET,), gone=1)

    counted = tally(short, report())

    assert (counted.files, counted.by_severity[E], counted.by_severity[W]) == (2, 1, 1)
    assert (counted.worst, counted.fixable, counted.suppressed, counted.gone) == (E, 2, 1, 1)
    assert counted.failures == [
        Failure("x", Undone.LOGIN, "there is no password"),
        Failure("x", Undone.WRITE, "the disk is full"),
    ]


def test_what_was_mended_or_suppressed_is_counted_apart() -> None:
    (one,) = report(E).diagnostics
    quiet = Suppressed(one, Quieted.BASELINE)

    counted = tally(FileReport("x", (), fixed=(one, one)), FileReport("y", (one,), suppressed=(quiet,) * 3))

    assert (counted.fixed, counted.suppressed, counted.by_severity[E]) == (2, 3, 1)
    assert counted.worst == E
    assert tally(FileReport("x", (), fixed=(one,))).worst is None


@pytest.mark.parametrize(
    ("reports", "sentence"),
    [
        ([report(E, W, fix=SAFE)], "1 error, 1 warning in 1 file; fixable: 2 with --fix"),
        ([report(W, fix=UNSAFE)], "1 warning in 1 file; fixable: 1 with --unsafe-fixes"),
        (
            [report(E, fix=SAFE), report(W, W, fix=UNSAFE)],
            "1 error, 2 warnings in 2 files; fixable: 1 with --fix, 2 with --unsafe-fixes",
        ),
        ([FileReport("x", fixed=report(E, E, E).diagnostics)], "nothing found in 1 file; fixed 3"),
        ([FileReport("x", suppressed=(QUIET, QUIET))], "nothing found in 1 file; 2 suppressed"),
        (
            [
                FileReport("x", report(E).diagnostics, suppressed=(QUIET,), fixed=report(W).diagnostics),
                FAILED,
            ],
            "1 error in 1 file; fixed 1; 1 suppressed; 1 path could not be checked",
        ),
        (
            [report(E)._replace(shortfalls=UNTRIED), report()._replace(shortfalls=UNTRIED)],
            "1 error in 2 files; 2 logins could not be tried",
        ),
        (
            [report()._replace(shortfalls=(*UNTRIED, *UNWRITTEN))],
            "nothing found in 1 file; 1 file could not be written; 1 login could not be tried",
        ),
        (
            [report(W)._replace(shortfalls=(Shortfall(Undone.ASK, "it names none"),))],
            "1 warning in 1 file; 1 server could not be asked",
        ),
    ],
)
def test_fixes_in_words(reports: list[FileReport], sentence: str) -> None:
    assert tally(*reports).sentence() == sentence


def test_the_findings_alone_in_words() -> None:
    assert tally(report(E, W, fix=SAFE), FAILED).found() == "1 error, 1 warning in 1 file"
