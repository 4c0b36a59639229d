"""H204 to H212, H214 to H216: HostPort and what it makes of the connection."""

from __future__ import annotations

import pytest

from migrator.checking import CheckSettings
from migrator.diagnostic import Safety, Severity
from tests.rules.tables import codes, fixed, only, section

LOGIN = {"LoginMethod": "CramMD5Method", "User": "dma", "Password": "correct-horse"}
AUTO = {"LoginMethod": "Auto"}

_SUGGESTIONS = 'write a port, with its suffix where it needs one: "587-starttls", "465"'


MESSAGES = {
    "H204": '"{}" is not a port with an optional -ssl, -nossl or -starttls',
    "H205": '"{}": a port is a number from 1 to 65535',
    "H206": '"{}" means the same as 465 alone',
    "H207": '"{}": DataMiner documents this suffix in lower case',
    "H208": '"{}": no TLS is documented for port 587 without a suffix',
    "H209": '"{}": servers expect STARTTLS on port 587, not TLS from the first byte',
    "H210": '"{}": servers expect TLS from the first byte on port 465, not STARTTLS',
    "H211": 'no TLS is documented for "{}": mail probably crosses the network in clear text',
    "H212": '"{}": TLS is turned off on port 465, where servers expect it',
    "H215": '"{}": a port has plain digits, no sign and no leading zeros',
}


# Hits: HostPort as it stands in the file, marked, and as it is shown.


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        ("H204", "«587 starttls»", "587 starttls"),
        ("H204", "«587-startls»", "587-startls"),
        ("H204", "«587-tls»", "587-tls"),
        ("H204", "«587-»", "587-"),
        ("H204", "«smtp»", "smtp"),
        ("H204", "«25.0»", "25.0"),
        ("H204", "« 587 starttls »", "587 starttls"),
        ("H204", "«587&#x20;starttls»", "587 starttls"),
        ("H204", "«587&#xa0;starttls»", r"587\xa0starttls"),
        ("H204", f"«{'9' * 70}»", "9" * 59 + "…"),
        ("H205", "«0»", "0"),
        ("H205", "«65536»", "65536"),
        ("H205", "«-25»", "-25"),
        ("H205", "«70587-STARTTLS»", "70587-STARTTLS"),
        ("H206", "«465-ssl»", "465-ssl"),
        ("H207", "«587-STARTTLS»", "587-STARTTLS"),
        ("H207", "«25-NoSsl»", "25-NoSsl"),
        ("H207", "<![CDATA[«2465-SSL»]]>", "2465-SSL"),
        ("H207", "«587-&#83;TARTTLS»", "587-STARTTLS"),
        ("H207", "«587-<!-- TLS -->STARTTLS»", "587-STARTTLS"),
        ("H208", "«587»", "587"),
        ("H208", "<!-- mail -->«587»", "587"),
        ("H209", "«587-ssl»", "587-ssl"),
        ("H209", "«587-SSL»", "587-SSL"),
        ("H210", "«465-starttls»", "465-starttls"),
        ("H211", "«25»", "25"),
        ("H211", "«25-nossl»", "25-nossl"),
        ("H211", "«587-nossl»", "587-nossl"),
        ("H211", "«2525»", "2525"),
        ("H212", "«465-nossl»", "465-nossl"),
        ("H215", "«0587-starttls»", "0587-starttls"),
        ("H215", "«+465»", "+465"),
        ("H215", "«\uff14\uff16\uff15»", "\uff14\uff16\uff15"),
    ],
)
def test_values(code: str, value: str, shown: str) -> None:
    one = only(section(HostPort=value), code)
    assert one.message == MESSAGES[code].format(shown)
    assert one.place == "SMTP/HostPort"


