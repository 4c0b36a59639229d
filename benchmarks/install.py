"""Install dmsmtp as its users do: from a wheel, in an environment of its own."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]

_SOURCES = ("pyproject.toml", "README.md", "LICENSE", "migrator", "schemas")
CONSTRAINTS = ROOT / "tests" / "constraints.txt"


def build(folder: Path) -> Path:
    """Build a wheel in this folder; give its path."""
    sources = folder / "sources"  # a copy, as a build leaves files beside what it builds
    for path in _files():
        copy = sources / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    _python("-m", "build", "--wheel", "--no-isolation", "--outdir", folder, sources)
    (wheel,) = folder.glob("*.whl")
    return wheel


def install(folder: Path, wheel: Path) -> Path:
    """Install a wheel in an environment in this folder; give the folder of the commands."""
    environment = folder / "environment"
    _python("-m", "venv", "--without-pip", environment)
    pip = ("-m", "pip", "--python", environment, "--disable-pip-version-check")
    _python(*pip, "install", "--quiet", "--constraint", CONSTRAINTS, wheel)
    return environment / ("Scripts" if sys.platform == "win32" else "bin")


def install_once(folder: Path) -> Path:
    """Do as `install` does, but only where a source has changed since the last time."""
    done = folder / "done"
    state = _state()
    if not done.is_file() or done.read_text(encoding="utf-8").splitlines()[0] != state:
        print(f"Installing dmsmtp from a wheel into {folder.relative_to(ROOT)}.", flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        done.write_text(f"{state}\n{install(folder, build(folder))}", encoding="utf-8")
    return Path(done.read_text(encoding="utf-8").splitlines()[1])


def _state() -> str:
    """Sum up all that an installation is made from."""
    digest = hashlib.sha256(sys.version.encode())
    for path in (CONSTRAINTS, *_files()):
        digest.update(f"\0{path.relative_to(ROOT)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    for name in _SOURCES:
        source = ROOT / name
        inside = sorted(source.rglob("*")) if source.is_dir() else [source]
        yield from (path for path in inside if path.is_file() and "__pycache__" not in path.parts)


def _python(*arguments: str | Path) -> None:
    # A test that calls this is measured by coverage, which would make pip and setuptools twice as slow
    quiet = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    outcome = subprocess.run(
        [sys.executable, *arguments],
        env=quiet,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if outcome.returncode:
        raise RuntimeError(outcome.stdout + outcome.stderr)
