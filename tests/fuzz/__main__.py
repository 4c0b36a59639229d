"""All kinds are fuzzed for a while: `make fuzz`, or `python -m tests.fuzz`. Needs atheris.

Everything is imported once, and each kind is a process that begins with that. What is found lies in a folder
for each kind: inputs that are worth going on from, a log, and inputs that failed.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import re
import sys
import traceback
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from tests.fuzz.target import fuzz, instrumented

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_STATUS = re.compile(r"^#(\d+)\s.*?\bcov: (\d+) ft: (\d+) corp: (\d+)", re.MULTILINE)
_FAILED = re.compile(r"Test unit written to (\S*(?:crash|timeout|oom)-\S+)")
_TRACEBACK = re.compile(r"=== (?:Uncaught|Timeout).*?(?=^==[0-9]+==|^ALARM|\Z)", re.MULTILINE | re.DOTALL)
_LAST_LINES = 40
_WARMING_INPUTS = 5


def main() -> int:
    """Fuzz as the arguments say; 1 where an input failed, or the fuzzer did."""
    options = _options()
    with instrumented():
        with contextlib.redirect_stderr(io.StringIO()):  # it names each module
            from tests.fuzz.kinds import CORPUS, FOUND, KINDS

            for name in options.kinds:
                for path in islice(sorted((CORPUS / name).iterdir()), _WARMING_INPUTS):
                    with contextlib.suppress(Exception):  # it fails again, and is told, where it is fuzzed
                        KINDS[name].holds(path.read_bytes())  # imports what is imported late
        _say(f"{len(options.kinds)} kinds, {options.seconds} seconds each, into {options.folder}")
        failed = False
        for name, code in _run(options, [CORPUS, FOUND]):
            _say(_outcome(name, options.folder / name / "log", code))
            failed |= code != 0
    return int(failed)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()  # before another process has a copy of it


def _options() -> argparse.Namespace:
    names = sorted(path.name for path in Path(__file__).with_name("corpus").iterdir())
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Fuzz dmsmtp.")
    parser.add_argument("--kinds", nargs="+", choices=names, default=names, help="these alone")
    parser.add_argument("--seconds", type=int, default=300, help="for each kind (300)")
    parser.add_argument("--folder", type=Path, default=Path(".tools/fuzz"), help="for what is found")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many kinds at a time")
    parser.add_argument(
        "--seed", type=int, default=0, help="of the random numbers; 0 for another one each time"
    )
    return parser.parse_args()


def _run(options: argparse.Namespace, corpora: Sequence[Path]) -> Iterator[tuple[str, int]]:
    """Fuzz some kinds at a time, and give back each with its exit code as it ends."""
    waiting = list(options.kinds)
    running: dict[int, str] = {}
    while waiting or running:
        while waiting and len(running) < options.jobs:
            name = waiting.pop(0)
            running[_started(name, options, corpora)] = name
        process, status = os.wait()
        yield running.pop(process), os.waitstatus_to_exitcode(status)


def _started(name: str, options: argparse.Namespace, corpora: Sequence[Path]) -> int:
    """The number of a process that fuzzes a kind."""
    assert sys.platform != "win32"
    process = os.fork()
    if process:
        return process
    folder = options.folder / name
    (folder / "inputs").mkdir(parents=True, exist_ok=True)
    try:
        log = os.open(folder / "log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(log, sys.stdout.fileno())
        os.dup2(log, sys.stderr.fileno())
        times = [f"-max_total_time={options.seconds}", f"-seed={options.seed}"]
        kept = [str(corpus / name) for corpus in corpora if (corpus / name).is_dir()]
        fuzz(name, [*times, f"-artifact_prefix={folder}/", str(folder / "inputs"), *kept])
    except Exception:  # noqa: BLE001 - nothing may go on in two processes
        traceback.print_exc()
    os._exit(2)  # it ended before, by itself or by SystemExit, which libFuzzer waits for to keep the input


def _outcome(name: str, log: Path, code: int) -> str:
    """What is to be said of a kind."""
    said = log.read_text(encoding="utf-8", errors="replace")
    figures = _STATUS.findall(said)
    words = "no inputs run"
    if figures:
        runs, edges, features, inputs = map(int, figures[-1])
        words = (
            f"{runs:,} inputs run, {edges:,} edges and {features:,} features reached, {inputs:,} inputs kept"
        )
    if code == 0:
        return f"{name}: {words}; none failed"
    failed = _FAILED.search(said)
    advice = f"see {log}"
    if failed:
        place = f"tests/fuzz/found/{name}"
        advice = (
            f"to see it again: mkdir -p {place}; cp {failed[1]} {place}/WHAT-IT-IS; "
            "python -m pytest tests/fuzz -k WHAT-IT-IS\nkeep that file with the change that mends it"
        )
    shown = _TRACEBACK.search(said)
    lines = shown[0].strip().splitlines() if shown else said.splitlines()
    return "\n".join([*lines[-_LAST_LINES:], "", f"{name}: FAILED after: {words}", advice])


if __name__ == "__main__":
    sys.exit(main())
