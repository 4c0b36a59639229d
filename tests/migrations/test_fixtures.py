"""The folders in fixtures/migrate/: a file before a step and after it, the report, and a near miss."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from migrator.migrations import BY_NAME, STEPS
from tests.cli.running import dmsmtp
from tests.rules.tables import AS_OF

if TYPE_CHECKING:
    from tests.cli.running import Outcome

FOLDER = Path(__file__).parents[2] / "fixtures" / "migrate"
CASES = sorted(path for path in FOLDER.iterdir() if path.is_dir())
each = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])


def only(case: Path, stem: str) -> Path:
    (path,) = (path for path in case.glob(f"{stem}.*") if path.name != "report.md")
    return path


def step_of(case: Path) -> str:
    """A folder is named after its step, and where there are several, after what is special in it."""
    return max((name for name in BY_NAME if case.name.startswith(name)), key=len)


def migrated(case: Path, path: Path, *more: str) -> Outcome:
    arguments = shlex.split((case / "options").read_text("utf-8"))
    return dmsmtp("migrate", path, *arguments, "--as-of", str(AS_OF), "--isolated", "--quiet", *more)


def test_every_step_has_a_folder() -> None:
    assert {step_of(case) for case in CASES} == {step.name for step in STEPS}


@each
def test_a_file_is_migrated(
    case: Path, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = only(case, "before")
    path = tmp_path / before.name
    path.write_bytes(before.read_bytes())
    monkeypatch.chdir(tmp_path)

    outcome = migrated(case, Path(path.name), "--write", "--no-backup", "--output-format", "markdown")

    assert outcome.code == 0, outcome.err
    assert f"**{step_of(case)}" in outcome.text
    after, report = before.with_stem("after"), case / "report.md"
    if request.config.getoption("--write-golden"):
        after.write_bytes(path.read_bytes())
        report.write_bytes(outcome.out)
    assert path.read_bytes() == after.read_bytes()
    assert outcome.out == report.read_bytes()


@each
def test_a_migrated_file_stays_as_it_is(case: Path) -> None:
    outcome = migrated(case, only(case, "after"), "--diff")

    assert (outcome.code, outcome.out) == (0, b"")


@each
def test_a_near_miss_is_left_alone(case: Path) -> None:
    path = only(case, "unchanged")

    assert migrated(case, path, "--check").code == 0
    outcome = migrated(case, path, "--output-format", "markdown")
    assert outcome.code == 0
    assert f"**{step_of(case)}" not in outcome.text
