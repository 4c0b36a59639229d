"""One file of a run: what becomes of it where it is gone, or cannot be used."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import pytest

from migrator.checking import CheckSettings
from migrator.files import InputFile, Missing
from migrator.loading import CUT_SHORT
from migrator.migrations import running
from migrator.migrations.model import Goal
from migrator.migrations.result import State
from migrator.migrations.running import MigrationRun
from migrator.writing import NotWritten
from tests.cli.running import CLEAN, ERROR
from tests.migrations.test_steps import version
from tests.rules.tables import AS_OF

if TYPE_CHECKING:
    from pathlib import Path
    from typing import NoReturn

    from migrator.loading import SettingsOf


def settings_of(_path: str | None) -> CheckSettings:
    return CheckSettings()


def refused(_path: str | None) -> str:
    return "its configuration cannot be used"


def failing(_path: str | None) -> CheckSettings:
    raise ZeroDivisionError


def run(settings: SettingsOf = settings_of) -> MigrationRun:
    return MigrationRun(settings, 1024, Goal(version("10.6.4"), AS_OF), write=True, backup=True)


def test_a_file_that_is_gone_when_its_turn_comes_is_told(tmp_path: Path) -> None:
    gone = run().result_of(InputFile("gone.xml", str(tmp_path / "gone.xml")))

    assert (gone.path, gone.state) == ("gone.xml", State.FAILED)
    assert gone.reason
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (refused, "its configuration cannot be used"),
        (failing, "this should not happen (ZeroDivisionError"),
    ],
)
def test_a_file_that_cannot_be_migrated_is_told(tmp_path: Path, settings: SettingsOf, said: str) -> None:
    path = tmp_path / "a.xml"
    path.write_text(ERROR, "utf-8")

    one = run(settings).result_of(InputFile("a.xml", str(path)))

    assert (one.path, one.state) == ("a.xml", State.FAILED)
    assert one.reason
    assert one.reason.startswith(said)
    assert path.read_text("utf-8") == ERROR


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.xml"
    path.write_text(ERROR, "utf-8")
    full = NotWritten("a.xml", "the disk is full")
    monkeypatch.setattr("migrator.writing.replace_file", lambda *_, **__: full)

    one = run().result_of(InputFile("a.xml", str(path)))

    assert (one.state, one.reason) == (State.FAILED, "it was not migrated: the disk is full")
    assert not one.is_written


def test_a_path_that_leads_nowhere_is_told() -> None:
    one = run().result_of(Missing("gone.xml", "it does not exist"))

    assert (one.path, one.reason) == ("gone.xml", "it does not exist")


def test_a_mistake_of_ours_is_one_files_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.xml"
    path.write_text(ERROR, "utf-8")

    def fail(*_: object) -> NoReturn:
        raise ZeroDivisionError

    monkeypatch.setattr(running, "migrate", fail)
    one = run().result_of(InputFile("a.xml", str(path)))

    assert (one.state, one.suppressed, one.diff) == (State.FAILED, 0, "")
    assert one.reason is not None
    assert one.reason.startswith("this should not happen (ZeroDivisionError")
    assert path.read_text("utf-8") == ERROR


@pytest.mark.parametrize(("text", "is_written"), [(ERROR, True), (CLEAN, False)])
def test_standard_input_is_written_where_it_changed(
    text: str, is_written: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

    one = run().result_of(InputFile("<stdin>", None))

    assert one.is_written is is_written
    assert one.document is not None
    assert (one.document == text.encode()) is not is_written


@pytest.mark.parametrize(
    ("size", "write", "is_told"), [(1024, True, False), (1025, True, True), (1025, False, False)]
)
def test_standard_input_that_is_cut_short_is_not_passed_on(
    monkeypatch: pytest.MonkeyPatch, size: int, *, write: bool, is_told: bool
) -> None:
    text = ERROR.encode().ljust(size)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))

    one = run()._replace(write=write).result_of(InputFile("<stdin>", None))

    assert one.failure == (CUT_SHORT if is_told else None)
    assert (one.document is None) is is_told
