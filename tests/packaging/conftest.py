"""The wheel and the single file, each built once for all processes of a run of tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from benchmarks.install import ROOT
from benchmarks.install import build as build_wheel
from tests.cli.running import unmeasured

if TYPE_CHECKING:
    from collections.abc import Callable

BUILD = ROOT / ".ci" / "single_file" / "build.py"
IS_ONE_OF_SEVERAL = "PYTEST_XDIST_WORKER" in os.environ


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have the single file built first, as other processes that come to its tests wait for it."""
    if IS_ONE_OF_SEVERAL:
        items.sort(key=lambda item: "single_file" not in getattr(item, "fixturenames", ()))


@pytest.fixture(name="wheel", scope="session")
def _wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _once(tmp_path_factory, "wheel", build_wheel)


@pytest.fixture(name="single_file", scope="session")
def _single_file(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Path:
    """The file under test: built here, or the one that the environment names."""
    named = os.environ.get("SINGLE_FILE")
    if named:
        return Path(named).absolute()
    missing = _missing()
    if missing:
        pytest.skip(f"building a single file needs {missing}")

    def build(folder: Path) -> Path:
        _run(sys.executable, BUILD, wheel, folder)
        return folder / "dmsmtp"

    return _once(tmp_path_factory, "single-file", build)


def _missing() -> str | None:
    """What PyInstaller needs on Linux and is not there."""
    from PyInstaller.depend.bindepend import get_python_library_path
    from PyInstaller.exceptions import PythonLibraryNotFoundError

    try:
        get_python_library_path()
    except PythonLibraryNotFoundError:
        return "Python as a shared library"
    return next((name for name in ("objdump", "strip") if shutil.which(name) is None), None)


def _once(factory: pytest.TempPathFactory, name: str, build: Callable[[Path], Path]) -> Path:
    """What is built in a folder, by the first process of this run that asks for it."""
    shared = factory.getbasetemp()
    if IS_ONE_OF_SEVERAL:
        shared = shared.parent
    done = shared / f"{name}.done"
    with FileLock(shared / f"{name}.lock"):
        if not done.is_file():
            folder = shared / name
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            done.write_text(str(build(folder)), "utf-8")
    return Path(done.read_text("utf-8"))


def _run(*command: str | Path) -> None:
    outcome = subprocess.run(
        command, env=unmeasured(), capture_output=True, text=True, errors="replace", check=False
    )
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
