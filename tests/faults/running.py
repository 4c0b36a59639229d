"""Runs of the command in which the test decides what becomes of each system call on a folder's files."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple, Self

from tests.cli.running import unmeasured
from tests.faults.system_calls import Call, let_go, next_call

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_ROOT = Path(__file__).parents[2]
_PATIENCE = 20_000  # milliseconds without a sign of life


class Answer(NamedTuple):
    """What comes of a call: an error, or a value without the call being made."""

    error: int = 0
    value: int | None = None


_MADE = Answer()
AtStep = Callable[[Call, int], Answer | None]
"""What comes of a call, of which there were so many before; None: it is made."""


class Ended(NamedTuple):
    """How a run ended: exit code (or the signal, negative), output, and the calls on the folder's files."""

    code: int
    out: bytes
    err: str
    steps: tuple[Call, ...]


class Runner:
    """Runs the command, again and again, each time in a new process."""

    def __init__(self) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.zygote", str(theirs.fileno())],
                cwd=_ROOT,
                env=unmeasured(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        assert self._control.recv(16) == b"ready"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._control.close()
        self._process.wait(timeout=60)

    def run(
        self,
        *arguments: str | Path,
        within: Path,
        at_step: AtStep = lambda *_: None,
        env: Mapping[str, str] | None = None,
    ) -> Ended:
        """Run the command; `at_step` is asked before each call that names something in the folder `within`.

        It is given the call and how many there were before it.
        """
        with self.begun(*arguments, within=within, env=env) as run:
            return run.to_the_end(at_step)

    def begun(self, *arguments: str | Path, within: Path, env: Mapping[str, str] | None = None) -> Run:
        """A run of the command that waits at its first call; there can be one at a time."""
        return Run(self._control, arguments, within, env or {})


class Run:
    """One run of the command, call by call."""

    def __init__(
        self,
        control: socket.socket,
        arguments: Sequence[str | Path],
        within: Path,
        env: Mapping[str, str],
    ) -> None:
        self._control, self._within = control, f"{within}/"
        self._streams: list[IO[bytes]] = [tempfile.TemporaryFile() for _ in range(3)]  # noqa: SIM115
        self.steps: list[Call] = []
        request = {
            "arguments": [str(one) for one in arguments],
            "folder": str(within),
            "environment": dict(env),
        }
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ours, theirs:
            handles = [*(stream.fileno() for stream in self._streams), theirs.fileno()]
            socket.send_fds(control, [json.dumps(request).encode()], handles)
            theirs.close()
            _, found, _, _ = socket.recv_fds(ours, 16, 1)
        if not found:
            control.recv(16)
            raise OSError("system calls cannot be held up here: " + self._text(2))
        self._listener = found[0]
        self._status: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._listener)  # whatever waits still fails then
        if self._status is None:
            self._control.recv(16)
        for stream in self._streams:
            stream.close()

    def next(self) -> Call | None:
        """The next call on the folder's files, which waits to be let go; None where the run has ended."""
        poll = select.poll()
        poll.register(self._listener, select.POLLIN)
        poll.register(self._control, select.POLLIN)
        while True:
            ready = dict(poll.poll(_PATIENCE))
            assert ready, f"nothing happens after {self.steps[-1:]}"
            if self._control.fileno() in ready:
                self._status = int(self._control.recv(16))
                return None
            if not ready[self._listener] & select.POLLIN:
                poll.unregister(self._listener)
                continue
            call = next_call(self._listener)
            if call is None:
                continue
            if any(f"{path}/".startswith(self._within) for path in call.paths):
                self.steps.append(call)
                return call
            let_go(self._listener, call)

    def let_go(self, call: Call, answer: Answer | None = None) -> None:
        """Have a call be made, or what the answer says come of it.

        What `fsync` does takes time and is seen nowhere, so it is left out.
        """
        if answer is None:
            answer = Answer(value=0) if call.name == "fsync" else _MADE
        let_go(self._listener, call, *answer)

    def to_the_end(self, at_step: AtStep = lambda *_: None) -> Ended:
        """What comes of it where each call is answered like this."""
        while (call := self.next()) is not None:
            self.let_go(call, at_step(call, len(self.steps) - 1))
        assert self._status is not None
        return Ended(
            os.waitstatus_to_exitcode(self._status), self._bytes(1), self._text(2), tuple(self.steps)
        )

    def _bytes(self, number: int) -> bytes:
        self._streams[number].seek(0)
        return self._streams[number].read()

    def _text(self, number: int) -> str:
        return self._bytes(number).decode("utf-8", "backslashreplace")


def kill(call: Call) -> None:
    """End the process that waits, before the call is made."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(call.process, signal.SIGKILL)