@pytest.mark.parametrize(
    ("value", "shown", "service"),
    [
        ("«80»", "80", "HTTP"),
        ("«110»", "110", "POP3"),
        ("«143-starttls»", "143-starttls", "IMAP"),
        ("«443-ssl»", "443-ssl", "HTTPS"),
        ("«993-ssl»", "993-ssl", "IMAP over TLS"),
        ("«995»", "995", "POP3 over TLS"),
        ("«0993-SSL»", "0993-SSL", "IMAP over TLS"),
    ],
)
def test_ports_of_other_services(value: str, shown: str, service: str) -> None:
    one = only(section(HostPort=value), "H216")
    assert one.message == f'"{shown}": this port is that of {service}, which takes no mail'
    assert one.place == "SMTP/HostPort"


@pytest.mark.parametrize("value", ["", "  ", "\n", "<!-- 587-starttls -->"])
def test_an_empty_value(value: str) -> None:
    text = section(HostPort=value).replace("<HostPort>", "<«HostPort»>")
    one = only(text, "H204")
    assert (one.message, one.help, one.fix) == ("HostPort is empty", _SUGGESTIONS, None)
    assert codes(text) == ["H204"]


def test_an_empty_tag() -> None:
    assert only(section().replace("<HostPort>587-starttls</HostPort>", "<«HostPort» />"), "H204").fix is None


def test_a_missing_host_port() -> None:
    one = only(section(HostPort=None).replace("<SMTP>", "<«SMTP»>"), "H214")
    assert one.message == "HostPort is missing: the default is port 25, for which no TLS is documented"
    assert one.help == 'write the server\'s port into HostPort, such as "587-starttls" or "465"'
    assert one.severity is Severity.INFO
    assert one.place == "SMTP"


def test_missing_host_port_names_what_the_provider_takes() -> None:
    text = section(Host="example-com.mail.protection.outlook.com", HostPort=None)
    one = only(text.replace("<SMTP>", "<«SMTP»>"), "H214")
    assert one.help == 'write the server\'s port into HostPort, such as "25-starttls"'


@pytest.mark.parametrize(
    "host",
    [
        "«imap.example.com»",
        "«IMAP.example.com»",
        "«pop.example.com»",
        "«pop3.example.com.»",
        "« imap.example.com»",
        "«outlook.office365.com»",
        "«Outlook.Office365.com.»",
        "«imap-mail.outlook.com»",
        "«POP-Mail.Outlook.com»",
    ],
)
def test_hosts_that_mail_is_read_from(host: str) -> None:
    one = only(section(Host=host), "H216")
    shown = host.strip("«» ")
    assert one.message == f'"{shown}" looks like a server that mail is read from'
    assert one.severity is Severity.WARNING
    assert one.place == "SMTP/Host"


@pytest.mark.parametrize(
    ("host", "sender"),
    [
        ("outlook.office365.com", "smtp.office365.com"),
        ("Outlook.Office365.com", "smtp.office365.com"),
        ("outlook.office365.com.", "smtp.office365.com"),
        ("imap-mail.outlook.com", "smtp-mail.outlook.com"),
        ("pop-mail.outlook.com", "smtp-mail.outlook.com"),
    ],
)
def test_the_server_that_mail_is_sent_through_where_it_is_known(host: str, sender: str) -> None:
    assert only(section(Host=f"«{host}»"), "H216").help == f'write "{sender}"'


@pytest.mark.parametrize(
    ("host", "other"),
    [
        ("imap.example.com:587", "H203"),
        ("imap://imap.example.com", "H203"),
        ("imap.mail_relay.example.com", "H217"),
        ("imap.größe.example", "H202"),
    ],
)
def test_a_host_that_mail_is_read_from_and_that_has_another_mistake(host: str, other: str) -> None:
    text = section(Host=f"«{host}»")
    assert only(text, "H216").message == f'"{host}" looks like a server that mail is read from'
    assert sorted(codes(text)) == sorted([other, "H216"])


def test_nothing_is_told_of_a_host_that_holds_a_login() -> None:
    assert codes(section(Host="dma:secret@imap.example.com")) == ["H203"]


def test_a_host_and_a_port_that_mail_is_read_from() -> None:
    assert codes(section(Host="imap.example.com", HostPort="993-ssl")).count("H216") == 2


# Near misses: one character or one setting away.


