"""The test email: what it says, and its form (RFC 5322)."""

from __future__ import annotations

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime, make_msgid
from typing import TYPE_CHECKING

from migrator.tuples import NamedTuple
from migrator.values.secret import printable

if TYPE_CHECKING:
    from datetime import datetime

    from migrator.values.mail_address import MailAddress

_SUBJECT = "Test email of dmsmtp: these settings can send mail"
_BODY = """\
This is a test email of dmsmtp, sent with the settings of a DataMiner Agent:

  Host         {host}
  HostPort     {host_port}
  LoginMethod  {method}

It shows that the mail server takes mail with these settings from the
machine on which dmsmtp ran, and delivers it. DataMiner was not involved.
"""
_DOT = re.compile(rb"^\.", re.MULTILINE)


class Facts(NamedTuple):
    """What the message tells of the settings; nothing in it is secret."""

    host: str
    host_port: str
    method: str


class Mail(NamedTuple):
    """A mail: its envelope, and its bytes with CRLF at each line's end."""

    sender: MailAddress
    recipient: MailAddress
    data: bytes

    @property
    def needs_smtputf8(self) -> bool:
        """Whether an address is outside ASCII."""
        return self.sender.is_international or self.recipient.is_international

    @property
    def stuffed(self) -> bytes:
        """What follows DATA: a dot more before a dot at a line's beginning, and the final dot."""
        return _DOT.sub(b"..", self.data) + b".\r\n"


def write(
    sender: MailAddress, recipient: MailAddress, facts: Facts, at: datetime, longest_subject: int | None
) -> Mail:
    """A test email; its subject has at most so many characters (None or 0: any number)."""
    policy = SMTPUTF8 if sender.is_international or recipient.is_international else SMTP
    message = EmailMessage(policy=policy)
    message["From"] = _address(sender)
    message["To"] = _address(recipient)
    message["Subject"] = _SUBJECT[: longest_subject or None]
    message["Date"] = format_datetime(at)
    message["Message-ID"] = make_msgid(domain=_message_domain(sender))
    message["Auto-Submitted"] = "auto-generated"
    body = _BODY.format(
        host=printable(facts.host), host_port=printable(facts.host_port), method=printable(facts.method)
    )
    # A server need not take eight bits, and only one that is sent addresses outside ASCII is asked whether
    message.set_content(body, cte=None if body.isascii() else "quoted-printable")
    return Mail(sender, recipient, message.as_bytes())


def _address(one: MailAddress) -> Address:
    """As a header has it; its parts go in apart, so that none can begin a header of its own."""
    return Address(username=_unquoted(one.local), domain=one.domain)


def _unquoted(local: str) -> str:
    if local.startswith('"') and local.endswith('"'):
        return re.sub(r"\\(.)", r"\1", local[1:-1])
    return local


def _message_domain(sender: MailAddress) -> str:
    return sender.domain if re.fullmatch(r"[A-Za-z0-9.-]+", sender.domain) else "localhost"
