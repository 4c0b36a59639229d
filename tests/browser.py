"""A browser that a test can tell what to do: on Linux, where it is installed with what the tests need."""

from __future__ import annotations

import shutil

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome")


def found() -> str:
    """Its path; the test is skipped where there is none."""
    path = next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        pytest.skip("install chromium, or run make tools")
    return path
