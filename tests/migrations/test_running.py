"""One file of a run: what becomes of it where it is gone, or cannot be used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.checking import CheckSettings
from migrator.files import InputFile
from migrator.migrations.model import Order
from migrator.migrations.result import State
from migrator.migrations.running import Run
from tests.migrations.test_steps import version
from tests.rules.tables import AS_OF

if TYPE_CHECKING:
    from pathlib import Path


def settings_of(_path: str | None) -> CheckSettings:
    return CheckSettings()


def test_a_file_that_is_gone_when_its_turn_comes_is_told(tmp_path: Path) -> None:
    run = Run(settings_of, 1024, Order(version("10.6.4"), AS_OF), write=True, backup=True)

    gone = run.result_of(InputFile("gone.xml", str(tmp_path / "gone.xml")))

    assert (gone.path, gone.state) == ("gone.xml", State.FAILED)
    assert gone.reason
    assert list(tmp_path.iterdir()) == []
