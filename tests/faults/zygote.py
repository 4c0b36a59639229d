"""A process that has everything imported, and becomes the command as often as it is asked to.

Each run is a process of its own, which begins where the command's own code begins and ends as Python ends: a
fork takes milliseconds, a start of Python a good part of a second. Asked over a socket, by `running.py`.
"""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import pkgutil
import socket
import sys
import tempfile
import webbrowser
from importlib import import_module
from pathlib import Path
from typing import Any

import migrator
from migrator.__main__ import main
from migrator.cli.app import run
from tests.faults.system_calls import hold_up
from tests.live.provider import browse

_LONGEST = 1 << 20


def _warm_up() -> None:
    """Import what the command imports on its way, and fill what it keeps, as schemas and patterns."""
    for module in pkgutil.walk_packages(migrator.__path__, "migrator."):
        import_module(module.name)
    text = "<SMTP><Host>a b</Host><HostPort>587-STARTTLS</HostPort></SMTP>"
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stderr(io.StringIO()):
        path, report = Path(folder, "a.xml"), Path(folder, "report")
        for options in (["lint", "--fix", "-o", report], ["migrate", "--to", "10.6.4", "-o", report]):
            path.write_text(text, "utf-8")
            sys.argv = ["dmsmtp", *map(str, options), str(path)]
            run()


def _serve(control: socket.socket) -> bool:
    """Start a process for each run that is asked for; whether this is one of them."""
    while True:
        data, handles, _, _ = socket.recv_fds(control, _LONGEST, 8)
        if not data:
            return False
        child = os.fork()
        if child == 0:
            control.close()
            _become(json.loads(data), handles)
            return True
        for handle in handles:
            os.close(handle)
        control.send(str(os.waitpid(child, 0)[1]).encode())


def _become(request: dict[str, Any], handles: list[int]) -> None:
    *streams, handle = handles
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(request["folder"])
    os.environ.update(request["environment"])
    webbrowser.open = lambda url, *_: bool(browse(url))
    sys.argv = ["dmsmtp", *request["arguments"]]
    answer = socket.socket(fileno=handle)
    socket.send_fds(answer, [b"listener"], [hold_up()])


if __name__ == "__main__":
    control = socket.socket(fileno=int(sys.argv[1]))
    _warm_up()
    gc.collect()
    gc.freeze()
    control.send(b"ready")
    if _serve(control):
        main()
