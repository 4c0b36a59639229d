"""What CI on GitHub is told: valid, and of files that are there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import unmeasured

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
CI = (ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8")
_OURS = re.compile(r"(?:\.ci|tests|benchmarks|docs)/[\w./-]*\w")


def test_workflows_are_what_github_takes() -> None:
    command = (sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows")
    outcome = subprocess.run(
        [*command, *WORKFLOWS], env=unmeasured(), capture_output=True, text=True, check=False
    )

    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_files_that_workflows_name_are_there(path: Path) -> None:
    named = set(_OURS.findall(path.read_text("utf-8")))

    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_ci_installs_for_node_what_make_installs() -> None:
    tools = (ROOT / ".ci" / "install-tools").read_text("utf-8")
    by_make = re.findall(r"^(?:packages|suites)='([^']+)'", tools, re.MULTILINE)
    (by_ci,) = re.findall(r"npm install (.+?)\n +- ", CI, re.DOTALL)

    assert len(by_make) == 2
    assert {word for word in by_ci.split() if "@" in word} == set(" ".join(by_make).split())


def test_ci_runs_the_tests_as_make_does() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    (by_make,) = re.findall(r"^\t\$\(BIN\)/(python -m pytest .*)$", makefile, re.MULTILINE)

    assert f"- run: {by_make}\n" in CI
