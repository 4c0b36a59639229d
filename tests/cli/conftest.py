from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.running import CLEAN, ERROR, INFO, WARNING

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    return _written(tmp_path / "clean.xml", CLEAN)


@pytest.fixture
def error(tmp_path: Path) -> Path:
    return _written(tmp_path / "error.xml", ERROR)


@pytest.fixture
def warning(tmp_path: Path) -> Path:
    return _written(tmp_path / "warning.xml", WARNING)


@pytest.fixture
def info(tmp_path: Path) -> Path:
    return _written(tmp_path / "info.xml", INFO)


def _written(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path
