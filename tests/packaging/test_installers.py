"""The wheel, installed by pipx and by uv, with all that they keep in a folder of the test."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from benchmarks.install import CONSTRAINTS, ROOT
from tests.cli.running import unmeasured

_SUFFIX = ".exe" if sys.platform == "win32" else ""


class Installer:
    """pipx or uv, which knows nothing of what it installed before."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.folder = folder
        self.commands = folder / "commands"
        self.home = folder / "home"
        self._env = {
            name: value for name, value in unmeasured().items() if not name.startswith(("PIPX_", "UV_TOOL"))
        } | {
            "PIPX_HOME": str(self.home),
            "PIPX_BIN_DIR": str(self.commands),
            "PIPX_MAN_DIR": str(folder / "man"),
            "PIPX_COMPLETION_DIR": str(folder / "completion"),
            "USE_EMOJI": "0",
            "UV_TOOL_DIR": str(self.home),
            "UV_TOOL_BIN_DIR": str(self.commands),
            "UV_CACHE_DIR": str(cache / "uv"),
            "PIP_CACHE_DIR": str(cache / "pip"),
            "UV_PYTHON_DOWNLOADS": "never",
        }

    def run(self, name: str, *arguments: str | Path, exit_code: int = 0) -> str:
        return self._run(Path(sysconfig.get_path("scripts"), name + _SUFFIX), *arguments, exit_code=exit_code)

    def installed(self, *arguments: str | Path, exit_code: int = 0) -> str:
        """Run the command that was installed."""
        return self._run(self.commands / f"dmsmtp{_SUFFIX}", *arguments, exit_code=exit_code)

    def _run(self, *command: str | Path, exit_code: int) -> str:
        outcome = subprocess.run(
            command,
            cwd=self.folder,
            env=self._env,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        assert outcome.returncode == exit_code, outcome.stdout + outcome.stderr
        return outcome.stdout


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What was downloaded once; nothing of the user's own."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(name="installer")
def _installer(tmp_path: Path, cache: Path) -> Installer:
    for name in ("clean", "broken"):
        (tmp_path / name).mkdir()
        shutil.copy(ROOT / "fixtures" / name / "DataMiner.xml", tmp_path / name)
    shutil.copy(CONSTRAINTS, tmp_path)
    return Installer(tmp_path, cache)


def _lints(installer: Installer) -> None:
    installer.installed("lint", "clean")
    assert "H207" in installer.installed("lint", "broken", exit_code=1)


def _has_the_extra(installer: Installer) -> bool:
    """Whether what probe reads certificates with is beside the command that was installed."""
    return any(installer.home.rglob("cryptography/__init__.py"))


@pytest.mark.parametrize("extra", ["", "[live]"])
def test_uv_installs_and_uninstalls_it(installer: Installer, wheel: Path, extra: str) -> None:
    python = ("--python", sys.executable, "--constraints", "constraints.txt")
    installer.run("uv", "tool", "install", *python, f"{wheel}{extra}")

    _lints(installer)
    assert _has_the_extra(installer) == bool(extra)

    installer.run("uv", "tool", "uninstall", "dmsmtp")
    assert list(installer.commands.iterdir()) == []
    assert not (installer.home / "dmsmtp").exists()


def test_uvx_runs_it_without_installing(installer: Installer, wheel: Path) -> None:
    python = ("--python", sys.executable, "--constraints", "constraints.txt")
    told = installer.run("uvx", *python, "--from", wheel, "dmsmtp", "lint", "broken", exit_code=1)

    assert "H207" in told
    assert not installer.commands.exists()


def test_pipx_installs_and_uninstalls_it_with_the_extra(installer: Installer, wheel: Path) -> None:
    pinned = ("--backend", "pip", "--pip-args", "--constraint constraints.txt")
    installer.run("pipx", "install", *pinned, f"{wheel}[live]")

    _lints(installer)
    assert _has_the_extra(installer)

    installer.run("pipx", "uninstall", "dmsmtp")
    assert list(installer.commands.iterdir()) == []
    assert not (installer.home / "venvs" / "dmsmtp").exists()


def test_pipx_runs_it_without_installing(installer: Installer, wheel: Path) -> None:
    pinned = ("--backend", "uv", "--pip-args", "--constraint constraints.txt")
    told = installer.run("pipx", "run", *pinned, "--spec", wheel, "dmsmtp", "lint", "broken", exit_code=1)

    assert "H207" in told
    assert not installer.commands.exists() or list(installer.commands.iterdir()) == []
