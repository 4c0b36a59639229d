"""L rules on the conversation: whether anybody answers, and in the language of mail servers.

The examples of their pages are settings; what the server does stands in the words before each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.diagnostic import Severity
from migrator.observations import Stage, TroubleKind
from migrator.rules.live_findings import (
    ASK_SERVER,
    LOOK_FIRST,
    at,
    at_host,
    help_for,
    in_brackets,
    reply_words,
    server,
    works_elsewhere,
)
from migrator.rules.model import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.observations import Observations
    from migrator.section import Section

_LATER_STAGES = (Stage.LOGIN, Stage.SENDER, Stage.RECIPIENT, Stage.MESSAGE)
_MISBEHAVIOUR = {
    TroubleKind.ENDLESS: "a reply without end",
    TroubleKind.CLOSED: "it closed the connection in the middle",
    TroubleKind.MALFORMED: "what it sent is no reply to that",
    TroubleKind.INJECTED: "data came after the reply to STARTTLS, before TLS, and were thrown away",
}


def host_not_found(section: Section, seen: Observations) -> Iterator[Finding]:
    """The name of the host has no address.

    ## Why
    The system on which dmsmtp runs found no address for the name, so no connection can be made. Which DNS
    server was asked, and what stands in the hosts file, is this machine's: on the agent itself it may differ.

    ## Bad
    The name has no address:

        <SMTP>
          <Host>smpt.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
    The name has an address:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: which name was meant is not known. Correct it, or ask whoever runs the network why this machine does
    not find it.

    ## See
    - RFC 1035
    - RFC 5321, section 5.1
    """
    trouble = seen.trouble
    if trouble is None or trouble.kind is not TroubleKind.NO_ADDRESS:
        return
    yield Finding(
        at_host(section),
        f"{section.quote(seen.server.host)} has no address{in_brackets(section, trouble.words)}",
        "correct the name, or ask whoever runs the network why this machine does not find it",
    )


def connection_refused(section: Section, seen: Observations) -> Iterator[Finding]:
    """The connection is refused.

    ## Why
    Nothing listens on this port of the host, or a firewall on the way says no. A firewall that says nothing
    gives connection-timed-out instead.

    ## Bad
    Nothing listens on the port:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>588-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
    The server listens there:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: the port that was meant is not known. Check the port, that the mail server runs, and that firewalls
    let this machine reach it.

    ## See
    - RFC 9293, section 3.5
    """
    trouble = seen.trouble
    if trouble is None or trouble.kind is not TroubleKind.REFUSED:
        return
    yield Finding(
        at(section, "HostPort"),
        f"{server(section, seen)} refuses the connection{in_brackets(section, trouble.words)}",
        "check the port, that the mail server runs, and that firewalls let this machine reach it"
        f"{works_elsewhere(seen)}",
    )


def connection_timed_out(section: Section, seen: Observations) -> Iterator[Finding]:
    """The server does not answer in time.

    ## Why
    The message says at which stage. Before the connection stands: a firewall drops it, or the host is off.
    After it: the server is slow, or waits for something else, such as TLS. Where a whole mail was
    sent, it may be delivered nevertheless: RFC 5321 has who sends it wait ten minutes for the answer.

    ## Bad
    No answer comes to the attempt to connect:

        <SMTP>
          <Host>192.0.2.1</Host>
          <HostPort>25</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
    The server answers:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: what holds the answer up is not known. Check Host and HostPort, and that firewalls let this machine
    through; for a slow server give a longer `--timeout`. Where a mail was sent, look into the mailbox before
    you send another.

    ## See
    - RFC 5321, sections 4.5.3.2 and 6.1
    """
    trouble = seen.trouble
    if trouble is None or trouble.kind is not TroubleKind.SILENT:
        return
    if seen.is_sent:
        help_ = f"{LOOK_FIRST}; a longer --timeout waits for the answer"
    elif trouble.stage in _LATER_STAGES:
        help_ = "it answered until then: look into its log, or give it more time with a longer --timeout"
    else:
        help_ = (
            "check Host and HostPort, and that firewalls let this machine through; "
            f"a slow server may need a longer --timeout{works_elsewhere(seen)}"
        )
    yield Finding(
        at(section, "HostPort"),
        f"{server(section, seen)} did not answer in time, at the stage {trouble.stage}"
        f"{in_brackets(section, trouble.words)}",
        help_,
    )


def not_smtp(section: Section, seen: Observations) -> Iterator[Finding]:
    """Something else than a mail server answers.

    ## Why
    A server for SMTP greets with a line that begins with 220. What came instead is shown, as far as it can be
    printed: `* OK` is IMAP, `+OK` is POP3, `SSH-2.0` and `HTTP` name themselves.

    ## Bad
    A server for IMAP answers:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>1143-nossl</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
    A mail server answers:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: the right port is not known. Check Host and HostPort: this is another service.

    ## See
    - RFC 5321, section 4.2
    """
    trouble = seen.trouble
    if trouble is None or trouble.kind is not TroubleKind.NOT_SMTP:
        return
    begins = section.quote(trouble.words) if trouble.words else "an empty line"
    yield Finding(
        at(section, "HostPort"),
        f"{server(section, seen)} does not speak SMTP: it begins with {begins}",
        "check Host and HostPort: this is another service",
    )


def server_misbehaves(section: Section, seen: Observations) -> Iterator[Finding]:
    """The server does not keep to the rules of SMTP.

    ## Why
    A reply without end or with two codes, or one that belongs to another command; a connection that is closed
    in the middle; or data between the reply to STARTTLS and TLS, which somebody on the way may have put there
    to have them taken for encrypted ones (as in CVE-2011-0411). What DataMiner makes of it is not known.

    ## Bad
    The server closes the connection after EHLO:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
    The server answers EHLO:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: the server, or something on the way, must be mended. Look whether something stands between, such as
    a proxy or a virus scanner, and into the server's log.

    ## See
    - RFC 5321, section 3.8
    - RFC 3207, section 6
    """
    trouble = seen.trouble
    if trouble is None or trouble.kind not in _MISBEHAVIOUR:
        return
    usual = "look whether something stands between (a proxy, a virus scanner), and into the server's log"
    yield Finding(
        at_host(section),
        f"{server(section, seen)} misbehaves at the stage {trouble.stage}: "
        f"{_MISBEHAVIOUR[trouble.kind]}{in_brackets(section, trouble.words)}",
        f"{LOOK_FIRST}; {usual}" if seen.is_sent else usual,
    )


def server_refuses(section: Section, seen: Observations) -> Iterator[Finding]:
    """The server refuses the conversation.

    ## Why
    The greeting, EHLO or STARTTLS is answered with a refusal. One that begins with 4 holds for now: it is
    tried once more, and is a warning where it was accepted then. One that begins with 5 stays: often the
    server knows this machine's address from a block list, or does not know it from its own list.

    ## Bad
    The server greets with 554:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
    The server greets with 220:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: why the server refuses is not known. `dmsmtp explain` says what its reply means; else ask whoever
    runs it whether it takes mail from this machine.

    ## See
    - RFC 5321, sections 3.1 and 3.8
    """
    trouble = seen.trouble
    if trouble is not None and (trouble.kind is not TroubleKind.REPLY or trouble.stage in _LATER_STAGES):
        return
    refused = trouble or seen.refusal
    if refused is None:
        return
    later = ", and accepted later" if trouble is None else ""
    said = reply_words(section, refused.reply)
    yield Finding(
        at_host(section),
        f"{server(section, seen)} refuses at the stage {refused.stage}{later}{said}",
        help_for(refused.reply, ASK_SERVER),
        Severity.WARNING if trouble is None else None,
    )
