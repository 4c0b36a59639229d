"""`check`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from migrator.checking import FileReport
from migrator.checking import check as check_file
from migrator.cli import file_options, live_options, options  # noqa: TC001 - typer looks at the types
from migrator.cli.credentials import Keys, refuse_without_login
from migrator.cli.output import deliver, layout
from migrator.cli.reporting import exit_code
from migrator.cli.servers import (
    LIVE_CODES,
    Subject,
    closing_words,
    judged,
    only_subject,
    prepared,
    question_of,
)
from migrator.describe import describe
from migrator.diagnostic import Diagnostic
from migrator.files import STANDARD_INPUT
from migrator.live.probing import ask_all, by_server
from migrator.live.verdict import verdict
from migrator.reporters import pieces
from migrator.rules import OFFLINE_CODES
from migrator.summary import Tally

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.document.model import Excerpt
    from migrator.live.verdict import Verdict
    from migrator.reporters.server import Servers


def check(
    path: file_options.OnePath = None,
    *,
    login: live_options.Login = False,
    server: live_options.ServerOptions,
    keys: live_options.LoginOptions,
    findings: live_options.FindingOptions,
    output: live_options.OtherOutputOptions,
    _version: options.Version = False,
) -> None:
    """Describe, lint and probe: say whether mail will go out.

    Yes, or no because of what was found. Sends no mail, and does not log in unless --login is given.
    """
    if not login:
        refuse_without_login(keys)
    run, settings = prepared(findings, output, server, keys.token_file, OFFLINE_CODES | LIVE_CODES)
    subject = only_subject(path, settings, run, output.output_file)
    tally = Tally()
    if not isinstance(subject, Subject):
        report, told = subject, verdict(None, subject.diagnostics, (), None)
        servers: Servers = []
    else:
        is_free = path != STANDARD_INPUT
        login_keys = Keys(keys, server, is_stdin_free=is_free) if login else None
        question = question_of(subject.section, server, keys, login_keys)
        seen = ask_all([question], 1)[question]
        offline = check_file(subject.shown, subject.data, subject.settings)
        online = judged(subject, seen)
        told = verdict(subject.section, offline.diagnostics, online.diagnostics, seen)
        report = _together(offline, online)
        servers = list(by_server([(subject.shown, subject.section, question)], {question: seen}))
    reports = list(tally.follow([report]))
    if run.output_format == "json":
        deliver(_as_json(subject, servers, told, reports, tally, output), output.output_file, machine=True)
    else:
        deliver(_as_text(subject, servers, told, reports, tally, output), output.output_file, machine=False)
    closing_words(tally, asked=bool(servers), quiet=run.quiet)
    raise typer.Exit(exit_code(tally, run))


def _together(offline: FileReport, online: FileReport) -> FileReport:
    """What was found in a file and at its server, in order."""
    found: list[tuple[Diagnostic, Excerpt | None]] = []
    for one in (offline, online):
        excerpts = one.excerpts or (None,) * len(one.diagnostics)
        found += zip(one.diagnostics, excerpts, strict=True)
    found.sort(key=lambda pair: Diagnostic.sort_key(pair[0]))
    return offline._replace(
        diagnostics=tuple(one for one, _ in found),
        excerpts=tuple(excerpt for _, excerpt in found),
        shortfalls=online.shortfalls,
        suppressed=(*offline.suppressed, *online.suppressed),
    )


def _as_text(
    subject: Subject | FileReport,
    servers: Servers,
    told: Verdict,
    reports: list[FileReport],
    tally: Tally,
    output: live_options.OtherOutputOptions,
) -> Iterator[str]:
    from migrator.reporters.description import as_text
    from migrator.reporters.server import ServersAsText
    from migrator.reporters.style import BOLD, paint

    shape = layout(no_color=output.no_color, to_file=output.output_file is not None, hints=False)
    if isinstance(subject, Subject):
        yield from as_text(describe(subject.shown, subject.configuration, subject.section), shape)
        yield "\n"
    made = ServersAsText(servers, shape, transcript=output.verbose)
    yield from pieces(made, reports, tally)
    yield f"\n{paint(told.sentence, BOLD, colour=shape.colour)}\n"


def _as_json(
    subject: Subject | FileReport,
    servers: Servers,
    told: Verdict,
    reports: list[FileReport],
    tally: Tally,
    output: live_options.OtherOutputOptions,
) -> Iterator[str]:
    from migrator.reporters.description import members
    from migrator.reporters.server import ServersAsJson

    words = None
    if isinstance(subject, Subject):
        words = members(describe(subject.shown, subject.configuration, subject.section))
    further = {"description": words, "verdict": {"answer": told.answer.value, "sentence": told.sentence}}
    yield from pieces(ServersAsJson(servers, further, transcript=output.verbose), reports, tally)
