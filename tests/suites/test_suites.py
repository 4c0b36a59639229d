"""Whatever the suites label comes out as they say, but for what is listed with its reason."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from tests.suites.json_suite import JSON
from tests.suites.packages import folder_of
from tests.suites.page import PAGE, page, tables, written
from tests.suites.suite import Outcome, Suite, run
from tests.suites.xml_suite import XML, XML_WITHOUT_DOCTYPE
from tests.suites.yaml_suite import YAML

SUITES = (JSON, YAML, XML, XML_WITHOUT_DOCTYPE)
_MOST_SECONDS = 10  # of processor time, for one case: hundreds of times what the slowest takes

each_suite = pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.title)


@cache
def _outcome(suite: Suite) -> Outcome:
    return run(suite, folder_of(suite.package))


@each_suite
def test_cases_come_out_as_labelled_but_for_the_exceptions(suite: Suite) -> None:
    assert _outcome(suite).deviations == suite.expected()


@each_suite
def test_each_restriction_is_met(suite: Suite) -> None:
    assert set(_outcome(suite).restricted) == {one.what for one in suite.restrictions}


@each_suite
def test_each_case_has_a_name_of_its_own(suite: Suite) -> None:
    names = Counter(case.name for case in suite.cases(folder_of(suite.package)))

    assert [name for name, count in names.items() if count > 1] == []


@each_suite
def test_each_case_is_read_in_bounded_time(suite: Suite) -> None:
    assert _outcome(suite).slowest < _MOST_SECONDS


def test_the_page_tells_what_this_run_gives(pytestconfig: pytest.Config) -> None:
    folders = {suite: folder_of(suite.package) for suite in SUITES}
    wanted = page(written(), tables({suite: _outcome(suite) for suite in SUITES}, folders))
    if pytestconfig.getoption("--write-golden"):
        PAGE.write_text(wanted, "utf-8", newline="\n")

    assert written() == wanted
