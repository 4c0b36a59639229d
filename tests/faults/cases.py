"""A command that writes, in its folder: run again and again, each time with something else in its way."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from tests.faults.examining import problems, which_are_new
from tests.faults.writes import content

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.faults.running import AtStep, Ended, Runner
    from tests.faults.system_calls import Call
    from tests.faults.writes import Write

THOROUGH = "FAULTS" in os.environ
"""Whether all is tried at each step, which takes a quarter of an hour, or a part of it at each."""
_HARMLESS = frozenset({"ioctl", "lseek"})  # nothing of them is for the disk


class Step(NamedTuple):
    """A system call on a file of the folder, with the number of those before it."""

    number: int
    call: Call


def is_tried(step: Step) -> bool:
    """Whether a step is tried each time: of those that only look at something one in three is."""
    return THOROUGH or step.call.changes or step.number % 3 == 0


class Case:
    """What a command does when nothing happens to it, and what came of the last run."""

    def __init__(self, write: Write, runner: Runner, folder: Path) -> None:
        self.write, self.folder = write, folder
        self._runner = runner
        ended = self.run()
        assert ended.code == write.code, ended.err
        self.news = {name: content((folder / name).read_bytes()) for name in write.written}
        self.all_steps = ended.steps
        assert any(is_tried(step) and step.call.changes for step in self.steps)
        assert self.problems() == []

    @property
    def steps(self) -> Iterator[Step]:
        """What it asks of the system, but for what has nothing to do with the disk."""
        for number, call in enumerate(self.all_steps):
            if call.name not in _HARMLESS:
                yield Step(number, call)

    def run(self, at_step: AtStep = lambda *_: None) -> Ended:
        """Make the folder what it is before, and run the command."""
        self.write.prepare(self.folder)
        return self.again(at_step)

    def run_with(self, step: Step, fault: AtStep) -> Ended:
        """The same, where something happens at a step."""
        return self.run(lambda call, number: fault(call, number) if number == step.number else None)

    def again(self, at_step: AtStep = lambda *_: None) -> Ended:
        """Run the command in the folder as it is."""
        return self._runner.run(
            *self.write.arguments, within=self.folder, at_step=at_step, env=self.write.environment
        )

    def problems(self, **allowed: bool) -> list[str]:
        """What is wrong in the folder."""
        return list(problems(self.write, self.folder, self.news, **allowed))

    def new(self) -> set[str]:
        """The documents that are written."""
        return which_are_new(self.write, self.folder, self.news) & set(self.write.targets)

    def told(self, ended: Ended) -> str:
        """All that a run said, on its streams and in its reports."""
        reports = (self.folder / name for name in self.write.reports)
        there = [path.read_bytes() for path in reports if path.is_file()]
        return b"\n".join([ended.out, ended.err.encode(), *there]).decode("utf-8", "replace")
