"""Which files are meant by the paths that somebody typed, and their bytes."""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
from contextlib import suppress
from fnmatch import translate
from functools import cache
from itertools import pairwise
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.tuples import NamedTuple
from migrator.values.nearest import nearest
from migrator.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

STANDARD_INPUT = "-"
NAMELESS = "<stdin>"
"""What standard input is called where nobody gives it a name."""
DEFAULT_PATH = r"C:\Skyline DataMiner\DataMiner.xml"
A_FOLDER = "it is a folder: name a file in it"
HELD_OPEN = (32, 33)  # ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION
_INVALID_NAME = 123  # ERROR_INVALID_NAME
_NAME = "dataminer.xml"
_SECTION_ENDINGS = (".smtp.xml", ".smtp.json", ".smtp.yaml", ".smtp.yml")
_WILDCARDS = ("*", "?")
_NOT_SEARCHED = frozenset({".git", ".hg", ".svn"})  # copies of what was, kept by version control
_MOST_PARTS = 8  # that a path with spaces is cut into
_TO_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0)  # on Windows all else is text, with its own line ends
_CHUNK = 64 * 1024  # larger than nearly every file, and small enough to be had quickly
_MOST_NAMES = 200  # of a folder, to find the one that was meant


class Selection(NamedTuple):
    """Paths as they were typed, and what to take from folders among them.

    `include` adds files to those looked for in folders; `exclude` leaves out files and folders found there,
    and with `force_exclude` also files given by name. Patterns are shell patterns of a name, of a whole path
    or of the end of one.
    """

    paths: tuple[str, ...]
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    force_exclude: bool = False
    stdin_filename: str | None = None


class InputFile(NamedTuple):
    """A file to check: the path as it is shown, and the one to open (None for standard input)."""

    shown: str
    path: str | None

    @property
    def configured_as(self) -> str | None:
        """The path whose configuration counts for it; None for standard input without a name."""
        return self.shown if self.path is None and self.shown != NAMELESS else self.path


class Missing(NamedTuple):
    """A path that leads to nothing that could be checked, and why, with what to do."""

    shown: str
    reason: str


def find(selection: Selection, links: list[str] | None = None) -> Iterator[InputFile | Missing]:
    """The files that are meant, in the order given; the content of a folder sorted by name.

    There is always one: where nothing is left to check, the first path is `Missing`. Links that lead out of a
    folder in which there are other files are put on the list `links`: they are not followed.
    """
    links = [] if links is None else links
    paths, position, is_empty = selection.paths, 0, True
    while position < len(paths):
        path = paths[position]
        parts = _parts_of_path(paths, position)
        position += parts
        if parts == 1:
            found = _resolve(path, selection, links)
        else:
            whole = " ".join(paths[position - parts : position])
            reason = f'there is no such file; the path holds a space, so put it in quotes: "{whole}"'
            found = iter([Missing(path, reason)])
        for one in found:
            is_empty = False
            yield one
    if is_empty:
        yield Missing(paths[0], "--exclude, or exclude in the configuration, leaves nothing to check")


def read(file: InputFile, max_size: int) -> bytes | Missing:
    """The bytes of a file, at most one more than `max_size`."""
    data: bytes | Missing
    wait_for(file.shown)
    try:
        if file.path is None:
            data = _read_standard_input(file.shown, max_size)
        else:
            data = _read_file(file.path, max_size)
    except OSError as error:
        data = Missing(file.shown, why_unreadable(error, file.path))
    wait_for(None)
    return data


def _read_file(path: str, max_size: int) -> bytes:
    handle = os.open(path, _TO_READ)
    try:
        chunks, left = [], max_size + 1
        while left and (chunk := os.read(handle, min(left, _CHUNK))):
            chunks.append(chunk)
            left -= len(chunk)
    finally:
        os.close(handle)
    return b"".join(chunks)


def _read_standard_input(shown: str, max_size: int) -> bytes | Missing:
    if sys.stdin is None:  # closed by the caller
        return Missing(shown, "standard input is closed: there is nothing to check")
    data = sys.stdin.buffer.read(max_size + 1)
    if len(data) > max_size or data.strip():
        return data
    return Missing(shown, "standard input is empty: there is nothing to check")


