"""One stream of results to several reports, each of them there whole or not at all."""

from __future__ import annotations

import os
from collections import deque
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

from migrator.cli.output import ClosedPipe, Refusal, Unwritable, deliver, is_standard_output
from migrator.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from tempfile import SpooledTemporaryFile

    from migrator.checking import FileReport
    from migrator.reporters import Reporter
    from migrator.summary import Tally

_IN_MEMORY = 1024 * 1024  # bytes of a report that is not yet written; more go to a temporary file
_PIECE = 64 * 1024  # characters


class Output(NamedTuple):
    """A report, and where it goes: to a file, or to standard output where `target` is None or `-`.

    `to_error` stands for standard error instead of standard output.
    """

    reporter: Reporter
    target: str | None
    machine: bool
    to_error: bool = False


def deliver_all(
    reports: Iterable[FileReport], tally: Tally, outputs: Sequence[Output], *, to_the_end: bool = False
) -> None:
    """Write all reports of one run; the files pass by once, and whoever passes them on fills the tally.

    The first report is written while they pass, the others when they have passed; beside a diff, these tell
    of the files as they lie on disk. Where nobody reads one any more, or it cannot be written, the others
    still are; without others the run ends there, unless it is wanted `to_the_end`, as it is where files are
    mended on the way.
    """
    _refuse_same_targets(outputs)
    first, *others = outputs
    with ExitStack() as stack:
        spools = [_spool() for _ in others]
        for spool in spools:
            stack.callback(_close, spool)
        pieces = _pieces(reports, tally, first, list(zip(others, spools, strict=True)))
        failed: list[ClosedPipe | Unwritable] = []
        try:
            deliver(pieces, first.target, machine=first.machine, to_error=first.to_error)
        except (ClosedPipe, Unwritable) as error:
            if not (others or to_the_end):
                raise
            failed.append(error)
            deque(pieces, maxlen=0)
        for other, spool in zip(others, spools, strict=True):
            try:
                deliver(_read(spool), other.target, machine=other.machine, to_error=other.to_error)
            except (ClosedPipe, Unwritable) as error:
                failed.append(error)
    sentences = [text for one in failed if isinstance(one, Unwritable) for text in one.sentences]
    if sentences:
        raise Unwritable(*sentences)
    if failed:
        raise failed[0]


def _pieces(
    reports: Iterable[FileReport],
    tally: Tally,
    first: Output,
    others: Sequence[tuple[Output, SpooledTemporaryFile[str]]],
) -> Iterator[str]:
    """The pieces of the first report, those of the others being put aside."""
    for other, spool in others:
        _put(spool, other.reporter.start())
    yield first.reporter.start()
    for report in reports:
        for other, spool in others:
            _put(spool, other.reporter.file(report.on_disk))
        if piece := first.reporter.file(report):
            yield piece
    for other, spool in others:
        _put(spool, other.reporter.end(tally.on_disk))
    yield first.reporter.end(tally)


def _spool() -> SpooledTemporaryFile[str]:
    from tempfile import SpooledTemporaryFile

    return SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="utf-8", errors="surrogatepass", newline="")


def _put(spool: SpooledTemporaryFile[str], text: str) -> None:
    try:
        spool.write(text)
    except OSError as error:
        ended = "the run ended there, perhaps before all files were looked at"
        raise Refusal(_why_not_aside(error), ended) from error


def _read(spool: SpooledTemporaryFile[str]) -> Iterator[str]:
    try:
        spool.seek(0)  # which writes what is still in memory
    except OSError as error:
        raise Unwritable(_why_not_aside(error)) from error
    while text := spool.read(_PIECE):
        yield text


def _why_not_aside(error: OSError) -> str:
    from tempfile import tempdir  # None where there is no folder to take

    folder = f" in {tempdir}" if tempdir else ""
    reason = error.strerror or type(error).__name__
    return f"a report could not be put aside in a temporary file{folder}: {reason}"


def _close(spool: SpooledTemporaryFile[str]) -> None:
    """Close what is not needed any more, and may try once more to write what it could not."""
    with suppress(OSError):
        spool.close()


def _refuse_same_targets(outputs: Sequence[Output]) -> None:
    seen = set()
    for output in outputs:
        target = None if is_standard_output(output.target) else output.target
        place = (
            ("", output.to_error) if target is None else (os.path.normcase(os.path.realpath(target)), False)
        )
        if place in seen:
            where = target or "standard output"
            raise Refusal(f"{where}: two reports would be written there; name another file for one")
        seen.add(place)
