"""Power that fails at any system call: each file is the old or the new one, whatever the disk holds then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.examining import problems, which_are_new
from tests.faults.power import Disk, restore
from tests.faults.writes import NAMES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.conftest import MakeCase
    from tests.faults.power import State
    from tests.faults.system_calls import Call

pytestmark = pytest.mark.linux


@pytest.mark.parametrize("name", NAMES)
def test_files_are_whole_and_what_is_said_to_be_written_is(
    name: str, case_of: MakeCase, tmp_path: Path
) -> None:
    case = case_of(name)
    write, folder = case.write, tmp_path / "after"
    write.prepare(case.folder)
    disk = Disk(case.folder)
    seen: set[State] = set()

    def follow(call: Call, _: int) -> None:
        disk.follow(call)
        if call.changes or call.name == "fsync":
            seen.update(disk.states())

    case.again(follow)
    disk.catch_up()
    last = set(disk.states())

    for state in seen | last:
        restore(state, folder)
        assert list(problems(write, folder, case.news, has_leftovers=True, tells_the_same=True)) == []
        if state in last:
            assert which_are_new(write, folder, case.news) == set(write.written)
    assert len(seen) > 1
