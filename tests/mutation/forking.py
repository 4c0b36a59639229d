"""Work in processes of its own, forked from this one, several at once."""

from __future__ import annotations

import os
import resource
import shutil
import sys
import tempfile
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Say = Callable[[str], None]
    """What a process uses to tell what started it a line of text."""

_T = TypeVar("_T")
_SAID = "said"
_MAX_MEMORY = 4 * 2**30  # bytes


def fork_each(
    tasks: Iterable[_T], jobs: int, work: Callable[[_T, Say], int], *, quiet: bool = True
) -> Iterator[tuple[_T, int, str]]:
    """Do the work for every task; yields it, the exit code (below 0: a signal ended it), and what was said.

    Temporary files of tests go with the process, and so, if `quiet`, does whatever it writes to its streams.
    """
    waiting = iter(tasks)
    running: dict[int, tuple[_T, Path]] = {}
    while True:
        for task in waiting:
            folder = Path(tempfile.mkdtemp(prefix="dmsmtp-mutant-"))
            running[_start(task, work, folder, quiet=quiet)] = (task, folder)
            if len(running) == jobs:
                break
        if not running:
            return
        pid, status = os.wait()
        task, folder = running.pop(pid)
        said = Path(folder, _SAID).read_text("utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        yield task, os.waitstatus_to_exitcode(status), said


def _start(task: _T, work: Callable[[_T, Say], int], folder: Path, *, quiet: bool) -> int:
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    with Path(folder, _SAID).open("w", encoding="utf-8", buffering=1) as said:
        try:
            os.environ["PYTEST_DEBUG_TEMPROOT"] = str(folder)
            resource.setrlimit(resource.RLIMIT_AS, (_MAX_MEMORY, _MAX_MEMORY))
            if quiet:
                nowhere = os.open(os.devnull, os.O_RDWR)
                for stream in range(3):
                    os.dup2(nowhere, stream)
            code = work(task, lambda line: print(line, file=said))
        except BaseException:  # noqa: BLE001 - nothing of this process may go on in the forked one
            traceback.print_exc(file=said)
        finally:
            sys.stdout.flush()
            said.flush()
            os._exit(code)
