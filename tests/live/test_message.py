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
