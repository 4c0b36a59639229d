"""Make a single file of a wheel of dmsmtp, to run where there is no Python: build.py WHEEL FOLDER [--folder].

It comes into FOLDER, as dmsmtp or dmsmtp.exe; with --folder it is a folder with the command and its libraries
in it, which need not be unpacked at every start. What the wheel needs, with its extra `live`, is taken from
what is installed beside the Python that runs this.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

_SPEC = Path(__file__).with_name("dmsmtp.spec")


def main() -> int:
    """Read the options, build, and give the exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("wheel", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--folder", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        return build(chosen.wheel, chosen.out, Path(work), is_folder=chosen.folder)


def build(wheel: Path, out: Path, work: Path, *, is_folder: bool) -> int:
    """Have PyInstaller build with all that it leaves behind in the folder `work`; its exit code."""
    site = work / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    places = ("--distpath", out, "--workpath", work / "work")
    env = os.environ | {"SITE": str(site), "PYINSTALLER_CONFIG_DIR": str(work / "cache")}
    env["FOLDER"] = "yes" if is_folder else ""
    command = (sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR", *places, _SPEC)
    return subprocess.run(command, env=env, check=False).returncode  # noqa: S603 - our own files


if __name__ == "__main__":
    sys.exit(main())
