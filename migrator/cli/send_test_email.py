"""`send-test-email`."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import typer

from migrator.cli import file_options, live_options, options, probe_options  # noqa: TC001 - typer looks at the types
from migrator.cli.credentials import Keys
from migrator.cli.delivery import Output, deliver_all
from migrator.cli.output import ExitCode, Refusal, deliver, say
from migrator.cli.reporting import exit_code
from migrator.cli.servers import (
    Subject,
    closing_words,
    judged,
    only_subject,
    prepared,
    question_of,
    reporter_of,
)
from migrator.files import STANDARD_INPUT
from migrator.live.probing import ask_all, by_server
from migrator.reporters import FORMATS
from migrator.rules.live_findings import LOOK_FIRST
from migrator.summary import Tally
from migrator.values.mail_address import MailAddressProblem, parse_mail_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.checking import FileReport
    from migrator.live.message import Mail
    from migrator.live.probing import Question
    from migrator.reporters.server import Servers
    from migrator.section import Section
    from migrator.values.mail_address import MailAddress

_MOST_DIGITS = 9  # of a length that is a number, and not a way to keep a machine busy

_OUTCOMES = {  # by whether the server took a mail; None where it was not heard
    True: "the mail was sent, and the server took it",
    False: "the mail was sent, and the server refused it",
    None: f"the mail was sent, and no answer was heard: {LOOK_FIRST}",
}


def send_test_email(
    path: file_options.OnePath = None,
    *,
    to: live_options.To,
    sender: live_options.Sender = None,
    dry_run: live_options.DryRun = False,
    server: live_options.ServerOptions,
    keys: live_options.LoginOptions,
    findings: live_options.FindingOptions,
    output: probe_options.OutputOptions,
    _version: options.Version = False,
) -> None:
    """Send one mail with these settings, from this machine.

    Helo, From and MaxSubjectLength are those of the settings; their LoginMethod logs in.
    """
    recipient = address_in("--to", to)
    run, settings = prepared(findings, output, server, keys.token_file)
    subject = only_subject(path, settings, run, output.output_file)
    tally = Tally()
    mail = mail_from(subject.section, sender, recipient) if isinstance(subject, Subject) else None
    if mail is not None and dry_run:
        deliver([mail.data.decode("utf-8").replace("\r\n", "\n")], output.output_file, machine=True)
        raise typer.Exit(ExitCode.DONE)
    with told_where_sent(mail):
        if not isinstance(subject, Subject):
            reports: list[FileReport] = [subject]
            servers: Servers = []
        else:
            login_keys = Keys(keys, server, is_stdin_free=path != STANDARD_INPUT)
            question = question_of(subject.section, server, keys, login_keys, mail)
            report, servers = send(subject, question, recipient, quiet=run.quiet)
            reports = [report]
        made = reporter_of(servers, run, output)
        machine = FORMATS[run.output_format].is_machine
        deliver_all(tally.follow(reports), tally, [Output(made, output.output_file, machine=machine)])
    closing_words(tally, asked=bool(servers), quiet=run.quiet)
    raise typer.Exit(exit_code(tally, run))


@contextlib.contextmanager
def told_where_sent(mail: Mail | None) -> Iterator[None]:
    """Say what became of the mail where the run is interrupted, or its report not written, behind that."""
    try:
        yield
    except (KeyboardInterrupt, Refusal):
        if mail is not None and mail.is_sent:
            say(_OUTCOMES[mail.is_taken])
        raise


def send(
    subject: Subject, question: Question, recipient: MailAddress, *, quiet: bool
) -> tuple[FileReport, Servers]:
    """Send the mail of the question; the findings on the file, and what was seen of its server."""
    seen = ask_all([question], 1)[question]
    if seen.accepted is not None and not quiet:
        say(
            f"{subject.section.name(str(seen.server))} took the mail for {recipient}: "
            "whether it arrives is seen in the mailbox"
        )
    servers = list(by_server([(subject.shown, subject.section, question)], {question: seen}))
    return judged(subject, seen), servers


def mail_from(section: Section, sender: str | None, recipient: MailAddress) -> Mail:
    """The mail, with what the settings say about it."""
    from migrator.live.message import Facts, Mail

    setting = section.given("From")
    if setting is not None:
        address = _one_address(setting.text)
        if address is None:
            raise Refusal(f"From is {section.quote(setting.text)}, which is not one mail address: correct it")
    elif sender is not None:
        address = address_in("--from", sender)
    else:
        raise Refusal(
            "there is no From, and DataMiner's default address is not in the file but in Cube "
            "(System Center > Agents > system > Email): give it with --from ADDRESS"
        )
    length = section.text("MaxSubjectLength")
    is_number = length.isascii() and length.isdigit() and len(length) <= _MOST_DIGITS
    facts = Facts(
        section.name(section.text("Host")),
        section.name(section.text("HostPort")) or "25 (the default)",
        section.name(section.text("LoginMethod")) or "none",
    )
    return Mail(address, recipient, facts, datetime.now(UTC), int(length) if is_number else None)


def address_in(option: str, text: str) -> MailAddress:
    """The one mail address that an option gives."""
    address = _one_address(text)
    if address is None:
        raise Refusal(f"{option} {text}: this is not one mail address, such as noc@example.com")
    return address


def _one_address(text: str) -> MailAddress | None:
    """The mail address that a text is, also one that servers may refuse: they are to say so."""
    address, problems = parse_mail_address(text)
    return None if MailAddressProblem.DISPLAY_NAME in problems else address
