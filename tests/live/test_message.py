"""The bytes of the test email, as another program reads them."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest

from migrator.live.message import Facts, Mail
from migrator.values.mail_address import MailAddress, parse_mail_address

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PLAIN = Facts("smtp.example.com", "587-starttls", "NoLoginMethod")


def address(text: str) -> MailAddress:
    found = parse_mail_address(text).value
    assert found is not None
    return found


def mail(facts: Facts, sender: str = "dma@example.com") -> Mail:
    return Mail(address(sender), address("noc@example.com"), facts, NOW)


def body(data: bytes) -> str:
    """The text that whoever gets the mail reads."""
    text = message_from_bytes(data, policy=default).get_content()
    assert isinstance(text, str)
    return text


@pytest.mark.parametrize(
    ("facts", "encoding"),
    [
        (PLAIN, "7bit"),
        (PLAIN._replace(method="a" * 2_000), "quoted-printable"),  # its lines would be too long
        (PLAIN._replace(method="\u2022\u2022\u2022\u2022"), "quoted-printable"),
        (PLAIN._replace(host_port="\uff15\uff18\uff17-starttls"), "quoted-printable"),
        (PLAIN._replace(host="größe.example.com " * 60), "quoted-printable"),
    ],
)
def test_the_body_is_of_seven_bits_whatever_it_tells(facts: Facts, encoding: str) -> None:
    found = mail(facts)

    assert found.data.isascii()
    assert f"Content-Transfer-Encoding: {encoding}\r\n".encode() in found.data
    assert all(len(line) <= 998 for line in found.data.split(b"\r\n"))
    assert all(fact.strip() in body(found.data) for fact in facts)
    assert not found.needs_smtputf8


def test_an_address_outside_ascii_stands_in_the_header_as_it_is() -> None:
    found = mail(PLAIN, "größe@example.com")

    assert found.needs_smtputf8
    assert "From: größe@example.com\r\n".encode() in found.data
    assert "smtp.example.com" in body(found.data)


@pytest.mark.parametrize(
    "text",
    [
        "=?utf-8?q?x=0D=0ABcc=3Ay=40z?=@example.com",
        '"=?utf-8?q?x=0D=0A=0D=0Abody?="@example.com',
        "=?utf-8?b?DQpC?=@example.com",
        "=?utf-8?q?=00?=@example.com",
        "=?us-ascii?q?a=22b?=@example.com",
        f"{'n' * 64}@{'d' * 60}.{'d' * 60}.example",
        '"a b\\"c"@example.com',
        "noc@[IPv6:2001:db8::1]",
        f"{'ü' * 30}@{'ü' * 20}.example",
    ],
)
def test_an_address_brings_in_no_header_of_its_own(text: str) -> None:
    """What RFC 2047 would decode in other places is a part of the address."""
    found = Mail(address(text), address(text), PLAIN, NOW)
    lines = found.data.partition(b"\r\n\r\n")[0].split(b"\r\n")

    assert f"From: {text}".encode() in lines
    assert f"To: {text}".encode() in lines
    assert [line.partition(b":")[0] for line in lines] == [
        b"From",
        b"To",
        b"Message-ID",
        b"Subject",
        b"Date",
        b"Auto-Submitted",
        b"Content-Type",
        b"Content-Transfer-Encoding",
        b"MIME-Version",
    ]
    assert found.data.endswith(b"DataMiner was not involved.\r\n")
