"""`probe`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import typer

from migrator.cli import arguments, fix_options, live_options, options, probe_options
from migrator.cli.config import LazyConfigs, run_settings, selection
from migrator.cli.credentials import Keys, refuse_without_login
from migrator.cli.delivery import Output, deliver_all
from migrator.cli.mending import mending, refuse_contradictions
from migrator.cli.output import Refusal, refuse_unwritable, say
from migrator.cli.progress import watched
from migrator.cli.reporting import at_least, exit_code, further_reports, once, spare_used, spared_by
from migrator.cli.servers import (
    LIVE_CODES,
    Subject,
    closing_words,
    further_outputs,
    judged,
    question_of,
    read_subject,
    refuse_unusable_certificates,
    reporter_of,
    run_config,
    settings_for,
    spare_keys,
    subject_of,
)
from migrator.cli.written import after_writing, told_where_cut_short
from migrator.files import STANDARD_INPUT
from migrator.linting import Lint
from migrator.live.probing import ask_all, by_server
from migrator.reporters import FORMATS
from migrator.summary import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from migrator.checking import FileReport
    from migrator.cli.config import FileSettings, RunSettings
    from migrator.files import Selection
    from migrator.live.probing import Question
    from migrator.observations import Observations
    from migrator.reporters.server import Servers
    from migrator.section import Section


def probe(
    *,
    files: probe_options.PathOptions,
    login: live_options.Login = False,
    server: live_options.ServerOptions,
    keys: live_options.LoginOptions,
    findings: live_options.FindingOptions,
    fixes: fix_options.FixOptions,
    output: probe_options.OutputOptions,
    more: probe_options.FurtherOptions,
    _version: options.Version = False,
) -> None:
    """Connect, and say whether the settings can work.

    Asks each mail server once for each Helo and login, from this machine. Sends no mail, and does not log
    in unless --login is given.
    """
    _refuse_contradictions(fixes, output, files)
    if not login:
        refuse_without_login(keys)
    refuse_unusable_certificates(server.ca_file)
    configs = LazyConfigs(findings.config, isolated=bool(findings.isolated))
    run = run_settings(configs, run_config(findings, output, files, fixes, more.min_severity))
    further = further_reports(more.report, FORMATS)
    chosen = selection(files.paths, run, files_from=files.files_from, stdin_filename=files.stdin_filename)
    targets = [output.output_file, *(file for _, file in further)]
    for target in targets:
        refuse_unwritable(target)
    spare_used(targets, configs, files_from=files.files_from)
    spare_keys(targets, server.ca_file, keys.token_file)
    settings = settings_for(configs, findings, run, LIVE_CODES, further)
    found = list(_subjects(chosen, settings, run, targets))
    is_free = STANDARD_INPUT not in (*chosen.paths, files.files_from)
    login_keys = Keys(keys, server, is_stdin_free=is_free) if login else None

    prober = _Prober(lambda section: question_of(section, server, keys, login_keys))
    subjects = [one for one in found if isinstance(one, Subject)]
    prober.ask(subjects, files.jobs)
    work = Lint(settings, run.max_size, None, mending(fixes), run.unsafe_fixes, not run.no_backup)
    tally = Tally(is_preview=fixes.diff)
    reports = tally.follow(
        work.mend(one.file, one.data, run.limits, partial(prober.look, one))
        if isinstance(one, Subject)
        else one
        for one in found
    )
    with told_where_cut_short(lambda: tally.written, backup=not run.no_backup):
        if fixes.fix:  # what is asked on the way stands before all findings
            reports = iter(list(reports))
        servers = prober.servers
        made = reporter_of(servers, run, output, as_diff=fixes.diff)
        machine = FORMATS[run.output_format].is_machine and not fixes.diff
        outputs = [Output(made, output.output_file, machine=machine)]
        outputs += further_outputs(servers, further, transcript=output.verbose)
        deliver_all(at_least(run.min_severity, reports), tally, outputs, to_the_end=fixes.fix)
    closing_words(
        tally,
        asked=bool(servers),
        quiet=run.quiet,
        is_preview=fixes.diff,
        shown_from=run.min_severity,
    )
    if not run.quiet:
        for sentence in after_writing(tally.written, backup=not run.no_backup):
            say(sentence)
    raise typer.Exit(exit_code(tally, run, is_preview=fixes.diff))


class _Prober:
    """Asks servers, each question once, and remembers what was seen."""

    def __init__(self, question_for: Callable[[Section], Question]) -> None:
        self._question_for = question_for
        self._questions: dict[Section, Question] = {}
        self._sections: dict[tuple[str, Question], Section] = {}
        self._seen: dict[Question, Observations] = {}

    def question_of(self, subject: Subject) -> Question:
        """What is asked about a file."""
        section = subject.section
        if section not in self._questions:
            self._questions[section] = self._question_for(section)
        return self._questions[section]

    def ask(self, subjects: Sequence[Subject], most: int) -> None:
        """Ask about all of these files."""
        self._sections |= {(one.shown, self.question_of(one)): one.section for one in subjects}
        new = [one for one in map(self.question_of, subjects) if one not in self._seen]
        self._seen.update(ask_all(new, most, partial(watched, done="asked")))

    def look(self, former: Subject, data: bytes) -> FileReport:
        """What there is to find; where a fix has made it another question, that is asked."""
        subject = former if data == former.data else subject_of(former.file, data, former.settings)
        if not isinstance(subject, Subject):
            return subject
        self.ask([subject], 1)
        question = self.question_of(subject)
        # Another file may have written the same host otherwise
        return judged(subject, self._seen[question]._replace(server=question.server))

    @property
    def servers(self) -> Servers:
        """What was seen of each server so far, with the files that name it, or named it before a fix."""
        asked = [(path, section, question) for (path, question), section in self._sections.items()]
        return list(by_server(asked, self._seen))


def _refuse_contradictions(
    fixes: fix_options.FixOptions, output: probe_options.OutputOptions, files: probe_options.PathOptions
) -> None:
    refuse_contradictions(fixes)
    if fixes.diff and output.output_format is not None:
        raise Refusal("--diff shows a diff alone: for a report beside it, give --report FORMAT=FILE")
    if fixes.fix and STANDARD_INPUT in (files.paths or ()):
        raise Refusal("--fix writes files: name one, or see with --diff what it would change")


def _subjects(
    chosen: Selection, settings: FileSettings, run: RunSettings, targets: Sequence[str | None]
) -> Iterator[Subject | FileReport]:
    for file in spared_by(once(arguments.found(chosen)), targets):
        yield read_subject(file, settings, run.max_size)
