from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.running import CLEAN, ERROR, INFO, WARNING

if TYPE_CHECKING:
    from collections.abc import Iterator


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


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that every user may enter and write to, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="dmsmtp-test-"))
    folder.chmod(0o777)
    yield folder
    for path in folder.rglob("*"):
        if path.is_dir():
            path.chmod(0o700)
    shutil.rmtree(folder)


def _written(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path
