"""An error of the system at any call: told in a sentence, with each file the old or the new one."""

from __future__ import annotations

import errno
import os
from pathlib import PurePath
from typing import TYPE_CHECKING

import pytest

from tests.faults.cases import THOROUGH, is_tried
from tests.faults.running import Answer
from tests.faults.system_calls import write_half
from tests.faults.writes import DISTINCT, NAMES

if TYPE_CHECKING:
    from tests.faults.cases import Case, Step
    from tests.faults.conftest import MakeCase
    from tests.faults.running import AtStep, Ended
    from tests.faults.system_calls import Call

pytestmark = pytest.mark.linux

WORDS = {
    errno.ENOSPC: ("the disk is full", "No space left on device"),
    errno.EACCES: ("you lack the permission", "Permission denied"),
    errno.EIO: ("Input/output error",),
    errno.EINTR: ("Interrupted system call",),
}
_BY_PATH = {"open", "openat", "link", "linkat", "rename", "renameat", "unlink", "unlinkat", "getxattr"}
_BY_DESCRIPTOR = {"open", "openat", "read", "write", "close", "fsync"}  # what a signal can interrupt


def _can_give(call: Call, number: int) -> bool:
    """Whether a call can fail so, and whether that is tried here."""
    if number == errno.ENOSPC:
        return call.changes or call.name in ("fsync", "close")
    if number == errno.EACCES:
        return call.name in _BY_PATH
    if number == errno.EINTR:
        return call.name in _BY_DESCRIPTOR
    return THOROUGH or call.changes or call.name in ("read", "fsync", "close", "getdents64")


@pytest.mark.parametrize("number", WORDS, ids=lambda number: errno.errorcode[number])
@pytest.mark.parametrize("name", NAMES if THOROUGH else DISTINCT)
def test_an_error_at_any_step_is_told(name: str, number: int, case_of: MakeCase) -> None:
    case = case_of(name)
    tried = [step for step in case.steps if _can_give(step.call, number) and is_tried(step)]
    assert tried
    for step in tried:
        _examine(case, step, case.run_with(step, lambda *_: Answer(error=number)), number)
    for step in case.steps:
        if number == errno.ENOSPC and step.call.name == "write":
            _examine(case, step, case.run(_full_from(step)), number)


def _full_from(step: Step) -> AtStep:
    """Half of what is written finds room on the disk, and from then on nothing does."""

    def answer(call: Call, number: int) -> Answer | None:
        if call.name != "write" or number < step.number:
            return None
        return Answer(value=write_half(call)) if number == step.number else Answer(error=errno.ENOSPC)

    return answer


def _examine(case: Case, step: Step, ended: Ended, number: int) -> None:
    told = case.told(ended)
    assert case.problems(has_leftovers=step.call.name.startswith("unlink")) == [], (step, told)
    assert "Traceback" not in ended.err, step
    assert "should not happen" not in told, (step, told)
    if ended.code == case.write.code:
        assert case.new() == set(case.write.targets), (step, told)
        return
    assert ended.code == 2, (step, told)
    meant = [
        "DMA-0",
        "DMA-1",
        *case.write.written,
        *case.write.files(),
        *map(os.path.basename, step.call.paths),
    ]
    assert any(PurePath(name).name in told for name in meant), (step, told)
    assert any(word in told for word in WORDS[number]), (step, told)
