"""Streams and exit codes."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable
from enum import IntEnum
from pathlib import Path

from migrator.reporters import Layout

_DEFAULT_WIDTH = 100


class ExitCode(IntEnum):
    """What the exit code says."""

    DONE = 0
    """Done, and nothing at or above `--fail-on`."""
    FOUND = 1
    """Findings at or above `--fail-on`."""
    REFUSED = 2
    """The tool could not do what was asked."""
    INTERRUPTED = 130
    """Ctrl-C."""
    CLOSED_PIPE = 141
    """Nobody reads the output any more (128 + SIGPIPE, as shells count)."""


class Refusal(Exception):  # noqa: N818 - it is an answer, no fault
    """The tool cannot do what was asked; the text says why and what to do."""


def say(text: str) -> None:
    """Write a sentence to standard error."""
    sys.stderr.write(f"dmsmtp: {text}\n")


def layout(*, no_color: bool, to_file: bool) -> Layout:
    """How the output will be read. FORCE_COLOR and NO_COLOR count (https://no-color.org)."""
    is_terminal = not to_file and sys.stdout.isatty()
    environment = os.environ
    if no_color or to_file:
        colour = False
    elif environment.get("FORCE_COLOR", "0") not in ("", "0"):
        colour = True
    else:
        is_plain = bool(environment.get("NO_COLOR")) or environment.get("TERM") == "dumb"
        colour = is_terminal and not is_plain and (sys.platform != "win32" or "WT_SESSION" in environment)
    width = shutil.get_terminal_size((_DEFAULT_WIDTH, 24)).columns if is_terminal else _DEFAULT_WIDTH
    return Layout(colour, width)


def deliver(pieces: Iterable[str], target: str | None, *, machine: bool) -> None:
    r"""Write a report to standard output, or to a file that is there whole or not at all.

    Machine formats are UTF-8 with `\n` on every system.
    """
    if target is not None:
        _to_file(pieces, target)
    elif machine:
        sys.stdout.flush()
        for piece in pieces:
            sys.stdout.buffer.write(piece.encode("utf-8"))
        sys.stdout.buffer.flush()
    else:
        reconfigure = getattr(sys.stdout, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
        for piece in pieces:
            sys.stdout.write(piece)
        sys.stdout.flush()


def _to_file(pieces: Iterable[str], target: str) -> None:
    path = Path(os.path.realpath(target))
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise Refusal(f"{target}: the report cannot be written there: {error.strerror}") from error
    try:
        with open(handle, "w", encoding="utf-8", newline="\n") as stream:  # noqa: PTH123 - an open handle
            for piece in pieces:
                stream.write(piece)
            stream.flush()
            os.fsync(stream.fileno())
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except OSError as error:
        raise Refusal(f"{target}: the report could not be written: {error.strerror}") from error
    finally:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