@pytest.mark.parametrize(
    ("code", "values"),
    [
        (
            "H204",
            ["587", "587-starttls", "1", "65535-ssl", "25-nossl", "587-STARTTLS", "0587", "65536", "-1"],
        ),
        ("H204", ["\u0662\u0665", " 587-starttls", "587-starttls\n", "<!-- 587 tls -->587-starttls"]),
        ("H205", ["1", "65535", "065535", "65535-nossl", "65536x", "smtp", "99999-tls"]),
        (
            "H206",
            ["465", "465-nossl", "465-starttls", "2465-ssl", "4650-ssl", "587-ssl", "465-ssl2", "465 ssl"],
        ),
        ("H206", ["25-nossl", "587-nossl", "465-SSL"]),
        ("H207", ["587-starttls", "465-ssl", "25-nossl", "587-STARTLS", "587 STARTTLS", "70000-SSL"]),
        ("H207", ["587-starttls<!-- STARTTLS -->"]),
        (
            "H208",
            ["587-starttls", "587-ssl", "587-nossl", "25", "465", "5870", "58", "587-startls", "587-SSL"],
        ),
        ("H208", ["<!-- 587 -->587-starttls"]),
        ("H209", ["587", "587-starttls", "465-ssl", "2587-ssl", "588-ssl", "587 ssl", "587-nossl"]),
        ("H210", ["465", "465-ssl", "465-nossl", "2465-starttls", "466-starttls", "465 starttls"]),
        (
            "H211",
            ["465", "25-starttls", "2525-ssl", "465-ssl", "587-starttls", "25-SSL", "25 nossl", "70000"],
        ),
        ("H211", ["587", "465-nossl", ""]),
        ("H212", ["465", "465-ssl", "465-starttls", "25-nossl", "4650-nossl", "465 nossl"]),
        ("H214", ["25", "", " ", "smtp"]),
        ("H215", ["587", "100", "465-ssl", "587-STARTTLS", "0", "-1", "00x", "\u00b2\u2075", "0 ssl"]),
        ("H216", ["25", "465", "587-starttls", "2525", "8080", "1100", "994-ssl", "992", "80 ssl", "144"]),
        ("H216", ["444-ssl", "109", ""]),
    ],
)
def test_other_values(code: str, values: list[str]) -> None:
    assert [value for value in values if code in codes(section(HostPort=value))] == []


@pytest.mark.parametrize(
    "host",
    [
        "smtp.example.com",
        "imap",
        "pop3",
        "imapx.example.com",
        "pops.example.com",
        "popcorn.example.com",
        "pop4.example.com",
        "smtp.imap.example.com",
        "smtp.office365.com",
        "xoutlook.office365.com",
        "outlook.office365.com.example.com",
        "outlook.office.com",
        "smtp-mail.outlook.com",
        "pop-mail.example.com",
        "<!-- imap.example.com -->smtp.example.com",
    ],
)
def test_hosts_that_mail_is_sent_through(host: str) -> None:
    assert "H216" not in codes(section(Host=host))


# Severities.


@pytest.mark.parametrize(
    ("code", "value", "severity"),
    [
        ("H204", "«587 starttls»", Severity.ERROR),
        ("H205", "«65536»", Severity.ERROR),
        ("H206", "«465-ssl»", Severity.INFO),
        ("H207", "«587-STARTTLS»", Severity.ERROR),
        ("H208", "«587»", Severity.WARNING),
        ("H209", "«587-ssl»", Severity.WARNING),
        ("H210", "«465-starttls»", Severity.WARNING),
        ("H212", "«465-nossl»", Severity.WARNING),
        ("H215", "«0587»", Severity.ERROR),
        ("H216", "«993-ssl»", Severity.WARNING),
    ],
)
def test_severities(code: str, value: str, severity: Severity) -> None:
    assert only(section(HostPort=value), code).severity is severity


