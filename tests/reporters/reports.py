"""Reports to write in tests."""

from __future__ import annotations

from migrator.checking import CheckSettings, FileReport, check
from migrator.reporters import Layout, reporter
from migrator.summary import Tally

MASK = "\u2022" * 4


def report(text: str, path: str = "x.xml") -> FileReport:
    """What is found in a text, with excerpts."""
    return check(path, text.encode(), CheckSettings(excerpts=True, whole_file=True))


def written(name: str, *reports: FileReport, colour: bool = False, width: int = 100) -> str:
    """Reports in a format."""
    tally = Tally()
    return "".join(reporter(name)(tally.follow(reports), tally, Layout(colour, width)))
