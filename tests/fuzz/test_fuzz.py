"""Every kept input holds on every system; where atheris is, each kind is fuzzed for a moment, too."""

from __future__ import annotations

import re
import subprocess
import sys
from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.cli.running import unmeasured
from tests.fuzz.kinds import CORPUS, FOUND, KINDS, REPOSITORY
from tests.fuzz.mutation import mutated

if TYPE_CHECKING:
    from pathlib import Path

KEPT = [
    pytest.param(name, path, id=f"{folder.name}/{name}/{path.name}")
    for folder in (CORPUS, FOUND)
    for name in KINDS
    for path in sorted((folder / name).glob("*"))
]
MOST_FILES, MOST_BYTES = 650, 300_000
SECONDS_OF_FUZZING = 1


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize(("name", "path"), KEPT)
def test_kept_inputs_hold(name: str, path: Path) -> None:
    KINDS[name].holds(path.read_bytes())


@pytest.mark.parametrize("name", KINDS)
def test_inputs_of_every_kind_are_kept(name: str) -> None:
    assert list((CORPUS / name).iterdir())


def test_what_is_kept_is_small() -> None:
    files = [path for path in CORPUS.rglob("*") if path.is_file()]

    assert {path.parent for path in files} == {CORPUS / name for name in KINDS}
    assert len(files) <= MOST_FILES
    assert sum(path.stat().st_size for path in files) <= MOST_BYTES


@pytest.mark.parametrize("name", KINDS)
def test_changes_of_an_input_can_be_made_again(name: str) -> None:
    kind = KINDS[name]
    data = next(iter(kind.seeds()))

    made, again = ([mutated(data, kind.words, Random(seed)) for seed in range(50)] for _ in range(2))  # noqa: S311

    assert made == again
    assert len(set(made)) > 40


def _fuzz(folder: Path, *options: str, script: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            sys.executable,
            *(["-c", script] if script else ["-m", "tests.fuzz"]),
            "--folder",
            str(folder),
            "--seed",
            "1",
            *options,
        ],
        cwd=REPOSITORY,
        env=unmeasured(),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.atheris
def test_a_moment_of_fuzzing_finds_nothing(tmp_path: Path) -> None:
    outcome = _fuzz(tmp_path, "--seconds", str(SECONDS_OF_FUZZING))

    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    told = re.findall(r"^(\w+): ([\d,]+) inputs run, .*; none failed$", outcome.stdout, re.MULTILINE)
    assert {name for name, _ in told} == set(KINDS)
    for name, runs in told:
        assert int(runs.replace(",", "")) > len(list((CORPUS / name).iterdir())), outcome.stdout


# A property that does not hold, and the branches of nothing watched: it is found at once
_WITH_A_MISTAKE = """
import contextlib, sys
from tests.fuzz import __main__ as fuzzing
from tests.fuzz.kinds import KINDS

def holds(data):
    if len(data) > 100:
        raise LookupError("more than a hundred")

fuzzing.instrumented = contextlib.nullcontext
KINDS["config"] = KINDS["config"]._replace(property=holds)
sys.exit(fuzzing.main())
"""


@pytest.mark.atheris
def test_an_input_that_fails_is_kept_and_told_with_what_to_do(tmp_path: Path) -> None:
    outcome = _fuzz(tmp_path, "--seconds", "60", "--kinds", "config", script=_WITH_A_MISTAKE)

    (failed,) = (tmp_path / "config").glob("crash-*")
    assert len(failed.read_bytes()) > 100
    assert outcome.returncode == 1
    assert "LookupError: more than a hundred" in outcome.stdout
    assert "config: FAILED" in outcome.stdout
    assert f"cp {failed} tests/fuzz/found/config/WHAT-IT-IS" in outcome.stdout
