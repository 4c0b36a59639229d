"""The backups beside an agent's file, and which of them were brought back."""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache

from migrator.tuples import NamedTuple

UNDONE = ".undone"
"""In the name of what a rollback keeps, behind the mark of the backup that it brought back."""
_BACKUP = re.compile(r"(?s:(.+))\.([0-9]{8}T[0-9]{6}Z)(?:-([0-9]+))?(\.undone(?:-[0-9]+)?)?\.bak")


class Backup(NamedTuple):
    """A backup of a file: when it was made, as its name says, and its path. One run has one time for all."""

    time: str
    ordinal: int
    path: str

    @property
    def mark(self) -> str:
        """What its name holds."""
        return f"{self.time}-{self.ordinal}" if self.ordinal else self.time


Names = Mapping[str, Sequence[re.Match[str]]]
"""The names of all backups in a folder, by that of the file they are of, whose case Windows does not mind."""
Listing = Callable[[str], Names]
"""Looks for the backups in a folder; one that remembers them serves many files of one folder."""


def backups_in(folder: str) -> Names:
    """The backups in a folder, or OSError."""
    found: dict[str, list[re.Match[str]]] = {}
    for name in os.listdir(folder or "."):  # noqa: PTH208 - a folder many times
        match = _BACKUP.fullmatch(name)
        if match is not None:
            found.setdefault(os.path.normcase(match[1]), []).append(match)
    return found


def backups(path: str, listing: Listing = backups_in) -> list[Backup]:
    """The backups of a file that were not brought back yet, the newest first, or OSError."""
    found, undone = all_backups(path, listing)
    return sorted((one for one in found if one[:2] not in undone), reverse=True)


def all_backups(path: str, listing: Listing) -> tuple[list[Backup], set[tuple[str, int]]]:
    """All backups of a file, and time and ordinal of those that were brought back.

    Where a rollback kept what the file held, and the file holds it still, it was cut short before it brought
    anything back, or somebody took it back. Raises OSError where the folder cannot be read.
    """
    found: list[Backup] = []
    undone: set[tuple[str, int]] = set()
    folder, name = _real(path)
    matches = listing(folder).get(os.path.normcase(name), ())
    file = os.path.join(folder, name)  # noqa: PTH118 - for many files
    paths = [os.path.join(folder, match[0]) for match in matches]  # noqa: PTH118 - as above
    for match, beside in zip(matches, paths, strict=True):
        made = match[2], int(match[3] or 0)
        if not match[4]:
            found.append(Backup(*made, beside))
        elif not _holds_still(file, beside, paths):
            undone.add(made)
    return found, undone


def _real(path: str) -> tuple[str, str]:
    """The folder and name of a file, where a link leads to: backups are beside it there."""
    is_link = os.path.islink(path)  # noqa: PTH114 - for many files
    return os.path.split(os.path.realpath(path) if is_link else path)


def time_of_run(paths: Iterable[str]) -> str:
    """The time of a run on these files, one for all, by which a rollback knows what was written together.

    No run before has it that wrote any of them, whichever this one writes: it waits for the next second then.
    """
    from migrator.writing import time_mark

    mark, listing = time_mark(), cache(backups_in)
    if any(_has_backup_of(path, mark, listing) for path in paths):
        time.sleep(1 - time.time() % 1)
        mark = time_mark()
    return mark


def _has_backup_of(path: str, mark: str, listing: Listing) -> bool:
    folder, name = _real(path)
    with contextlib.suppress(OSError):
        return any(match[2] == mark for match in listing(folder).get(os.path.normcase(name), ()))
    return False


def _holds_still(path: str, kept: str, backups: Iterable[str]) -> bool:
    """Whether a file holds what a rollback kept, and not again, as another run or rollback wrote the same."""
    import filecmp

    try:
        if not filecmp.cmp(path, kept, shallow=False):
            return False
        written, before = _time(path), _time(kept)
        # A backup has the time of what was written when it was made
        return written <= before or all(_time(one) != written for one in backups)
    except OSError:
        return False


def _time(path: str) -> int:
    return os.stat(path).st_mtime_ns  # noqa: PTH116 - as above
