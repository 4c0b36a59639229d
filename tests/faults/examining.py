"""What must hold of a folder after a run, whatever happened to that."""

from __future__ import annotations

import json
import re
import stat
from typing import TYPE_CHECKING

from tests.faults.writes import SECRETS, content, mode_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tests.faults.writes import Write

_BACKUP = re.compile(r"(.+)\.\d{8}T\d{6}Z(?:-\d+)?(?:\.undone(?:-\d+)?)?\.bak")
_TEMPORARY = re.compile(r"\.dmsmtp-[0-9a-f]{16}")
_FOR_ALL = 0o007


def files_in(folder: Path) -> dict[str, bytes]:
    """All files in a folder, by their paths in it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def which_are_new(write: Write, folder: Path, news: Mapping[str, bytes]) -> set[str]:
    """What is written of all that the command writes."""
    there = files_in(folder)
    return {name for name in write.written if name in there and content(there[name]) == news[name]}


def _is_whole(report: bytes) -> bool:
    """Whether a report goes on to its end."""
    if report.startswith(b"{"):
        return isinstance(json.loads(report), dict)
    if report.startswith(b"<!DOCTYPE html>"):
        return report.endswith(b"</html>\n")
    return report == b"" or report.endswith(b"\n")


def problems(
    write: Write,
    folder: Path,
    news: Mapping[str, bytes],
    *,
    has_leftovers: bool = False,
    tells_the_same: bool = False,
) -> Iterator[str]:
    """What is wrong in the folder of a command: anything but files that are the old or the new one, whole.

    `has_leftovers` says that temporary files may lie there, and backups that are not needed. Reports tell
    what happened, so any will do that is whole, unless it `tells_the_same` as where nothing happens.
    """
    before, there = write.files(), files_in(folder)
    backups = {name: kept[1] for name in there if write.keeps and (kept := _BACKUP.fullmatch(name))}
    for name, data in there.items():
        if name in write.written:
            is_report = name in write.reports and not tells_the_same
            is_right = _is_whole(data) if is_report else content(data) == news[name]
            is_right = is_right or data == before.get(name)
        elif name in before or backups.get(name) in write.targets:
            is_right = data == before.get(name, before.get(backups.get(name, "")))
        else:
            is_right = has_leftovers and _TEMPORARY.fullmatch(name.rpartition("/")[2]) is not None
        if not is_right:
            yield f"{name} is not what it should be, or be there: {data[:200]!r}"
    yield from (f"{name} is gone" for name in before if name not in there)
    yield from _problems_of_modes(before, folder, there)
    if write.keeps:
        backed_up = {backups[name] for name in backups if name not in before}
        written = which_are_new(write, folder, news) & set(write.targets)
        changed = {name for name in written & set(before) if before[name] != there[name]}
        yield from (f"{name} is written, and the old one not kept" for name in changed - backed_up)
        if not has_leftovers:
            yield from (f"{name} is as it was, and has a backup beside it" for name in backed_up - written)


def _problems_of_modes(
    before: Mapping[str, bytes], folder: Path, there: Mapping[str, bytes]
) -> Iterator[str]:
    """Old files keep their permissions, and what holds a secret is never for all."""
    for name, data in there.items():
        mode = stat.S_IMODE((folder / name).stat().st_mode)
        holds_secret = any(secret in data for secret in SECRETS)
        if (name in before and mode != mode_of(name)) or (holds_secret and mode & _FOR_ALL):
            yield f"{name} has other permissions: {mode:o}"
