"""The entry point of the command `dmsmtp`, and of `python -m migrator`."""

from __future__ import annotations

import gc
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:  # without `typing`, whose import Ctrl-C could meet
    from typing import NoReturn

_MANY = 100_000
_INTERRUPTED = 130  # ExitCode.INTERRUPTED, where Ctrl-C comes before that is loaded


def main() -> NoReturn:
    """Run the command and end the process with its exit code."""
    # Looking for garbage after every 700 new objects, and once more at the end, takes a fifth of a short run.
    gc.set_threshold(_MANY)
    try:
        from migrator.cli.app import run

        code = run()
    except KeyboardInterrupt:
        code = _INTERRUPTED
    _end(code)


def _end(code: int) -> NoReturn:
    """End the process as it is: to take all apart that is in memory takes a twentieth of a short run.

    What is still to be written is written before; where it cannot be, Python ends as it always does.
    """
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except KeyboardInterrupt:
        pass  # all is done
    except (OSError, ValueError):
        sys.exit(code)
    os._exit(code)


if __name__ == "__main__":
    main()
