"""`validate` and `lint`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from migrator.checking import CheckSettings, FileReport, check
from migrator.cli import options
from migrator.cli.configuration import Settings
from migrator.cli.delivery import Output, deliver_all
from migrator.cli.options import FailOn, ReportFormat
from migrator.cli.output import ExitCode, layout, say, spare
from migrator.diagnostic import Severity
from migrator.document.limits import Limits
from migrator.files import Missing, find, read
from migrator.reporters import FORMATS, reporter
from migrator.rules import RULES
from migrator.rules.model import Circumstances
from migrator.summary import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from migrator.files import Selection

_LIMITS = Limits()


def _command(codes: frozenset[str], help_: str) -> Callable[..., None]:
    """A command that reports these codes at most."""

    def command(  # noqa: PLR0913 - one parameter an option
        context: typer.Context,
        paths: options.Paths = None,
        *,
        select: options.Select = None,
        extend_select: options.ExtendSelect = None,
        ignore: options.Ignore = None,
        target_version: options.TargetVersion = None,
        as_of: options.AsOf = None,
        whole_file: options.WholeFile = False,
        config: options.ConfigFile = None,
        isolated: options.Isolated = False,
        fail_on: options.Fail = FailOn.ERROR,
        output_format: options.Format = ReportFormat.FULL,
        output_file: options.OutputFile = None,
        min_severity: options.MinSeverity = Severity.INFO,
        quiet: options.Quiet = False,
        no_color: options.NoColor = False,
        include: options.Include = None,
        exclude: options.Exclude = None,
        force_exclude: options.ForceExclude = False,
        files_from: options.FilesFrom = None,
        stdin_filename: options.StdinFilename = None,
        max_size: options.MaxSize = _LIMITS.size,
        max_depth: options.MaxDepth = _LIMITS.depth,
        max_nodes: options.MaxNodes = _LIMITS.nodes,
        _version: options.Version = False,
    ) -> None:
        configured = Settings(config, isolated=isolated)
        run = configured.run(
            options.given(
                context,
                {
                    "include": include,
                    "exclude": exclude,
                    "force_exclude": force_exclude,
                    "output_format": output_format.value,
                    "min_severity": min_severity,
                    "fail_on": fail_on.value,
                    "quiet": quiet,
                    "max_size": max_size,
                    "max_depth": max_depth,
                    "max_nodes": max_nodes,
                },
            )
        )
        if run is not None:
            output_format = ReportFormat(run.output_format or output_format)
            fail_on = FailOn(run.fail_on or fail_on)
            min_severity = run.min_severity or min_severity
            quiet = bool(run.quiet)
            max_size, max_depth = run.max_size or max_size, run.max_depth or max_depth
            max_nodes = run.max_nodes or max_nodes
        chosen = options.selection(
            paths,
            include if run is None else run.include,
            exclude if run is None else run.exclude,
            force_exclude=force_exclude if run is None else bool(run.force_exclude),
            files_from=files_from,
            stdin_filename=stdin_filename,
        )
        shape = FORMATS[output_format.value]
        settings = CheckSettings(
            codes=options.codes(select, extend_select, ignore, codes, whole_file=whole_file),
            whole_file=whole_file,
            excerpts=shape.excerpts,
            fingerprints=shape.fingerprints,
            fix_spans=shape.fix_spans,
            limits=options.limits(max_size, max_depth, max_nodes),
            circumstances=Circumstances(options.as_of(as_of), options.target_version(target_version)),
        )
        circumstances = settings.circumstances
        rules = options.given(
            context,
            {
                "select": select,
                "extend_select": extend_select,
                "ignore": ignore,
                "whole_file": whole_file,
                "as_of": circumstances and circumstances.as_of,
                "target_version": circumstances and circumstances.target,
            },
        )

        def settings_of(path: str | None) -> CheckSettings | str:
            return configured.of_file(path, settings, rules, codes)

        tally = Tally()
        found = _reports(chosen, settings_of, settings.limits.size, output_file)
        reports = _at_least(min_severity, tally.follow(found))
        look = layout(no_color=no_color, to_file=output_file is not None, hints=not quiet)
        printed = Output(reporter(output_format.value, look), output_file, machine=shape.is_machine)
        deliver_all(reports, tally, [printed])
        for path, reason in tally.failures:
            say(f"{path}: {reason}")
        if not quiet:
            say(tally.sentence(min_severity))
        raise typer.Exit(_exit_code(tally, fail_on))

    command.__doc__ = help_
    return command


def _reports(
    chosen: Selection,
    settings_of: Callable[[str | None], CheckSettings | str],
    max_size: int,
    output_file: str | None,
) -> Iterator[FileReport]:
    for file in find(chosen):
        if isinstance(file, Missing):
            yield FileReport(file.shown, failure=file.reason)
            continue
        spare(file.path, output_file)
        settings = settings_of(file.path)
        if isinstance(settings, str):
            yield FileReport(file.shown, failure=f"its configuration cannot be used: {settings}")
            continue
        data = read(file, max_size)
        if isinstance(data, Missing):
            yield FileReport(data.shown, failure=data.reason)
        else:
            yield check(file.shown, data, settings)


def _at_least(severity: Severity, reports: Iterator[FileReport]) -> Iterator[FileReport]:
    """Hide what is less grave; it still counts for the exit code and the summary."""
    return reports if severity is Severity.INFO else (report.at_least(severity) for report in reports)


def _exit_code(tally: Tally, fail_on: FailOn) -> ExitCode:
    if tally.failures:
        return ExitCode.REFUSED
    if fail_on is FailOn.NEVER or tally.worst is None:
        return ExitCode.DONE
    return ExitCode.FOUND if tally.worst.rank >= Severity(fail_on.value).rank else ExitCode.DONE


validate = _command(
    frozenset(rule.code for rule in RULES if rule.in_validate),
    """Say whether files are well-formed and valid against the schemas.

    `lint` finds all that this does, and more.
    """,
)
lint = _command(
    frozenset(rule.code for rule in RULES),
    """Find what keeps mail from going out, or may.

    Looks at the SMTP section alone, unless --whole-file is given.
    """,
)
