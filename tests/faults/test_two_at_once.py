"""Two runs on the same files, one of them going by as a whole at any system call of the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.cases import is_tried
from tests.faults.running import Runner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.faults.conftest import MakeCase
    from tests.faults.running import Ended
    from tests.faults.system_calls import Call

pytestmark = pytest.mark.linux


@pytest.fixture(scope="module")
def other_runner(runner: Runner) -> Iterator[Runner]:
    """One for the other run; `runner` says whether this machine can do it."""
    assert runner
    with Runner() as one:
        yield one


# The last: a new report may get the number of the file that the other run has just replaced
REASONS = ("it changed since it was read", "it changed while", "it is there already", "would overwrite")


@pytest.mark.parametrize("name", ["lint --fix", "convert -o, a new file", "apply --write"])
def test_neither_spoils_what_the_other_writes(name: str, case_of: MakeCase, other_runner: Runner) -> None:
    case = case_of(name)
    others: list[Ended] = []

    def go_by(_: Call, __: int) -> None:
        others.append(other_runner.run(*case.write.arguments, within=case.folder))

    for step in filter(is_tried, case.steps):
        ended = case.run_with(step, go_by)

        both = (ended, others[-1])
        assert case.problems() == [], (step, both)
        assert case.new() == set(case.write.targets), (step, both)
        assert {one.code for one in both} <= {0, 2}, (step, both)
        assert 0 in {one.code for one in both}, (step, both)
        told = case.told(ended)
        assert ended.code == 0 or any(reason in told for reason in REASONS), (step, told)
    assert len(others) > 5
