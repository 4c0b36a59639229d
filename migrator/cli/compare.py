"""`compare`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import typer

from migrator.cli import cluster_options, compare_options, file_options, options, report_options, rule_options
from migrator.cli.agents import KEY_SIZE, read_files, selection_of_agents, topology_of
from migrator.cli.baselines import (
    baseline_of,
    refuse_baseline_left_aside,
    words_about_known,
    write_baseline,
)
from migrator.cli.config import (
    FileSettings,
    LazyConfigs,
    RunSettings,
    file_config,
    rule_config,
    run_settings,
)
from migrator.cli.delivery import Output, deliver_all
from migrator.cli.output import ExitCode, Refusal, layout, say
from migrator.cli.processes import processes_for, refused_where_lost
from migrator.cli.progress import watched
from migrator.cli.reporting import (
    at_least,
    check_settings,
    exit_code,
    further_reports,
    say_failures,
    spare_used,
)
from migrator.cluster.comparing import matrix
from migrator.cluster.locating import reports_on
from migrator.cluster.places import Placer
from migrator.cluster.reading import AgentReader
from migrator.reporters import CLUSTER_FORMATS, cluster_reporter
from migrator.rules import codes_of_command
from migrator.summary import Tally
from migrator.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.baseline import Baseline
    from migrator.checking import FileReport
    from migrator.cluster.comparing import Matrix
    from migrator.config.model import RunConfig
    from migrator.files import Selection

_DEFAULT = RunSettings(fail_on="warning")
_FEWEST = 2  # agents that can be compared


def compare(
    paths: compare_options.AgentPaths = None,
    *,
    cluster: compare_options.ClusterOptions,
    rules: compare_options.ClusterRuleOptions,
    known: report_options.BaselineOptions,
    report: compare_options.ClusterReportOptions,
    files: cluster_options.AgentFileOptions,
    limits: file_options.LimitOptions,
    _version: options.Version = False,
) -> None:
    """Show where the agents of a cluster differ.

    Failover pairs included. What settings mean is compared, not how they are written.
    """
    request = _Request(paths, cluster, rules, known, report, files, limits)
    _refuse_contradictions(request)
    configs = LazyConfigs(rules.config, isolated=bool(rules.isolated))
    run = run_settings(configs, _run_config(request), _DEFAULT)
    chosen = selection_of_agents(paths, files, run)
    spare_used(
        [report.output_file, known.write_baseline, *(file for _, file in _further(request))],
        configs,
        files_from=files.files_from,
        baseline=run.baseline if known.write_baseline is None else None,
    )
    if files.show_files:
        from migrator.cli.inspection import show_files

        raise typer.Exit(show_files(chosen, report.output_file))
    available = codes_of_command("compare")
    # What is written anew counts for itself: the former baseline need not even be there
    is_aside = known.no_baseline or known.write_baseline is not None
    baseline = None if is_aside else baseline_of(run.baseline)
    wanted = [run.output_format, *(name for name, _ in _further(request))]
    base = check_settings(
        (CLUSTER_FORMATS[name] for name in wanted),
        run.limits,
        fingerprints=baseline is not None or known.write_baseline is not None,
    )
    selected = rule_options.RuleOptions(
        select=rules.select, extend_select=rules.extend_select, ignore=rules.ignore
    )
    settings = FileSettings(configs, rule_config(selected, available), available, base)
    with refused_where_lost():
        raise typer.Exit(_run(request, run, chosen, settings, configs, baseline))


class _Request(NamedTuple):
    """What was typed."""

    paths: list[str] | None
    cluster: compare_options.ClusterOptions
    rules: compare_options.ClusterRuleOptions
    known: report_options.BaselineOptions
    report: compare_options.ClusterReportOptions
    files: cluster_options.AgentFileOptions
    limits: file_options.LimitOptions


def _refuse_contradictions(request: _Request) -> None:
    """Say which options cannot be meant together."""
    refuse_baseline_left_aside(request.known)
    if request.known.write_baseline is not None and (request.report.output_file or request.report.report):
        raise Refusal("--write-baseline writes the baseline alone: for a report, call compare once more")


def _run_config(request: _Request) -> RunConfig:
    """What the command line says about the run."""
    files, report, limits = request.files, request.report, request.limits
    return file_config(files, limits)._replace(
        baseline=request.known.baseline,
        output_format=report.output_format and report.output_format.value,
        min_severity=report.min_severity,
        fail_on=request.rules.fail_on and request.rules.fail_on.value,
        quiet=report.quiet,
    )


def _run(
    request: _Request,
    run: RunSettings,
    chosen: Selection,
    settings: FileSettings,
    configs: LazyConfigs,
    baseline: Baseline | None,
) -> ExitCode:
    """Read the agents, compare them, write what was asked for, and say how it went."""
    key = os.urandom(KEY_SIZE)
    processes = processes_for(chosen, run.jobs)
    reader = AgentReader(settings, run.max_size, key, request.files.timeout)
    new_baseline = request.known.write_baseline
    targets = [request.report.output_file, *(file for _, file in _further(request)), new_baseline]
    files = read_files(chosen, reader, processes, targets)
    if sum(file.agent is not None for file in files) < _FEWEST and all(one.report is None for one in files):
        raise Refusal("one agent was given: to compare needs two")
    known = topology_of(
        files,
        run,
        configs,
        key,
        failover=request.cluster.failover or (),
        reference=request.cluster.reference,
    )
    table = matrix(known.cluster, known.notes)
    tally = Tally()
    placer = Placer(settings, run.max_size, key, request.files.timeout)
    found = reports_on(files, known.cluster, placer, processes)
    reports = tally.follow(found if baseline is None else _without_known(found, baseline, settings))
    if new_baseline is not None:
        return write_baseline(new_baseline, watched(reports, "compared"), tally, settings, quiet=run.quiet)
    outputs = _outputs(request, run, table, has_baseline=baseline is not None)
    deliver_all(at_least(run.min_severity, watched(reports, "compared")), tally, outputs)
    say_failures(tally)
    if not run.quiet:
        for note in known.notes:
            say(note)
        say(tally.sentence(run.min_severity))
        for sentence in words_about_known(tally):
            say(sentence)
    return exit_code(tally, run)


def _without_known(
    reports: Iterator[FileReport], baseline: Baseline, settings_of: FileSettings
) -> Iterator[FileReport]:
    from migrator.baseline import apply

    for report in reports:
        settings = settings_of(report.path)
        if isinstance(settings, str):
            yield report
            continue
        left, gone = apply(report, baseline, settings.asked)
        yield left._replace(gone=gone)


def _outputs(request: _Request, run: RunSettings, table: Matrix, *, has_baseline: bool) -> list[Output]:
    """The reports of a run; what is printed comes first."""
    target = request.report.output_file
    shape = layout(no_color=request.report.no_color, to_file=target is not None, hints=not run.quiet)
    return [
        Output(
            cluster_reporter(run.output_format, table, shape, has_baseline=has_baseline),
            target,
            machine=CLUSTER_FORMATS[run.output_format].is_machine,
        ),
        *(
            Output(
                cluster_reporter(name, table, has_baseline=has_baseline),
                file,
                machine=CLUSTER_FORMATS[name].is_machine,
            )
            for name, file in _further(request)
        ),
    ]


def _further(request: _Request) -> list[tuple[str, str]]:
    return further_reports(request.report.report, CLUSTER_FORMATS)
