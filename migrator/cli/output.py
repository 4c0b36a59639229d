"""Streams and exit codes."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, TypeVar

from migrator.files import is_folder, why_unreadable
from migrator.reporters import Layout
from migrator.values.secret import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    _T = TypeVar("_T")

BESIDE_DOCUMENT = "the mended file goes to standard output, so name a file for the report"
"""Why no report goes there, too."""
_PIPED_WIDTH = 100  # where there is no terminal whose width could count


class ExitCode(IntEnum):
    """What the exit code says."""

    DONE = 0
    """Done, and nothing at or above `--fail-on`."""
    FOUND = 1
    """Findings at or above `--fail-on`."""
    REFUSED = 2
    """The tool could not do what was asked."""
    INTERRUPTED = 130
    """Somebody pressed Ctrl-C (128 + SIGINT)."""
    CLOSED_PIPE = 141
    """Nobody reads the output any more (128 + SIGPIPE)."""


class Refusal(Exception):  # noqa: N818 - it is an answer, no fault
    """The tool cannot do what was asked; each sentence says why, or what to do."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(*sentences)
        self.sentences = sentences


class Unwritable(Refusal):
    """A report could not be written to where it was to go."""


class ClosedPipe(Exception):  # noqa: N818 - likewise
    """Nobody reads the output any more."""


class _NotMade(Exception):  # noqa: N818 - likewise
    """What was to be written could not be made; it carries what the system said to that."""

    def __init__(self, error: OSError) -> None:
        super().__init__()
        self.error = error


def say(text: str) -> None:
    """Write a sentence to standard error, if there is one."""
    shown = printable(text)
    if "GITHUB_ACTIONS" in os.environ:  # where ##[name] is a command anywhere in a line, in a file's name too
        shown = shown.replace("##[", "## [")
    try_to_write(sys.stderr, f"dmsmtp: {shown}\n")


def try_to_write(stream: TextIO | None, text: str) -> None:
    """Write what nobody has to see: a stream that takes it no more is abandoned."""
    if stream is None:
        return
    try:
        stream.write(text)
        stream.flush()
    except OSError:
        abandon(stream)


def layout(
    *, no_color: bool, to_file: bool, hints: bool = True, to_error: bool = False, fixing: str = ""
) -> Layout:
    """How the output will be read. NO_COLOR and FORCE_COLOR count as they do for Python itself."""
    is_terminal = not to_file and _is_terminal(sys.stderr if to_error else sys.stdout)
    environment = os.environ
    if no_color or to_file or environment.get("NO_COLOR"):
        colour = False
    elif environment.get("FORCE_COLOR", "0") not in ("", "0"):
        colour = True
    else:
        colour = understands_escapes(sys.stderr if to_error else sys.stdout)
    width = _columns_of(sys.stderr if to_error else sys.stdout) if is_terminal else _PIPED_WIDTH
    return Layout(colour, width, is_terminal, hints, fixing)


def _columns_of(stream: TextIO | None) -> int:
    """How many columns a terminal has; COLUMNS counts as it does for Python itself."""
    try:
        size = os.get_terminal_size(stream.fileno()) if stream is not None else None
    except (OSError, ValueError):
        size = None
    found = int(os.environ.get("COLUMNS") or 0) if (os.environ.get("COLUMNS") or "0").isdecimal() else 0
    return found or (size.columns if size is not None else 0) or _PIPED_WIDTH


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()


def understands_escapes(stream: TextIO | None) -> bool:
    """Whether a stream is a terminal that does not show escape sequences as they are."""
    # The old console of Windows does
    is_able = sys.platform != "win32" or "WT_SESSION" in os.environ
    return is_able and os.environ.get("TERM") != "dumb" and _is_terminal(stream)


def is_standard_output(target: str | None) -> bool:
    """Whether what is written goes to standard output, and not to a file."""
    return target in (None, "-")


def spare(
    path: str | None, target: str | None, why: str = "is to be checked", what: str = "the report"
) -> None:
    """Refuse to write a report over a file that it is about, or that is used; `why` says which."""
    if path is None or target is None or is_standard_output(target):
        return
    try:
        # A device, such as the null device, holds nothing that could be lost
        is_same = os.path.samefile(path, target) and os.path.isfile(target)  # noqa: PTH113, PTH121 - as given
    except OSError:  # tokens may still have to be written
        is_same = os.path.normcase(os.path.realpath(path)) == os.path.normcase(os.path.realpath(target))
    if is_same:
        raise Refusal(f"{target}: {what} would overwrite this file, which {why}")


