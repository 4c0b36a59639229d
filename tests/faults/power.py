"""What a disk may hold after the power failed: a model of what file systems promise, and of nothing more.

What is written to a file is sure to be there once the file was synced, and a change of names once its folder
was. Before that, each may be there or not, whatever came behind it (Pillai et al., "All File Systems Are Not
Created Equal", OSDI 2014).
"""

from __future__ import annotations

import shutil
import stat
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tests.faults.system_calls import Call

_MOST_PENDING = 12  # each doubles the number of states


class Held(NamedTuple):
    """What a file holds, and its permissions."""

    data: bytes
    mode: int


class Renaming(NamedTuple):
    """One change of names: what each leads to behind it, a file by its number or nothing."""

    names: tuple[tuple[str, int | None], ...]


State = frozenset[tuple[str, Held]]
"""All files of a folder, by their paths in it."""


class Disk:
    """A folder's disk, followed call by call."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number_of_inode: dict[int, int] = {}
        self._last_number = 0
        self._names: dict[str, int] = {}
        self._contents: dict[int, Held] = {}
        self._look()
        self._sure_names, self._sure_contents = dict(self._names), dict(self._contents)
        self._pending: list[Renaming] = []

    def follow(self, call: Call) -> None:
        """Take in a call that is about to be made, and what those before it changed."""
        self.catch_up()
        if call.name in ("fsync", "fdatasync"):
            self._sync(call.paths[0])

    def catch_up(self) -> None:
        """Take in what was done until now."""
        before = self._names
        self._look()
        names = {**before, **self._names}
        changed = [
            (name, self._names.get(name)) for name in names if before.get(name) != self._names.get(name)
        ]
        if changed:
            self._pending.append(Renaming(tuple(changed)))

    def states(self) -> Iterator[State]:
        """All that may be found when the power comes back, if it fails now."""
        assert len(self._pending) <= _MOST_PENDING
        for count in range(len(self._pending) + 1):
            for survivors in combinations(self._pending, count):
                names: dict[str, int | None] = dict(self._sure_names)
                for renaming in survivors:
                    names.update(renaming.names)
                there = {name: number for name, number in names.items() if number is not None}
                yield from (_state(there, contents) for contents in self._possible_contents())

    def _possible_contents(self) -> Iterator[Mapping[int, Held]]:
        """What was synced alone; the same with all else that was written; and with half of it."""
        sure = {
            number: self._sure_contents.get(number, Held(b"", held.mode))
            for number, held in self._contents.items()
        }
        yield sure
        yield self._contents
        yield {
            number: Held(held.data[: len(held.data) // 2], held.mode)
            if held.data != sure[number].data
            else held
            for number, held in self._contents.items()
        }

    def _sync(self, path: str) -> None:
        if path == str(self._folder) or path.startswith(f"{self._folder}/"):
            name = path[len(str(self._folder)) + 1 :]
            if name in self._names:
                self._sure_contents[self._names[name]] = self._contents[self._names[name]]
            else:
                self._sync_folder(name)

    def _sync_folder(self, name: str) -> None:
        prefix = f"{name}/" if name else ""
        left = []
        for renaming in self._pending:
            if all(_is_in(prefix, one) for one, _ in renaming.names):
                for one, number in renaming.names:
                    if number is None:
                        self._sure_names.pop(one, None)
                    else:
                        self._sure_names[one] = number
            else:
                left.append(renaming)
        self._pending = left

    def _look(self) -> None:
        there = {path: path.lstat() for path in self._folder.rglob("*")}
        files = {path: found for path, found in there.items() if stat.S_ISREG(found.st_mode)}
        inodes = {found.st_ino for found in files.values()}
        # A number that is gone may come back as another file's
        self._number_of_inode = {
            inode: number for inode, number in self._number_of_inode.items() if inode in inodes
        }
        self._names = {}
        for path, found in files.items():
            number = self._number_of_inode.get(found.st_ino)
            if number is None:
                number = self._last_number = self._last_number + 1
                self._number_of_inode[found.st_ino] = number
            self._names[path.relative_to(self._folder).as_posix()] = number
            self._contents[number] = Held(path.read_bytes(), stat.S_IMODE(found.st_mode))


def _is_in(prefix: str, name: str) -> bool:
    """Whether a file is in a folder itself, and in none below it."""
    return name.startswith(prefix) and "/" not in name[len(prefix) :]


def _state(names: Mapping[str, int], contents: Mapping[int, Held]) -> State:
    return frozenset((name, contents[number]) for name, number in names.items())


def restore(state: State, folder: Path) -> None:
    """Make a folder what was found."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, held in state:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(held.data)
        path.chmod(held.mode)
