"""The test email: what it says, and its form (RFC 5322)."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from migrator.tuples import Identity, NamedTuple
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


class Facts(NamedTuple):
    """What the message tells of the settings; nothing in it is secret."""

    host: str
    host_port: str
    method: str


class _Mail(NamedTuple):
    sender: MailAddress
    recipient: MailAddress
    facts: Facts
    at: datetime
    longest_subject: int | None = None


class Mail(Identity, _Mail):
    """A test email, which is written when its bytes are asked for: a server may not let it come to that.

    Its subject has at most `longest_subject` characters (None or 0: any number). `is_sent` says that a server
    was given all of it, who may deliver it without an answer; `is_taken` what that was, None until it came.
    """

    is_sent: bool = False
    is_taken: bool | None = None

    @property
    def needs_smtputf8(self) -> bool:
        """Whether an address is outside ASCII."""
        return self.sender.is_international or self.recipient.is_international

    @cached_property
    def data(self) -> bytes:
        """Its bytes, with CRLF at each line's end."""
        from email.message import EmailMessage
        from email.policy import SMTP
        from email.utils import format_datetime, make_msgid

        # As they are: the library would decode what stands in one as RFC 2047 has it, line ends included, and
        # has several ways of folding what is long
        unfolded = {
            "From": self.sender,
            "To": self.recipient,
            "Message-ID": make_msgid(domain=_message_domain(self.sender)),
        }
        message = EmailMessage(policy=SMTP)
        message["Subject"] = _SUBJECT[: self.longest_subject or None]
        message["Date"] = format_datetime(self.at)
        message["Auto-Submitted"] = "auto-generated"
        body = _BODY.format(**{name: printable(fact) for name, fact in self.facts._asdict().items()})
        # A server need not take eight bits, and only where an address is outside ASCII it is asked whether
        message.set_content(body, cte=None if body.isascii() else "quoted-printable")
        return "".join(f"{name}: {text}\r\n" for name, text in unfolded.items()).encode() + message.as_bytes()

    @property
    def stuffed(self) -> bytes:
        """What follows DATA: a dot more before a dot at a line's beginning, and the final dot."""
        return re.sub(rb"(?m)^\.", b"..", self.data) + b".\r\n"


def _message_domain(sender: MailAddress) -> str:
    return sender.domain if re.fullmatch(r"[A-Za-z0-9.-]+", sender.domain) else "localhost"
