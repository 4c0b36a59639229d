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

    `has_leftovers` says that temporary files may lie there, and backups that are not needed. Reports tell what
    happened, so any will do that is whole, unless it `tells_the_same` as where nothing happens.
    """
    before, there = write.files(), files_in(folder)
    backed_up = set()
    for name, data in there.items():
        backup = _BACKUP.fullmatch(name)
        if name in write.reports and not tells_the_same:
            if data != before.get(name) and not _is_whole(data):
                yield f"{name} is no whole report: {data[-200:]!r}"
        elif name in write.written:
            if data != before.get(name) and content(data) != news[name]:
                yield f"{name} is neither the old nor the new one: {data[:200]!r}"
        elif name in before:
            if data != before[name]:
                yield f"{name} was not to be written, and holds {data[:200]!r}"
        elif backup is not None and write.keeps and backup[1] in write.targets:
            backed_up.add(backup[1])
            if data != before[backup[1]]:
                yield f"{name} is a backup of something else: {data[:200]!r}"
        elif _TEMPORARY.fullmatch(name.rpartition("/")[2]) is None:
            yield f"{name} came from nowhere"
        elif not has_leftovers:
            yield f"{name} was left behind"
        mode = stat.S_IMODE((folder / name).stat().st_mode)
        if name in before and mode != mode_of(name):
            yield f"{name} has other permissions: {mode:o}"
        if name not in before and any(secret in data for secret in SECRETS) and mode & _FOR_ALL:
            yield f"{name} holds a secret, and is for others: {mode:o}"
    yield from (f"{name} is gone" for name in before if name not in there)
    written = which_are_new(write, folder, news) & set(write.targets)
    if write.keeps:
        changed = {name for name in written & set(before) if before[name] != there[name]}
        yield from (f"{name} is written, and the old one not kept" for name in changed - backed_up)
    if not has_leftovers:
        yield from (f"{name} is as it was, and has a backup beside it" for name in backed_up - written)
