"""Paths for other programs: relative to the working folder, with `/`, or as an address (RFC 8089)."""

from __future__ import annotations

import ntpath
import posixpath
from functools import lru_cache
from pathlib import Path, PurePath, PureWindowsPath
from urllib.parse import quote

from migrator.files import as_named_in


def working_folder() -> PurePath:
    """The folder that relative paths start from; a nameless one where it has been removed."""
    try:
        return Path.cwd()
    except OSError:
        return PurePath()


@lru_cache(maxsize=64)  # a file's findings have one path
def relative_path(path: str, root: PurePath) -> str:
    """The path from the root on, or the whole one where it leads elsewhere; with `/` on every system."""
    full = _full(path, root)
    inside = _inside(full, root)
    return _slashed(full) if inside is None else inside


@lru_cache(maxsize=64)
def address(path: str, root: PurePath) -> tuple[str, bool]:
    """The percent-encoded address of a path, and whether it is relative to the root."""
    full = _full(path, root)
    inside = _inside(full, root)
    if inside is not None:
        return _encoded(inside), True
    return _file_address(full), False


def folder_address(folder: PurePath) -> str | None:
    """The address of a folder, ending with `/`; None of a nameless one."""
    if not folder.is_absolute():
        return None
    found = _file_address(folder)
    return found if found.endswith("/") else f"{found}/"


def _full(path: str, root: PurePath) -> PurePath:
    """Joined with the root, `.` and `..` resolved by name alone, without the prefixes of long paths."""
    if not isinstance(root, PureWindowsPath):
        return type(root)(posixpath.normpath(posixpath.join(str(root), path)))
    text = ntpath.normpath(ntpath.join(str(root), path.replace("/", "\\")))
    if text.upper().startswith("\\\\?\\UNC\\"):
        text = "\\\\" + text[8:]
    elif text.startswith(("\\\\?\\", "\\\\.\\")):
        text = text[4:]
    return type(root)(text)


def _inside(full: PurePath, root: PurePath) -> str | None:
    if isinstance(root, Path):
        root = Path(as_named_in(str(full), str(root)))
    try:
        return _slashed(full.relative_to(root))
    except ValueError:
        return None


def _slashed(path: PurePath) -> str:
    return str(path).replace("\\", "/") if isinstance(path, PureWindowsPath) else str(path)


def _file_address(path: PurePath) -> str:
    text = _slashed(path)
    if not isinstance(path, PureWindowsPath):
        return f"file:///{_encoded(text.lstrip('/'))}"
    if text.startswith("//"):
        return f"file:{_encoded(text)}"  # the server's name comes first
    drive, rest = text[: len(path.drive)], text[len(path.drive) :]
    return f"file:///{drive}{_encoded(rest)}"


def _encoded(text: str) -> str:
    """Percent-encoded; bytes of a name that are no UTF-8 as they are on disk."""
    try:
        data = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half a character, which Windows allows in names
        data = text.encode("utf-8", "surrogatepass")
    return quote(data, safe="/")
