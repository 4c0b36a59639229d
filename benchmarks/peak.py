"""Run a program, print the peak of its memory in megabytes, and exit as it did.

What counts is the memory of all its processes together, what they share once, looked at all the time; where
the system does not tell that, the peak of the largest process. On Linux a program starts with the peak of the
one that starts it. So this one imports next to nothing.
"""

import os
import sys
import time

_PAUSE = 0.005  # seconds between two looks


def _together(process: int) -> int:
    """Bytes that a process and those it started have in memory, what they share once; 0 if unknown."""
    total, pending = 0, [process]
    while pending:
        one = pending.pop()
        try:
            with open(f"/proc/{one}/smaps_rollup", encoding="ascii") as lines:  # noqa: PTH123
                total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024
            for thread in os.listdir(f"/proc/{one}/task"):  # noqa: PTH208
                with open(f"/proc/{one}/task/{thread}/children", encoding="ascii") as children:  # noqa: PTH123
                    pending += map(int, children.read().split())
        except (OSError, StopIteration):  # it has ended by now
            continue
    return total


if sys.platform != "win32":
    nowhere = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_WRONLY, 0) for stream in (1, 2)]
    process = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=nowhere)
    peak = 0
    while True:
        ended, status, resources = os.wait4(process, os.WNOHANG)
        if ended:
            break
        peak = max(peak, _together(process))
        time.sleep(_PAUSE)
    largest = resources.ru_maxrss * (1 if sys.platform == "darwin" else 2**10)
    print((peak or largest) / 2**20)
    sys.exit(os.waitstatus_to_exitcode(status))
