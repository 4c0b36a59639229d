"""Reports to write in tests."""

from __future__ import annotations

from migrator.checking import CheckSettings, FileReport, check
from migrator.reporters import Layout, Reporter, pieces, reporter
from migrator.summary import Tally

MASK = "\u2022" * 4


def report(text: str, path: str = "x.xml") -> FileReport:
    """What is found in a text, with excerpts."""
    return check(
        path, text.encode(), CheckSettings(excerpts=True, fingerprints=True, fix_spans=True, whole_file=True)
    )


def written(name: str, *reports: FileReport, colour: bool = False, width: int = 100) -> str:
    """Reports in a format."""
    return shown(reporter(name, Layout(colour, width)), *reports)


def shown(one: Reporter, *reports: FileReport) -> str:
    """What a reporter makes of reports."""
    tally = Tally()
    return "".join(pieces(one, tally.follow(reports), tally))
