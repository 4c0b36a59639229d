"""Runs the command, and keeps all that comes out of it: streams, files, log, arguments of other programs."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import shutil
import socket
import subprocess
import tempfile
from difflib import unified_diff
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from tests.cli.running import dmsmtp
from tests.secrets.canaries import WORLDS, filled, leaks, names_in
from tests.secrets.commands import FILE, STDERR, STDOUT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.secrets.commands import Way

Seen = dict[str, bytes]
"""What came out of a run, by the name of the channel."""
_CHANCE = re.compile(  # what differs from run to run
    rb"[0-9]{8}T[0-9]{6}Z(?:-[0-9]+)?"
    rb"|(?<=state=)[\w-]+|(?<=code_challenge=)[\w-]+|(?<=localhost%3A)[0-9]+|(?<=localhost:)[0-9]+"
    rb"| +[0-9.]+ m?s\b|(?<=\"seconds\": )[0-9.e-]+|(?<=\"at\": \")[^\"]+"
    rb"|(?<=Date: )[^\n]+|(?<=Message-ID: )[^\n]+|[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+(?:\+00:00| ?UTC|Z)?"
)


class _Log(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def seen_of(
    way: Way, path: str, data: bytes, world: str, folder: Path, others: Mapping[str, bytes] | None = None
) -> Seen:
    """What comes out of a run over a file, in a folder of its own that is gone afterwards."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()

    def put(text: str) -> str:
        return filled(text.replace(FILE, path), world)

    for name, content in {path: data, **(others or {})}.items():
        (folder / name).write_bytes(content)
    for name, text in way.files:
        place = folder / put(name)
        place.parent.mkdir(exist_ok=True)
        place.write_text(put(text), "utf-8")
        place.chmod(0o600)  # others may not read tokens
    stdin = data if way.stdin == FILE else put(way.stdin).encode()
    with _watched(folder) as (log, programs):
        outcome = dmsmtp(
            *(put(one) for one in way.arguments.split()),
            stdin=stdin,
            env={"HOME": ".", "FORCE_COLOR": "", **{name: put(text) for name, text in way.env}},
        )
    found = {
        "exit code": str(outcome.code).encode(),
        STDOUT: outcome.out,
        STDERR: outcome.err.encode(),
        "log": "\n".join(log.lines).encode(),
        "arguments of other programs": "\n".join(programs).encode(),
    }
    files = {one.relative_to(folder).as_posix(): one for one in folder.rglob("*") if one.is_file()}
    found["names of files"] = "\n".join(sorted(files)).encode()
    found |= {name: file.read_bytes() for name, file in files.items()}
    return {_CHANCE.sub(b"", name.encode()).decode(): _CHANCE.sub(b"", text) for name, text in found.items()}


@contextlib.contextmanager
def _watched(folder: Path) -> Iterator[tuple[_Log, list[str]]]:
    log, others = _Log(), []

    def other_program(*arguments: Any, **_: Any) -> Any:
        others.append(repr(arguments))
        raise OSError("no other program in this test")

    def no_network(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "no network in this test")

    def browse(url: str) -> bool:
        others.append(url)
        return False

    root = logging.getLogger()
    level = root.level
    root.addHandler(log)
    root.setLevel(logging.NOTSET)
    former = Path.cwd()
    os.chdir(folder)
    try:
        with (
            mock.patch.object(subprocess, "Popen", other_program),
            mock.patch.object(os, "system", other_program),
            mock.patch.object(socket, "getaddrinfo", no_network),
            mock.patch.object(tempfile, "tempdir", os.fspath(folder)),
            mock.patch("webbrowser.open", browse),
        ):
            yield log, others
    finally:
        os.chdir(former)
        root.setLevel(level)
        root.removeHandler(log)


def complaint(way: Way, path: str, template: str, seen: dict[str, Seen], spice: str = "") -> str | None:
    """What gives a secret away in what came out in both worlds; None where nothing does."""
    one, other = (seen[world] for world in WORLDS)
    texts = (template, way.stdin, way.arguments, *(text for pair in (*way.files, *way.env) for text in pair))
    for channel in sorted({*one, *other}):
        if channel == path or _is_among(channel, way.holds):
            continue
        if _is_among(channel, way.keeps):
            told = one[channel] + other[channel]
            found = leaks(_text(told), names_in(*texts, with_hidden=False), spice=spice)
            if found:
                return f"{channel}: {found[0]!r} in\n{_text(told)}"
        elif one.get(channel) != other.get(channel):
            return f"{channel} depends on a secret:\n{_difference(one.get(channel), other.get(channel))}"
    return None


def _is_among(channel: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(channel, one) for one in patterns)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _difference(one: bytes | None, other: bytes | None) -> str:
    lines, others = (_text(some or b"").splitlines() for some in (one, other))
    return "\n".join(unified_diff(lines, others, "one world", "the other", n=0))
