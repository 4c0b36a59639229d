"""What commands that report on many files have in common: further reports, files to spare, what is hidden."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from migrator.checking import CheckSettings
from migrator.cli import arguments
from migrator.cli.output import ExitCode, Refusal, is_standard_output, say, spare
from migrator.cli.rule_options import FailOn
from migrator.config.model import NAME, PYPROJECT
from migrator.diagnostic import Severity
from migrator.files import STANDARD_INPUT, InputFile
from migrator.values.nearest import hint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from migrator.checking import FileReport
    from migrator.cli.config import LazyConfigs, RunSettings
    from migrator.document.limits import Limits
    from migrator.files import Missing, Selection
    from migrator.reporters import FormatTraits
    from migrator.summary import Tally


def further_reports(
    texts: Sequence[str] | None, formats: Mapping[str, FormatTraits]
) -> list[tuple[str, str]]:
    """Format and file of each `--report`."""
    found = []
    for text in texts or ():
        name, equals, file = text.partition("=")
        if not equals or not file:
            raise Refusal(f"--report {text}: write it as FORMAT=FILE, such as sarif=dmsmtp.sarif")
        if name not in formats:
            raise Refusal(f'--report {text}: there is no format "{name}"; {hint(name, formats)}')
        found.append((name, file))
    return found


def check_settings(
    formats: Iterable[FormatTraits], limits: Limits, *, fingerprints: bool = False
) -> CheckSettings:
    """The settings of files that no configuration can say: what the formats of their reports want."""
    wanted = list(formats)
    return CheckSettings(
        excerpts=any(one.excerpts for one in wanted),
        fingerprints=fingerprints or any(one.fingerprints for one in wanted),
        fix_spans=any(one.fix_spans for one in wanted),
        limits=limits,
    )


def found_once(chosen: Selection) -> Iterator[InputFile | Missing]:
    """The files that are meant, each of them once where several paths may name it."""
    found = arguments.found(chosen)
    return once(found) if len(chosen.paths) > 1 else found


def once(files: Iterator[InputFile | Missing]) -> Iterator[InputFile | Missing]:
    """The files, each of them once: by whichever path it is named first."""
    seen: set[str] = set()
    folders: dict[str, str] = {}
    for file in files:
        if isinstance(file, InputFile) and file.path is not None:
            real = os.path.normcase(_real_path(file.path, folders))
            if real in seen:
                continue
            seen.add(real)
        yield file


def _real_path(path: str, folders: dict[str, str]) -> str:
    """As `os.path.realpath`, which looks at each folder on the way again: here `folders` keeps them."""
    folder, name = os.path.split(path)
    is_short = not folder or name in ("", os.curdir, os.pardir)
    if sys.platform == "win32" or is_short or os.path.islink(path):  # noqa: PTH114 - a folder many times
        return os.path.realpath(path)
    if folder not in folders:
        folders[folder] = _real_path(folder, folders)
    return os.path.join(folders[folder], name)  # noqa: PTH118 - likewise


def spared_by(
    files: Iterator[InputFile | Missing], targets: Sequence[str | None]
) -> Iterator[InputFile | Missing]:
    """The files, none of which is among those that will be written."""
    written = [target for target in targets if not is_standard_output(target)]
    for file in files:
        if isinstance(file, InputFile):
            for target in written:
                spare(file.shown, target)
        yield file


def spare_used(
    targets: Sequence[str | None],
    configs: LazyConfigs,
    *,
    files_from: str | None = None,
    baseline: str | None = None,
    what: str = "the report",
) -> None:
    """Refuse to write a report over a configuration, the list of the paths of the run or the baseline.

    Of the configurations of files, which nobody has looked for yet, it is the name that tells.
    """
    config = configs.of_run()
    used = (
        (None if config is None or config.path is None else str(config.path), "holds the configuration"),
        (None if files_from == STANDARD_INPUT else files_from, "lists what is to be checked"),
        (baseline, "lists the known findings"),
    )
    for target in targets:
        for path, why in used:
            spare(path, target, why, what)
        if target is not None and _is_called_like_a_configuration(target):
            spare(target, target, "holds a configuration", what)


def _is_called_like_a_configuration(path: str) -> bool:
    """Whether there is a file that counts as one for those beside and below it."""
    return os.path.basename(path) in (NAME, PYPROJECT) and os.path.exists(path)  # noqa: PTH110, PTH119 - as given


def at_least(severity: Severity, reports: Iterator[FileReport]) -> Iterator[FileReport]:
    """Hide what is less grave; it still counts for the exit code and the summary."""
    return reports if severity is Severity.INFO else (report.at_least(severity) for report in reports)


def say_failures(tally: Tally) -> None:
    """Say which files could not be read or written, and why."""
    for path, _, reason in tally.failures:
        say(f"{path}: {reason}")


def exit_code(tally: Tally, run: RunSettings, *, is_preview: bool = False) -> ExitCode:
    """What the figures of a run come to; failures win, and a preview of changes that is not empty counts."""
    if tally.failures:
        return ExitCode.REFUSED
    if tally.changed and (is_preview or run.exit_non_zero_on_fix):
        return ExitCode.FOUND
    if run.fail_on == FailOn.NEVER or tally.worst is None:
        return ExitCode.DONE
    return ExitCode.FOUND if tally.worst.rank >= Severity(run.fail_on).rank else ExitCode.DONE
