"""Findings that are known from before: the baseline that counts, and a new one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.cli.output import ExitCode, Refusal, deliver, say
from migrator.cli.reporting import say_failures
from migrator.files import why_unreadable
from migrator.summary import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.baseline import Baseline
    from migrator.checking import FileReport
    from migrator.cli.report_options import BaselineOptions
    from migrator.summary import Tally


def refuse_baseline_left_aside(known: BaselineOptions) -> None:
    """Refuse to leave the baseline aside that somebody typed."""
    if known.baseline is not None and known.no_baseline:
        raise Refusal(
            "--no-baseline leaves known findings aside, and --baseline names them: give one of them"
        )


def baseline_of(path: str | None) -> Baseline | None:
    """The baseline that counts."""
    if path is None:
        return None
    from migrator import baseline

    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise Refusal(f"--baseline {path}: {why_unreadable(error)}") from error
    found = baseline.read(data, os.path.dirname(path))  # noqa: PTH120 - as given
    if isinstance(found, baseline.BaselineError):
        where = path if found.line is None else f"{path}:{found.line}"
        raise Refusal(f"{where}: {found.message}; {found.help}")
    return found


def write_baseline(path: str, reports: Iterator[FileReport], tally: Tally, *, quiet: bool) -> ExitCode:
    """Write down what is found; it is known from then on."""
    from migrator import baseline

    found = baseline.collect(reports, os.path.dirname(path))  # noqa: PTH120 - as given
    say_failures(tally)
    if tally.failures:
        say(f"{path} was not written: a baseline counts for all files")
        return ExitCode.REFUSED
    deliver([baseline.write(found)], path, machine=True)
    if not quiet:
        number = sum(entry.count for entry in found.entries)
        say(f"{counted(number, 'finding')} in {counted(tally.files, 'file')} written to {path}")
        if left := sum(tally.by_severity.values()) - number:
            verb = "is" if left == 1 else "are"
            say(f"{counted(left, 'finding')} {verb} not in it: D codes are never known from before")
    return ExitCode.DONE


def words_about_known(tally: Tally, writing: str = "") -> Iterator[str]:
    """What to do where known findings are no longer found.

    `writing` names the command that writes the baseline, where another one was called.
    """
    if tally.gone:
        option = f"{writing} --write-baseline".lstrip()
        yield (
            f"{counted(tally.gone, 'known finding')} of the baseline {'is' if tally.gone == 1 else 'are'} "
            f"no longer there: write it again with {option}"
        )
