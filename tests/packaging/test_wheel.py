"""The wheel, installed with pip in an environment of its own."""

from __future__ import annotations

import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from benchmarks.install import ROOT, install


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Path:
    return install(tmp_path_factory.mktemp("installed"), wheel)


def _run(*command: str | Path, folder: Path, exit_code: int = 0) -> str:
    outcome = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert outcome.returncode == exit_code, outcome.stdout + outcome.stderr
    return outcome.stdout


def test_the_wheel_says_its_version(commands: Path, tmp_path: Path) -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]

    assert version in _run(commands / "dmsmtp", "--version", folder=tmp_path)


def test_the_wheel_brings_its_schemas(commands: Path, tmp_path: Path) -> None:
    ask = "import migrator.schemas; print(*migrator.schemas.__path__)"
    installed = Path(_run(commands / "python", "-c", ask, folder=tmp_path).strip())

    assert installed.is_relative_to(commands.parent)
    for pattern in ("*.json", "*.xsd"):
        names = {path.name for path in (ROOT / "schemas").glob(pattern)}
        assert names == {path.name for path in installed.glob(pattern)}


@pytest.mark.parametrize(("fixture", "exit_code"), [("clean", 0), ("broken", 1)])
def test_the_wheel_lints(commands: Path, tmp_path: Path, fixture: str, exit_code: int) -> None:
    shutil.copy(ROOT / "fixtures" / fixture / "DataMiner.xml", tmp_path)

    _run(commands / "dmsmtp", "lint", "DataMiner.xml", folder=tmp_path, exit_code=exit_code)


def test_the_wheel_probes_without_the_extra(commands: Path, tmp_path: Path) -> None:
    (tmp_path / "DataMiner.xml").write_text(
        "<SMTP><Host>127.0.0.1</Host><HostPort>1-nossl</HostPort></SMTP>", encoding="utf-8"
    )

    told = _run(commands / "dmsmtp", "probe", "DataMiner.xml", folder=tmp_path, exit_code=1)
    assert "L102" in told