def is_there(path: str) -> bool:
    """Whether there is such a file, as far as one may know: one that is hidden from us counts."""
    try:
        os.lstat(path)
    except OSError as error:
        return not _is_missing(error)
    return True


def may_be_there(path: str) -> bool:
    """Whether there is such a file, or nobody can tell, as where a disk fails.

    One that is hidden from us does not count: nobody has to have a look at what is above their own folders.
    """
    try:
        os.lstat(path)
    except ValueError:  # no path at all
        return False
    except OSError as error:
        return is_fault(error)
    return True


def is_fault(error: OSError) -> bool:
    """Whether a look at a path failed for another reason than that nothing is in reach there."""
    is_too_long = error.errno == errno.ENAMETOOLONG
    return not (isinstance(error, PermissionError) or _is_missing(error) or is_too_long)


def why_unreadable(error: OSError, file: str | os.PathLike[str] | None = None) -> str:
    """Why a file or folder cannot be read, with what to do; `file` is what should have been a file."""
    if file is not None and os.path.isdir(file):  # noqa: PTH112 - that of Path fails where a disk does
        return A_FOLDER  # which Windows tells as a lack of permission
    if getattr(error, "winerror", None) in HELD_OPEN:
        return "another program holds it open: close it there, or check a copy"
    if isinstance(error, PermissionError):
        if sys.platform == "win32":
            return 'it may not be read: open a prompt with "Run as administrator" and type the same there'
        return "it may not be read: you lack the permission"
    return f"it cannot be read: {error.strerror or type(error).__name__}"


def is_file(path: str) -> bool:
    """Whether a path leads to an ordinary file.

    OSError where nobody can tell, as where a disk fails or a folder may not be looked into.
    """
    status = _status_of(path)
    return status is not None and stat.S_ISREG(status.st_mode)


def is_folder(path: str) -> bool:
    """Whether a path leads to a folder; OSError as for `is_file`."""
    status = _status_of(path)
    return status is not None and stat.S_ISDIR(status.st_mode)


def as_named_in(path: str, folder: str) -> str:
    """A folder by the name that a path into it gives it, which links make another one; both are absolute.

    A path on another drive than the folder is not looked at: that may be a share, and far away.
    """
    whole, start = os.path.normcase(path), os.path.normcase(os.path.join(folder, ""))  # noqa: PTH118 - texts
    if whole.startswith(start) or os.path.splitdrive(whole)[0] != os.path.splitdrive(start)[0]:
        return folder
    named, above = folder, os.path.dirname(path)  # noqa: PTH120 - as given
    while above != path:  # links in the folder are not followed: the one nearest to the root counts
        with suppress(OSError):  # one of them is not there
            if os.path.samefile(above, folder):  # noqa: PTH121 - as given
                named = above
        path, above = above, os.path.dirname(above)  # noqa: PTH120 - as given
    return named


def posix_path(path: str) -> str:
    """With forward slashes, for reports that programs read; what is no Unicode in it is written out."""
    return path.replace(os.sep, "/").encode("utf-8", "backslashreplace").decode("utf-8")


def _status_of(path: str) -> os.stat_result | None:
    """What a path leads to; None where nothing is there."""
    try:
        return os.stat(path)  # noqa: PTH116 - as given
    except ValueError:  # no path at all
        return None
    except OSError as error:
        if _is_missing(error):
            return None
        raise


def _parts_of_path(paths: Sequence[str], position: int) -> int:
    """How many of the paths from here on are one, which was cut at its spaces for lack of quotes."""
    if position + 1 < len(paths) and not os.path.lexists(paths[position]):
        for parts in range(2, _MOST_PARTS + 1):
            if os.path.lexists(" ".join(paths[position : position + parts])):
                return min(parts, len(paths) - position)
    return 1


def _resolve(path: str, selection: Selection, links: list[str]) -> Iterator[InputFile | Missing]:
    if path == STANDARD_INPUT:
        yield InputFile(selection.stdin_filename or NAMELESS, None)
        return
    if not path:
        yield Missing('""', "this path is empty: was a variable not set?")
        return
    try:
        is_folder = stat.S_ISDIR(os.stat(path).st_mode)  # noqa: PTH116 - as given, no clean-up of the text
    except OSError as error:
        if any(mark in path for mark in _WILDCARDS) and not os.path.lexists(path):
            yield from _matching(path, selection, links)
        elif _is_missing(error):
            yield Missing(path, _why_missing(path))
        else:
            yield Missing(path, why_unreadable(error))
        return
    if selection.force_exclude and _is_left_out(path, selection):
        return
    if is_folder:
        yield from _in_folder(path, selection, links)
    else:
        yield InputFile(path, path)


