"""Mail addresses: rows are texts with what they say, or with what is wrong."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from migrator.values import mail_address
from migrator.values.mail_address import (
    MailAddress,
    MailAddressProblem,
    is_plain_address,
    parse_mail_address,
    why_no_address,
)

NOT_AN_ADDRESS = (MailAddressProblem.NOT_AN_ADDRESS,)
SEVERAL = (MailAddressProblem.SEVERAL,)
DISPLAY_NAME = (MailAddressProblem.DISPLAY_NAME,)
UNDERSCORE = (MailAddressProblem.UNDERSCORE,)

LONG_DOMAIN = ("b" * 62 + ".") * 3 + "b" * 63  # 252 characters
ORDINARY = [
    ("dma@example.com", "dma", "example.com"),
    ("dma@corp", "dma", "corp"),
    ("dma@localhost", "dma", "localhost"),
    ("dma@company.local", "dma", "company.local"),
    ("dma@company.internal", "dma", "company.internal"),
    ("dma@company.lan", "dma", "company.lan"),
    ("dma@example.test", "dma", "example.test"),
    ("dma@example.invalid", "dma", "example.invalid"),
    ("DMA.7+alarms@Mail.Example.COM", "DMA.7+alarms", "Mail.Example.COM"),
    ("o'brien@example.com", "o'brien", "example.com"),
    ("!#$%&'*+/=?^_`{|}~-@example.com", "!#$%&'*+/=?^_`{|}~-", "example.com"),
    ("no-reply@a-b.example", "no-reply", "a-b.example"),
    ("7@3com.example", "7", "3com.example"),
    ("dma@ab--c.example", "dma", "ab--c.example"),
    ("dma@xn--bcher-kva.example", "dma", "xn--bcher-kva.example"),
    ("a" * 64 + "@example.com", "a" * 64, "example.com"),
    ("a@" + "b" * 63 + ".example", "a", "b" * 63 + ".example"),
    (f"a@{LONG_DOMAIN}", "a", LONG_DOMAIN),
    # RFC 5321 takes this for a name; that a server does is another matter
]
UNUSUAL = [
    ('"the dma"@example.com', '"the dma"', "example.com"),
    ('"dma@noc"@example.com', '"dma@noc"', "example.com"),
    (r'"d\"ma"@company.local', r'"d\"ma"', "company.local"),
    ("dma@[192.0.2.1]", "dma", "[192.0.2.1]"),
    ("dma@[IPv6:2001:db8::1]", "dma", "[IPv6:2001:db8::1]"),
]
INTERNATIONAL = [
    ("dma@b\u00fccher.example", "dma", "b\u00fccher.example"),
    ("m\u00fcller@example.com", "m\u00fcller", "example.com"),
    ("m\u00fcller@corp", "m\u00fcller", "corp"),
    ("m\u00fcller@company.local", "m\u00fcller", "company.local"),
    (
        "\u0434\u0435\u0436\u0443\u0440@\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444",
        "\u0434\u0435\u0436\u0443\u0440",
        "\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444",
    ),
    ("\u7528\u6237@example.com", "\u7528\u6237", "example.com"),
]


@pytest.mark.parametrize(("text", "local", "domain"), ORDINARY + UNUSUAL)
def test_an_address(text: str, local: str, domain: str) -> None:
    reading = parse_mail_address(text)
    assert (reading.value, reading.problems) == (MailAddress(local, domain), ())
    assert not MailAddress(local, domain).is_international
    assert str(reading.value) == text


@pytest.mark.parametrize(("text", "local", "domain"), INTERNATIONAL)
def test_an_international_address(text: str, local: str, domain: str) -> None:
    reading = parse_mail_address(text)
    assert (reading.value, reading.problems) == (MailAddress(local, domain), ())
    assert MailAddress(local, domain).is_international


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "@", "dma", "dma@", "@example.com", "example.com", r"EXAMPLE\dma", "postmaster"),
        *(
            ".dma@example.com",
            "dma.@example.com",
            "d..ma@example.com",
            "d ma@example.com",
            "dma @example.com",
        ),
        *("dma@example..com", "dma@.example.com", "dma@example.com.", "dma@-a.example", "dma@a-.example"),
        *("dma@exa mple.com", "dma@noc@example.com", "dma@example.com;", "mailto:dma@example.com"),
        *(" dma@example.com", "dma@example.com\n", "dma@example.com (NOC)", "NOC dma@example.com"),
        *("dma@[192.0.2.256]", "dma@[2001:db8::1]", "dma@[IPv6:2001:db8::g]", "dma@192.0.2.1:25"),
        *('"dma@example.com', 'd"m"a@example.com', '""@example.com', '"d\nma"@example.com'),
        *("a" * 65 + "@example.com", "a@" + "b" * 64 + ".example", "a@" + "b." * 130 + "example"),
        *("dma\u200b@example.com", "dma\u202e@example.com", "dma@\u2603.example", "\ud800@example.com"),
        *("\u00e9" * 65 + "@example.com", "dma@example\uff20example.com"),
        *("NOC <>", "NOC <noc>", "<noc@example.com", "noc@example.com>", "a<noc@example.com>b"),
        *("a<b <noc@example.com>", "a>b <noc@example.com>"),
        *("NOC <noc @example.com>", "<<noc@example.com>>", "NOC <<noc@example.com>>"),
        *("a" * 5000 + "@example.com", f"aa@{LONG_DOMAIN}", "N" * 1008 + "<noc@example.com>"),
    ],
)
def test_not_an_address(text: str) -> None:
    reading = parse_mail_address(text)
    assert (reading.value, reading.problems) == (None, NOT_AN_ADDRESS)


@pytest.mark.parametrize(
    "text",
    [
        "dma@example.com;noc@example.com",
        "dma@example.com, noc@example.com",
        "dma@example.com noc@example.com",
        "dma@example.com\nnoc@example.com",
        "dma@example.com;dma@example.com",
        "DMA <dma@example.com>, NOC <noc@example.com>",
        "dma@example.com, NOC <noc@example.com>",
        "dma@example.com <noc@example.com>",
    ],
)
def test_several_addresses(text: str) -> None:
    reading = parse_mail_address(text)
    assert (reading.value, reading.problems) == (None, SEVERAL)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("NOC <noc@example.com>", "noc@example.com"),
        ('"NOC" <noc@example.com>', "noc@example.com"),
        ('"Operations, Night" <noc@example.com>', "noc@example.com"),
        ("Operations, Night <noc@example.com>", "noc@example.com"),
        ("NOC<noc@example.com>", "noc@example.com"),
        ("N" * 1007 + "<noc@example.com>", "noc@example.com"),
        ('"NOC <night>" <noc@example.com>', "noc@example.com"),
        ('"NOC <night>"<noc@example.com>', "noc@example.com"),
        (r' "NOC \"<night>" <noc@example.com>', "noc@example.com"),
        ("<noc@example.com>", "noc@example.com"),
        ("NOC < noc@example.com > ", "noc@example.com"),
        ("NOC @ night <noc@example.com>", "noc@example.com"),
        ("noc@example.com <noc@example.com>", "noc@example.com"),
        ("NOC@example.com <noc@example.com>", "noc@example.com"),
        ("noc@example.com <NOC@example.com>", "NOC@example.com"),
        ("noc@example.com < noc@example.com >", "noc@example.com"),
        ("'NOC@example.com' <noc@example.com>", "noc@example.com"),
        ("M\u00fcller <mueller@example.com>", "mueller@example.com"),
        ("M\u00fcller <m\u00fcller@example.com>", "m\u00fcller@example.com"),
        ("NOC <noc@corp>", "noc@corp"),
    ],
)
def test_the_address_inside(text: str, address: str) -> None:
    reading = parse_mail_address(text)
    assert (str(reading.value), reading.problems) == (address, DISPLAY_NAME)


@pytest.mark.parametrize("text", ["dma@my_company.local", "dma@_a.example", "d_ma@corp_"])
def test_an_underscore_in_the_domain(text: str) -> None:
    reading = parse_mail_address(text)
    assert (str(reading.value), reading.problems) == (text, UNDERSCORE)


@pytest.mark.parametrize("text", ["dma@192.0.2", "dma@192.0.2.7.1", "dma@192.0.2.x7", "dma@7.example.com.1"])
def test_a_domain_that_is_no_address(text: str) -> None:
    assert parse_mail_address(text).problems == ()


@pytest.mark.parametrize("text", ["dma@192.0.2.7", "dma@010.020.030.040"])
def test_an_address_without_brackets_as_the_domain(text: str) -> None:
    reading = parse_mail_address(text)
    assert (str(reading.value), reading.problems) == (text, (MailAddressProblem.BARE_IP_ADDRESS,))


def test_an_underscore_in_the_domain_inside() -> None:
    reading = parse_mail_address("NOC <noc@my_company.local>")
    assert str(reading.value) == "noc@my_company.local"
    assert reading.problems == DISPLAY_NAME + UNDERSCORE


ORDINARY_PIECES = (
    "dma",
    "noc",
    "@",
    ".",
    "example.com",
    "corp",
    '"',
    "\\",
    "<",
    ">",
    " ",
    ",",
    ";",
    "_",
    "-",
)
STRANGE_PIECES = (
    "\u00fc",
    "\u200b",
    "\u3002",
    "xn--",
    "[",
    "]",
    "IPv6:",
    "::1",
    "192.0.2.1",
    "\n",
    "\ud800",
    "(",
)
PIECES = st.sampled_from((*ORDINARY_PIECES, *STRANGE_PIECES, ":", "\U0001f600"))


@given(st.text() | st.lists(PIECES).map("".join))
@example("a@\u1e9e.example")
@example("a@xn--\u00fc.com")
@example("a@[IPv6:" + "1" * 400 + "]")
@example("a@" + "\u00fc" * 400)
def test_never_an_exception(text: str) -> None:
    reading = parse_mail_address(text)
    if reading.value is None:
        assert reading.problems
    else:
        assert str(reading.value) in text
        again = parse_mail_address(str(reading.value))
        assert again.value == reading.value
        assert MailAddressProblem.DISPLAY_NAME not in again.problems


@given(
    local=st.from_regex(r"[a-z0-9]+([.+_-][a-z0-9]+){0,3}", fullmatch=True).filter(
        lambda text: len(text) <= 64
    ),
    domain=st.from_regex(r"[a-z0-9]{1,20}(-[a-z0-9]{1,20})?(\.[a-z]{1,20}){0,3}", fullmatch=True),
)
def test_every_ordinary_address(local: str, domain: str) -> None:
    reading = parse_mail_address(f"{local}@{domain}")
    assert (reading.value, reading.problems) == (MailAddress(local, domain), ())


@pytest.mark.parametrize(
    "text",
    [
        *(text for text, _, _ in ORDINARY),
        *("Az09@A.z.0", "dma@Aa0-Aa0.Zz9_Zz9.Bb1", "dma@_Aa.9z_.Z9", "dma@a" + "b" * 61 + "c"),
    ],
)
def test_an_ordinary_address_needs_no_library(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_address, "_validator", lambda: pytest.fail("the library is loaded"))
    parse_mail_address.cache_clear()
    assert str(parse_mail_address(text).value) == text


@pytest.mark.parametrize("text", ["postmaster", r"EXAMPLE\dma", "N" * 1008 + "<noc@example.com>"])
def test_what_cannot_be_an_address_needs_no_library(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_address, "_validator", lambda: pytest.fail("the library is loaded"))
    parse_mail_address.cache_clear()
    assert parse_mail_address(text).value is None


@pytest.mark.parametrize(
    ("text", "is_plain"),
    [
        ("dma@example.com", True),
        ("d" * 52 + "@example.com", True),  # 64 characters
        ("d" * 53 + "@example.com", False),  # valid, and more than is told quickly
        ("dma@my_host.example.com", False),
        ("dma_1.noc+alarms@example.com", True),
        (".dma@example.com", False),
        ("dma..1@example.com", False),
        ("@example.com", False),
        ("düsseldorf@example.com", False),
        ("dma@", False),
        ("DMA <dma@example.com>", False),
        ("", False),
    ],
)
def test_an_address_like_most(text: str, is_plain: bool) -> None:
    assert is_plain_address(text) is is_plain
    if is_plain:
        assert parse_mail_address(text).is_valid


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("the agent", "it has no @"),
        ("", "it has no @"),
        ("dma@site@example.com", "it has more than one @"),
        ("dma @example.com", "it has white space in it"),
        ("dma@exam ple.com", "it has white space in it"),
        (" dma@example.com", None),
        ("@example.com", "nothing stands before the @"),
        ("dma@", "nothing stands behind the @"),
        ("dma@example.com.", "it ends with a dot"),
        ("d..ma@example.com", "two dots stand together in it"),
        ("dma@example..com", "two dots stand together in it"),
        (".dma@example.com", "what stands before the @ begins or ends with a dot"),
        ("dma.@example.com", "what stands before the @ begins or ends with a dot"),
        ("a" * 64 + "@example.com", None),
        ("a" * 65 + "@example.com", "it is too long"),
        ("a@" + "b" * 252, None),
        ("a@" + "b" * 253, "it is too long"),
        ("dma@-example.com", None),
    ],
)
def test_why_a_text_is_no_address(text: str, words: str | None) -> None:
    assert why_no_address(text) == words
