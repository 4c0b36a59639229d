"""A disk that fails wherever a test wants it to."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest


def fail_at(
    where: Path,
    monkeypatch: pytest.MonkeyPatch,
    looks: Sequence[str] = ("stat", "lstat"),
    fault: int = errno.EIO,
) -> None:
    """Have every look of these kinds at a path, or at what is below it, end in this fault."""
    for name in looks:
        _fail_in(name, where, monkeypatch, fault)


def _fail_in(name: str, where: Path, monkeypatch: pytest.MonkeyPatch, fault: int) -> None:
    look = getattr(os, name)

    def failing(path: Any, *rest: Any, **more: Any) -> os.stat_result:
        if not isinstance(path, int) and Path(os.fsdecode(path)).absolute().is_relative_to(where):
            raise OSError(fault, os.strerror(fault), os.fsdecode(path))
        found: os.stat_result = look(path, *rest, **more)
        return found

    monkeypatch.setattr(os, name, failing)