def _matching(pattern: str, selection: Selection, links: list[str]) -> Iterator[InputFile | Missing]:
    """What a pattern matches that the shell did not expand; folders among it are searched."""
    try:
        matches = _expand(pattern)
    except ValueError:
        yield Missing(pattern, "this is no pattern: ** stands between slashes, for folders of any depth")
        return
    is_empty = True
    for match in matches:
        if _is_left_out(match, selection):
            is_empty = False
        elif os.path.isdir(match):  # noqa: PTH112 - as above
            for one in _in_folder(match, selection, links, is_given=False):
                is_empty = False
                yield one
        else:
            is_empty = False
            yield InputFile(match, match)
    if is_empty:
        slashed = pattern.replace("\\", "/")
        is_other = not matches and slashed != pattern and bool(_expand(slashed))
        hint = f'; did you mean "{slashed}"?' if is_other else ""
        yield Missing(pattern, f"no file matches this pattern{hint}")


def _expand(pattern: str) -> list[str]:
    """Paths that match, sorted. Only `*`, `?` and `**` are special; `**` does not follow links."""
    parts = Path(pattern).parts
    fixed = next(count for count, part in enumerate(parts) if any(mark in part for mark in _WILDCARDS))
    # Several ** in a row mean one, and to look through the folders for each takes very long
    wanted = [
        part.replace("[", "[[]")
        for before, part in pairwise(["", *parts[fixed:]])
        if not before == part == "**"
    ]
    while wanted and wanted[-1] == "**":  # everything below: what the search of a folder finds
        wanted.pop()
    start = Path(*parts[:fixed])
    return sorted(map(str, start.glob("/".join(wanted)))) if wanted else [str(start)]


def _in_folder(
    folder: str, selection: Selection, links: list[str], *, is_given: bool = True
) -> Iterator[InputFile | Missing]:
    """The files to check below a folder; where there are none, why, if it was given by name."""
    inside = os.path.realpath(folder)
    is_empty = True
    others: list[str] = []
    out: list[str] = []
    for entry in _walk(folder, selection):
        if isinstance(entry, Missing):
            is_empty = False
            yield entry
        elif _leads_to(entry.is_dir):
            out += [entry.path] if _leads_out(entry, inside) else []
        elif not _is_wanted(entry, selection):
            others += [entry.path] if entry.name.lower().endswith(".xml") else []
        elif _names(selection.exclude, entry.path):
            is_empty = False
        elif entry.is_symlink() and _leads_out(entry, inside):
            out.append(entry.path)
        else:
            is_empty = False
            yield InputFile(entry.path, entry.path) if _leads_to(entry.is_file) else _unreachable(entry.path)
    if is_empty and is_given:
        yield Missing(folder, _why_empty(others, out, leaves_out=bool(selection.exclude)))
    else:
        links += out


def _leads_out(link: os.DirEntry[str], folder: str) -> bool:
    return not Path(os.path.realpath(link.path)).is_relative_to(folder)


def _is_wanted(entry: os.DirEntry[str], selection: Selection) -> bool:
    name = entry.name.lower()
    if name == _NAME or name.endswith(_SECTION_ENDINGS):
        return True
    return _names(selection.include, entry.path)


def _why_empty(others: list[str], links: list[str], *, leaves_out: bool) -> str:
    beside = ", beside what --exclude or the configuration leaves out," if leaves_out else ""
    reason = f"this folder holds{beside} no DataMiner.xml and no *.smtp.xml, .json or .yaml"
    if links:
        return f'{reason} but a link that leads out of it; to check what it leads to, type "{links[0]}"'
    if not others:
        return reason
    if len(others) == 1:
        return f'{reason}; to check the XML file that it holds, type "{others[0]}"'
    count = f"{len(others)} other XML files"
    return f'{reason} but {count}, such as "{others[0]}": name them, or add --include "*.xml"'


def _leads_to(look: Callable[[], bool]) -> bool:
    """What a look at an entry says; False for a link into a loop, or through a folder that is barred."""
    try:
        return look()
    except OSError:
        return False


