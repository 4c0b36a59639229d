"""`validate` and `lint`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import typer

from migrator.checking import CheckSettings, FileReport, check
from migrator.cli import options
from migrator.cli.options import FailOn, ReportFormat
from migrator.cli.output import ExitCode, deliver, layout, say
from migrator.diagnostic import Severity
from migrator.document.limits import Limits
from migrator.files import Missing, Selection, find, read
from migrator.reporters import reporter
from migrator.rules import RULES
from migrator.summary import Tally

VALIDATE_HELP = (
    "Say whether files are well-formed and valid against the schema. `lint` does all of this and more."
)
LINT_HELP = (
    "Find everything in files that keeps mail from going out, or may. The SMTP section alone by default."
)
_LIMITS = Limits()


def _command(codes: frozenset[str]) -> Callable[..., None]:
    """A command that reports these codes at most."""

    def command(  # noqa: PLR0913 - one parameter an option
        paths: options.Paths = None,
        include: options.Include = None,
        exclude: options.Exclude = None,
        force_exclude: options.ForceExclude = False,
        files_from: options.FilesFrom = None,
        stdin_filename: options.StdinFilename = None,
        select: options.Select = None,
        extend_select: options.ExtendSelect = None,
        ignore: options.Ignore = None,
        whole_file: options.WholeFile = False,
        output_format: options.Format = ReportFormat.FULL,
        output_file: options.OutputFile = None,
        min_severity: options.MinSeverity = Severity.INFO,
        fail_on: options.Fail = FailOn.ERROR,
        quiet: options.Quiet = False,
        no_color: options.NoColor = False,
        max_size: options.MaxSize = _LIMITS.size,
        max_depth: options.MaxDepth = _LIMITS.depth,
        max_nodes: options.MaxNodes = _LIMITS.nodes,
    ) -> None:
        chosen = options.selection(
            paths,
            include,
            exclude,
            force_exclude=force_exclude,
            files_from=files_from,
            stdin_filename=stdin_filename,
        )
        settings = CheckSettings(
            codes=options.codes(select, extend_select, ignore, codes),
            whole_file=whole_file,
            excerpts=output_format is ReportFormat.FULL,
            limits=Limits(max_size, max_depth, max_nodes),
        )
        tally = Tally()
        reports = _at_least(min_severity, tally.follow(_reports(chosen, settings)))
        write = reporter(output_format.value)
        shape = layout(no_color=no_color, to_file=output_file is not None)
        deliver(write(reports, tally, shape), output_file, machine=output_format is ReportFormat.JSON)
        for path, reason in tally.failures:
            say(f"{path}: {reason}")
        if not tally.files and not tally.failures:
            tally.failures.append(("", ""))
            say("nothing to check: --exclude leaves no file")
        if not quiet:
            say(tally.sentence())
        raise typer.Exit(_exit_code(tally, fail_on))

    return command


def _reports(chosen: Selection, settings: CheckSettings) -> Iterator[FileReport]:
    for file in find(chosen):
        if isinstance(file, Missing):
            yield FileReport(file.shown, failure=file.reason)
            continue
        data = read(file, settings.limits.size)
        if isinstance(data, Missing):
            yield FileReport(data.shown, failure=data.reason)
        else:
            yield check(file.shown, data, settings)


def _at_least(severity: Severity, reports: Iterator[FileReport]) -> Iterator[FileReport]:
    """Hide what is less grave; it still counts for the exit code and the summary."""
    if severity is Severity.INFO:
        yield from reports
        return
    for report in reports:
        yield report.at_least(severity)


def _exit_code(tally: Tally, fail_on: FailOn) -> ExitCode:
    if tally.failures:
        return ExitCode.REFUSED
    if fail_on is FailOn.NEVER or tally.worst is None:
        return ExitCode.DONE
    return ExitCode.FOUND if tally.worst.rank >= Severity(fail_on.value).rank else ExitCode.DONE


validate = _command(frozenset(rule.code for rule in RULES if rule.in_validate))
lint = _command(frozenset(rule.code for rule in RULES))
