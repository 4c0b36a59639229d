"""Whatever the file: at most 10 seconds of one processor, and 500 MB, for a check with all excerpts."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.document.hostile import FILES

_ROOT = Path(__file__).parents[2]
_SECONDS, _MEGABYTES = 10, 500

_FORBIDDEN = {
    "elements": "D006",
    "attributes": "D006",
    "comments": "D006",
    "CDATA sections": "D006",
    "open elements": "D006",
    "open quotes": "D001",
    "open comments": "D001",
    "less-than signs": "D001",
    "no text": "D003",
    "entity bomb": "D002",
}
_FINDINGS = {"findings in one line": "S101", "findings in many lines": "S107", "findings in UTF-16": "S107"}


def _check(names: list[str]) -> dict[str, Any]:
    """Check files in a process of its own, whose memory can be measured."""
    command = [sys.executable, "-m", "tests.document.hostile", *names]
    result = subprocess.run(command, cwd=_ROOT, capture_output=True, check=True, timeout=600)
    measured: dict[str, Any] = json.loads(result.stdout)
    return measured


@pytest.fixture(scope="module", name="measured")
def _measured() -> dict[str, Any]:
    """What each file took; two processes work at the same time."""
    with ThreadPoolExecutor() as pool:
        groups = pool.map(_check, ([name for name in FILES if name not in _FINDINGS], list(_FINDINGS)))
        return {name: found for group in groups for name, found in group.items()}


@pytest.mark.posix
@pytest.mark.parametrize("name", FILES)
def test_time_and_memory_are_bounded(name: str, measured: dict[str, Any]) -> None:
    found = measured[name]

    assert found["seconds"] < _SECONDS
    assert found["megabytes"] < _MEGABYTES
    if name in _FORBIDDEN:
        assert found["codes"] == {_FORBIDDEN[name]: 1}
    if name in _FINDINGS:
        assert found["codes"][_FINDINGS[name]] >= 99_999
