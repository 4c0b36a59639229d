"""The one place through which files are written: each is the old one or the new one, whole, at any moment."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import stat
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from migrator.files import A_FOLDER, HELD_OPEN
from migrator.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from io import BufferedWriter

    _T = TypeVar("_T")

_PREFIX = ".dmsmtp-"  # of temporary files: a search of folders takes none for a file to check
_OWNER_ONLY, _BY_UMASK = 0o600, 0o666
_ACCESS_LIST = "system.posix_acl_access"  # what grants more than the mode does, on Linux
_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
_TOO_LONG = (111, 206)  # ERROR_BUFFER_OVERFLOW, ERROR_FILENAME_EXCED_RANGE
_MAX_PATH = 260  # of Windows, unless it was told otherwise
_NO_FILE = "it is a device or a pipe: name a file"
_CHANGED = "it changed since it was read, and was left as it is: try again"
_SYNCED_BY_ONE = 8  # files, by one thread
_PAUSES = (0.05, 0.1, 0.2, 0.4)  # in seconds
_DESCRIPTORS = ("/dev/fd", "/proc/self/fd")
_STANDARD_ERROR = 2
_TOO_MANY_DIGITS = 10  # for a C int
_TO_DEVICE = os.O_WRONLY | getattr(os, "O_BINARY", 0)
_NOT_WAITING = getattr(os, "O_NONBLOCK", 0)

LOCKED = "it may not be written: you lack the permission"
LOCKED_FOLDER = "its folder may not be written to, as a safe write must: you lack the permission"

written: list[str] = []
"""Paths of all files but reports that this process has written: what can be told where it is interrupted."""


class Written(NamedTuple):
    """A file that was written: its path as given, and the path of the backup beside it, if one was kept."""

    path: str
    backup: str | None = None


class NotWritten(NamedTuple):
    """A file that is as it was, or still missing, and why, with what to do."""

    path: str
    reason: str


def replace_file(
    path: str,
    new: bytes,
    *,
    old: bytes,
    backup: bool = True,
    mark: str | None = None,
    changed: int | None = None,
) -> Written | NotWritten:
    """Put new content in the place of `old`, which was read before; refused where that is not there any more.

    The last look at it comes right before the replacement; only a change between these two is not noticed.
    A link stays a link, and what it leads to is replaced. Mode, group, access list and owner are kept, the
    owner where the system allows it; Windows gives the new file what its folder passes on. A file with
    several names (hard links) is refused: they would come apart.

    The old file is kept beside it as NAME.YYYYMMDDTHHMMSSZ.bak (the time, in UTC), and never over another
    file: -1, -2, … is added to the time. A `mark` stands there instead of the time. The backup gets
    the time of change of the new file, so that whoever looks at both can tell if the file was changed since.
    Where it gets a former content back, `changed` is its former time of change, in ns. A write that fails
    takes its backup along. A process that is killed may leave a file .dmsmtp-… behind, which nobody can read
    who cannot read this one.
    """
    target = Path(path)
    try:
        before = target.stat()
        if target.is_symlink():
            target = Path(os.path.realpath(path))
        refusal = _why_not_to_replace(target, before)
        if refusal is not None:
            return NotWritten(path, refusal)
        with _temporary(target) as temporary:
            _fill(temporary, [new], target, before)
            _give_time(temporary, changed)
            kept = _back_up(target, old, before, mark or time_mark()) if backup else None
            is_replaced = None
            try:
                if kept is not None:
                    _give_time(kept, time_of_change(temporary))
                sync_folder(target)
                is_replaced = _patiently(lambda: _replace_if_unchanged(temporary, target, old, before))
            except OSError:  # of the replacement, or a step before it
                is_replaced = False
                raise
            finally:
                if is_replaced is None:  # Ctrl-C came before it was told, and the disk knows it
                    is_replaced = not os.path.lexists(temporary)
                if is_replaced:
                    written.append(path)
                elif kept is not None:
                    _remove(kept)
        sync_folder(target)
    except (OSError, ValueError) as error:
        return NotWritten(path, why_not_written(error, target))
    if not is_replaced:
        return NotWritten(path, _CHANGED)
    return Written(path, str(kept) if kept is not None else None)


def time_mark() -> str:
    """What the name of a backup holds that is made now: YYYYMMDDTHHMMSSZ, in UTC."""
    from datetime import UTC, datetime

    return datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")


def time_of_change(path: str | Path) -> int | None:
    """When a file was changed, in ns; None where nobody can tell."""
    try:
        return os.stat(path).st_mtime_ns  # noqa: PTH116 - for many files
    except OSError:
        return None


def remove_backup(path: str, content: bytes) -> None:
    """Remove a backup that is needed no more, as its file holds the same; another content stays."""
    backup = Path(path)
    with contextlib.suppress(OSError):
        if backup.is_file() and not backup.is_symlink() and backup.read_bytes() == content:
            _remove(backup)


class NewFile(NamedTuple):
    """A file that is to be there. One that holds a secret is for its owner only."""

    path: str
    data: bytes
    holds_secret: bool


def create_file(path: str, data: bytes, *, holds_secret: bool) -> Written | NotWritten:
    """Write a file that is not there yet; refused where anything has its name.

    One that holds a secret is for its owner only, another for whom the umask says. Windows gives either what
    the folder passes on.
    """
    (outcome,) = create_files([NewFile(path, data, holds_secret)])
    if isinstance(outcome, Written):
        sync_folder(Path(path))
    return outcome


def create_files(files: Sequence[NewFile]) -> list[Written | NotWritten]:
    """Write some files that are not there yet, each as `create_file` would, in much less time.

    They go to the disk together, and only then get their names; until then each is an open file. Whoever has
    written the last of many calls `sync_folder`.
    """
    with contextlib.ExitStack() as leftovers:
        return [_named(one) for one in _all_synced([_drafted(file, leftovers) for file in files])]


class _Draft(NamedTuple):
    """A new file under its temporary name, still open."""

    path: str
    target: Path
    temporary: Path
    stream: BufferedWriter


def _drafted(file: NewFile, leftovers: contextlib.ExitStack) -> _Draft | NotWritten:
    target = Path(file.path)
    try:
        refusal = why_not_to_create(target)
        if refusal is not None:
            return NotWritten(file.path, refusal)
        temporary = leftovers.enter_context(_temporary(target))
        stream = _opened(temporary, _OWNER_ONLY if file.holds_secret else _BY_UMASK)
        leftovers.callback(_close, stream)
        stream.writelines([file.data])
        stream.flush()
    except (OSError, ValueError) as error:
        return _not_created(file.path, target, error)
    return _Draft(file.path, target, temporary, stream)


def _all_synced(drafts: list[_Draft | NotWritten]) -> list[_Draft | NotWritten]:
    if len(drafts) <= _SYNCED_BY_ONE:
        return [_synced(one) for one in drafts]
    from concurrent.futures import ThreadPoolExecutor

    # A file system does in one go what it is asked for at the same time
    parts = [drafts[start : start + _SYNCED_BY_ONE] for start in range(0, len(drafts), _SYNCED_BY_ONE)]
    with ThreadPoolExecutor(len(parts)) as pool:
        return [one for part in pool.map(_all_synced, parts) for one in part]


def _synced(draft: _Draft | NotWritten) -> _Draft | NotWritten:
    if isinstance(draft, NotWritten):
        return draft
    try:
        os.fsync(draft.stream.fileno())
        draft.stream.close()
    except OSError as error:
        return _not_created(draft.path, draft.target, error)
    return draft


def _named(draft: _Draft | NotWritten) -> Written | NotWritten:
    if isinstance(draft, NotWritten):
        return draft
    try:
        _give_name(draft.temporary, draft.target)
        written.append(draft.path)
    except KeyboardInterrupt:
        if draft.path not in written[-1:] and os.path.lexists(draft.target):
            written.append(draft.path)
        raise
    except (OSError, ValueError) as error:
        return _not_created(draft.path, draft.target, error)
    return Written(draft.path)


def _not_created(path: str, target: Path, error: OSError | ValueError) -> NotWritten:
    if isinstance(error, FileExistsError):
        return NotWritten(path, why_not_to_create(target) or _CHANGED)
    return NotWritten(path, why_not_written(error, target))


def _close(stream: BufferedWriter) -> None:
    """Close a file that is given up; what it could not write does not matter any more."""
    with contextlib.suppress(OSError):
        stream.close()


def write_pieces(path: str, pieces: Iterable[bytes]) -> None:
    """Write what comes in pieces, such as a long report, whatever was there before, without a backup.

    A file is there whole or stays as it was; a device or pipe stays one and takes the pieces as they come, as
    does what is open already: by /dev/fd/N, or as a standard stream. Raises OSError, and what the pieces
    raise.
    """
    try:
        before = Path(path).stat()
    except FileNotFoundError:
        before = None
    descriptor = _descriptor_of(path, before)
    if descriptor is not None:
        with open(descriptor, "wb", closefd=False) as stream:
            stream.writelines(pieces)
        return
    if before is not None and not stat.S_ISREG(before.st_mode):
        # What took its place meanwhile is neither made nor emptied; a folder says so itself
        with open(path, "wb", opener=lambda name, _: os.open(name, _TO_DEVICE)) as stream:
            if stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), path)
            stream.writelines(pieces)
        return
    target = Path(os.path.realpath(path))
    if before is not None:
        _probe(target)
    with _temporary(target) as temporary:
        if before is not None:
            _fill(temporary, pieces, target, before)
        else:
            _fill(temporary, pieces, mode=_BY_UMASK)
        _patiently(lambda: temporary.replace(target))
    sync_folder(target)


def _descriptor_of(path: str, there: os.stat_result | None) -> int | None:
    """The descriptor that a path names, or a standard stream that goes to the file there.

    Others may write to it, too.
    """
    if sys.platform == "win32":  # which has no such paths, and devices that look like one
        return None
    named = named_descriptor(path)
    if named is not None:
        return named
    return next((one for one in (1, 2) if there is not None and _goes_to(one, there)), None)


def named_descriptor(path: str) -> int | None:
    """The descriptor that a path such as /dev/fd/3 names, by itself or as /dev/stdout does."""
    if sys.platform == "win32":
        return None
    paths = [path]
    if os.path.islink(path):  # noqa: PTH114 - as given
        paths.append(os.path.join(os.path.dirname(path), os.readlink(path)))  # noqa: PTH115, PTH118, PTH120
    for folder, name in map(os.path.split, paths):
        is_number = name.isdecimal() and len(name) < _TOO_MANY_DIGITS
        if is_number and os.path.realpath(folder) in map(os.path.realpath, _DESCRIPTORS):
            return int(name)
    return None


def is_where_output_goes(path: str) -> bool:
    """Whether what is written to a path, such as /dev/stdout, stands between what is printed.

    Standard error by its path is where a report goes that is printed beside a document, at a terminal too.
    """
    if sys.platform == "win32" or named_descriptor(path) == _STANDARD_ERROR:
        return False
    try:
        return _goes_to(1, os.stat(path)) and not os.path.samefile(path, os.devnull)  # noqa: PTH116, PTH121 - as given
    except OSError:
        return False


def _goes_to(descriptor: int, there: os.stat_result) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), there)
    except OSError:  # it is closed
        return False


@contextlib.contextmanager
def _temporary(path: Path) -> Iterator[Path]:
    """A path beside another one, for what will get its name; nothing is left there."""
    temporary = path.with_name(f"{_PREFIX}{os.urandom(8).hex()}")
    try:  # from before it is there, so that Ctrl-C leaves nothing behind
        yield temporary
    finally:
        _remove(temporary)


def _fill(
    temporary: Path,
    pieces: Iterable[bytes],
    like: Path | None = None,
    before: os.stat_result | None = None,
    mode: int = _OWNER_ONLY,
) -> None:
    """Write a new file to the disk, with the permissions of another one or with a mode."""
    with _opened(temporary, mode) as stream:
        stream.writelines(pieces)
        stream.flush()
        if like is not None and before is not None:
            _keep_permissions(stream.fileno(), like, before)
        os.fsync(stream.fileno())


def _opened(temporary: Path, mode: int) -> BufferedWriter:
    return open(temporary, "xb", opener=lambda name, flags: os.open(name, flags, mode))


def _keep_permissions(handle: int, like: Path, before: os.stat_result) -> None:
    """Give a new file the owner, group, access list and mode of another one.

    Only an administrator can give files away. A group that cannot be kept lets no other one in: what is left
    to the group is what everybody may do.
    """
    if sys.platform == "win32":
        return
    fresh = os.fstat(handle)
    if (fresh.st_uid, fresh.st_gid) != (before.st_uid, before.st_gid):
        try:
            os.fchown(handle, before.st_uid, before.st_gid)
        except OSError:
            with contextlib.suppress(OSError):
                os.fchown(handle, -1, before.st_gid)
    if sys.platform == "linux":
        _keep_access_list(handle, like)
    mode = stat.S_IMODE(before.st_mode)
    fresh = os.fstat(handle)
    if fresh.st_gid != before.st_gid:
        mode &= ~stat.S_IRWXG | (mode & stat.S_IRWXO) << 3
    if stat.S_IMODE(fresh.st_mode) != mode:
        os.fchmod(handle, mode)


def _keep_access_list(handle: int, like: Path) -> None:
    if sys.platform == "linux":
        try:
            wanted = os.getxattr(like, _ACCESS_LIST)
        except OSError as error:
            if error.errno not in (errno.ENODATA, errno.EOPNOTSUPP):
                raise
            # It has none, but the folder may have passed one on
            with contextlib.suppress(OSError):
                os.removexattr(handle, _ACCESS_LIST)
        else:
            os.setxattr(handle, _ACCESS_LIST, wanted)


def _give_time(path: Path, changed: int | None) -> None:
    """Give a file a time of change, in ns, where there is one and the system lets us."""
    if changed is not None:
        with contextlib.suppress(OSError):
            os.utime(path, ns=(path.stat().st_atime_ns, changed))


def _back_up(path: Path, old: bytes, before: os.stat_result, mark: str) -> Path:
    """Keep the old content beside a file, under a name of its own; the path of it."""
    with _temporary(path) as temporary:
        _fill(temporary, [old], path, before)
        backup, number = path.with_name(f"{path.name}.{mark}.bak"), 0
        while not _has_given_name(temporary, backup):
            number += 1
            backup = path.with_name(f"{path.name}.{mark}-{number}.bak")
    return backup


def _has_given_name(temporary: Path, path: Path) -> bool:
    try:
        _give_name(temporary, path)
    except FileExistsError:
        return False
    return True


def _give_name(temporary: Path, path: Path) -> None:
    """Give a file its name, never in the place of another one: FileExistsError where there is one."""
    if sys.platform == "win32":
        _patiently(lambda: temporary.rename(path))  # which refuses there
        return
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        raise
    except OSError:  # there are file systems without links
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        temporary.rename(path)


def _replace_if_unchanged(temporary: Path, path: Path, old: bytes, before: os.stat_result) -> bool:
    """Whether a file was as it was read, and therefore is replaced."""
    after = path.lstat()
    if (after.st_mode, after.st_uid, after.st_gid) != (before.st_mode, before.st_uid, before.st_gid):
        return False
    with open(path, "rb", opener=lambda name, flags: os.open(name, flags | _NOT_WAITING)) as stream:
        if stream.read(len(old) + 1) != old:
            return False
    temporary.replace(path)
    return True


def _patiently(step: Callable[[], _T]) -> _T:
    """Take a step; on Windows again and again for a second, as scanners hold new files open for a moment."""
    if sys.platform == "win32":
        for pause in _PAUSES:
            with contextlib.suppress(PermissionError):
                return step()
            time.sleep(pause)
    return step()


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        _patiently(path.unlink)


def sync_folder(path: Path) -> None:
    """Have the names in the folder of a file on the disk, as far as the system can."""
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            handle = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def _probe(path: Path) -> None:
    """Fail where a file is write-protected, as its replacement would not."""
    path.open("r+b").close()


def _why_not_to_replace(path: Path, before: os.stat_result) -> str | None:
    """Why a file is not replaced, with what to do; OSError where that is for lack of permission."""
    if not stat.S_ISREG(before.st_mode):
        return _why_not_ordinary(before)
    if sys.platform == "win32" and not before.st_mode & stat.S_IWRITE:
        return "it is write-protected: clear its read-only attribute, and try again"
    _probe(path)
    if before.st_nlink > 1 and _has_other_names(path, before):
        return (
            "it has another name elsewhere (a hard link), which would keep the old content: "
            "put a copy in the place of this one, and try again"
        )
    return None


def _has_other_names(path: Path, before: os.stat_result) -> bool:
    """Whether a file has other names than the temporary ones of a process that was killed, which go."""
    for leftover in path.parent.glob(f"{_PREFIX}*"):
        if os.path.samestat(leftover.lstat(), before):
            _remove(leftover)
    return path.stat().st_nlink > 1


def why_not_to_create(path: Path) -> str | None:
    """Why a file cannot be created there, as far as its name tells; None where nothing has it."""
    if not os.path.lexists(path):
        return None
    try:
        there = path.stat()
    except OSError:
        return "it is a link that leads nowhere: remove it, or name another file"
    if not stat.S_ISREG(there.st_mode):
        return _why_not_ordinary(there)
    return "it is there already: remove it, or name another file"


def _why_not_ordinary(there: os.stat_result) -> str:
    if stat.S_ISDIR(there.st_mode):
        return A_FOLDER
    return _NO_FILE


def why_not_written(error: OSError | ValueError, path: Path) -> str:
    """Why a file could not be written, with what to do."""
    if isinstance(error, io.UnsupportedOperation):  # which is a ValueError, too
        return _NO_FILE
    if isinstance(error, ValueError):
        return "no file can have such a name: name another one"
    if _is_held_open(error, path):
        return "another program, such as DataMiner, holds it open: stop it or close the file, and try again"
    if _is_too_long(error, path):
        return _why_too_long(error)
    if error.errno in _FULL:
        return "the disk is full: make room on it, and try again"
    if isinstance(error, FileNotFoundError):
        return _why_missing(path)
    if isinstance(error, PermissionError):
        return _why_forbidden(error, path)
    return f"it cannot be written: {error.strerror or type(error).__name__}"


def _is_held_open(error: OSError, path: Path) -> bool:
    """Whether another program keeps a file from being replaced, as happens on Windows alone."""
    if sys.platform == "win32" and isinstance(error, PermissionError):
        code = getattr(error, "winerror", None) or _code_of_renaming(path)
        # A replacement is denied in other words, but this file could be opened for writing before
        return code in HELD_OPEN or error.filename2 == str(path)
    return False


def _code_of_renaming(path: Path) -> int | None:
    """Why Windows lets nobody touch a file: opening one does not tell, giving it the name it has does."""
    try:
        path.rename(path)
    except OSError as error:
        return getattr(error, "winerror", None)
    return None


def _is_too_long(error: OSError, path: Path) -> bool:
    if error.errno == errno.ENAMETOOLONG or getattr(error, "winerror", None) in _TOO_LONG:
        return True
    if sys.platform == "win32" and isinstance(error, FileNotFoundError):
        paths = [Path(name) for name in (error.filename, error.filename2, path) if name is not None]
        return any(len(str(one.absolute())) >= _MAX_PATH for one in paths)
    return False


def _why_too_long(error: OSError) -> str:
    if str(error.filename2).endswith(".bak"):
        return "the name of its backup would be too long: shorten its name, or do without (--no-backup)"
    return "its path is too long: shorten it, or move the file to another folder"


def _why_forbidden(error: PermissionError, path: Path) -> str:
    if sys.platform == "win32":
        return 'it may not be written: open a prompt with "Run as administrator" and type the same there'
    if error.filename not in (None, str(path), os.path.realpath(path)):
        return LOCKED_FOLDER
    return LOCKED


def _why_missing(path: Path) -> str:
    if path.is_symlink():
        return "it is a link, and what it leads to does not exist"
    if path.parent.is_dir():
        return "it is gone since it was read"
    return "its folder does not exist: create it, and try again"
