"""System calls of another process, each of them held up until the test says what comes of it (Linux alone).

A filter of seccomp, which a process puts on itself, has the kernel ask whoever holds its descriptor before it
makes one of the calls listed here (seccomp_unotify(2)). No program is needed for that and no privilege, and
the process under test notices nothing: its code is what users run, down to the C library.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
from functools import cache
from pathlib import Path
from typing import NamedTuple

# Numbers on x86-64 and on arm64, which lacks those that take no folder; -1: not there.
_NUMBERS = {
    "open": (2, -1),
    "creat": (85, -1),
    "stat": (4, -1),
    "lstat": (6, -1),
    "access": (21, -1),
    "rename": (82, -1),
    "link": (86, -1),
    "symlink": (88, -1),
    "unlink": (87, -1),
    "rmdir": (84, -1),
    "mkdir": (83, -1),
    "chmod": (90, -1),
    "chown": (92, -1),
    "lchown": (94, -1),
    "readlink": (89, -1),
    "openat": (257, 56),
    "newfstatat": (262, 79),
    "statx": (332, 291),
    "faccessat": (269, 48),
    "faccessat2": (439, 439),
    "renameat": (264, 38),
    "renameat2": (316, 276),
    "linkat": (265, 37),
    "symlinkat": (266, 36),
    "unlinkat": (263, 35),
    "mkdirat": (258, 34),
    "fchmodat": (268, 53),
    "fchownat": (260, 54),
    "utimensat": (280, 88),
    "readlinkat": (267, 78),
    "truncate": (76, 45),
    "getxattr": (191, 8),
    "lgetxattr": (192, 9),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "read": (0, 63),
    "pread64": (17, 67),
    "readv": (19, 65),
    "write": (1, 64),
    "writev": (20, 66),
    "pwrite64": (18, 68),
    "close": (3, 57),
    "fsync": (74, 82),
    "fdatasync": (75, 83),
    "fstat": (5, 80),
    "fchmod": (91, 52),
    "fchown": (93, 55),
    "fgetxattr": (193, 10),
    "fsetxattr": (190, 7),
    "fremovexattr": (199, 16),
    "getdents64": (217, 61),
    "ftruncate": (77, 46),
    "fallocate": (285, 47),
    "lseek": (8, 62),
    "ioctl": (16, 29),
}
_PATHS_FROM = {  # which argument is a path, or a folder and a path in it; others begin with a descriptor
    **dict.fromkeys(("open", "creat", "stat", "lstat", "access", "unlink", "rmdir", "mkdir", "chmod"), (0,)),
    **dict.fromkeys(("chown", "lchown", "readlink", "truncate", "getxattr", "lgetxattr"), (0,)),
    **dict.fromkeys(("setxattr", "lsetxattr", "removexattr", "lremovexattr"), (0,)),
    **dict.fromkeys(("rename", "link"), (0, 1)),
    "symlink": (1,),
}
_FOLDER_AND_PATH_FROM = {
    **dict.fromkeys(
        ("openat", "newfstatat", "statx", "faccessat", "faccessat2", "unlinkat", "mkdirat"), (0,)
    ),
    **dict.fromkeys(("fchmodat", "fchownat", "utimensat", "readlinkat"), (0,)),
    **dict.fromkeys(("renameat", "renameat2", "linkat"), (0, 2)),
    "symlinkat": (1,),
}
CHANGES = frozenset(
    {
        *("creat", "rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat", "unlink"),
        *(
            "unlinkat",
            "rmdir",
            "mkdir",
            "mkdirat",
            "chmod",
            "fchmod",
            "fchmodat",
            "chown",
            "fchown",
            "lchown",
        ),
        *(
            "fchownat",
            "utimensat",
            "truncate",
            "ftruncate",
            "fallocate",
            "setxattr",
            "lsetxattr",
            "fsetxattr",
        ),
        *("removexattr", "lremovexattr", "fremovexattr", "write", "writev", "pwrite64"),
    }
)
"""Calls that change what is on the disk; `open` and `openat` do where they make a file."""
_MACHINES = {"x86_64": (0, 0xC000003E, 317), "aarch64": (1, 0xC00000B7, 277)}
_AT_FDCWD = 0xFFFFFF9C
_SET_MODE_FILTER, _NEW_LISTENER, _WAIT_KILLABLE = 1, 1 << 3, 1 << 5
_NO_NEW_PRIVILEGES = 38
_RECEIVE, _SEND = 0xC0502100, 0xC0182101
_ALLOW, _ASK = 0x7FFF0000, 0x7FC00000
_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_CONTINUE = 1
_LONGEST_PATH, _PAGE = 4096, 4096
_PIDFD_OPEN, _PIDFD_GETFD = 434, 438
_NEW_FILE = os.O_CREAT | os.O_TRUNC


class Call(NamedTuple):
    """A system call that waits: by its name, with the paths that it names and the flags of an `open`."""

    name: str
    paths: tuple[str, ...]
    process: int
    ticket: int
    arguments: tuple[int, ...]

    @property
    def changes(self) -> bool:
        """Whether it changes what is on the disk."""
        flags = {"open": 1, "openat": 2}.get(self.name)
        return self.name in CHANGES or (flags is not None and bool(self.arguments[flags] & _NEW_FILE))

    @property
    def looks_up(self) -> bool:
        """Whether it asks what a path leads to, and not what an open file is."""
        if self.name in ("newfstatat", "statx"):
            return self.arguments[0] & 0xFFFFFFFF == _AT_FDCWD
        return self.name in ("stat", "lstat")


def machine() -> tuple[int, int, int] | None:
    """The column of numbers for this machine, its code for the kernel, and the number of `seccomp`."""
    return _MACHINES.get(platform.machine())


def _library() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def hold_up() -> int:
    """Have all calls of this process listed above wait from now on; the descriptor to ask for them with.

    Raises OSError where the kernel cannot do that (before 5.19), or forbids it.
    """
    found = machine()
    if found is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    column, code, seccomp = found
    numbers = [numbers[column] for numbers in _NUMBERS.values() if numbers[column] >= 0]
    lines = [(_LOAD, 0, 0, 4), (_JUMP_IF_EQUAL, 1, 0, code), (_RETURN, 0, 0, _ALLOW), (_LOAD, 0, 0, 0)]
    lines += [(_JUMP_IF_EQUAL, len(numbers) - at, 0, number) for at, number in enumerate(numbers)]
    lines += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _ASK)]
    program = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *line) for line in lines))
    header = ctypes.create_string_buffer(struct.pack("@HP", len(lines), ctypes.addressof(program)))
    library = _library()
    _checked(library.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0))
    flags = ctypes.c_ulong(_NEW_LISTENER | _WAIT_KILLABLE)
    return _checked(library.syscall(seccomp, ctypes.c_ulong(_SET_MODE_FILTER), flags, header))


def next_call(listener: int) -> Call | None:
    """The call that waits longest; None where its process is gone meanwhile."""
    import fcntl

    buffer = bytearray(80)
    try:
        fcntl.ioctl(listener, _RECEIVE, buffer)
    except FileNotFoundError:
        return None
    ticket, process, _, number, _, _, *arguments = struct.unpack("=QIIiIQ6Q", buffer)
    name = _names()[number]
    try:
        return Call(name, tuple(_paths(name, process, arguments)), process, ticket, tuple(arguments))
    except (FileNotFoundError, ProcessLookupError):
        return Call(name, (), process, ticket, tuple(arguments))


@cache  # asked at every call
def _names() -> dict[int, str]:
    found = machine()
    assert found is not None
    return {numbers[found[0]]: name for name, numbers in _NUMBERS.items()}


def let_go(listener: int, call: Call, error: int = 0, value: int | None = None) -> None:
    """Have a call be made; or fail with this error, or give this value, without being made."""
    import fcntl

    is_made = not error and value is None
    answer = struct.pack("=QqiI", call.ticket, value or 0, -error, _CONTINUE if is_made else 0)
    try:
        fcntl.ioctl(listener, _SEND, bytearray(answer))
    except FileNotFoundError:  # it is gone
        return


def write_half(call: Call) -> int:
    """Make half of a `write`; the number of bytes."""
    handle = call.arguments[0]
    with open(f"/proc/{call.process}/mem", "rb", buffering=0) as memory:  # noqa: PTH123 - no file
        memory.seek(call.arguments[1])
        data = memory.read(call.arguments[2] // 2)
    library = _library()
    process = _checked(library.syscall(_PIDFD_OPEN, call.process, 0))
    try:
        ours = _checked(library.syscall(_PIDFD_GETFD, process, handle, 0))
    finally:
        os.close(process)
    try:
        return os.write(ours, data)
    finally:
        os.close(ours)


def _paths(name: str, process: int, arguments: list[int]) -> list[str]:
    if name in _PATHS_FROM:
        pairs = [(_AT_FDCWD, arguments[at]) for at in _PATHS_FROM[name]]
    elif name in _FOLDER_AND_PATH_FROM:
        pairs = [(arguments[at] & 0xFFFFFFFF, arguments[at + 1]) for at in _FOLDER_AND_PATH_FROM[name]]
    else:
        return [str(Path(f"/proc/{process}/fd/{arguments[0]}").readlink())]
    return [_path_in(process, folder, address) for folder, address in pairs]


def _path_in(process: int, folder: int, address: int) -> str:
    path = _text_at(process, address)
    if path.startswith("/"):
        return path
    base = Path("/proc", str(process), "cwd" if folder == _AT_FDCWD else f"fd/{folder}").readlink()
    return f"{base}/{path}" if path else str(base)


def _text_at(process: int, address: int) -> str:
    if not address:
        return ""
    text = b""
    with open(f"/proc/{process}/mem", "rb", buffering=0) as memory:  # noqa: PTH123 - no file
        memory.seek(address)
        while b"\0" not in text and len(text) < _LONGEST_PATH:
            text += memory.read(_PAGE - (address + len(text)) % _PAGE)
    return os.fsdecode(text.partition(b"\0")[0])
