"""What the commands that connect to servers share: files to questions, answers to reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.checking import FileReport, check, configuration_in, judge
from migrator.cli.config import FileSettings, LazyConfigs, only_file, rule_config, run_settings
from migrator.cli.delivery import Output
from migrator.cli.output import Refusal, layout, refuse_unwritable, say, spare
from migrator.cli.reporting import check_settings, say_failures, spare_used
from migrator.config.model import RunConfig
from migrator.diagnostic import Severity, Shortfall, Undone
from migrator.files import InputFile, Missing, why_unreadable
from migrator.live import EXTRA
from migrator.live.certificates import is_readable
from migrator.live.probing import Question, helo_of, server_of
from migrator.live.session import Wishes
from migrator.loading import load
from migrator.reporters import FORMATS, reporter
from migrator.rules import LIVE_RULES, NO_SERVER_CODES
from migrator.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from migrator.checking import CheckSettings
    from migrator.cli.config import RunSettings
    from migrator.cli.credentials import Logins
    from migrator.cli.fix_options import FixOptions
    from migrator.cli.live_options import (
        FindingOptions,
        LoginOptions,
        OtherOutputOptions,
        ServerOptions,
    )
    from migrator.cli.probe_options import OutputOptions, PathOptions
    from migrator.live.message import Mail
    from migrator.observations import Observations
    from migrator.reporters import Layout, Reporter
    from migrator.reporters.server import Servers
    from migrator.section import Configuration, Section
    from migrator.summary import Tally

LIVE_CODES = frozenset(rule.code for rule in LIVE_RULES)
_CAVEAT = (
    "this is what this machine sees, with the TLS of OpenSSL; "
    "which one DataMiner uses, and what it checks, is not documented"
)
_NO_EXTRA = f"certificates are read, and NTLM is spoken, with the extra: {EXTRA}"


class Subject(NamedTuple):
    """A file that names a server."""

    file: InputFile
    shown: str
    data: bytes
    configuration: Configuration
    section: Section
    settings: CheckSettings


def run_config(
    findings: FindingOptions,
    output: OutputOptions | OtherOutputOptions,
    files: PathOptions | None = None,
    fixes: FixOptions | None = None,
    min_severity: Severity | None = None,
) -> RunConfig:
    """What the command line says about the run."""
    include = None if files is None or files.include is None else tuple(files.include)
    exclude = None if files is None or files.exclude is None else tuple(files.exclude)
    return RunConfig(
        include=include,
        exclude=exclude,
        force_exclude=None if files is None else files.force_exclude,
        output_format=output.output_format and output.output_format.value,
        fail_on=findings.fail_on and findings.fail_on.value,
        min_severity=min_severity,
        quiet=output.quiet,
        unsafe_fixes=None if fixes is None else fixes.unsafe_fixes,
        no_backup=None if fixes is None else fixes.no_backup,
        exit_non_zero_on_fix=None if fixes is None else fixes.exit_non_zero_on_fix,
        max_size=findings.max_size,
        max_depth=findings.max_depth,
        max_nodes=findings.max_nodes,
    )


def settings_for(
    configs: LazyConfigs,
    findings: FindingOptions,
    run: RunSettings,
    available: frozenset[str],
    further: Sequence[tuple[str, str]] = (),
) -> FileSettings:
    """The settings of each file, with what its formats want, those of further reports included."""
    wanted = (FORMATS[name] for name in (run.output_format, *(name for name, _ in further)))
    base = check_settings(wanted, run.limits)
    return FileSettings(configs, rule_config(findings.rules, available, configs), available, base)


def prepared(
    findings: FindingOptions,
    output: OutputOptions | OtherOutputOptions,
    server: ServerOptions,
    tokens: str | None,
    available: frozenset[str] = LIVE_CODES,
) -> tuple[RunSettings, FileSettings]:
    """What counts for a run on one file, and for this file; `tokens` is the path of a file that is used."""
    refuse_unusable_certificates(server.ca_file)
    configs = LazyConfigs(findings.config, isolated=bool(findings.isolated))
    run = run_settings(configs, run_config(findings, output))
    spare_used([output.output_file], configs)
    spare_keys([output.output_file], server.ca_file, tokens)
    return run, settings_for(configs, findings, run, available)


def only_subject(
    path: str | None, settings: FileSettings, run: RunSettings, target: str | None
) -> Subject | FileReport:
    """The one file that is meant; `target` is a file that the report is written to."""
    refuse_unwritable(target)
    file = only_file(path, run, "taken")
    if isinstance(file, InputFile):
        spare(file.path, target)
    return read_subject(file, settings, run.max_size)


def read_subject(file: InputFile | Missing, settings_of: FileSettings, max_size: int) -> Subject | FileReport:
    """A file ready to be asked about, or the report that says why it is not."""
    loaded = load(file, settings_of, max_size)
    if isinstance(loaded, Missing):
        return FileReport(loaded.shown, failure=loaded.reason)
    file, settings, data = loaded
    return subject_of(file, data, settings)


def subject_of(file: InputFile, data: bytes, settings: CheckSettings) -> Subject | FileReport:
    """A file with these bytes ready to be asked about, or the report that says why it is not."""
    configuration = configuration_in(file.shown, data, settings.limits)
    section = None if configuration is None else configuration.section
    if configuration is None or section is None or server_of(section) is None:
        report = check(file.shown, data, settings._replace(codes=NO_SERVER_CODES, ignored=frozenset()))
        return _with_reason(report, Shortfall(Undone.ASK, "it names no server to connect to"))
    return Subject(file, file.shown, data, configuration, section, settings)


def question_of(
    section: Section,
    server: ServerOptions,
    login: LoginOptions,
    keys: Logins | None = None,
    mail: Mail | None = None,
) -> Question:
    """What is asked of the server of a section, which must name one; without `keys` there is no login."""
    where = server_of(section)
    if where is None:
        raise ValueError("the section names no server")
    return Question(
        where,
        Wishes(
            helo=helo_of(section),
            login=None if keys is None else keys.login_of(section),
            timeout=server.timeout,
            ca_file=server.ca_file,
            mail=mail,
            allow_cleartext=login.allow_cleartext,
        ),
    )


def spare_keys(targets: Sequence[str | None], ca_file: str | None, tokens: str | None) -> None:
    """Refuse to write a report over the certificates that are trusted, or over tokens."""
    for target in targets:
        spare(ca_file, target, "holds the certificates to trust")
        spare(tokens, target, "holds tokens")


def refuse_unusable_certificates(ca_file: str | None) -> None:
    """Say what is wrong with a file of certificates to trust, before anything is connected to."""
    if ca_file is None:
        return
    import ssl

    from migrator.live import tls

    try:
        tls.context(tls.Strictness.FULL, ca_file)
    except ssl.SSLError as error:
        raise Refusal(f"--ca-file {ca_file}: there is no certificate in it (PEM)") from error
    except OSError as error:
        raise Refusal(f"--ca-file {ca_file}: {why_unreadable(error, ca_file)}") from error


def reporter_of(
    servers: Servers, run: RunSettings, output: OutputOptions, *, as_diff: bool = False
) -> Reporter:
    """The report that is asked for."""
    shape = layout(no_color=output.no_color, to_file=output.output_file is not None, hints=False)
    if as_diff:
        from migrator.reporters.diff import DiffReport

        return DiffReport(shape)
    return _reporter(run.output_format, servers, shape, transcript=output.verbose)


def further_outputs(
    servers: Servers, further: Sequence[tuple[str, str]], *, transcript: bool
) -> list[Output]:
    """Further reports, each with its file."""
    shape = layout(no_color=True, to_file=True, hints=False)
    return [
        Output(_reporter(name, servers, shape, transcript=transcript), file, machine=FORMATS[name].is_machine)
        for name, file in further
    ]


def _reporter(name: str, servers: Servers, shape: Layout, *, transcript: bool) -> Reporter:
    """A report in a format; where that has room for it, with what was seen of the servers."""
    from migrator.reporters.server import ServersAsJson, ServersAsText

    match name:
        case "full":
            return ServersAsText(servers, shape, transcript=transcript)
        case "json":
            return ServersAsJson(servers, transcript=transcript)
        case other:
            return reporter(other, shape)


def judged(subject: Subject, seen: Observations) -> FileReport:
    """What was seen, as findings on the file, and whether a login that was asked for was not tried."""
    report = judge(subject.shown, subject.configuration, seen, subject.settings)
    if seen.untried is None:
        return report
    return _with_reason(report, Shortfall(Undone.LOGIN, f"no login was tried: {seen.untried}"))


def _with_reason(report: FileReport, shortfall: Shortfall) -> FileReport:
    """The report, with what was not done and why where no error among its findings says it already."""
    is_explained = any(one.severity is Severity.ERROR for one in report.diagnostics)
    return report if is_explained else report._replace(shortfalls=(shortfall,))


def closing_words(
    tally: Tally,
    *,
    asked: bool,
    quiet: bool,
    is_preview: bool = False,
    shown_from: Severity = Severity.INFO,
) -> None:
    """How it went, and, where a server was asked, what it does not prove."""
    say_failures(tally)
    if quiet:
        return
    say(tally.sentence(shown_from, is_preview=is_preview))
    if not asked:
        return
    say(_CAVEAT)
    if not is_readable():
        say(_NO_EXTRA)
