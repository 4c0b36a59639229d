"""A run that is ended at any system call, by a signal that nobody can catch, or by Ctrl-C."""

from __future__ import annotations

import os
import re
import signal
from typing import TYPE_CHECKING

import pytest

from migrator.files import InputFile, Selection, find
from tests.faults.cases import THOROUGH, is_tried
from tests.faults.running import kill
from tests.faults.system_calls import write_half
from tests.faults.writes import DISTINCT, NAMES

if TYPE_CHECKING:
    from tests.faults.cases import Case
    from tests.faults.conftest import MakeCase
    from tests.faults.system_calls import Call

pytestmark = pytest.mark.linux


def _killed(call: Call, _: int) -> None:
    kill(call)


def _killed_half_way(call: Call, _: int) -> None:
    write_half(call)
    kill(call)


def _interrupted(call: Call, _: int) -> None:
    os.kill(call.process, signal.SIGINT)


@pytest.mark.parametrize("name", NAMES)
def test_a_run_that_is_killed_leaves_whole_files_and_the_next_one_goes_on(
    name: str, case_of: MakeCase
) -> None:
    case = case_of(name)
    for step in (one for one in case.steps if one.call.changes):
        for fault in (_killed, _killed_half_way) if step.call.name == "write" else (_killed,):
            ended = case.run_with(step, fault)

            assert ended.code == -signal.SIGKILL, step
            assert case.problems(has_leftovers=True, tells_the_same=True) == [], step
            assert _checked(case) & _leftovers(case) == set(), step
            finished = case.new()
            again = case.again()
            assert case.problems(has_leftovers=True) == [], step
            assert case.new() == set(case.write.targets), (step, again.err)
            assert again.code == case.write.code or finished == case.new(), (step, again.err)


def _checked(case: Case) -> set[str]:
    """Names of the files that a search of the folder finds."""
    found = find(Selection((str(case.folder),)))
    return {os.path.basename(one.shown) for one in found if isinstance(one, InputFile)}  # noqa: PTH119


def _leftovers(case: Case) -> set[str]:
    return {path.name for path in case.folder.rglob(".dmsmtp-*")}


@pytest.mark.parametrize("name", NAMES if THOROUGH else DISTINCT)
def test_ctrl_c_at_any_step_says_what_was_written(name: str, case_of: MakeCase) -> None:
    case = case_of(name)
    steps = [step for step in case.steps if step.call.changes or step.call.name == "fsync"]
    for step in filter(is_tried, steps):
        ended = case.run_with(step, _interrupted)

        assert ended.code == 130, (step, ended)
        assert "Traceback" not in ended.err, step
        is_backup = step.call.name.startswith("link") and step.call.paths[1].endswith(".bak")
        assert case.problems(has_leftovers=is_backup or step.call.name == "unlink") == [], step
        assert _number_told(ended.err) == len(case.new()), (step, ended.err)


def _number_told(text: str) -> int:
    """How many files are said to be written."""
    count = re.search(r"(\d+) files? written", text)
    if count is not None:
        return int(count[1])
    names = re.search(r"written until then: (.*); run", text)
    return 0 if names is None or names[1] == "none" else len(names[1].split("),"))
