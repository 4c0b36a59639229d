"""Findings that are known from before: the baseline that counts, and a new one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.cli.output import ExitCode, Refusal, deliver, say
from migrator.cli.reporting import say_failures
from migrator.files import why_unreadable
from migrator.wording import counted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from migrator.baseline import Baseline
    from migrator.checking import FileReport
    from migrator.cli.report_options import BaselineOptions
    from migrator.loading import SettingsOf
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
    except FileNotFoundError as error:
        raise Refusal(
            f"{path}: there is no such baseline: lint and compare write one with --write-baseline"
        ) from error
    except OSError as error:
        raise Refusal(f"the baseline {path}: {why_unreadable(error, path)}") from error
    found = baseline.read(data, os.path.dirname(path))  # noqa: PTH120 - as given
    if isinstance(found, baseline.BaselineError):
        where = path if found.line is None else f"{path}:{found.line}"
        raise Refusal(f"{where}: {found.message}; {found.help}")
    return found


def write_baseline(
    path: str, reports: Iterable[FileReport], tally: Tally, settings_of: SettingsOf, *, quiet: bool
) -> ExitCode:
    """Write down what is found; it is known from then on.

    `settings_of` says what was looked for in a file.
    """
    from migrator import baseline

    folder = os.path.dirname(path)  # noqa: PTH120 - as given
    former = _former(path)
    certain: dict[str, Collection[str]] = {}
    found = baseline.collect(
        reports if former is None else _noted(reports, folder, settings_of, certain), folder
    )
    say_failures(tally)
    if tally.failures:
        say(f"{path} was not written: a baseline counts for all files")
        return ExitCode.REFUSED
    deliver([baseline.write(found)], path, machine=True)
    if not quiet:
        number = sum(entry.count for entry in found.entries)
        say(f"{counted(number, 'finding')} in {counted(tally.files, 'file')} written to {path}")
        if left := sum(tally.by_severity.values()) - number:
            say(f"{_are(left)} not in it: D codes are never known from before")
        if former is not None and (lost := baseline.passed_over(former, certain)):
            say(f"{_are(lost)} no longer in it that this run did not look for")
    return ExitCode.DONE


def _are(number: int) -> str:
    return f"{counted(number, 'finding')} {'is' if number == 1 else 'are'}"


def _former(path: str) -> Baseline | None:
    """The baseline whose place a new one takes, where there is one that can be read."""
    if not os.path.isfile(path):  # noqa: PTH113 - to read from a pipe that is written to would never end
        return None
    try:
        return baseline_of(path)
    except Refusal:
        return None


def _noted(
    reports: Iterable[FileReport], folder: str, settings_of: SettingsOf, certain: dict[str, Collection[str]]
) -> Iterator[FileReport]:
    """The reports; which codes are certain of each file is noted by its path in the baseline."""
    from migrator.baseline import looked_for, relative

    for report in reports:
        settings = settings_of(report.path)
        asked = frozenset() if isinstance(settings, str) else settings.asked
        certain[relative(report.path, folder)] = looked_for(report, asked)
        yield report


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