def _unreachable(path: str) -> Missing:
    """Why a link leads to no file."""
    try:
        os.stat(path)  # noqa: PTH116 - as above
    except OSError as error:
        if not _is_missing(error):
            return Missing(path, why_unreadable(error))
    return _dangling(path)


def _is_missing(error: OSError) -> bool:
    """Whether nothing is where a path leads to, or it leads nowhere, or Windows knows no such names."""
    is_nowhere = error.errno == errno.ELOOP or getattr(error, "winerror", None) == _INVALID_NAME
    return is_nowhere or isinstance(error, FileNotFoundError | NotADirectoryError)


def _dangling(path: str) -> Missing:
    return Missing(path, "it is a link, and what it leads to does not exist")


def _walk(folder: str, selection: Selection) -> Iterator[os.DirEntry[str] | Missing]:
    """All files below a folder, sorted, links to folders, and folders that cannot be read.

    Folders behind links are not entered, nor are excluded ones.
    """
    pending = _listed(folder)
    while pending:
        entry = pending.pop()
        if isinstance(entry, Missing):
            yield entry
        elif _leads_to(entry.is_dir):
            if entry.name in _NOT_SEARCHED or _names(selection.exclude, entry.path):
                continue
            if _is_real_folder(entry):
                pending += _listed(entry.path)
            else:
                yield entry
        elif entry.is_symlink() or entry.is_file():
            yield entry


def _listed(folder: str) -> list[os.DirEntry[str] | Missing]:
    """What is in a folder, the last one first."""
    try:
        with os.scandir(folder) as entries:
            return [*sorted(entries, key=attrgetter("name"), reverse=True)]
    except OSError as error:
        return [Missing(folder, why_unreadable(error))]


def _is_real_folder(entry: os.DirEntry[str]) -> bool:
    """Whether it is a folder and no link to one; a junction of Windows is such a link."""
    if sys.platform == "win32":
        is_junction = entry.stat(follow_symlinks=False).st_reparse_tag == stat.IO_REPARSE_TAG_MOUNT_POINT
        return entry.is_dir(follow_symlinks=False) and not is_junction
    return entry.is_dir(follow_symlinks=False)


def _is_left_out(path: str, selection: Selection) -> bool:
    """Whether a pattern of `exclude` names a path that was not searched for, or a folder around it."""
    whole = _slashed(path).rstrip("/")
    ends = [place for place, character in enumerate(whole) if place and character == "/"]
    return any(_names(selection.exclude, whole[:end]) for end in (*ends, len(whole)))


def _names(patterns: Sequence[str], path: str) -> bool:
    """Whether a pattern names the file or folder, its whole path or the end of that."""
    if not patterns:
        return False
    shown = os.path.normcase(f"/{_slashed(path)}")
    return any(_expression(pattern).match(shown) for pattern in patterns)


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    """Matches a path behind a slash; brackets, which names of folders hold, stand for themselves in it."""
    wanted = _slashed(pattern).removeprefix("**/").rstrip("/").replace("[", "[[]")
    return re.compile(translate(os.path.normcase(f"*/{wanted}")))


def _slashed(path: str) -> str:
    return path.replace("\\", "/").removeprefix("./")


def _why_missing(path: str) -> str:
    if os.path.islink(path):  # noqa: PTH114 - as above
        return _dangling(path).reason
    if path.startswith('"') and path.endswith('"') and len(path) > 1:
        return (
            "there is no such file; the quotes count as part of the name: if the list is one of git, "
            "have it written by git -c core.quotePath=false"
        )
    if path.endswith('"'):
        return "there is no such file; leave out the backslash before the closing quote, which hides it"
    slashed = path.replace("\\", "/")
    if slashed != path and os.path.lexists(slashed):  # the path is one of Windows
        return f'there is no such file or folder; did you mean "{slashed}"?'
    folder, name = os.path.split(path)
    try:
        with os.scandir(folder or ".") as entries:
            names = [entry.name for entry, _ in zip(entries, range(_MOST_NAMES), strict=False)]
    except OSError:
        names = []
    near = nearest(name, names) if name else None
    hint = f'; did you mean "{os.path.join(folder, near)}"?' if near is not None else ""  # noqa: PTH118
    return f"there is no such file or folder{hint}"
