"""`validate` and `lint`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import typer

from migrator.checking import CheckSettings
from migrator.cli import arguments, options
from migrator.cli.configuration import Configuration, FileSettings, RunSettings, rule_config, run_settings
from migrator.cli.output import ExitCode, Refusal, deliver, layout, say, spare
from migrator.config.model import RuleConfig, RunConfig
from migrator.diagnostic import Severity
from migrator.files import STANDARD_INPUT, InputFile, Missing, find
from migrator.linting import Lint, Mending
from migrator.parallel import LostProcessError, in_order, processors
from migrator.reporters import FORMATS, reporter
from migrator.rules import RULES
from migrator.summary import Tally

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.checking import FileReport
    from migrator.files import Selection

_ALL = frozenset(rule.code for rule in RULES)
_OF_SCHEMA = frozenset(rule.code for rule in RULES if rule.in_validate)
_NO_FIXES, _NO_BASELINE = options.FixOptions(), options.BaselineOptions()


def validate(
    paths: options.Paths = None,
    *,
    rules: options.RuleOptions,
    report: options.ReportOptions,
    files: options.FileOptions,
    limits: options.LimitOptions,
    _version: options.Version = False,
) -> None:
    """Say whether files are well-formed and valid against the schemas.

    `lint` finds all that this does, and more.
    """
    _check(_Request(paths, files, rules, report, limits, _OF_SCHEMA))


def lint(
    paths: options.Paths = None,
    *,
    rules: options.RuleOptions,
    known: options.BaselineOptions,
    fixes: options.FixOptions,
    report: options.ReportOptions,
    files: options.FileOptions,
    limits: options.LimitOptions,
    _version: options.Version = False,
) -> None:
    """Find what keeps mail from going out, or may.

    Looks at the SMTP section alone, unless --whole-file is given.
    """
    _check(_Request(paths, files, rules, report, limits, _ALL, fixes, known))


class _Request(NamedTuple):
    """What was typed."""

    paths: list[str] | None
    files: options.FileOptions
    rules: options.RuleOptions
    report: options.ReportOptions
    limits: options.LimitOptions
    available: frozenset[str]
    fixes: options.FixOptions = _NO_FIXES
    known: options.BaselineOptions = _NO_BASELINE


def _check(request: _Request) -> None:
    _refuse_contradictions(request)
    configuration = Configuration(request.rules.config, isolated=bool(request.rules.isolated))
    typed = _run_config(request)
    run = run_settings(configuration, typed)
    rules = rule_config(request.rules, request.available)
    chosen = arguments.selection(
        request.paths,
        include=run.include,
        exclude=run.exclude,
        force_exclude=run.force_exclude,
        files_from=request.files.files_from,
        stdin_filename=request.files.stdin_filename,
    )
    target = request.report.output_file
    if request.files.show_files:
        raise typer.Exit(show_files(chosen, target))
    if request.rules.show_settings:
        raise typer.Exit(show_settings(chosen, configuration, rules, typed, run, target))
    known = read_baseline(run.baseline) if run.baseline is not None else None
    formats = [
        *([] if _is_diff(request) else [run.output_format]),
        *(one.format for one in _further(request)),
    ]
    needs_fingerprints = known is not None or request.known.write_baseline is not None
    base = CheckSettings(
        excerpts=any(FORMATS[name].excerpts for name in formats),
        fingerprints=needs_fingerprints or any(FORMATS[name].fingerprints for name in formats),
        fix_spans=any(FORMATS[name].fix_spans for name in formats),
        limits=run.limits,
    )
    work = Lint(
        FileSettings(configuration, rules, request.available, base),
        run.max_size,
        known,
        _mending(request.fixes),
        run.unsafe_fixes,
        not run.no_backup,
    )
    raise typer.Exit(_run(request, run, chosen, work))


def _run(request: _Request, run: RunSettings, chosen: Selection, work: Lint) -> ExitCode:
    """Check the files, write what was asked for, and say how it went."""
    outputs = _outputs(request, run, has_baseline=work.baseline is not None)
    # A process has standard input for itself, and others have none
    processes = 1 if STANDARD_INPUT in chosen.paths else run.jobs or processors()
    tally = Tally()
    documents: list[bytes] = []
    found = _kept(in_order(work, _spared(find(chosen), outputs), processes), documents)
    reports = _at_least(run.min_severity, tally.follow(watched(found, "checked")))
    try:
        deliver_all(reports, tally, outputs)
    except LostProcessError as error:
        raise Refusal("a process was ended from outside, perhaps for lack of memory; try --jobs 1") from error
    for document in documents:
        deliver_document(document)
    for path, reason in tally.failures:
        say(f"{path}: {reason}")
    if not run.quiet:
        for sentence in _closing_words(tally, request, run):
            say(sentence)
    return _exit_code(tally, request, run)
