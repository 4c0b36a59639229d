"""HostPort: the parser and the schema's pattern are one, and any text has one reading or none."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from migrator import definition
from migrator.values.host_port import (
    DEFAULT_PORT,
    OTHER_SERVICES,
    HostPort,
    HostPortProblem,
    Security,
    Suffix,
    parse_host_port,
)

NOT_A_HOST_PORT = HostPortProblem.NOT_A_HOST_PORT
OUT_OF_RANGE = HostPortProblem.OUT_OF_RANGE
NOT_CANONICAL = HostPortProblem.NOT_CANONICAL
SUFFIX_CASE = HostPortProblem.SUFFIX_CASE

_SCHEMA = json.loads(definition.schema_path("smtp.schema.json").read_bytes())
_HOST_PORT = _SCHEMA["$defs"]["section"]["properties"]["HostPort"]
PATTERN = re.compile(_HOST_PORT["anyOf"][0]["pattern"])

SUFFIXES = st.sampled_from([*Suffix, "-STARTTLS", "-Ssl", "-tls", " starttls", "-startls", ":ssl", "-"])
NEAR = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "", "0", "+", "-", " "]),
    st.integers(-1, 70000),
    SUFFIXES,
    st.sampled_from(["", "", " ", "\n", "x", "0"]),
)
CHARACTERS = st.text("0123456789-+starlno SARTL\n\t./:;()\u0665\uff15\u00b2\u00a0\u2013\u0131", max_size=16)
TEXTS = st.text() | CHARACTERS | NEAR | st.text(st.characters(categories=["Nd"]), max_size=8)


@pytest.mark.parametrize(
    ("text", "port", "suffix", "security", "is_documented"),
    [
        ("25", 25, Suffix.NONE, Security.CLEAR_TEXT, False),
        ("25-nossl", 25, Suffix.NOSSL, Security.CLEAR_TEXT, False),
        ("25-starttls", 25, Suffix.STARTTLS, Security.STARTTLS, True),
        ("465", 465, Suffix.NONE, Security.IMPLICIT_TLS, True),
        ("465-ssl", 465, Suffix.SSL, Security.IMPLICIT_TLS, True),
        ("465-nossl", 465, Suffix.NOSSL, Security.CLEAR_TEXT, True),
        ("465-starttls", 465, Suffix.STARTTLS, Security.STARTTLS, True),
        ("587", 587, Suffix.NONE, Security.CLEAR_TEXT, False),
        ("587-starttls", 587, Suffix.STARTTLS, Security.STARTTLS, True),
        ("2465-ssl", 2465, Suffix.SSL, Security.IMPLICIT_TLS, True),
        ("1", 1, Suffix.NONE, Security.CLEAR_TEXT, False),
        ("65535-ssl", 65535, Suffix.SSL, Security.IMPLICIT_TLS, True),
    ],
)
def test_what_is_documented(
    text: str, port: int, suffix: Suffix, security: Security, is_documented: bool
) -> None:
    reading = parse_host_port(text)
    assert reading.is_valid
    assert reading.value == HostPort(port, suffix)
    assert reading.value.security is security
    assert reading.value.is_security_documented is is_documented


def test_without_a_host_port_it_is_the_default_of_the_schema() -> None:
    assert str(DEFAULT_PORT) == _HOST_PORT["default"]


@pytest.mark.parametrize(
    ("text", "words"), [("587-starttls", "STARTTLS"), ("465", "implicit TLS"), ("25", "clear text")]
)
def test_security_in_words(text: str, words: str) -> None:
    reading = parse_host_port(text)
    assert reading.value is not None
    assert str(reading.value.security) == words


@pytest.mark.parametrize(
    ("text", "meant", "problems"),
    [
        ("587-STARTTLS", "587-starttls", (SUFFIX_CASE,)),
        ("587-StartTls", "587-starttls", (SUFFIX_CASE,)),
        ("25-NoSSL", "25-nossl", (SUFFIX_CASE,)),
        ("0587", "587", (NOT_CANONICAL,)),
        ("+587-ssl", "587-ssl", (NOT_CANONICAL,)),
        ("\u0662\u0665", "25", (NOT_CANONICAL,)),
        ("\uff12\uff15-ssl", "25-ssl", (NOT_CANONICAL,)),
        ("0587-SSL", "587-ssl", (NOT_CANONICAL, SUFFIX_CASE)),
        ("0", None, (OUT_OF_RANGE,)),
        ("00", None, (OUT_OF_RANGE,)),
        ("-1", None, (OUT_OF_RANGE,)),
        ("-0-ssl", None, (OUT_OF_RANGE,)),
        ("65536", None, (OUT_OF_RANGE,)),
        ("70000-SSL", None, (OUT_OF_RANGE,)),
        ("9" * 64, None, (OUT_OF_RANGE,)),
    ],
)
def test_other_spellings(text: str, meant: str | None, problems: tuple[HostPortProblem, ...]) -> None:
    reading = parse_host_port(text)
    assert reading.problems == problems
    assert (None if reading.value is None else str(reading.value)) == meant


@pytest.mark.parametrize(
    ("text", "guess"),
    [
        ("587 starttls", "587-starttls"),
        ("587  STARTTLS", "587-starttls"),
        ("587starttls", "587-starttls"),
        ("587_starttls", "587-starttls"),
        ("587:starttls", "587-starttls"),
        ("587--starttls", "587-starttls"),
        ("587/starttls", "587-starttls"),
        ("587 (STARTTLS)", "587-starttls"),
        ("587-start-tls", "587-starttls"),
        ("587.starttls", "587-starttls"),
        ("587,starttls", "587-starttls"),
        ("587;starttls", "587-starttls"),
        ("587+starttls", "587-starttls"),
        ("587\u2212starttls", "587-starttls"),
        ("587 start_tls", "587-starttls"),
        ("587-startls", "587-starttls"),
        ("587-starttsl", "587-starttls"),
        ("587-ttls", "587-starttls"),
        ("465-sssl", "465"),
        ("587\u2013starttls", "587-starttls"),
        ("587\u2010starttls", "587-starttls"),
        ("587-starttls ", "587-starttls"),
        ("587-tls", "587-starttls"),
        ("25-tls", "25-starttls"),
        ("465-tls", "465"),
        ("465 ssl", "465"),
        ("465 SSL/TLS", "465"),
        ("2465 SSL/TLS", "2465-ssl"),
        ("2465-smtps", "2465-ssl"),
        ("2465 implicit - TLS", "2465-ssl"),
        ("2465 implicit", "2465-ssl"),
        ("587 (explicit TLS)", "587-starttls"),
        ("587-explicit", "587-starttls"),
        ("465-no-ssl", "465-nossl"),
        ("465 no ssl", "465-nossl"),
        ("465-nosssl", "465-nossl"),
        ("465-nottls", "465-nossl"),
        ("25-none", "25-nossl"),
        ("25 plain", "25-nossl"),
        ("1 starttls", "1-starttls"),
        ("65535 starttls", "65535-starttls"),
        ("587-starttls" + " " * 52, "587-starttls"),
        ("25-", "25"),
        (" 25", "25"),
        ("25\n", "25"),
        # no reading, or more than one
        ("", None),
        (" ", None),
        ("-", None),
        ("-starttls", None),
        ("starttls", None),
        ("smtp", None),
        ("2465-tls", None),
        ("587-starttls-ssl", None),
        ("587-nostarttls", None),  # near to what it says no to
        ("25 (no SSL/TLS)", None),
        ("465-nosmtps", None),
        ("25 smtp", None),  # the protocol, encrypted or not
        ("587/ESMTP", None),
        ("443-https", None),
        ("587 use TLS", None),
        ("587-x", None),
        ("25.0", None),
        ("2 5", None),
        ("25,26", None),
        ("1e3", None),
        ("0x19", None),
        ("\u00b2\u2075", None),
        ("65536 starttls", None),
        ("0 ssl", None),
        ("587-ss\u0131", None),
        ("587-starttls" + " " * 53, None),
        ("0" * 70 + "25", None),
    ],
)
def test_guesses(text: str, guess: str | None) -> None:
    reading = parse_host_port(text)
    assert reading.problems == (NOT_A_HOST_PORT,)
    assert (None if reading.value is None else str(reading.value)) == guess


@given(text=TEXTS)
@example(text="25\n")
@example(text="2\u0665")
def test_valid_is_what_the_schema_takes(text: str) -> None:
    reading = parse_host_port(text)
    assert reading.is_valid == bool(PATTERN.search(text))
    if reading.is_valid:
        assert str(reading.value) == text


@given(port=st.integers(1, 65535), suffix=st.sampled_from(Suffix))
def test_read_and_written_again_is_the_same(port: int, suffix: Suffix) -> None:
    host_port = HostPort(port, suffix)
    reading = parse_host_port(str(host_port))
    assert reading.is_valid
    assert reading.value == host_port


@given(text=TEXTS)
def test_any_text_has_one_reading_or_none(text: str) -> None:
    reading = parse_host_port(text)
    assert reading.value is not None or not reading.is_valid
    assert len(set(reading.problems)) == len(reading.problems)
    if NOT_A_HOST_PORT in reading.problems or OUT_OF_RANGE in reading.problems:
        assert len(reading.problems) == 1
    if reading.value is not None:
        # What a fix would write is documented, and nothing is left to say about it.
        assert PATTERN.search(str(reading.value))
        assert parse_host_port(str(reading.value)).value == reading.value


@given(
    port=st.integers(1, 65535), suffix=st.sampled_from(Suffix), zeros=st.integers(0, 3), upper=st.booleans()
)
def test_spelling_does_not_change_the_meaning(port: int, suffix: Suffix, zeros: int, upper: bool) -> None:
    text = "0" * zeros + f"{port}{suffix.upper() if upper else suffix}"
    assert parse_host_port(text).value == HostPort(port, suffix)


def test_ports_on_which_no_mail_is_sent() -> None:
    """As IANA's registry of service names has them."""
    services = {"HTTP": (80,), "HTTPS": (443,), "POP3": (110, 995), "IMAP": (143, 993)}
    assert {port: name.split()[0] for port, name in OTHER_SERVICES.items()} == {
        port: name for name, ports in services.items() for port in ports
    }
