"""Which files are meant by the paths that somebody typed, and their bytes."""

from __future__ import annotations

import glob
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

STANDARD_INPUT = "-"
DEFAULT_PATH = r"C:\Skyline DataMiner\DataMiner.xml"
_NAME = "dataminer.xml"
_SECTION_ENDINGS = (".smtp.xml",)
_WILDCARDS = ("*", "?")


@dataclass(frozen=True, slots=True)
class Selection:
    """Paths as they were typed, and what to take from folders among them.

    `include` adds file names to those looked for in folders; `exclude` leaves out files found there, and with
    `force_exclude` also files given by name. Patterns are shell patterns of a name or a whole path.
    """

    paths: tuple[str, ...]
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    force_exclude: bool = False
    stdin_filename: str | None = None


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to check: the path as it is shown, and the one to open (None for standard input)."""

    shown: str
    path: str | None


@dataclass(frozen=True, slots=True)
class Missing:
    """A path that leads to nothing that could be checked, and why, with what to do."""

    shown: str
    reason: str


def find(selection: Selection) -> Iterator[InputFile | Missing]:
    """The files that are meant, in the order given; the content of a folder sorted by name."""
    for position, path in enumerate(selection.paths):
        yield from _resolve(path, selection, selection.paths[position + 1 :])


def read(file: InputFile, max_size: int) -> bytes | Missing:
    """The bytes of a file, at most one more than `max_size`."""
    try:
        if file.path is None:
            data = sys.stdin.buffer.read(max_size + 1)
            if not data.strip():
                return Missing(file.shown, "standard input is empty: there is nothing to check")
            return data
        with open(file.path, "rb", buffering=0) as stream:  # noqa: PTH123 - faster than Path, and it counts
            chunks = [stream.read(max_size + 1)]
            while chunks[-1] and sum(map(len, chunks)) <= max_size:
                chunks.append(stream.read(max_size + 1))
        return b"".join(chunks)
    except OSError as error:
        return Missing(file.shown, _why(error))


def _resolve(path: str, selection: Selection, following: Sequence[str]) -> Iterator[InputFile | Missing]:
    if path == STANDARD_INPUT:
        yield InputFile(selection.stdin_filename or "<stdin>", None)
    elif os.path.isdir(path):  # noqa: PTH112 - as given, no clean-up of the text
        yield from _in_folder(path, selection)
    elif os.path.lexists(path) or not any(mark in path for mark in _WILDCARDS):  # noqa: PTH110
        if selection.force_exclude and _is_excluded(path, selection):
            return
        reason = _missing(path, following)
        yield InputFile(path, path) if reason is None else Missing(path, reason)
    else:
        yield from _matching(path, selection)


def _matching(pattern: str, selection: Selection) -> Iterator[InputFile | Missing]:
    count = 0
    for match in sorted(glob.glob(pattern.replace("[", "[[]"), recursive=True)):  # noqa: PTH207
        if os.path.isdir(match):  # noqa: PTH112
            if not pattern.endswith("**"):  # whose other matches are all that is in it
                for found in _in_folder(match, selection):
                    if isinstance(found, InputFile):
                        count += 1
                        yield found
        elif not _is_excluded(match, selection):
            count += 1
            yield InputFile(match, match)
    if not count:
        yield Missing(pattern, "no file matches this pattern")


def _in_folder(folder: str, selection: Selection) -> Iterator[InputFile | Missing]:
    count = others = 0
    inside = os.path.realpath(folder)
    for entry in _walk(folder):
        name = entry.name.lower()
        is_wanted = (
            name == _NAME
            or name.endswith(_SECTION_ENDINGS)
            or any(_matches(entry.path, pattern) for pattern in selection.include)
        )
        if not is_wanted:
            others += name.endswith(".xml")
            continue
        if _is_excluded(entry.path, selection):
            continue
        if entry.is_symlink() and not Path(os.path.realpath(entry.path)).is_relative_to(inside):
            continue
        count += 1
        yield InputFile(entry.path, entry.path)
    if count:
        return
    reason = "this folder holds no DataMiner.xml and no *.smtp.xml"
    if others:
        files = "another XML file" if others == 1 else f"{others} other XML files"
        reason += f'; it holds {files}: name them, or add --include "*.xml"'
    yield Missing(folder, reason)


def _walk(folder: str) -> Iterator[os.DirEntry[str]]:
    """All files below a folder, sorted; folders behind links are not entered."""
    try:
        with os.scandir(folder) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return  # a folder below that may not be read; the one that was named is opened by the caller
    for entry in listed:
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(entry.path)
        elif entry.is_file():
            yield entry


def _is_excluded(path: str, selection: Selection) -> bool:
    return any(_matches(path, pattern) for pattern in selection.exclude)


def _matches(path: str, pattern: str) -> bool:
    """Whether a pattern names the file, the whole path, or a folder above it."""
    posix, wanted = Path(path).as_posix(), pattern.replace("\\", "/").rstrip("/")
    return (
        fnmatch(posix, wanted)
        or fnmatch(posix, f"*/{wanted}")
        or any(fnmatch(part, wanted) for part in posix.split("/"))
    )


def _missing(path: str, following: Sequence[str]) -> str | None:
    """Why a path cannot be opened, as far as that can be told without opening it."""
    if os.path.exists(path):  # noqa: PTH110
        return None
    joined = path
    for part in following:
        joined = f"{joined} {part}"
        if os.path.exists(joined):  # noqa: PTH110
            return f'there is no such file; the path holds a space, so put it in quotes: "{joined}"'
    if os.path.islink(path):  # noqa: PTH114
        return "it is a link, and what it leads to does not exist"
    return "there is no such file or folder"


def _why(error: OSError) -> str:
    if isinstance(error, PermissionError):
        if sys.platform == "win32":
            return "it may not be read: open the prompt as administrator, or copy the file first"
        return "it may not be read: you lack the permission"
    if isinstance(error, IsADirectoryError):
        return "it is a folder"
    return f"it cannot be read: {error.strerror or type(error).__name__}"
