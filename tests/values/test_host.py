"""Host: host names and addresses, and what stands around them."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from migrator.values import host
from migrator.values.host import Host, HostProblemKind, is_named_for_reading, parse_host

INVALID, EXTRAS, UNDERSCORE = HostProblemKind.INVALID, HostProblemKind.EXTRAS, HostProblemKind.UNDERSCORE

LONG_LABEL = "a" * 63
LONG_NAME = f"{LONG_LABEL}.{LONG_LABEL}.{LONG_LABEL}.{'a' * 61}"  # 253 characters

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
LDH = LETTERS + "0123456789-"
LABELS = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?", fullmatch=True)
LAST_LABELS = st.from_regex(r"[A-Za-z]([A-Za-z0-9-]{0,20}[A-Za-z0-9])?", fullmatch=True)
NAMES = st.builds(lambda labels, last: ".".join([*labels, last]), st.lists(LABELS, max_size=3), LAST_LABELS)
NEAR = st.text(LDH + "._:/@[]%#?  1.\u00e4\u3002\u200b", max_size=24)
TEXTS = st.text() | NEAR | st.text(st.characters(categories=["Cs", "Ll", "Po"]), max_size=8)


@pytest.mark.parametrize(
    "text",
    [
        "smtp.example.com",
        "SMTP.Example.COM",
        "smtp.example.com.",
        "relay",
        "relay1",
        "1relay",
        "3com.example",
        "a-b.example",
        "a--b.example",
        "xn--bcher-kva.example",
        "mail.1e.example",
        "localhost",
        LONG_LABEL,
        LONG_NAME,
        f"{LONG_NAME}.",
        "192.0.2.25",
        "127.0.0.1",
        "2001:db8::25",
        "::1",
        "::ffff:192.0.2.25",
        "fe80::1%12",
        "fe80::1%eth0",
        "fe80::1%Eth0.1_a~b-c",
    ],
)
def test_hosts(text: str) -> None:
    reading = parse_host(text)
    assert reading.is_valid
    assert reading.value is not None
    assert reading.value.name == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("smtp..example.com", "two dots stand together, or one at the beginning"),
        (".example.com", "two dots stand together, or one at the beginning"),
        ("example.com..", "two dots stand together, or one at the beginning"),
        (".", "two dots stand together, or one at the beginning"),
        ("", "two dots stand together, or one at the beginning"),
        ("-smtp.example.com", "a part begins or ends with a hyphen"),
        ("smtp-.example.com", "a part begins or ends with a hyphen"),
        ("smtp.example.com-", "a part begins or ends with a hyphen"),
        ("smtp example.com", "there is white space in it"),
        ("smtp.example.com 587", "there is white space in it"),
        ("smtp.example.com\n", "there is white space in it"),
        ("smtp,example.com", "a character other than letters, digits and hyphens is in it"),
        ("smtp.example.com;", "a character other than letters, digits and hyphens is in it"),
        (r"\\smtp", "a character other than letters, digits and hyphens is in it"),
        ("//smtp.example.com", "a character other than letters, digits and hyphens is in it"),
        ("smtp://", "a character other than letters, digits and hyphens is in it"),
        (":25", "a character other than letters, digits and hyphens is in it"),
        ("smtp[1:25", "a character other than letters, digits and hyphens is in it"),
        ("smtp1]:25", "a character other than letters, digits and hyphens is in it"),
        ("[]", "a character other than letters, digits and hyphens is in it"),
        ("[::1", "a character other than letters, digits and hyphens is in it"),
        ("2001:db8::g", "a character other than letters, digits and hyphens is in it"),
        ("2001:db8::1::2", "a character other than letters, digits and hyphens is in it"),
        ("::1%a b", "there is white space in it"),
        ("::1%", "a character other than letters, digits and hyphens is in it"),
        (f"{LONG_LABEL}a", "a part is longer than 63 characters"),
        (f"{LONG_LABEL}a.example", "a part is longer than 63 characters"),
        (f"{LONG_NAME}a", "longer than 253 characters"),
        ("192.0.2.256", "its last part is a number, and it is no IPv4 address"),
        ("192.0.2", "its last part is a number, and it is no IPv4 address"),
        ("192.0.2.25.1", "its last part is a number, and it is no IPv4 address"),
        ("192.0.2.025", "its last part is a number, and it is no IPv4 address"),
        ("25", "its last part is a number, and it is no IPv4 address"),
        ("smtp1.example.com;smtp2.example.com", "it names more than one server"),
        (" smtp1.example.com, smtp2.example.com;", "it names more than one server"),
        ("192.0.2.1 192.0.2.2", "it names more than one server"),
        ("2001:db8::1, 2001:db8::2", "it names more than one server"),
        (f"{'a.b ' * 255}a.b;", "it names more than one server"),
        (f"{'a.b ' * 255}a.b;;", "there is white space in it"),
        ("a-.b c.d", "a part begins or ends with a hyphen"),
        ("smtp. example.com", "there is white space in it"),
        ("192.0.2.1," * 110, "a character other than letters, digits and hyphens is in it"),
    ],
)
def test_no_hosts(text: str, reason: str) -> None:
    reading = parse_host(text)
    assert reading.value is None
    assert [(problem.kind, problem.reason) for problem in reading.problems] == [(INVALID, reason)]


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("smtp.b\u00fccher.example", "smtp.xn--bcher-kva.example"),
        ("SMTP.B\u00dcCHER.example", "smtp.xn--bcher-kva.example"),
        ("smtp\u3002example\u3002com", "smtp.example.com"),
        ("smtp\u200b.example.com", "smtp.example.com"),
        ("\uff11\uff12\uff17.0.0.1", "127.0.0.1"),
        (f"{LONG_NAME[:-1]}\u200b", LONG_NAME[:-1]),
        (f"{LONG_NAME}\u200b", None),
        ("\uff11\uff19\uff12.0.2.256", None),
        ("smtp\u2013relay.example.com", None),
        ("b\u00fccher_1.example", None),
        ("\u2603.example", None),
        ("b\u00fccher..example", None),
        ("\ud800.example", None),
        ("\u00e4" * 300, None),
    ],
)
def test_names_outside_ascii(text: str, suggestion: str | None) -> None:
    reading = parse_host(text)
    assert [problem.kind for problem in reading.problems] == [INVALID]
    assert reading.problems[0].suggestion == suggestion
    assert (None if reading.value is None else reading.value.name) == suggestion


@pytest.mark.parametrize(
    "text",
    [
        *("mail_relay", "_smtp.example.com", "a_.b_c.example", "my_relay.example.com.", "9_0.example"),
        *("MX_1.Example.COM", "a_-_b.X.Y-Z.example", "mail_relay.EXAMPLE", "relay_A.3c0m.example", "a_1.e2"),
    ],
)
def test_underscores(text: str) -> None:
    reading = parse_host(text)
    assert [problem.kind for problem in reading.problems] == [UNDERSCORE]
    assert reading.value == Host(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "smtp.example.com",
            "SMTP.Example.COM",
            "relay",
            "R",
            "a.b",
            "0a.1B.2-c.Az9",
            "Z-9z.A-Za0z9-B.Q-w9Z",
        ),
        *("9.Zz0-aA9.a9", f"a.{LONG_LABEL}", LONG_LABEL, LONG_NAME),
    ],
)
def test_an_ordinary_name_is_read_at_once(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def look(_: str) -> None:
        pytest.fail("it is looked at again, which takes longer, and may import what other files do not need")

    monkeypatch.setattr(host, "_address", look)
    parse_host.cache_clear()
    assert parse_host(text).value == Host(text)


@pytest.mark.parametrize(
    ("text", "reason", "suggestion", "scheme", "port"),
    [
        ("smtp://smtp.example.com", "holds a scheme", "smtp.example.com", "smtp", None),
        ("SMTPS://smtp.example.com", "holds a scheme", "smtp.example.com", "smtps", None),
        ("x://smtp.example.com", "holds a scheme", "smtp.example.com", "x", None),
        ("SMTP+TLS.1-a://smtp.example.com", "holds a scheme", "smtp.example.com", "smtp+tls.1-a", None),
        ("smtp.example.com:587-SSL", "holds a port", "smtp.example.com", None, "587-SSL"),
        ("smtp.example.com:+587", "holds a port", "smtp.example.com", None, "+587"),
        ("smtp.example.com:587", "holds a port", "smtp.example.com", None, "587"),
        ("smtp.example.com:587-ssl", "holds a port", "smtp.example.com", None, "587-ssl"),
        ("smtp.example.com:", "holds a port", "smtp.example.com", None, ""),
        ("smtp.example.com:smtp", "holds a port", "smtp.example.com", None, "smtp"),
        ("192.0.2.25:25", "holds a port", "192.0.2.25", None, "25"),
        ("[::1]", "holds brackets", "::1", None, None),
        ("[IPv6:2001:db8::1]", "holds brackets", "2001:db8::1", None, None),
        ("[ipv6:2001:db8::1]", "holds brackets", "2001:db8::1", None, None),
        ("[IPV6:2001:db8::1]", "holds brackets", "2001:db8::1", None, None),
        ("[2001:db8::1]:25", "holds brackets and a port", "2001:db8::1", None, "25"),
        ("[smtp.example.com]", "holds brackets", "smtp.example.com", None, None),
        ("smtp.example.com/", "holds a path", "smtp.example.com", None, None),
        ("smtp.example.com/a\nb", "holds a path", "smtp.example.com", None, None),
        ("smtp.example.com#tls", "holds a path", "smtp.example.com", None, None),
        ("smtp.example.com?tls=1", "holds a path", "smtp.example.com", None, None),
        ("smtp://h:25/x", "holds a scheme, a port and a path", "h", "smtp", "25"),
        ("mail_relay:25", "holds a port", "mail_relay", None, "25"),
        ("b\u00fccher.example:25", "holds a port", None, None, "25"),
        ("smtp..example.com:25", "holds a port", None, None, "25"),
        ("[smtp.example.com:25]", "holds brackets", None, None, None),
    ],
)
def test_extras(text: str, reason: str, suggestion: str | None, scheme: str | None, port: str | None) -> None:
    (problem,) = parse_host(text).problems
    assert (problem.kind, problem.reason, problem.suggestion) == (EXTRAS, reason, suggestion)
    assert (problem.extras.scheme, problem.extras.port) == (scheme, port)
    assert not problem.extras.has_login


@pytest.mark.parametrize(
    ("text", "has_path"),
    [
        ("smtp.example.com/587", True),
        ("smtp.example.com#tls", True),
        ("smtp://smtp.example.com/x", True),
        ("smtp.example.com/", False),
        ("smtp.example.com//", False),
        ("smtp.example.com:587/x", False),
    ],
)
def test_a_path_that_may_be_a_port(text: str, has_path: bool) -> None:
    (problem,) = parse_host(text).problems
    assert problem.extras.has_path is has_path


@pytest.mark.parametrize(
    "text",
    [
        "smtp:/smtp.example.com",
        "smtp:smtp.example.com",
        "smtp:relay",
        "SMTPS:/relay",
        "ssl:relay:465",
        "tls:relay",
        "https:/mail.example.com/owa",
        "http:mail.example.com",
        "http:relay",
        "smtp//relay.example.com",
        "HTTPS//mail.example.com/owa",
    ],
)
def test_a_scheme_that_lost_a_part_is_no_host(text: str) -> None:
    (problem,) = parse_host(text).problems
    assert (problem.kind, problem.suggestion, problem.extras.has_path) == (INVALID, None, False)


@pytest.mark.parametrize(
    "text",
    [
        "smtp:25",
        "smtp:25-starttls",
        "smtp:",
        "smtp:/",
        "SMTP:587/",
        "a:smtp",
        "smtp/587",
        "smtp//",
        "a//smtp",
    ],
)
def test_a_host_may_be_named_like_a_scheme(text: str) -> None:
    (problem,) = parse_host(text).problems
    assert (problem.kind, problem.suggestion) == (EXTRAS, re.split("[:/]", text)[0])


@pytest.mark.parametrize(
    "text",
    [
        "dma@example.com",
        "dma:hunter2@smtp.example.com",
        "dma:hunter2@smtp:relay",
        "smtp://dma:hunter2@smtp.example.com:587",
        "dma:hun/ter2@smtp.example.com",
        "dma:hun?er#2@smtp.example.com",
        "dma:hun@ter2@smtp.example.com",
        "dma:hun ter2@smtp.example.com",
        "dma:b\u00fccher@smtp.example.com",
        "dma:hunter2@",
        "dma:hunter2@smtp..example.com",
        "dma:hunter2@[",
        "@",
    ],
)
def test_whatever_has_an_at_sign_has_a_login(text: str) -> None:
    (problem,) = parse_host(text).problems
    assert problem.kind is EXTRAS
    assert problem.extras.has_login
    assert "hun" not in problem.reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("dma@example.com", "holds a login"),
        ("dma@example.com:25", "holds a login and a port"),
        ("smtp://dma@example.com", "holds a scheme and a login"),
        ("dma@:25", "holds a login and a port"),
        ("dma@[]", "holds a login and brackets"),
        ("dma@[::1", "holds a login"),
    ],
)
def test_what_stands_beside_a_login(text: str, reason: str) -> None:
    (problem,) = parse_host(text).problems
    assert problem.reason == reason


@pytest.mark.parametrize(
    ("text", "is_loopback"),
    [
        ("localhost", True),
        ("LOCALHOST.", True),
        ("relay.localhost", True),
        ("127.0.0.1", True),
        ("127.255.0.3", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("localhost:25", True),
        ("[::1]:25", True),
        ("localhost.example.com", False),
        ("notlocalhost", False),
        ("128.0.0.1", False),
        ("0.0.0.1", False),
        ("::2", False),
        ("::ffff:192.0.2.25", False),
        ("smtp.example.com", False),
    ],
)
def test_loopback(text: str, is_loopback: bool) -> None:
    value = parse_host(text).value
    assert value is not None
    assert value.is_loopback is is_loopback


@given(name=NAMES, dot=st.sampled_from(["", "."]))
def test_every_host_name_is_valid(name: str, dot: str) -> None:
    reading = parse_host(name + dot)
    assert reading.is_valid == (len(name) <= 253)


@given(name=NAMES, place=st.integers(0, 1000), character=st.sampled_from(" ,;!\"'()*<>\\^`{|}~$&=\t\u00a0"))
def test_one_wrong_character_is_seen(name: str, place: int, character: str) -> None:
    place %= len(name) + 1
    assert not parse_host(name[:place] + character + name[place:]).is_valid


@given(address=st.ip_addresses())
def test_every_address_is_valid(address: IPv4Address | IPv6Address) -> None:
    reading = parse_host(str(address))
    assert reading.is_valid
    assert reading.value is not None
    assert reading.value.address == address


@given(name=NAMES | st.ip_addresses().map(str), port=st.integers(1, 65535))
def test_a_port_and_a_scheme_are_told_from_the_host(name: str, port: int) -> None:
    inside = f"[{name}]" if ":" in name else name
    reading = parse_host(f"smtp://{inside}:{port}/")
    if parse_host(name).is_valid:
        assert reading.problems[0].suggestion == name
        assert reading.value is not None
        assert reading.value.name == name


@given(text=TEXTS)
@example(text="a" * 300)
@example(text="[" * 50 + "]" * 50)
def test_any_text_has_one_reading_or_none(text: str) -> None:
    reading = parse_host(text)
    assert len(reading.problems) <= 1
    if reading.is_valid:
        assert reading.value is not None
        assert reading.value.name == text
        assert reading.value.address == _address(text)
    for problem in reading.problems:
        # A suggestion can be written as it is, and nothing more than an underscore is wrong with it.
        if problem.suggestion is not None:
            again = parse_host(problem.suggestion)
            assert again.value == reading.value
            assert all(one.kind is UNDERSCORE for one in again.problems)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


@given(before=TEXTS, after=TEXTS | NAMES)
def test_a_login_is_never_missed(before: str, after: str) -> None:
    (problem,) = parse_host(f"{before}@{after}").problems
    assert problem.extras.has_login


@pytest.mark.parametrize(
    "name",
    [
        *("imap.example.com", "pop.example.com", "pop3.example.com", "IMAP.Example.com", "pop.example.com."),
        *("outlook.office365.com", "Outlook.Office365.com", "outlook.office365.com."),
        *("imap-mail.outlook.com", "pop-mail.outlook.com"),
    ],
)
def test_servers_that_mail_is_read_from(name: str) -> None:
    assert is_named_for_reading(name)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "smtp.example.com",
            "imap",
            "pop3",
            "imap.",
            "imaps.example.com",
            "mail.imap",
            "mail.pop.example.com",
        ),
        *("office365.com", "smtp.office365.com", "a.outlook.office365.com", ""),
    ],
)
def test_other_servers(name: str) -> None:
    assert not is_named_for_reading(name)


def test_where_those_that_read_there_send_through() -> None:
    assert host.READING_HOSTS["outlook.office365.com"] == "smtp.office365.com"
    assert host.READING_HOSTS["imap-mail.outlook.com"] == "smtp-mail.outlook.com"
    assert host.READING_HOSTS["pop-mail.outlook.com"] == "smtp-mail.outlook.com"
