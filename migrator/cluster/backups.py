"""The backups beside an agent's file, and which of them were brought back."""

from __future__ import annotations

import contextlib
import os
import re

from migrator.tuples import NamedTuple

UNDONE = ".undone"
"""In the name of what a rollback keeps, behind the mark of the backup that it brought back."""
_BACKUP = re.compile(r"\.([0-9]{8}T[0-9]{6}Z)(?:-([0-9]+))?(\.undone(?:-[0-9]+)?)?\.bak")


class Backup(NamedTuple):
    """A backup of a file: when it was made, as its name says, and its path. One run has one time for all."""

    time: str
    ordinal: int
    path: str

    @property
    def mark(self) -> str:
        """What its name holds."""
        return f"{self.time}-{self.ordinal}" if self.ordinal else self.time


def backups(path: str) -> list[Backup]:
    """The backups of a file that were not brought back yet, the newest first, or OSError."""
    found, undone = all_backups(path)
    return sorted((one for one in found if one[:2] not in undone), reverse=True)


def all_backups(path: str) -> tuple[list[Backup], set[tuple[str, int]]]:
    """All backups of a file, and time and ordinal of those that were brought back.

    Where a rollback kept what the file held, and the file holds it still, it was cut short before it brought
    anything back. Raises OSError where the folder cannot be read.
    """
    found: list[Backup] = []
    undone: set[tuple[str, int]] = set()
    is_link = os.path.islink(path)  # noqa: PTH114 - for many files
    folder, name = os.path.split(os.path.realpath(path) if is_link else path)  # backups are beside the file
    for other in os.listdir(folder or "."):  # noqa: PTH208 - a folder many times
        match = _BACKUP.fullmatch(other[len(name) :]) if other.startswith(name) else None
        if match is None:
            continue
        time, ordinal = match[1], int(match[2] or 0)
        beside = os.path.join(folder, other)  # noqa: PTH118 - as above
        if not match[3]:
            found.append(Backup(time, ordinal, beside))
        elif not _hold_the_same(os.path.join(folder, name), beside):  # noqa: PTH118 - as above
            undone.add((time, ordinal))
    return found, undone


def has_backup_of(path: str, time: str) -> bool:
    """Whether there is a backup of a file, brought back or not, that was made at a time."""
    with contextlib.suppress(OSError):
        return any(one.time == time for one in all_backups(path)[0])
    return False


def _hold_the_same(one: str, other: str) -> bool:
    import filecmp

    try:
        return filecmp.cmp(one, other, shallow=False)
    except OSError:
        return False
