"""H201 to H203, H213 and H217: Host."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.checking import CheckSettings, check
from migrator.diagnostic import Safety, Severity
from migrator.fixing import fix
from tests.rules.tables import codes, findings, fixed, only, section

LONG_LABEL = "a" * 63
SECRET = "correct-horse"

MISSING, EMPTY = "Host is missing", "Host is empty"
NOTHING_AT_ALL = "the SMTP section is empty: Host is missing"

CHARACTER = "a character other than letters, digits and hyphens is in it"
DOTS = "two dots stand together, or one at the beginning"
HYPHEN = "a part begins or ends with a hyphen"
NUMBER = "its last part is a number, and it is no IPv4 address"
SPACE = "there is white space in it"


# H201


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (section(Host=None).replace("<SMTP>", "<«SMTP»>"), MISSING),
        ("<«SMTP»><!-- <Host>smtp.example.com</Host> --><Helo>dma.example.com</Helo></SMTP>", MISSING),
        (section(Host="").replace("<Host>", "<«Host»>"), EMPTY),
        (section(Host=" \n ").replace("<Host>", "<«Host»>"), EMPTY),
        (section(Host="<!-- smtp.example.com -->").replace("<Host>", "<«Host»>"), EMPTY),
        (section(Host="").replace("<Host></Host>", "<«Host» />"), EMPTY),
        ("<«SMTP»></SMTP>", NOTHING_AT_ALL),
        ("<DataMiner><«SMTP» /></DataMiner>", NOTHING_AT_ALL),
        ("<«SMTP»><!-- <Host>smtp.example.com</Host> --></SMTP>", NOTHING_AT_ALL),
    ],
)
def test_missing_host(text: str, message: str) -> None:
    one = only(text, "H201")
    assert (one.message, one.severity, one.fix) == (message, Severity.ERROR, None)


@pytest.mark.parametrize("text", ["<SMTP></SMTP>", "<SMTP/>", "<SMTP>\n  <!-- later -->\n</SMTP>"])
def test_of_an_empty_section_nothing_else_is_said(text: str) -> None:
    assert codes(text) == ["H201"]


@pytest.mark.parametrize(
    "text",
    [
        section(),
        section(Host="relay"),
        section(Host=" smtp.example.com"),
        section(Host="<![CDATA[smtp.example.com]]>"),
        section(Host="smtp..example.com"),
        section(Host=None, Server="smtp.example.com"),
        section(Host=None, host="smtp.example.com"),
        section().replace("<Host>", '<Host xmlns="urn:other">'),
        section(Host="<b>smtp.example.com</b>"),
    ],
)
def test_host_is_there(text: str) -> None:
    assert "H201" not in codes(text)


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ({"Host": None}, ["H201"]),
        ({"Host": ""}, ["H201"]),
        ({"Host": None, "HostPort": None}, ["H201", "H214"]),
        ({"Host": "", "HostPort": ""}, ["H201", "H204"]),
        ({"Host": None, "Server": "smtp.example.com"}, ["S101"]),
    ],
)
def test_what_else_is_said_without_host(settings: dict[str, str | None], found: list[str]) -> None:
    assert codes(section(**settings)) == found


# H202


@pytest.mark.parametrize(
    ("host", "shown", "reason"),
    [
        ("«smtp..example.com»", "smtp..example.com", DOTS),
        ("«.example.com»", ".example.com", DOTS),
        ("«-smtp.example.com»", "-smtp.example.com", HYPHEN),
        ("«smtp-.example.com»", "smtp-.example.com", HYPHEN),
        ("«smtp example.com»", "smtp example.com", SPACE),
        ("« smtp example.com »", "smtp example.com", SPACE),
        ("«smtp&#9;example.com»", r"smtp\texample.com", SPACE),
        ("«smtp.example.com;»", "smtp.example.com;", CHARACTER),
        ("«R&amp;D.example.com»", "R&D.example.com", CHARACTER),
        ("<![CDATA[«R&D.example.com»]]>", "R&D.example.com", CHARACTER),
        ("«$smtp.example.com»", "$smtp.example.com", CHARACTER),
        ("«192.0.2.256»", "192.0.2.256", NUMBER),
        ("«192.0.2»", "192.0.2", NUMBER),
        ("«2001:db8::g»", "2001:db8::g", CHARACTER),
        (f"«{LONG_LABEL}a»", "a" * 59 + "…", "a part is longer than 63 characters"),
        ("«\u2603.example»", "\u2603.example", "it has characters outside ASCII"),
    ],
)
def test_invalid_host(host: str, shown: str, reason: str) -> None:
    one = only(section(Host=host), "H202")
    assert one.message == f'"{shown}" is neither a host name nor an address: {reason}'
    assert one.help == "write the name or address of the mail server"
    assert (one.severity, one.place, one.fix) == (Severity.ERROR, "SMTP/Host", None)


@pytest.mark.parametrize(
    ("host", "suggestion"),
    [
        ("«smtp.b\u00fccher.example»", "smtp.xn--bcher-kva.example"),
        ("«smtp.b&#252;cher.example»", "smtp.xn--bcher-kva.example"),
        ("«smtp\u3002example\u3002com»", "smtp.example.com"),
        ("«smtp\u200b.example.com»", "smtp.example.com"),
    ],
)
def test_the_ascii_form_of_a_name(host: str, suggestion: str) -> None:
    assert only(section(Host=host), "H202").help == f'write "{suggestion}"'


@pytest.mark.parametrize(
    "host",
    [
        "smtp.example.com",
        "smtp.example.com.",
        "smtp-1.example.com",
        "relay",
        "3com.example",
        "a-b.example",
        "xn--bcher-kva.example",
        LONG_LABEL,
        "192.0.2.25",
        "192.0.2.com",
        "2001:db8::25",
        "::1",
        "fe80::1%12",
        " smtp.example.com ",
        "\u200bsmtp.example.com",
        "smtp.<!-- of the NOC; -->example.com",
        "mail_relay.example.com",
        "smtp://smtp..example.com",
        "",
    ],
)
def test_other_hosts(host: str) -> None:
    assert "H202" not in codes(section(Host=host))


# H203


@pytest.mark.parametrize(
    ("host", "reason", "help_"),
    [
        ("«smtp://smtp.example.com»", "holds a scheme", 'write "smtp.example.com"'),
        ("«smtp.example.com:587»", "holds a port", 'write "smtp.example.com"'),
        (
            "«smtp.example.com:25»",
            "holds a port",
            'write "smtp.example.com", if "587-starttls" in HostPort is right',
        ),
        ("«smtp.example.com:»", "holds a port", 'write "smtp.example.com"'),
        ("«[::1]»", "holds brackets", 'write "::1"'),
        ("«[2001:db8::1]:587»", "holds brackets and a port", 'write "2001:db8::1"'),
        ("«smtp.example.com/»", "holds a path", 'write "smtp.example.com"'),
        ("«smtp://relay:587/x?y»", "holds a scheme, a port and a path", 'write "relay"'),
        ("« smtp.example.com:587»", "holds a port", 'write "smtp.example.com"'),
        ("<![CDATA[«smtp.example.com:587»]]>", "holds a port", 'write "smtp.example.com"'),
        ("«smtp.example.com&#58;587»", "holds a port", 'write "smtp.example.com"'),
        ("«smtp..example.com:587»", "holds a port", "write the server's name"),
        ("«b\u00fccher.example:587»", "holds a port", "write the server's name"),
    ],
)
def test_extras(host: str, reason: str, help_: str) -> None:
    one = only(section(Host=host), "H203")
    assert one.message.endswith(f" {reason}: Host is a name or an address alone")
    assert (one.help, one.severity, one.place) == (help_, Severity.ERROR, "SMTP/Host")


@pytest.mark.parametrize(
    "host",
    [
        "smtp.example.com",
        "smtp.example.com.",
        "::1",
        "2001:db8::1:587",
        "smtp.example.com 587",
        "smtp://",
        "//smtp.example.com",
        "[::1",
        ":587",
        "mail_relay.example.com",
        "smtp.example.com<!-- :587 -->",
        "",
    ],
)
def test_no_extras(host: str) -> None:
    assert "H203" not in codes(section(Host=host))


@pytest.mark.parametrize(
    ("host", "host_port", "after", "safety"),
    [
        ("«smtp://smtp.example.com»", None, "smtp.example.com", Safety.SAFE),
        ("«smtp://smtp.example.com»", "465", "smtp.example.com", Safety.SAFE),
        ("«smtps://smtp.example.com»", "465", "smtp.example.com", Safety.SAFE),
        ("«ssl://smtp.example.com»", "465", "smtp.example.com", Safety.SAFE),
        ("«ssl://smtp.example.com:465»", "465", "smtp.example.com", Safety.SAFE),
        ("«ssl://smtp.example.com»", "587-starttls", "smtp.example.com", Safety.UNSAFE),
        ("«tls://smtp.example.com»", "465", "smtp.example.com", Safety.UNSAFE),
        ("«tls://smtp.example.com»", "587-starttls", "smtp.example.com", Safety.UNSAFE),
        ("«smtps://smtp.example.com»", "587-starttls", "smtp.example.com", Safety.UNSAFE),
        ("«smtps://smtp.example.com»", "25", "smtp.example.com", Safety.UNSAFE),
        ("«http://smtp.example.com»", "587-starttls", "smtp.example.com", Safety.UNSAFE),
        ("«http://smtp.example.com»", "465", "smtp.example.com", Safety.UNSAFE),
        ("«http://smtp.example.com»", None, "smtp.example.com", Safety.UNSAFE),
        ("«smtps://smtp.example.com»", "465 tls", "smtp.example.com", Safety.UNSAFE),
        ("«smtp.example.com/»", "587-starttls", "smtp.example.com", Safety.SAFE),
        ("«smtp.example.com:587/x»", "587-starttls", "smtp.example.com", Safety.SAFE),
        ("«smtp.example.com/587»", "587-starttls", "smtp.example.com", Safety.UNSAFE),
        ("«smtp.example.com/587»", None, "smtp.example.com", Safety.UNSAFE),
        ("«[::1]»", None, "::1", Safety.SAFE),
        ("«mail_relay:587»", "587-starttls", "mail_relay", Safety.SAFE),
        # the port says what HostPort says
        ("«smtp.example.com:587»", "587-starttls", "smtp.example.com", Safety.SAFE),
        ("«smtp.example.com:587»", "0587-STARTTLS", "smtp.example.com", Safety.SAFE),
        ("«smtp.example.com:587-starttls»", "587-starttls", "smtp.example.com", Safety.SAFE),
        ("«smtp.example.com:25»", None, "smtp.example.com", Safety.SAFE),
        ("«smtp.example.com:»", None, "smtp.example.com", Safety.SAFE),
        # it says something else
        ("«smtp.example.com:587»", "25", "smtp.example.com", Safety.UNSAFE),
        ("«smtp.example.com:587-ssl»", "587-starttls", "smtp.example.com", Safety.UNSAFE),
        ("«smtp.example.com:587»", "587 starttls", "smtp.example.com", Safety.UNSAFE),
        ("«smtp.example.com:smtp»", "25", "smtp.example.com", Safety.UNSAFE),
        ("«smtp.example.com:587starttls»", "587-starttls", "smtp.example.com", Safety.UNSAFE),  # a guess
        # how it stands in the file
        ("« smtp.example.com:587 »", "587-starttls", "smtp.example.com", Safety.SAFE),
        ("<![CDATA[«smtp.example.com:587»]]>", "587-starttls", "<![CDATA[smtp.example.com]]>", Safety.SAFE),
        ("<!-- NOC -->«smtp.example.com:587»", "587-starttls", "<!-- NOC -->smtp.example.com", Safety.SAFE),
    ],
)
def test_fix_of_extras(host: str, host_port: str | None, after: str, safety: Safety) -> None:
    text = section(Host=host, HostPort=host_port)
    fix = only(text, "H203").fix
    assert fix is not None
    assert fix.safety is safety
    assert fixed(text, "H203") == section(Host=after, HostPort=host_port)


@pytest.mark.parametrize(
    ("host", "port"),
    [
        ("smtp.example.com:587", "587"),
        ("smtp://smtp.example.com:587-starttls/", "587-starttls"),
        ("smtp.example.com:25-ssl", "25-ssl"),
    ],
)
@pytest.mark.parametrize("before", [None, ""])
def test_a_port_in_host_alone_goes_where_it_belongs(host: str, port: str, before: str | None) -> None:
    text = section(Host=f"«{host}»", HostPort=before)
    one = only(text, "H203")

    assert one.fix is not None
    assert (one.fix.safety, one.fix.title) == (
        Safety.UNSAFE,
        f'write "smtp.example.com", and "{port}" into HostPort',
    )
    assert fixed(text, "H203") == section(Host="smtp.example.com", HostPort=port)


@pytest.mark.parametrize(
    "other",
    [
        "<Port>25</Port>",
        "<hostport>25</hostport>",
        '<HostPort xmlns="urn:x">25</HostPort>',
        "<From>b@example.com</From>",
    ],
)
def test_a_port_in_host_stays_where_something_else_may_be_the_host_port(other: str) -> None:
    text = section(Host="«smtp.example.com:587»", HostPort=None).replace("</SMTP>", f"  {other}\n</SMTP>")

    assert only(text, "H203").fix is None


@pytest.mark.parametrize("path", ["a.json", "a.yaml"])
def test_a_port_in_host_alone_goes_where_it_belongs_in_other_formats(path: str) -> None:
    text = '{"SMTP": {"Host": "smtp.example.com:587", "From": "a@example.com"}}'

    data = fix(text.encode(), partial(check, path, settings=CheckSettings()), unsafe=True).data

    assert data.decode().startswith('{"SMTP": {"Host": "smtp.example.com", "HostPort": "587-starttls", ')


@pytest.mark.parametrize(
    ("host", "host_port"),
    [
        ("«smtp.example.com:smtp»", None),  # the port would be lost
        ("«smtp.example.com:99999»", None),
        ("«smtp.example.com:99999»", ""),
        ("«smtp.example.com:587»", "starttls"),
        ("«smtp.example.com:587»", "70000"),
        ("«smtps://smtp.example.com»", "starttls"),
        ("«smtps://smtp.example.com»", ""),
        ("«smtps://smtp.example.com»", None),  # what it says of TLS would be lost
        ("«SMTPS://smtp.example.com»", None),
        ("«ssl://smtp.example.com»", None),
        ("«tls://smtp.example.com»", None),
        ("«tls://smtp.example.com:587»", None),
        ("«smtp..example.com:587»", "587-starttls"),  # what is left is no host
        ("«b\u00fccher.example:587»", "587-starttls"),
        ("«smtp.example.com<!-- NOC -->:587»", "587-starttls"),  # the comment would be lost
    ],
)
def test_no_fix_of_extras(host: str, host_port: str | None) -> None:
    assert only(section(Host=host, HostPort=host_port), "H203").fix is None


@pytest.mark.parametrize(
    ("host", "host_port", "rest"),
    [
        ("«smtps://smtp.example.com»", None, ", and 465 into HostPort"),
        ("«ssl://smtp.example.com»", None, ", and 465 into HostPort"),
        ("«tls://smtp.example.com»", None, ", and 587-starttls or 465 into HostPort"),
        ("«ssl://smtp.example.com:465»", None, ", and the port into HostPort"),
        ("«smtp.example.com:587»", None, ", and the port into HostPort"),
        ("«smtp.example.com:587»", "starttls", ", and the port into HostPort"),
        ("«smtp.example.com:2525»", "587 starttls", ', if "587-starttls" in HostPort is right'),
        ("«smtp.example.com:587»", "465", ', if "465" in HostPort is right'),
        ("«smtp.example.com/587»", "465", ', if "465" in HostPort is right'),
        ("«tls://smtp.example.com»", "25", ', if "25" in HostPort is right'),
        ("«smtps://smtp.example.com»", "25", ', if "25" in HostPort is right'),
        ("«smtps://smtp.example.com»", "70000", ", and 465 into HostPort"),
        ("«smtp://smtp.example.com»", None, ""),
        ("«smtps://smtp.example.com:465»", None, ", and the port into HostPort"),
    ],
)
def test_help_of_extras(host: str, host_port: str | None, rest: str) -> None:
    assert only(section(Host=host, HostPort=host_port), "H203").help == f'write "smtp.example.com"{rest}'


@pytest.mark.parametrize(
    "host",
    [
        f"dma:{SECRET}@smtp.example.com",
        f"smtp://dma:{SECRET}@smtp.example.com:587",
        f"smtp://{SECRET}@smtp.example.com",
        f"dma:{SECRET}/x@smtp.example.com",
        f"dma:x@{SECRET}@smtp.example.com",
        f"dma:{SECRET} x@smtp.example.com",
        f" dma:{SECRET}@smtp.example.com ",
        f"dma:{SECRET}@",
        f"dma:{SECRET}@smtp..example.com",
        f"dma:{SECRET}@192.0.2.25",
        f"dma:{SECRET}@imap.example.com",
        f"dma:{SECRET}@localhost",
        f"dma:{SECRET}@mail_relay",
        f"dma:\u00fc{SECRET}@smtp.example.com",
        f"<![CDATA[dma:{SECRET}@smtp.example.com]]>",
    ],
)
def test_a_login_is_never_shown(host: str) -> None:
    text = section(Host=host).replace("<Host>", "<«Host»>")
    one = only(text, "H203")
    assert one.message.startswith('"••••" holds ')
    assert one.help == "write the server's name alone, and the login into User and Password"
    assert one.fix is None
    assert codes(text) == ["H203"]
    assert SECRET not in str(findings(text))


@pytest.mark.parametrize(
    ("host", "help_"),
    [
        ("smtp.example.com:587", "write the server's name"),
        ("b\u00fccher.example", "write the name or address of the mail server"),
    ],
)
def test_of_a_password_in_the_wrong_place_nothing_is_shown_in_another_form(host: str, help_: str) -> None:
    text = section(Host=host, LoginMethod="AuthLoginMethod", User="dma", Password=host)
    one = next(one for one in findings(text) if one.place == "SMTP/Host")
    assert one.message.startswith('"••••" ')
    assert (one.help, one.fix) == (help_, None)


@given(before=st.text("abc123:/?#@[]%!. \u00e4"), after=st.text("abc123:/?#@[]%!. \u00e4"))
def test_no_password_is_ever_shown(before: str, after: str) -> None:
    text = section(Host=f"smtp://operator:{before}{SECRET}{after}@relay")
    assert "H203" in codes(text)
    assert SECRET not in str(findings(text))


# H213


@pytest.mark.parametrize(
    ("host", "host_port"),
    [
        ("«192.0.2.25»", "587-starttls"),
        ("«192.0.2.25»", "465"),
        ("«192.0.2.25»", "2465-ssl"),
        ("«10.0.0.25»", "25-starttls"),
        ("«2001:db8::25»", "465"),
        ("« 192.0.2.25»", "587-STARTTLS"),
        ("<!-- relay -->«192.0.2.25»", "587-starttls"),
    ],
)
def test_an_address_with_tls(host: str, host_port: str) -> None:
    one = only(section(Host=host, HostPort=host_port), "H213")
    assert one.message.endswith(" is an address, and certificates usually name hosts")
    assert (one.severity, one.place, one.fix) == (Severity.INFO, "SMTP/Host", None)


@pytest.mark.parametrize(
    ("host", "host_port"),
    [
        ("192.0.2.25", "25"),
        ("192.0.2.25", "465-nossl"),
        ("192.0.2.25", "587"),
        ("192.0.2.25", None),
        ("192.0.2.25", "587 starttls"),
        ("192.0.2.25", "70000-ssl"),
        ("127.0.0.1", "465"),
        ("127.0.0.2", "587-starttls"),
        ("::1", "465"),
        ("192.0.2.256", "465"),
        ("192.0.2.25.example.com", "465"),
        ("localhost", "465"),
        ("smtp.example.com<!-- 192.0.2.25 -->", "465"),
        ("[192.0.2.25]", "465"),
    ],
)
def test_no_address_or_no_tls(host: str, host_port: str | None) -> None:
    assert "H213" not in codes(section(Host=host, HostPort=host_port))


# H217


@pytest.mark.parametrize(
    "host",
    ["«mail_relay.example.com»", "«_smtp»", "«smtp.ex_ample.com.»", "« mail_relay »", "«mail&#95;relay»"],
)
def test_an_underscore(host: str) -> None:
    one = only(section(Host=host), "H217")
    assert one.message.endswith(" has an underscore, which host names do not have (RFC 1123)")
    assert (one.severity, one.place, one.fix) == (Severity.WARNING, "SMTP/Host", None)
    assert codes(section(Host=host)) == ["H217"]


@pytest.mark.parametrize(
    "host",
    [
        "mail-relay.example.com",
        "mail__relay..example.com",
        "mail_relay;",
        "mail_relay:587",
        "smtp.example.com<!-- mail_relay -->",
        "smtp.example.com",
    ],
)
def test_no_underscore_or_more_than_that(host: str) -> None:
    assert "H217" not in codes(section(Host=host))


# One mistake, one finding.


@pytest.mark.parametrize(
    ("host", "found"),
    [
        ("smtp..example.com", ["H202"]),
        (" smtp..example.com", ["H202"]),
        ("smtp://smtp..example.com", ["H203"]),
        ("mail_relay:587", ["H203"]),
        ("[192.0.2.25]", ["H203"]),
        ("smtp.example.com:587", ["H203"]),
        (" smtp.example.com", ["S109"]),
        ("<b>192.0.2.25</b>", ["S107"]),
        ("192.0.2.25<b/>", ["S107"]),
        ("imap.example.com<b/>", ["S107"]),
    ],
)
def test_one_mistake_has_one_finding(host: str, found: list[str]) -> None:
    assert codes(section(Host=host)) == found


def test_two_hosts_are_not_a_missing_one() -> None:
    text = section().replace("<HostPort>", "<Host></Host>\n  <HostPort>")
    assert codes(text) == ["S102"]
