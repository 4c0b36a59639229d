"""Where the packages are that carry the cases: in .tools, installed by make."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

MODULES = Path(__file__).resolve().parents[2] / ".tools" / "node" / "node_modules"


def folder_of(package: str) -> Path:
    """The folder of an npm package; the test is skipped where it is not there."""
    folder = MODULES / package
    if not (folder / "package.json").is_file():
        pytest.skip(f"install {package} (npm install --prefix .tools/node {package}), or run make tools")
    return folder


def version_of(folder: Path) -> str:
    return str(json.loads((folder / "package.json").read_text("utf-8"))["version"])


def exported(file: Path) -> Any:
    """What a generated module of JavaScript exports: one literal that is JSON."""
    text = file.read_text("utf-8")
    start = text.index("export default") + len("export default")
    return json.loads(text[start:])
