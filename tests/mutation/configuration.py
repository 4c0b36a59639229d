"""What is mutated, and which tests have to notice: `[tool.mutation]` in pyproject.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tests.mutation.mutants import ROOT

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Subject:
    """Modules that are changed, and the tests about them."""

    name: str
    modules: tuple[str, ...]
    tests: tuple[str, ...]
    without: tuple[str, ...] = ()  # modules that are left out
    deselect: tuple[str, ...] = ()  # tests that take long and notice nothing that others do not

    @cached_property
    def paths(self) -> list[Path]:
        """Files of the modules."""
        found = {path for pattern in self.modules for path in ROOT.glob(pattern)}
        return sorted(found - {path for pattern in self.without for path in ROOT.glob(pattern)})


def subjects() -> list[Subject]:
    """All subjects, in the order of the file."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mutation"]["subjects"]
    return [Subject(name, **_frozen(one)) for name, one in table.items()]


def _frozen(table: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
