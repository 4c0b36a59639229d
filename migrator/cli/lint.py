"""`validate` and `lint`."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import typer

from migrator.cli import arguments, file_options, fix_options, options, report_options, rule_options
from migrator.cli.baselines import (
    baseline_of,
    refuse_baseline_left_aside,
    words_about_known,
    write_baseline,
)
from migrator.cli.config import (
    FileSettings,
    LazyConfigs,
    file_config,
    rule_config,
    run_settings,
    selection,
)
from migrator.cli.delivery import Output, deliver_all
from migrator.cli.mending import mending, refuse_contradictions
from migrator.cli.output import (
    BESIDE_DOCUMENT,
    ClosedPipe,
    ExitCode,
    Refusal,
    Unwritable,
    deliver_document,
    is_standard_output,
    layout,
    refuse_beside_document,
    refuse_unwritable,
    say,
)
from migrator.cli.processes import processes_for, refused_where_lost
from migrator.cli.progress import watched
from migrator.cli.reporting import (
    at_least,
    check_settings,
    exit_code,
    found_once,
    further_reports,
    once,
    say_failures,
    spare_used,
    spared_by,
)
from migrator.cli.written import after_writing, told_where_cut_short
from migrator.files import STANDARD_INPUT
from migrator.linting import Lint
from migrator.parallel import together_in_order
from migrator.reporters import FORMATS, reporter, statistics_reporter
from migrator.rules import codes_of_command
from migrator.summary import Tally
from migrator.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator.checking import FileReport
    from migrator.cli.config import RunSettings
    from migrator.config.model import RunConfig
    from migrator.files import InputFile, Missing, Selection

_FORMATS_OF_COUNTS = ("full", "json")
_NO_FIXES, _NO_BASELINE = fix_options.FixOptions(), report_options.BaselineOptions()


def validate(
    paths: file_options.Paths = None,
    *,
    rules: rule_options.RuleOptions,
    report: report_options.ReportOptions,
    files: file_options.FileOptions,
    limits: file_options.LimitOptions,
    _version: options.Version = False,
) -> None:
    """Say whether files are well-formed and valid.

    What counts are the schemas alone. `lint` finds all that this does, and more.
    """
    _check(_Request(paths, files, rules, report, limits, codes_of_command("validate"), fixing="lint"))


def lint(
    paths: file_options.Paths = None,
    *,
    rules: rule_options.RuleOptions,
    known: report_options.BaselineOptions,
    fixes: fix_options.FixOptions,
    report: report_options.ReportOptions,
    files: file_options.FileOptions,
    limits: file_options.LimitOptions,
    _version: options.Version = False,
) -> None:
    """Find what keeps mail from going out, or may.

    Looks at the SMTP section alone, unless --whole-file is given.
    """
    _check(_Request(paths, files, rules, report, limits, codes_of_command("lint"), fixes=fixes, known=known))


class _Request(NamedTuple):
    """What was typed."""

    paths: list[str] | None
    files: file_options.FileOptions
    rules: rule_options.RuleOptions
    report: report_options.ReportOptions
    limits: file_options.LimitOptions
    available: frozenset[str]
    fixing: str = ""
    fixes: fix_options.FixOptions = _NO_FIXES
    known: report_options.BaselineOptions = _NO_BASELINE


def _check(request: _Request) -> None:
    _refuse_contradictions(request)
    configs = LazyConfigs(request.rules.config, isolated=bool(request.rules.isolated))
    typed = _run_config(request)
    run = run_settings(configs, typed)
    rules = rule_config(request.rules, request.available, configs)
    chosen = selection(
        request.paths, run, files_from=request.files.files_from, stdin_filename=request.files.stdin_filename
    )
    target, new_baseline = request.report.output_file, request.known.write_baseline
    further = further_reports(request.report.report, FORMATS)
    spare_used(
        [target, new_baseline, *(file for _, file in further)],
        configs,
        files_from=request.files.files_from,
        baseline=run.baseline if new_baseline is None else None,
    )
    if request.files.show_files:
        from migrator.cli.inspection import show_files

        raise typer.Exit(show_files(chosen, target))
    if request.rules.show_settings:
        from migrator.cli.inspection import show_settings

        raise typer.Exit(show_settings(chosen, configs, rules, typed, run, target))
    run = run._replace(statistics=_counts_alone(request, run))
    # What is written anew counts for itself: the former baseline need not even be there
    is_aside = request.known.no_baseline or new_baseline is not None
    known = None if is_aside else baseline_of(run.baseline)
    printed = [] if request.fixes.diff or run.statistics else [run.output_format]
    formats = [*printed, *(name for name, _ in further)]
    needs_fingerprints = known is not None or new_baseline is not None
    base = check_settings((FORMATS[name] for name in formats), run.limits, fingerprints=needs_fingerprints)
    work = Lint(
        FileSettings(configs, rules, request.available, base, must_find=True),
        run.max_size,
        known,
        mending(request.fixes),
        run.unsafe_fixes,
        not run.no_backup,
    )
    raise typer.Exit(_run(request, run, chosen, work))


def _run(request: _Request, run: RunSettings, chosen: Selection, work: Lint) -> ExitCode:
    """Check the files, write what was asked for, and say how it went."""
    passes_on = request.fixes.fix and STANDARD_INPUT in chosen.paths
    outputs = _outputs(request, run, has_baseline=work.baseline is not None, passes_on=passes_on)
    if passes_on:
        refuse_beside_document(output.target for output in outputs)
    processes = processes_for(chosen, run.jobs)
    files = _files(request, chosen, [*(output.target for output in outputs), request.known.write_baseline])
    tally = Tally(is_preview=request.fixes.diff)
    documents: list[bytes] = []
    checked = together_in_order(work.reports_on, files, processes, tally.count)
    reports = tally.follow(watched(_kept(checked, documents), "checked"))
    cut_short = told_where_cut_short(lambda: tally.written, backup=not run.no_backup)
    with cut_short, refused_where_lost(), closing(checked):
        if request.known.write_baseline is not None:
            return write_baseline(
                request.known.write_baseline, reports, tally, work.settings_of, quiet=run.quiet
            )
        try:
            deliver_all(at_least(run.min_severity, reports), tally, outputs, to_the_end=request.fixes.fix)
        except (ClosedPipe, Unwritable):
            if request.fixes.fix:
                say_failures(tally)
            raise
    for document in documents:
        deliver_document(document)
    say_failures(tally)
    if not run.quiet:
        for sentence in _closing_words(tally, request, run):
            say(sentence)
    return exit_code(tally, run, is_preview=request.fixes.diff)


def _files(
    request: _Request, chosen: Selection, targets: Sequence[str | None]
) -> Iterator[InputFile | Missing]:
    """The files to check, each of them once, and none among those that are to be written."""
    for target in targets:
        refuse_unwritable(target)
    if not request.fixes.fix:
        return spared_by(found_once(chosen), targets)
    # Nothing is mended before it is known that all may be
    return iter(list(spared_by(once(arguments.found(chosen)), targets)))


def _counts_alone(request: _Request, run: RunSettings) -> bool:
    """Whether the counts are all that is printed: a format that was typed wins over the configuration.

    A diff and a new baseline take the place of both.
    """
    typed = request.report.output_format
    is_other = request.fixes.diff or request.known.write_baseline is not None
    if not run.statistics or is_other or (typed is not None and not request.report.statistics):
        return False
    if run.output_format not in _FORMATS_OF_COUNTS:
        raise Refusal(f"--statistics has full and json: for {run.output_format} beside it, give --report")
    return True


def _outputs(request: _Request, run: RunSettings, *, has_baseline: bool, passes_on: bool) -> list[Output]:
    """The reports of a run; what is printed comes first.

    A document that is passed on has standard output for itself.
    """
    report, target = request.report, request.report.output_file
    to_error = passes_on and is_standard_output(target)
    shape = layout(
        no_color=report.no_color,
        to_file=target is not None,
        hints=not run.quiet,
        to_error=to_error,
        fixing=request.fixing,
    )
    format_ = FORMATS[run.output_format]
    if request.fixes.diff:
        from migrator.reporters.diff import DiffReport

        first = Output(DiffReport(shape), target, machine=False)
    elif run.statistics:
        as_json = run.output_format == "json"
        table = statistics_reporter(shape, as_json=as_json)
        first = Output(table, target, machine=as_json, to_error=to_error)
    else:
        printed = reporter(run.output_format, shape, has_baseline=has_baseline)
        first = Output(printed, target, machine=format_.is_machine, to_error=to_error)
    further = further_reports(request.report.report, FORMATS)
    if passes_on and any(is_standard_output(file) for _, file in further):
        raise Refusal(f"--report: {BESIDE_DOCUMENT}")
    return [
        first,
        *(
            Output(reporter(name, has_baseline=has_baseline), file, machine=FORMATS[name].is_machine)
            for name, file in further
        ),
    ]


def _refuse_contradictions(request: _Request) -> None:
    """Say which options cannot be meant together."""
    fixes, report = request.fixes, request.report
    refuse_contradictions(fixes)
    refuse_baseline_left_aside(request.known)
    if fixes.diff and (report.output_format is not None or report.statistics):
        raise Refusal("--diff shows a diff alone: for a report beside it, give --report FORMAT=FILE")
    if request.known.write_baseline is not None:
        if fixes.fix or fixes.diff:
            raise Refusal("--write-baseline takes what is there: mend first, then write the baseline")
        if report.output_file is not None or report.report or report.statistics:
            raise Refusal("--write-baseline writes the baseline alone: for a report, call lint once more")


def _run_config(request: _Request) -> RunConfig:
    """What the command line says about the run."""
    files, limits, fixes, report = request.files, request.limits, request.fixes, request.report
    return file_config(files, limits)._replace(
        baseline=request.known.baseline,
        unsafe_fixes=fixes.unsafe_fixes,
        no_backup=fixes.no_backup,
        exit_non_zero_on_fix=fixes.exit_non_zero_on_fix,
        output_format=report.output_format and report.output_format.value,
        statistics=report.statistics,
        min_severity=report.min_severity,
        fail_on=request.rules.fail_on and request.rules.fail_on.value,
        quiet=report.quiet,
    )


def _kept(reports: Iterator[FileReport], documents: list[bytes]) -> Iterator[FileReport]:
    """The reports; the documents that are passed on are kept until these are written."""
    for report in reports:
        if report.rewrite is not None and report.rewrite.document is not None:
            documents.append(report.rewrite.document)
        yield report


def _closing_words(tally: Tally, request: _Request, run: RunSettings) -> Iterator[str]:
    """How it went, and what is left to do."""
    yield tally.sentence(run.min_severity, is_preview=request.fixes.diff, fixing=request.fixing)
    yield from words_about_known(tally.on_disk, request.fixing)
    yield from after_writing(tally.written, backup=not run.no_backup)
