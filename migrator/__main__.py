"""The entry point of the command `dmsmtp`, and of `python -m migrator`."""

from __future__ import annotations

import gc
import sys

_MANY = 100_000
_INTERRUPTED = 130  # ExitCode.INTERRUPTED, where Ctrl-C comes before that is loaded


def main() -> None:
    """Run the command and end the process with its exit code."""
    # Looking for garbage after every 700 new objects, and once more at the end, takes a fifth of a short run.
    gc.set_threshold(_MANY)
    try:
        from migrator.cli.app import run

        code = run()
    except KeyboardInterrupt:
        code = _INTERRUPTED
    gc.freeze()
    sys.exit(code)


if __name__ == "__main__":
    main()
