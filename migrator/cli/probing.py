"""`probe`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from migrator.cli import arguments, live_options, options
from migrator.cli.configuration import Configuration, run_settings
from migrator.cli.credentials import Keys
from migrator.cli.delivery import Output, deliver_all
from migrator.cli.output import spare
from migrator.cli.servers import (
    LIVE_CODES,
    Subject,
    closing_words,
    exit_code,
    judged,
    question_of,
    read_subject,
    refuse_unusable_certificates,
    reporter_of,
    run_config,
    settings_for,
)
from migrator.files import STANDARD_INPUT, InputFile, find
from migrator.live.probing import ask_all, by_server
from migrator.reporters import FORMATS
from migrator.summary import Tally

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.checking import FileReport
    from migrator.cli.configuration import FileSettings, RunSettings
    from migrator.files import Selection


def probe(
    paths: options.Paths = None,
    *,
    login: live_options.Login = live_options.NO_LOGIN,
    server: live_options.ServerOptions,
    keys: live_options.LoginOptions,
    findings: live_options.FindingOptions,
    output: live_options.OutputOptions,
    files: live_options.PathOptions,
    _version: options.Version = False,
) -> None:
    """Connect, and say whether the settings can work.

    Asks each distinct mail server once, from this machine. Sends no mail, and does not log in unless
    --login is given.
    """
    refuse_unusable_certificates(server.ca_file)
    configuration = Configuration(findings.config, isolated=bool(findings.isolated))
    run = run_settings(configuration, run_config(findings, output, files))
    chosen = arguments.selection(
        paths,
        include=run.include,
        exclude=run.exclude,
        force_exclude=run.force_exclude,
        files_from=files.files_from,
        stdin_filename=files.stdin_filename,
    )
    settings = settings_for(configuration, findings, run, LIVE_CODES)
    found = list(_subjects(chosen, settings, run, output.output_file))
    login_keys = Keys(keys, is_stdin_free=STANDARD_INPUT not in chosen.paths) if login else None
    questions = {
        id(one): question_of(one.section, server, keys, login_keys)
        for one in found
        if isinstance(one, Subject)
    }
    seen = ask_all(questions.values(), files.jobs)
    tally = Tally()
    reports = tally.follow(
        judged(one, seen[questions[id(one)]]) if isinstance(one, Subject) else one for one in found
    )
    named = [(one.shown, one.section, questions[id(one)]) for one in found if isinstance(one, Subject)]
    made = reporter_of(list(by_server(named, seen)), run, output)
    machine = FORMATS[run.output_format].is_machine
    deliver_all(reports, tally, [Output(made, output.output_file, machine=machine)])
    closing_words(tally, quiet=run.quiet)
    raise typer.Exit(exit_code(tally, run))


def _subjects(
    chosen: Selection, settings: FileSettings, run: RunSettings, target: str | None
) -> Iterator[Subject | FileReport]:
    for file in find(chosen):
        if isinstance(file, InputFile):
            spare(file.path, target)
        yield read_subject(file, settings, run.max_size)
