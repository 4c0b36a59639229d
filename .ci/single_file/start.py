"""What the single file starts: the command, or the licences of all that the file holds."""

from __future__ import annotations

import multiprocessing
import os
import signal
import ssl
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

# Where Linux distributions keep the authorities that they trust; OpenSSL looks where its own one does.
AUTHORITIES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu, Arch, Alpine
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora, Red Hat
    "/etc/ssl/ca-bundle.pem",  # SUSE
)
_TWICE = 0.5  # seconds within which a second Ctrl-C is the first one, passed on


def find_authorities() -> None:
    """Have certificates be checked against the authorities of this system, wherever it keeps them."""
    paths = ssl.get_default_verify_paths()
    if sys.platform == "linux" and not paths.cafile and not paths.capath:
        for path in filter(os.path.isfile, AUTHORITIES):
            os.environ.setdefault(paths.openssl_cafile_env, path)


def free_others_from_our_libraries() -> None:
    """Let a browser that is started from here load the libraries of the system, not ours."""
    if sys.platform == "linux":
        former = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
        os.environ.pop("LD_LIBRARY_PATH", None)
        if former is not None:
            os.environ["LD_LIBRARY_PATH"] = former


class Interruption:
    """Has Ctrl-C count once: both the terminal and the process that unpacked this file pass it on."""

    def __init__(self) -> None:
        self._last = float("-inf")

    def __call__(self, _signal: int, _frame: FrameType | None) -> None:
        """Raise KeyboardInterrupt, unless that was done just before."""
        former, self._last = self._last, time.monotonic()
        if self._last - former > _TWICE:
            raise KeyboardInterrupt


def main() -> None:
    """Run the command, or show the licences; end the process with the exit code."""
    if sys.argv[1:] == ["--licenses"]:
        sys.stdout.buffer.write(Path(__file__).with_name("LICENSES.txt").read_bytes())
        return
    find_authorities()
    free_others_from_our_libraries()
    if sys.platform != "win32":
        signal.signal(signal.SIGINT, Interruption())
    from migrator.__main__ import main as run

    run()


if __name__ == "__main__":
    multiprocessing.freeze_support()  # a process that --jobs starts is this file again
    main()
