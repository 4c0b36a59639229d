"""Every format to the byte.

Where one changes on purpose, `pytest tests/reporters/test_golden.py --write-golden` writes the files anew:
look at the difference before you commit it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import migrator
from migrator.checking import FileReport
from migrator.diagnostic import Quieted, Suppressed
from migrator.reporters import FORMATS, reporter, statistics_reporter
from tests.reporters.reports import BROKEN, CLEAN, UNWRITTEN, as_bytes, report, shown

if TYPE_CHECKING:
    from migrator.reporters import Reporter

PAGE = re.compile(r'"fullDescription": .*?(?="defaultConfiguration")')  # what a rule's page says may change
GOLDEN = Path(__file__).with_name("golden")


def _with_suppressed() -> FileReport:
    found = report(BROKEN, "known/DataMiner.xml")
    first, second, *_ = found.diagnostics
    quiet = (Suppressed(first, Quieted.BASELINE), Suppressed(second, Quieted.COMMENT, "the server wants it"))
    return FileReport(found.path, found.diagnostics[2:], found.excerpts[2:], None, quiet, (first, first))


RUNS = {
    "clean": [report(CLEAN, "clean/DataMiner.xml")],
    "findings": [report(BROKEN, "a b/DataMiner.xml"), report("<SMTP>\n  <Host>a & b</Host>\n</SMTP>\n")],
    "everything": [
        report(CLEAN, "clean/DataMiner.xml"),
        _with_suppressed(),
        report(CLEAN.replace("</SMTP>", "  <Host>other.example.com</Host>\n</SMTP>"), "twice.xml"),
        FileReport("gone.xml", failure="there is no such file or folder"),
        report(CLEAN.replace("starttls", "STARTTLS"), "linked.xml")._replace(shortfalls=(UNWRITTEN,)),
    ],
    "nothing": [],
}


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("name", [*FORMATS, "statistics", "statistics-json"])
def test_output(
    name: str, run: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(migrator, "__version__", "1.2.3")
    chosen: Reporter
    if name in FORMATS:
        chosen = reporter(name, has_baseline=run == "everything")
    else:
        chosen = statistics_reporter(as_json=name != "statistics")

    text = shown(chosen, *RUNS[run]).replace(tmp_path.as_uri(), "file:///srv")
    text = PAGE.sub('"fullDescription": …, "help": …, ', text)
    file = GOLDEN / f"{run}.{name}.txt"
    if pytestconfig.getoption("--write-golden"):
        file.write_bytes(as_bytes(text))
    assert as_bytes(text) == file.read_bytes()
