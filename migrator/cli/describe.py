"""`describe`."""

from __future__ import annotations

import typer

from migrator.checking import CheckSettings, check_document, read_document
from migrator.cli import file_options, options, rule_options
from migrator.cli.config import FileSettings, LazyConfigs, only_file, run_settings
from migrator.cli.output import ExitCode, Refusal, deliver_told, say, spare
from migrator.cli.reporting import spare_used
from migrator.config.model import RuleConfig, RunConfig
from migrator.describe import describe as describe_section
from migrator.files import Missing, read
from migrator.reporters.concise import place_of
from migrator.reporters.description import as_json, as_text
from migrator.rules import codes_of_command
from migrator.summary import Tally


def describe(
    path: file_options.OnePath = None,
    *,
    output_format: options.OtherFormat = options.TextFormat.FULL,
    output_file: options.OutputFile = None,
    quiet: options.Quiet = None,
    no_color: options.NoColor = False,
    stdin_filename: file_options.StdinFilename = None,
    config: rule_options.ConfigOptions,
    limits: file_options.LimitOptions,
    _version: options.Version = False,
) -> None:
    """Say in plain words what the settings make DataMiner do."""
    configs = LazyConfigs(config.config, isolated=bool(config.isolated))
    run = run_settings(configs, RunConfig(quiet=quiet, **limits._asdict()))
    spare_used([output_file], configs)
    file = only_file(path, run, "described", stdin_filename=stdin_filename)
    if isinstance(file, Missing):
        raise Refusal(f"{file.shown}: {file.reason}")
    base = CheckSettings(limits=run.limits)
    settings = FileSettings(configs, RuleConfig(), codes_of_command("lint"), base)(file.configured_as)
    if isinstance(settings, str):
        raise Refusal(f"{file.shown}: {settings}")
    spare(file.shown, output_file)
    data = read(file, run.max_size)
    if isinstance(data, Missing):
        raise Refusal(f"{data.shown}: {data.reason}")
    report, configuration = check_document(file.shown, read_document(file.shown, data, run.limits), settings)
    section = None if configuration is None else configuration.section
    if configuration is None or section is None:
        from migrator.reporters.findings import told

        for finding in report.diagnostics:
            place = place_of(finding.path, finding.span)
            say(f"{place}: {finding.severity}[{finding.code}] {told(finding)}")
        if not report.diagnostics:  # as the configuration wants it
            say(f"{file.shown}: there is no SMTP section to describe")
        raise typer.Exit(ExitCode.FOUND)
    words = describe_section(file.shown, configuration, section)
    machine = output_format is options.TextFormat.JSON
    deliver_told(words, as_text, as_json, output_file, machine=machine, no_color=no_color)
    if report.diagnostics and not run.quiet:
        tally = Tally()
        list(tally.follow([report]))
        say(f"{tally.found()}: `dmsmtp lint` shows what")