def refuse_beside_document(targets: Iterable[str | None]) -> None:
    """Refuse to write a report into standard output by its path, where a document has it for itself."""
    from migrator.writing import is_where_output_goes

    for target in targets:
        if target is not None and not is_standard_output(target) and is_where_output_goes(target):
            raise Refusal(f"{target}: {BESIDE_DOCUMENT}")


def refuse_unwritable(target: str | None, what: str = "the report") -> None:
    """Refuse early what could not be written later, as far as it can be told without writing."""
    if target is None or is_standard_output(target):
        return
    folder = os.path.dirname(target) or "."  # noqa: PTH120 - as given
    try:
        if not is_folder(folder):
            reason = f"there is no folder {folder}"
        elif is_folder(target):
            reason = "it is a folder"
        else:
            return
    except OSError as error:
        reason = why_unreadable(error)
    raise Refusal(f"{target}: {what} could not be written there: {reason}")


def deliver(pieces: Iterable[str], target: str | None, *, machine: bool, to_error: bool = False) -> None:
    r"""Write a report to standard output, or to a file that is there whole or not at all.

    `to_error` stands for standard error instead of standard output. Machine formats are UTF-8 with `\n` on
    every system. An OSError of what makes the pieces is raised as it is: it says nothing about the target.
    """
    try:
        if target is not None and not is_standard_output(target):
            _to_file(pieces, target)
        elif machine:
            with _stream(to_error=to_error) as stream:
                stream.buffer.writelines(_encoded(pieces))
                stream.buffer.flush()
        else:
            with _stream(to_error=to_error) as stream:
                reconfigure = getattr(stream, "reconfigure", None)
                if reconfigure is not None:
                    reconfigure(errors="backslashreplace")
                stream.writelines(_made(pieces))
                stream.flush()
    except _NotMade as failed:
        raise failed.error from None


def deliver_told(
    one: _T,
    as_text: Callable[[_T, Layout], Iterable[str]],
    as_json: Callable[[_T], str],
    target: str | None,
    *,
    machine: bool,
    no_color: bool,
) -> None:
    """Write what there is to say of something: for people, or as one JSON document (`machine`)."""
    if machine:
        deliver([as_json(one)], target, machine=True)
    else:
        shape = layout(no_color=no_color, to_file=target is not None)
        deliver(as_text(one, shape), target, machine=False)


def _made(pieces: Iterable[str]) -> Iterator[str]:
    """The pieces; who makes them is not ended with this, which may be left before its end."""
    try:
        for piece in pieces:  # noqa: UP028 - `yield from` would end them
            yield piece
    except OSError as error:
        raise _NotMade(error) from error


def _encoded(pieces: Iterable[str]) -> Iterator[bytes]:
    """The pieces in UTF-8; likewise."""
    try:
        for piece in pieces:
            yield piece.encode("utf-8", "backslashreplace")
    except OSError as error:
        raise _NotMade(error) from error


def deliver_document(data: bytes) -> None:
    """Write a document to standard output, byte for byte."""
    with _stream() as stream:
        stream.buffer.write(data)
        stream.buffer.flush()


@contextlib.contextmanager
def _stream(*, to_error: bool = False) -> Iterator[TextIO]:
    """A standard stream to write to; a sentence, or the end, where that cannot be done."""
    stream, name = (sys.stderr, "standard error") if to_error else (sys.stdout, "standard output")
    if stream is None:
        raise Refusal(f"{name} is closed: there is nowhere to write to")
    try:
        yield stream
    except OSError as error:
        abandon(stream)
        # A closed pipe is EINVAL on Windows
        if isinstance(error, BrokenPipeError) or (sys.platform == "win32" and error.errno == errno.EINVAL):
            raise ClosedPipe from error
        raise Unwritable(f"{name} could not be written: {_reason(error)}") from error


def abandon(stream: TextIO | None) -> None:
    """Let what is still buffered vanish: Python flushes once more at its end, and would complain."""
    if stream is None:
        return
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _to_file(pieces: Iterable[str], target: str) -> None:
    from migrator.writing import why_not_written, write_pieces

    try:
        write_pieces(target, _encoded(pieces))
    except OSError as error:
        raise Unwritable(f"{target} was not written: {why_not_written(error, Path(target))}") from error


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__
