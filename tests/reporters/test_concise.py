from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from migrator.checking import FileReport
from migrator.diagnostic import Diagnostic, Severity
from migrator.rules import RULES
from migrator.rules.pages import page
from tests.reporters.reports import report, written

if TYPE_CHECKING:
    from migrator.rules.model import Rule

READABLE = [
    rule for rule in RULES if any(report(example).diagnostics for example in page(rule).examples("Bad"))
]


@pytest.mark.parametrize("colour", [False, True])
@pytest.mark.parametrize("rule", READABLE, ids=lambda rule: rule.code)
def test_it_is_the_first_lines_of_the_full_format(rule: Rule, colour: bool) -> None:
    found = [report(example) for example in page(rule).examples("Bad")]

    full, concise = (written(name, *found, colour=colour).splitlines() for name in ("full", "concise"))

    assert concise
    start = "\x1b[1mx.xml" if colour else "x.xml"
    assert [line for line in full if line.startswith(start)] == concise


def test_a_finding_without_a_place() -> None:
    one = Diagnostic("x.xml", None, "D007", "rule-crashed", Severity.ERROR, "it failed")

    assert written("concise", FileReport("x.xml", (one,))) == "x.xml: error[D007] rule-crashed: it failed\n"
