"""Which configuration counts: the nearest file, from a folder upwards."""

from __future__ import annotations

import os
from pathlib import Path

from migrator.config.effective import absolute
from migrator.config.model import NAME, PYPROJECT, TABLE, Config, ConfigError, Problem
from migrator.config.reading import load
from migrator.files import is_fault, is_file, may_be_there


class Configs:
    """The configurations of a run, each read once; with `given`, that file is the one of everything."""

    def __init__(self, given: Path | None = None) -> None:
        self._given = None if given is None else _load_given(given)
        self._is_fixed = given is not None
        self._by_folder: dict[str, Config | ConfigError | None] = {}

    def for_run(self) -> Config | ConfigError | None:
        """The configuration whose `run` counts: the nearest one from the working folder upwards."""
        return self._given if self._is_fixed else self._nearest(absolute(""))

    def for_file(self, path: str | None) -> Config | ConfigError | None:
        """The configuration whose `rules` count for a file: the nearest one from its folder upwards.

        For nameless input (None) it is that of the working folder.
        """
        if self._is_fixed or path is None:
            return self.for_run()
        return self._nearest(os.path.dirname(absolute(path)))  # noqa: PTH120 - a folder many times

    def _nearest(self, folder: str) -> Config | ConfigError | None:
        passed: list[str] = []
        while folder not in self._by_folder:
            own, parent = _of_folder(folder), os.path.dirname(folder)  # noqa: PTH120
            if own is not None or parent == folder:
                self._by_folder[folder] = own
            else:
                passed.append(folder)
                folder = parent
        found = self._by_folder[folder]
        self._by_folder.update(dict.fromkeys(passed, found))
        return found


def _load_given(path: Path) -> Config | ConfigError:
    found = load(path)
    if found is None:
        return ConfigError(path, (Problem(None, f"it holds no [{'.'.join(TABLE)}]"),))
    return found


def _of_folder(folder: str) -> Config | ConfigError | None:
    own = os.path.join(folder, NAME)  # noqa: PTH118 - as above
    if may_be_there(own):
        return load(Path(own))
    shared = os.path.join(folder, PYPROJECT)  # noqa: PTH118
    return load(Path(shared)) if _may_be_file(shared) else None


def _may_be_file(path: str) -> bool:
    """Whether there is such a file, or nobody can tell: reading it says why then."""
    try:
        return is_file(path)
    except OSError as error:
        return is_fault(error)