@pytest.mark.parametrize(
    ("settings", "severity"),
    [
        ({"LoginMethod": "NoLoginMethod"}, Severity.INFO),
        ({"LoginMethod": "NoLogin"}, Severity.INFO),
        ({"LoginMethod": "NoLoginMethod", "User": "dma", "Password": "correct-horse"}, Severity.INFO),
        (AUTO, Severity.INFO),
        ({**AUTO, "User": "", "Password": " "}, Severity.INFO),
        # Where A306 does not say the same of Auto, as what else is in it comes first.
        ({"LoginMethod": "Auto<b/>"}, Severity.INFO),
        ({"LoginMethod": "Auto<b/>", "User": "dma"}, Severity.WARNING),
        ({"LoginMethod": "Auto<b/>", "Password": "correct-horse"}, Severity.WARNING),
        (LOGIN, Severity.WARNING),
        ({"LoginMethod": "CramMD5Method"}, Severity.WARNING),
        ({"LoginMethod": "NTLM"}, Severity.WARNING),
        ({"LoginMethod": "Auth"}, Severity.WARNING),
        ({"LoginMethod": None}, Severity.WARNING),
    ],
)
def test_clear_text_matters_more_with_a_login(settings: dict[str, str | None], severity: Severity) -> None:
    assert only(section(HostPort="«25»", **settings), "H211").severity is severity


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST.", "127.0.0.1", "127.1.2.3", "::1", "relay.localhost", " localhost"]
)
def test_clear_text_to_this_machine_is_fine(host: str) -> None:
    assert "H211" not in codes(section(Host=host, HostPort="25", **LOGIN))


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1", "relay.localhost"])
def test_neither_is_submission_without_starttls_found_there(host: str) -> None:
    assert codes(section(Host=host, HostPort="587")) == []
    assert codes(section(Host=host, HostPort="587-ssl")) == ["H209"]
    assert codes(section(Host=host, HostPort="465-nossl")) == ["H212"]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_the_default_port_of_this_machine(host: str) -> None:
    one = only(section(Host=host, HostPort=None).replace("<SMTP>", "<«SMTP»>"), "H214")
    assert one.message == "HostPort is missing: the default is port 25"


@pytest.mark.parametrize("host", ["localhost.example.com", "128.0.0.1", "::2", "localhosts"])
def test_submission_without_starttls_on_another_machine(host: str) -> None:
    assert only(section(Host=host, HostPort="«587»"), "H208").severity is Severity.WARNING


@pytest.mark.parametrize("host", ["localhost.example.com", "128.0.0.1", "::2", "localhosts"])
def test_clear_text_to_another_machine_is_not(host: str) -> None:
    assert only(section(Host=host, HostPort="«25»", **LOGIN), "H211").severity is Severity.WARNING


@pytest.mark.parametrize(
    ("value", "example"),
    [("«25»", "25-starttls"), ("«2525»", "2525-starttls"), ("«110»", "587-starttls")],
)
def test_clear_text_help(value: str, example: str) -> None:
    one = only(section(HostPort=value), "H211")
    assert one.help == f'use TLS if the server offers it, such as "{example}"'
    assert one.fix is None


def test_clear_text_help_where_nothing_else_is_asked() -> None:
    one = only(section(HostPort="«465-nossl»"), "H211", CheckSettings(codes=frozenset({"H211"})))
    assert one.help == 'use TLS if the server offers it, such as "465"'


# Fixes.


