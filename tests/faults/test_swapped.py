"""A file or folder that somebody swaps for another thing, at any system call after it was looked at."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.faults.cases import THOROUGH
from tests.faults.examining import files_in
from tests.faults.writes import content

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.faults.cases import Case, Step
    from tests.faults.conftest import MakeCase
    from tests.faults.system_calls import Call

pytestmark = pytest.mark.linux

OTHER = b"<SMTP>\n  <Host>somebody.else.example.com</Host>\n</SMTP>\n"
REPLACED = (
    "lint --fix",
    "convert -o, over another one",
    "convert --into",
    "migrate --write",
    "apply --write",
    "apply --rollback",
    "retrieve-tokens --token-file, in the place of others",
)
CREATED = ("convert -o, a new file", "new -o", "retrieve-tokens --token-file, a new file")
REPORTS = ("describe -o", "compare --report", "lint --write-baseline")


class Place:
    """A folder beside that of the command, with what nobody told it to write."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.aside = folder, folder / "aside"
        self.victim, self.missing = folder / "victim", folder / "missing"
        self.agents = folder / "agents"

    def prepare(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.agents.mkdir(parents=True)
        for path in (self.victim, self.agents / "DataMiner.xml", self.agents / "report"):
            path.write_bytes(b"of somebody else: " + path.name.encode())

    def is_as_it_was(self) -> bool:
        """Whether nothing came, went or changed, but for what was moved aside."""
        wanted = {"victim", "agents/DataMiner.xml", "agents/report"}
        there = {name: data for name, data in files_in(self.folder).items() if not name.startswith("aside")}
        return there == {name: b"of somebody else: " + name.rpartition("/")[2].encode() for name in wanted}

    def move_aside(self, path: Path) -> None:
        if os.path.lexists(path):
            path.rename(self.aside)


def _a_link(target: Path, place: Place) -> None:
    place.move_aside(target)
    target.symlink_to(place.victim)


def _a_link_to_nowhere(target: Path, place: Place) -> None:
    place.move_aside(target)
    target.symlink_to(place.missing)


def _a_folder(target: Path, place: Place) -> None:
    place.move_aside(target)
    target.mkdir()


def _nothing(target: Path, place: Place) -> None:
    place.move_aside(target)


def _another_file(target: Path, place: Place) -> None:
    place.move_aside(target)
    target.write_bytes(OTHER)


def _other_content(target: Path, _: Place) -> None:
    target.write_bytes(OTHER)


def _a_second_name(target: Path, place: Place) -> None:
    if target.is_file():
        place.aside.hardlink_to(target)


def _another_parent(target: Path, place: Place) -> None:
    parent = target.parent
    place.move_aside(parent)
    parent.symlink_to(place.agents)


SWAPS = (
    *(_a_link, _a_link_to_nowhere, _a_folder, _nothing, _another_file, _other_content, _a_second_name),
    _another_parent,
)


def _swaps_at(step: Step) -> Iterator[Callable[[Path, Place], None]]:
    """What is tried at a step: everything, or by turns."""
    for number, swap in enumerate(SWAPS):
        if THOROUGH or (number - step.number) % len(SWAPS) == 0:
            yield swap


def _steps_between(case: Case, target: Path) -> list[Step]:
    """Those behind the first look at what is there, up to the end of the write.

    A document is looked at when it is read. A report goes where its path leads when its temporary file is
    made, and so does what is new.
    """
    steps = list(case.steps)
    is_read = case.write.targets and target.name in case.write.files()
    first = next(
        step.number
        for step in steps
        if (step.call.name == "read" and step.call.paths[0] == str(target) if is_read else _makes(step.call))
    )
    last = _place_of_naming(case, target) + 3
    return [step for step in steps if first < step.number <= last]


def _makes(call: Call) -> bool:
    """Whether it makes a temporary file."""
    return call.name in ("open", "openat") and call.changes


def _place_of_naming(case: Case, target: Path) -> int:
    """The step that gives the new file its name."""
    return next(
        step.number
        for step in case.steps
        if step.call.name in ("rename", "renameat", "link", "linkat") and step.call.paths[-1] == str(target)
    )


def _examine(case: Case, step: Step, swap: Callable[[Path, Place], None], place: Place) -> None:
    target = case.folder / case.write.written[0]
    old = case.write.files().get(case.write.written[0])
    place.prepare()
    where = (step, swap.__name__)

    ended = case.run_with(step, lambda *_: swap(target, place))

    told = case.told(ended)
    assert "Traceback" not in ended.err, where
    assert "should not happen" not in told, (where, told)
    assert ended.code in (case.write.code, 2), (where, told)
    assert place.is_as_it_was(), (where, files_in(place.folder))
    if place.aside.is_file():
        assert _is_old_or_new(case, place.aside.read_bytes(), old), where
    elif place.aside.is_dir():
        moved = place.aside / target.name
        assert not moved.exists() or _is_old_or_new(case, moved.read_bytes(), old), where
    if (
        swap in (_another_file, _other_content)
        and case.write.targets
        and not _is_in_the_gap(case, step, target)
    ):
        kept = files_in(case.folder).values()
        assert OTHER in kept, (where, told)


def _is_old_or_new(case: Case, data: bytes, old: bytes | None) -> bool:
    return data == old or content(data) in case.news.values()


def _is_in_the_gap(case: Case, step: Step, target: Path) -> bool:
    """Whether it comes between the last look at a file and its replacement, which are not one step."""
    replaced = _place_of_naming(case, target)
    looks = [
        one.number
        for one in case.steps
        if one.number < replaced and one.call.looks_up and one.call.paths[0] == str(target)
    ]
    assert replaced - looks[-1] < 10  # calls, with nothing else in between
    return looks[-1] < step.number <= replaced


@pytest.mark.parametrize("name", REPLACED + CREATED + REPORTS)
def test_nothing_is_written_through_it_to_elsewhere(name: str, case_of: MakeCase, tmp_path: Path) -> None:
    case = case_of(name)
    steps = _steps_between(case, case.folder / case.write.written[0])
    swaps = [(step, swap) for step in steps for swap in _swaps_at(step)]
    assert swaps
    for step, swap in swaps:
        _examine(case, step, swap, Place(tmp_path / "elsewhere"))
