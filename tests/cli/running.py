"""Running the command in tests: in this process, which is quick, or in one of its own."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unittest import mock

from migrator.cli.app import run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

COMMAND = (sys.executable, "-m", "migrator")
COMMANDS = (
    "validate",
    "lint",
    "migrate",
    "describe",
    "convert",
    "new",
    "compare",
    "apply",
    "probe",
    "check",
    "send-test-email",
    "retrieve-tokens",
    "explain",
    "rules",
    "schema",
)
# No file may grow beyond nothing for the command behind this, as on a full disk.
_ON_A_FULL_DISK = ("sh", "-c", 'ulimit -f 0; exec "$@"', "sh")
_NOBODY = 65534

CLEAN = """\
<SMTP>
  <Host>smtp.example.com</Host>
  <HostPort>587-starttls</HostPort>
  <LoginMethod>NoLoginMethod</LoginMethod>
  <From>dma@example.com</From>
</SMTP>
"""
ERROR = CLEAN.replace("587-starttls", "587-STARTTLS")  # H207
WARNING = CLEAN.replace("<Host>", "<Host> ")  # S109
INFO = CLEAN.replace("</SMTP>", "  <Helo />\n</SMTP>")  # S108


@dataclass(frozen=True)
class Outcome:
    """What a run came to: exit code, bytes of standard output, text of standard error."""

    code: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        """Standard output as text, with the ends of lines that it has elsewhere than on Windows."""
        return self.out.decode("utf-8").replace(os.linesep, "\n")

    @property
    def lines(self) -> list[str]:
        """Lines of standard output."""
        return self.text.splitlines()


def dmsmtp(
    *arguments: str | Path, stdin: bytes = b"", encoding: str = "utf-8", env: Mapping[str, str] | None = None
) -> Outcome:
    """Run the command in this process, with streams of its own."""
    streams = {
        name: io.TextIOWrapper(io.BytesIO(), encoding, newline="\n", write_through=True)
        for name in ("out", "err")
    }
    with (
        mock.patch.object(sys, "argv", ["dmsmtp", *(os.fspath(one) for one in arguments)]),
        mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin))),
        mock.patch.object(sys, "stdout", streams["out"]),
        mock.patch.object(sys, "stderr", streams["err"]),
        mock.patch.dict(os.environ, env or {}),
    ):
        if not env:
            for name in ("NO_COLOR", "FORCE_COLOR"):
                os.environ.pop(name, None)
        streams["err"].reconfigure(errors="backslashreplace")  # as Python's own
        code = run()
    out, err = (_written(stream) for stream in streams.values())
    return Outcome(code, out, err.decode(encoding))


def _written(stream: io.TextIOWrapper) -> bytes:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue()


def environment(**changes: str) -> dict[str, str]:
    """This process' environment with changes, and without what decides on colours and encodings."""
    unwanted = ("NO_COLOR", "FORCE_COLOR", "PYTHONIOENCODING", "PYTHONUTF8", "COLUMNS")
    return {name: value for name, value in os.environ.items() if name not in unwanted} | changes


def unmeasured(**changes: str) -> dict[str, str]:
    """The same for a process that coverage leaves alone.

    That is for programs of others, which take twice as long with it, where its file cannot be written, and
    for a run whose processes are interrupted as they work: where that ends a function of coverage that gives
    back a lock, nothing gives it back any more, and the process waits forever.
    """
    return {name: value for name, value in environment(**changes).items() if not name.startswith("COV")}


def in_process_of_its_own(
    *arguments: str | Path | bytes, stdin: bytes = b"", env: Mapping[str, str] | None = None
) -> Outcome:
    """Run the command as a user does."""
    outcome = subprocess.run(
        [*COMMAND, *arguments],
        input=stdin,
        capture_output=True,
        env=env if env is not None else environment(),
        timeout=60,
        check=False,
    )
    err = outcome.stderr.decode("utf-8", "backslashreplace").replace(os.linesep, "\n")
    return Outcome(outcome.returncode, outcome.stdout, err)


def on_a_full_disk(*arguments: str | Path, out: Path) -> tuple[int, str]:
    """Run the command where nothing can be written, its output going to a file: exit code, standard error."""
    with out.open("wb") as stream:
        outcome = subprocess.run(
            [*_ON_A_FULL_DISK, *COMMAND, *arguments],
            stdout=stream,
            stderr=subprocess.PIPE,
            env=unmeasured(),
            check=False,
        )
    assert out.read_bytes() == b""
    return outcome.returncode, outcome.stderr.decode()


@contextlib.contextmanager
def without_privileges() -> Iterator[None]:
    """Be a user whom permissions count for, where this one is the administrator of a Unix system."""
    if sys.platform == "win32" or os.geteuid() != 0:
        yield
        return
    os.seteuid(_NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
