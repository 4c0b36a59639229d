"""`new`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from migrator import definition
from migrator.checking import CheckSettings, configuration_in
from migrator.cli import file_options, options, rule_options
from migrator.cli.answers import STAND_IN, Judge, asked, sensible, written
from migrator.cli.config import FileSettings, LazyConfigs, run_settings
from migrator.cli.file_formats import FileFormat, told_by_ending
from migrator.cli.into import IntoOptions, read_into_file, write_into
from migrator.cli.output import (
    ExitCode,
    Refusal,
    deliver,
    deliver_document,
    is_standard_output,
    refuse_unwritable,
    say,
)
from migrator.cli.prompt import PASSWORD_VARIABLE, secret_line, typed_secret
from migrator.config.model import RuleConfig, RunConfig
from migrator.conversion.into import NotRewritten
from migrator.conversion.presets import Answers, Preset, filled_in, needs_password, settings, worksheet
from migrator.diagnostic import Severity
from migrator.reporters.worksheet import as_text
from migrator.rules import codes_of_command
from migrator.tuples import NamedTuple
from migrator.values.login_method import LoginMethod

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from migrator.cli.config import RunSettings
    from migrator.cli.into import IntoFile
    from migrator.conversion.presets import Step
    from migrator.diagnostic import Diagnostic
    from migrator.document.limits import Limits

_SECTION = "Section"
_NO_PASSWORD = "A304"  # of one that is only not known yet


def _text(help_: str, metavar: str, name: str | None = None) -> object:
    names = (name,) if name is not None else ()
    return typer.Option(*names, metavar=metavar, help=help_, rich_help_panel=_SECTION)


class AnswerOptions(NamedTuple):
    """What the section says; what is not given is asked for at a terminal."""

    host: Annotated[str | None, _text("Name or IP address of the mail server.", "HOST")] = None
    host_port: Annotated[str | None, _text("Port and encryption, such as 587-starttls or 465.", "PORT")] = (
        None
    )
    login_method: Annotated[
        str | None, _text("One that `dmsmtp schema smtp.schema.json` lists.", "METHOD")
    ] = None
    user: Annotated[str | None, _text("Name to log in with; with OAuth 2.0 the mailbox.", "USER")] = None
    sender: Annotated[str | None, _text("Mail address that messages come from.", "ADDRESS", "--from")] = None
    helo: Annotated[str | None, _text("Full host name of the agent.", "NAME")] = None
    max_subject_length: Annotated[str | None, _text("Longest subject.", "N")] = None
    tenant_id: Annotated[str | None, _text("For the worksheet of microsoft.", "ID")] = None
    client_id: Annotated[str | None, _text("Application or client ID, for the worksheet.", "ID")] = None
    password_stdin: Annotated[
        bool,
        typer.Option(
            "--password-stdin",
            help=f"Read the password from standard input; otherwise {PASSWORD_VARIABLE} counts, or a prompt.",
            rich_help_panel=_SECTION,
        ),
    ] = False
    no_input: Annotated[bool, typer.Option("--no-input", help="Ask nothing.", rich_help_panel=_SECTION)] = (
        False
    )


class DestinationOptions(NamedTuple):
    """Where the section goes."""

    format: Annotated[
        FileFormat | None,
        typer.Option(
            metavar="FORMAT",
            help="xml, json or yaml [default: by the ending of FILE, xml where there is no FILE].",
            show_default=False,
            rich_help_panel=options.OUTPUT,
        ),
    ] = None
    namespace: Annotated[
        bool,
        typer.Option("--namespace", help="Put DataMiner's namespace on XML.", rich_help_panel=options.OUTPUT),
    ] = False
    output_file: Annotated[
        str | None,
        typer.Option(
            "--output-file",
            "-o",
            metavar="FILE",
            callback=options.named,
            help="Write a new file instead of standard output.",
            rich_help_panel=options.OUTPUT,
        ),
    ] = None
    into: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            callback=options.named,
            help="Write into a file that is there, such as DataMiner.xml.",
            rich_help_panel=options.OUTPUT,
        ),
    ] = None
    diff: Annotated[
        bool,
        typer.Option(
            "--diff",
            help="With --into: show what would change, and write nothing.",
            rich_help_panel=options.OUTPUT,
        ),
    ] = False
    no_backup: Annotated[
        bool | None,
        typer.Option(
            "--no-backup", help="With --into: keep no copy of the file.", rich_help_panel=options.OUTPUT
        ),
    ] = None
    quiet: options.Quiet = None


def new(
    preset: Annotated[Preset, typer.Argument(metavar="PRESET", help="microsoft, google or custom.")],
    *,
    given: AnswerOptions,
    destination: DestinationOptions,
    config: rule_options.ConfigOptions,
    limits: file_options.LimitOptions,
    _version: options.Version = False,
) -> None:
    """Make a section from a preset and a few answers.

    What is set up in Cube alone, as OAuth 2.0 is, is not written: a worksheet says what to do there.
    """
    _refuse_contradictions(preset, given, destination)
    format_ = _format(destination)
    may_ask = not given.no_input and _is_terminal(sys.stdin)
    judge, run = _configured(preset, destination, config, limits)
    into = _target(preset, destination, run.limits)
    destination = destination._replace(no_backup=run.no_backup, quiet=run.quiet)
    typed = sensible(preset, _given(given))
    if not _is_sound(judge.wrong(typed), quiet=run.quiet):
        raise typer.Exit(ExitCode.FOUND)
    answers = sensible(preset, filled_in(preset, asked(judge, typed, may_ask=may_ask)))
    is_shown = into is None and is_standard_output(destination.output_file) and _is_terminal(sys.stdout)
    needs_one = needs_password(preset, answers)
    if needs_one and not is_shown:
        password = _password(given, may_ask=may_ask, is_wanted=not destination.diff)
        answers = answers._replace(password=password)
    wanted = settings(preset, answers)
    document = _document(format_, wanted, namespace=destination.namespace)
    is_left_out = needs_one and not answers.password
    judged = {**wanted, "Password": STAND_IN} if is_left_out else wanted
    judged_document = _document(format_, judged, namespace=destination.namespace)
    if not _is_sound(judge.findings(format_, judged_document), quiet=run.quiet):
        raise typer.Exit(ExitCode.FOUND)
    if is_shown and needs_one:
        say("the password is left out on a terminal: -o FILE or --into FILE writes it")
    if is_left_out and destination.diff:
        say(f"the password is not compared: set {PASSWORD_VARIABLE}, or give --password-stdin")
    keep = {"Password"} if is_left_out else set()
    look = judge.look._replace(codes=judge.look.codes - {_NO_PASSWORD}) if is_left_out else judge.look
    code = _deliver(wanted, keep, document, into, destination, look)
    to_error = destination.diff or (into is None and is_standard_output(destination.output_file))
    steps = worksheet(preset, answers)
    if steps and not (to_error and destination.quiet):
        deliver(_sheet(steps), None, machine=False, to_error=to_error)
    raise typer.Exit(code)


def _configured(
    preset: Preset,
    destination: DestinationOptions,
    config: rule_options.ConfigOptions,
    limits: file_options.LimitOptions,
) -> tuple[Judge, RunSettings]:
    """What lint looks for in the file that is written, and what counts for the run."""
    configs = LazyConfigs(config.config, isolated=bool(config.isolated))
    typed = RunConfig(no_backup=destination.no_backup, quiet=destination.quiet, **limits._asdict())
    run = run_settings(configs, typed)
    target = destination.into or destination.output_file
    path = None if target is None or is_standard_output(target) else target
    of_file = FileSettings(configs, RuleConfig(), codes_of_command("lint"), CheckSettings(limits=run.limits))
    look = of_file(path)
    if isinstance(look, str):
        raise Refusal(look if path is None else f"{path}: {look}")
    return Judge(preset, look), run


def _refuse_contradictions(preset: Preset, given: AnswerOptions, destination: DestinationOptions) -> None:
    """Say which options cannot be meant together."""
    if destination.into is not None and destination.output_file is not None:
        raise Refusal("-o writes a new file, and --into one that is there: give one of them")
    if destination.into is None and (destination.diff or destination.no_backup):
        raise Refusal("--diff and --no-backup go with --into")
    if destination.into is not None and (destination.format is not None or destination.namespace):
        raise Refusal("--into keeps the format and the namespace of the file")
    if preset.uses_oauth and (given.password_stdin or given.login_method is not None):
        raise Refusal(
            f"{preset} logs in with OAuth 2.0, which Cube sets up: give no password and no login method"
        )
    if given.login_method == LoginMethod.NONE.value and given.password_stdin:
        raise Refusal("NoLoginMethod needs no password: leave out --password-stdin")
    if given.login_method == LoginMethod.XOAUTH2.value:
        raise Refusal("XOAUTH2 is set up in Cube alone: take the preset microsoft or google")
    if not preset.uses_oauth and (given.tenant_id is not None or given.client_id is not None):
        raise Refusal("--tenant-id and --client-id are for the presets microsoft and google")
    if preset is Preset.GOOGLE and given.tenant_id is not None:
        raise Refusal("--tenant-id is for the preset microsoft: Google asks for none, so leave it out")


def _target(preset: Preset, destination: DestinationOptions, limits: Limits) -> IntoFile | None:
    """The file that is to be changed, if any; refused before anything is asked where none can be written."""
    if destination.into is not None:
        into = read_into_file(destination.into, limits)
        if preset.uses_oauth:
            _refuse_what_cube_set_up(into, limits)
        return into
    if destination.output_file is not None and not is_standard_output(destination.output_file):
        from migrator.writing import why_not_to_create

        refuse_unwritable(destination.output_file, "the section")
        reason = why_not_to_create(Path(destination.output_file))
        if reason is not None:
            raise Refusal(f"{destination.output_file}: {reason}")
    return None


def _refuse_what_cube_set_up(into: IntoFile, limits: Limits) -> None:
    """Leave a file alone whose OAuth settings came from Cube; what else is wrong with it is said later."""
    configuration = configuration_in(into.path, into.data, limits)
    if configuration is not None and configuration.section is not None and configuration.section.uses_oauth:
        raise Refusal(
            f"{into.path}: OAuth 2.0 is set up in it already; change it in Cube, which writes all agents"
        )


def _given(given: AnswerOptions) -> Answers:
    return Answers(
        host=given.host or "",
        host_port=given.host_port or "",
        login_method=given.login_method or "",
        user=given.user or "",
        sender=given.sender or "",
        helo=given.helo or "",
        max_subject_length=given.max_subject_length or "",
        tenant=given.tenant_id or "",
        client_id=given.client_id or "",
    )


def _password(given: AnswerOptions, *, may_ask: bool, is_wanted: bool) -> str:
    """From standard input, the environment, or a prompt that shows nothing.

    Where it `is_wanted` there must be one; else nobody is asked for it, and it may be empty.
    """
    if given.password_stdin and not _is_terminal(sys.stdin):  # where it would be seen
        password = secret_line("--password-stdin")
    elif from_environment := os.environ.get(PASSWORD_VARIABLE):
        password = from_environment
    elif not is_wanted:
        return ""
    elif may_ask:
        typed = typed_secret("Password: ")
        if typed is None:
            raise Refusal(f"no password could be read without showing it: set {PASSWORD_VARIABLE}")
        password = typed
    else:
        raise Refusal(
            f"the password is missing: set {PASSWORD_VARIABLE}, or give --password-stdin; "
            "never as an argument"
        )
    if not password:
        raise Refusal("the password is empty: a login needs one")
    return password


def _format(destination: DestinationOptions) -> FileFormat:
    """The format that is asked for, or that the ending of the file tells; XML where neither does."""
    ending = told_by_ending(destination.output_file, destination.format)
    found = destination.format or ending or FileFormat.XML
    if destination.namespace and found is not FileFormat.XML:
        raise Refusal(f"--namespace is for XML, and {found} has none: leave it out")
    return found


def _document(format_: FileFormat, wanted: Mapping[str, str], *, namespace: bool) -> bytes:
    """A section of its own."""
    document = written(format_, wanted, namespace=namespace)
    if isinstance(document, NotRewritten):
        raise Refusal(f"{document.message}; {document.help}")
    return document


def _is_sound(findings: list[Diagnostic], *, quiet: bool) -> bool:
    """Whether there is no error among the findings, which are said."""
    if not findings:
        return True
    from migrator.reporters.findings import told

    errors = [one for one in findings if one.severity is Severity.ERROR]
    for one in errors if quiet or errors else findings:
        say(f"{one.severity}[{one.code}] {one.place}: {told(one)}")
    if errors:
        say("nothing was written: answer otherwise, and try again")
    return not errors


def _deliver(
    wanted: Mapping[str, str],
    keep: set[str],
    document: bytes,
    into: IntoFile | None,
    destination: DestinationOptions,
    look: CheckSettings,
) -> ExitCode:
    quiet = bool(destination.quiet)
    if into is not None:
        given = IntoOptions(destination.diff, not destination.no_backup, quiet, literal=True, look=look)
        return write_into(wanted, into, given, keep=keep)
    target = destination.output_file
    if target is None or is_standard_output(target):
        deliver_document(document)
        return ExitCode.DONE
    from migrator.writing import NotWritten, create_file

    is_secret = any(definition.settings()[name].is_secret for name in wanted)
    outcome = create_file(target, document, holds_secret=is_secret)
    if isinstance(outcome, NotWritten):
        raise Refusal(f"{target}: {outcome.reason}")
    if not quiet:
        say(f"{target} is written")
    return ExitCode.DONE


def _sheet(steps: tuple[Step, ...]) -> Iterator[str]:
    yield "This agent sends no mail by it yet: OAuth 2.0 is set up in Cube, in this order.\n\n"
    yield from as_text(steps)


def _is_terminal(stream: object) -> bool:
    is_one = getattr(stream, "isatty", None)
    return is_one is not None and bool(is_one())
