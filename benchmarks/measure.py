"""Run programs and measure them; compare two by running them in turn."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_PEAK = Path(__file__).with_name("peak.py")


@dataclass(frozen=True)
class Command:
    """A program with its arguments, where it runs, and the exit codes that mean it did its work."""

    arguments: Sequence[str | Path]
    folder: Path
    exit_codes: frozenset[int] = frozenset({0})


@dataclass(frozen=True)
class Comparison:
    """What two programs took, measured in pairs, with the ratio of each pair."""

    ours: float
    peer: float
    ratios: Sequence[float]

    @property
    def ratio(self) -> float:
        """The median, which one slow moment of the machine does not move."""
        return statistics.median(self.ratios)


def seconds(command: Command) -> float:
    """Run a program with its output thrown away; give the time from its start to its end."""
    started = time.perf_counter()
    outcome = subprocess.run(
        command.arguments,
        cwd=command.folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    taken = time.perf_counter() - started
    _end_unless_done(command, outcome.returncode)
    return taken


def processor_seconds(command: Command) -> float:
    """Run a program as `seconds` does; give the time that it had a processor: others disturb it less.

    Windows does not tell it.
    """
    import resource

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds(command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def peak_memory(command: Command) -> float:
    """Run a program with its output thrown away; give the megabytes that its largest process took at most."""
    outcome = subprocess.run(
        [sys.executable, "-I", "-S", _PEAK, *command.arguments],
        cwd=command.folder,
        stdout=subprocess.PIPE,
        check=False,
    )
    _end_unless_done(command, outcome.returncode)
    return float(outcome.stdout)


def _end_unless_done(command: Command, exit_code: int) -> None:
    if exit_code not in command.exit_codes:
        shown = " ".join(str(argument) for argument in command.arguments[:5])
        raise SystemExit(f"exit code {exit_code} of: {shown} …")


def compare(ours: Command, peer: Command, measure: Callable[[Command], float], *, pairs: int) -> Comparison:
    """Run both in turn, after one run that counts for neither, each pair in the other order than the last."""
    measure(ours)
    measure(peer)
    measured = []
    for pair in range(pairs):
        if pair % 2:
            of_peer, of_ours = measure(peer), measure(ours)
        else:
            of_ours, of_peer = measure(ours), measure(peer)
        measured.append((of_ours, of_peer))
    return Comparison(
        statistics.median(of_ours for of_ours, _ in measured),
        statistics.median(of_peer for _, of_peer in measured),
        [of_ours / of_peer for of_ours, of_peer in measured],
    )
