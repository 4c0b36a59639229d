"""A command that runs before every restart and every commit must start quickly."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from benchmarks.starts import CALLS, prepare
from tests.cli.running import COMMANDS, environment

if TYPE_CHECKING:
    from pathlib import Path

# Each takes as long to load as all the rest of a run, or is needed for something else alone.
HEAVY = (
    "asyncio",
    "concurrent.futures",
    "cryptography.x509",
    "email",
    "http",
    "idna",
    "importlib.metadata",
    "importlib.resources",
    "jsonschema",
    "multiprocessing",
    "pydantic",
    "pydoc",
    "pyexpat",
    "rich",
    "tempfile",
    "unittest",
    "xml.parsers.expat",
    "xmlschema",
    "yaml",
)
SCRIPT = """
import json, sys
before = set(sys.modules)
import migrator.__main__
from migrator.cli.app import run
code = run()
print(json.dumps({"code": code, "modules": sorted(set(sys.modules) - before)}), file=sys.stderr)
"""


def _loaded(*arguments: str | Path, folder: Path | None = None) -> tuple[int, list[str]]:
    """The exit code of a run, and the modules that it loaded."""
    outcome = subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments],
        capture_output=True,
        cwd=folder,
        env=environment(),
        check=True,
    )
    told = json.loads(outcome.stderr.splitlines()[-1])
    return told["code"], told["modules"]


def _heavy(modules: list[str]) -> list[str]:
    return [one for one in modules if any(one == name or one.startswith(f"{name}.") for name in HEAVY)]


@pytest.mark.parametrize("output_format", ["full", "concise", "json"])
def test_a_clean_file_loads_nothing_heavy(output_format: str, clean: Path) -> None:
    code, modules = _loaded("lint", "--output-format", output_format, clean)

    assert code == 0
    assert _heavy(modules) == []
    assert "migrator.document.xml_index" not in modules  # places are for files with something to report
    assert "migrator.cli.describe" not in modules
    assert "migrator.cli.catalogue" not in modules


def test_a_file_with_findings_loads_nothing_heavy_either(error: Path) -> None:
    code, modules = _loaded("lint", error)

    assert code == 1
    assert _heavy(modules) == []


def test_the_version_loads_no_rule() -> None:
    _, modules = _loaded("--version")

    assert _heavy(modules) == []


def test_a_server_that_nobody_reaches_loads_nothing_for_tls(tmp_path: Path) -> None:
    prepare(tmp_path / "calls")

    code, modules = _loaded("probe", *CALLS["probe"], folder=tmp_path / "calls")

    assert code == 1
    assert _heavy(modules) == []
    assert "ssl" not in modules


def test_the_benchmark_times_every_command() -> None:
    assert set(CALLS) == set(COMMANDS)