@pytest.mark.parametrize(
    ("code", "before", "after", "safety"),
    [
        ("H204", "«587 starttls»", "587-starttls", Safety.UNSAFE),
        ("H204", "«587-startls»", "587-starttls", Safety.UNSAFE),
        ("H204", "«587-tls»", "587-starttls", Safety.UNSAFE),
        ("H204", "«465-tls»", "465", Safety.UNSAFE),
        ("H204", "« 587\u2013starttls »", "587-starttls", Safety.UNSAFE),
        ("H206", "«465-ssl»", "465", Safety.SAFE),
        ("H207", "«587-STARTTLS»", "587-starttls", Safety.SAFE),
        ("H207", "« 587-STARTTLS »", "587-starttls", Safety.SAFE),
        ("H207", "<![CDATA[«587-STARTTLS»]]>", "<![CDATA[587-starttls]]>", Safety.SAFE),
        ("H207", "«587-&#83;TARTTLS»", "587-starttls", Safety.SAFE),
        ("H207", "<!-- mail -->«25-NOSSL»", "<!-- mail -->25-nossl", Safety.SAFE),
        ("H208", "«587»", "587-starttls", Safety.UNSAFE),
        ("H209", "«587-ssl»", "587-starttls", Safety.UNSAFE),
        ("H210", "«465-starttls»", "465", Safety.UNSAFE),
        ("H212", "«465-nossl»", "465", Safety.UNSAFE),
        ("H215", "«0587-STARTTLS»", "587-starttls", Safety.SAFE),
        ("H215", "«+25»", "25", Safety.SAFE),
        ("H215", "«\u0662\u0665-ssl»", "25-ssl", Safety.SAFE),
    ],
)
def test_fixes(code: str, before: str, after: str, safety: Safety) -> None:
    text = section(HostPort=before)
    fix = only(text, code).fix
    assert fix is not None
    assert fix.safety is safety
    assert fixed(text, code) == section(HostPort=after)
    assert code not in codes(section(HostPort=after))


@pytest.mark.parametrize("value", ["«smtp»", "«2465-tls»", "«25,26»", "«587-starttls-ssl»"])
def test_no_guess(value: str) -> None:
    one = only(section(HostPort=value), "H204")
    assert (one.help, one.fix) == (_SUGGESTIONS, None)


@pytest.mark.parametrize(("code", "value"), [("H205", "«65536»"), ("H216", "«993-ssl»")])
def test_no_fix(code: str, value: str) -> None:
    assert only(section(HostPort=value), code).fix is None


def test_a_comment_inside_the_value_is_kept() -> None:
    assert only(section(HostPort="«587-<!-- TLS -->STARTTLS»"), "H207").fix is None


# One mistake, one finding.


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ({"HostPort": ""}, ["H204"]),
        ({"HostPort": " 587 starttls "}, ["H204"]),
        ({"HostPort": "70000-SSL"}, ["H205"]),
        ({"HostPort": "0587-STARTTLS"}, ["H215"]),
        ({"HostPort": " 587-STARTTLS"}, ["H207"]),
        ({"HostPort": " 587-starttls"}, ["S109"]),
        ({"HostPort": "465-SSL"}, ["H207"]),
        ({"HostPort": "0465-ssl"}, ["H215"]),
        ({"HostPort": "587"}, ["H208"]),
        ({"HostPort": "587-ssl"}, ["H209"]),
        ({"HostPort": "465-starttls"}, ["H210"]),
        ({"HostPort": "465-nossl"}, ["H212"]),
        ({"HostPort": None}, ["H214"]),
        ({"HostPort": "25-nossl"}, ["H211"]),
        ({"HostPort": "587<b/>"}, ["S107"]),
        ({"HostPort": "465-ssl<b/>"}, ["S107"]),
        ({"HostPort": "25<b/>"}, ["S107"]),
        ({"HostPort": None, "Port": "587-starttls"}, ["S101"]),
        ({"HostPort": None, "hostport": "587-starttls"}, ["S101"]),
    ],
)
def test_one_mistake_has_one_finding(settings: dict[str, str | None], found: list[str]) -> None:
    assert codes(section(**settings)) == found


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("0587", ["H208", "H215"]),
        ("465-STARTTLS", ["H207", "H210"]),
        (" 587 ", ["H208", "S109"]),
        ("110", ["H211", "H216"]),
    ],
)
def test_two_mistakes_have_two(value: str, found: list[str]) -> None:
    assert codes(section(HostPort=value)) == found


def test_a_setting_in_another_namespace_is_not_also_missing() -> None:
    text = section().replace("<HostPort>", '<HostPort xmlns="urn:other">')
    assert codes(text) == ["S110"]


def test_a_secret_in_the_value_is_not_said() -> None:
    one = only(section(HostPort="«587-correct-horse»", **LOGIN), "H204")
    assert "correct-horse" not in f"{one.message} {one.help}"
