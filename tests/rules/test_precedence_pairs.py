"""One mistake, one finding, pair by pair: who wins over whom, each shown by a section that has both mistakes.

`CATALOGUE` is the order that users are promised, `precedence.py` what the program knows of it; some of it the
rules settle among themselves. Every pair of either must have its row here, or its reason why no section can
have both mistakes.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from migrator import checking
from migrator.checking import CheckSettings, check
from migrator.diagnostic import Severity
from migrator.observations import Stage, TroubleKind
from migrator.rules import BY_CODE
from migrator.rules.model import Circumstances, Finding, at_name
from migrator.rules.precedence import _GRAVER_ALONE, _SAME_SECTION, _SAME_SETTING, settle
from migrator.values.host_port import Security
from tests.rules.observed import findings as server_findings
from tests.rules.observed import section_of, trouble
from tests.rules.tables import AS_OF, ORDINARY, codes, findings, section
from tests.rules.test_precedence import (
    ALONE,
    BOTH,
    FOR_AN_OLD_VERSION,
    LOGIN,
    MICROSOFT,
    OAUTH,
    OLD,
    REFERENCE,
    login,
)
from tests.test_formats import SAME, WRITERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from migrator.rules.model import Rule
    from tests.test_formats import Tree

    Pair = tuple[str, str]

LINT = CheckSettings(circumstances=Circumstances(AS_OF))
LATER = CheckSettings(circumstances=Circumstances(date(2027, 1, 1)))
GOOGLE = {"Host": "smtp.gmail.com"}
OUTLOOK = {"Host": "smtp-mail.outlook.com"}
GOOGLE_TOKENS = "https://oauth2.googleapis.com/token"
SES = {**LOGIN, "Host": "email-smtp.eu-west-1.amazonaws.com"}
RELAY = {**LOGIN, "Host": "a.mail.protection.outlook.com", "HostPort": "25-starttls"}
EXAMPLE_ID = f"{'8' * 12}-xxxx.apps.googleusercontent.com"

# Left wins over right; codes in one place are not compared with each other.
CATALOGUE = (
    "S105 S111 > S103",
    "H201 A303 A304 O401 O402 O403 O409 M604 > S108",
    "P503 > O404 > A306 > H208 H209 H210 H212 > H214 > H211 > H206",
    "A306 > A309",
    "P501 > P505 > A307 A308",
    "X704 > X705 > X702 > P502 > X701",
    "X705 > O411",
    "O408 > O410",
    "O409 > M602",
    "V801 > V802",
    "H203 > H202",
    # where HostPort is missing, as what it should say stands in Host
    "H203 > P503 O404 A306 H211 H214",
    "H204 > H205 > H215 > H207 > H206",
    "H217 > H202",
    # the name of another setting > that this one is missing
    "S101 > H201 H214 A302 A303 A304 O401 O402 O403 O409 M602",
    # an empty section: H201 alone
    "H201 > H211 H214 A302 M602",
    # its own rule > S109, where the value is wrong even without the white space
    "H202 H203 H204 H205 H207 H215 H217 A301 M601 M604 > S109",
)

# Which pairs a section shows, its settings as they differ from the ordinary ones, and what must be left.
PAIRS: list[tuple[str, dict[str, Any], str]] = [
    ("H201 > S108", {"Host": ""}, "H201"),
    ("A303 > S108", {**LOGIN, "User": ""}, "A303"),
    ("A304 > S108", {**LOGIN, "Password": ""}, "A304"),
    ("O401 > S108", {**OAUTH, "OAuthClientID": ""}, "O401"),
    ("O402 > S108", {**OAUTH, "OAuthTokenEndpoint": ""}, "O402"),
    ("O403 > S108", {**OAUTH, "OAuthClientSecret": ""}, "O403"),
    ("O409 > S108 M602", {**MICROSOFT, "From": ""}, "O409"),
    ("O409 > M602", {**MICROSOFT, "From": None}, "O409"),
    ("M604 > S108", {"MaxSubjectLength": ""}, "M604"),
    ("M602 > S108", {"From": ""}, "M602"),
    ("S109 > M603", {"Helo": " DMA01"}, "S109"),
    ("H204 > S108", {"HostPort": ""}, "H204"),
    ("A301 > S108", {"LoginMethod": ""}, "A301"),
    ("P503 > O404 H208 H211", {**MICROSOFT, "HostPort": "587"}, "P503"),
    ("P503 > O404 H212 H211", {**MICROSOFT, "HostPort": "465-nossl"}, "P503"),
    ("P503 > O404 H214 H211", {**MICROSOFT, "HostPort": None}, "P503"),
    ("P503 > O404 H211", {**MICROSOFT, "HostPort": "25"}, "P503"),
    ("P503 > H209", {**MICROSOFT, "HostPort": "587-ssl"}, "P503"),
    ("P503 > H210", {**MICROSOFT, "HostPort": "465-starttls"}, "P503"),
    ("P503 > H206", {**MICROSOFT, "HostPort": "465-ssl"}, "P503"),
    ("P503 > H216", {**MICROSOFT, "HostPort": "993-ssl"}, "P503"),
    ("P503 > A306 H208 H211", {**SES, "HostPort": "587"}, "P503"),
    ("O404 > H208 H211", {**OAUTH, "HostPort": "587"}, "O404"),
    ("O404 > H212 H211", {**OAUTH, "HostPort": "465-nossl"}, "O404"),
    ("O404 > H214 H211", {**OAUTH, "HostPort": None}, "O404"),
    ("A306 > H208 H211", {**LOGIN, "HostPort": "587"}, "A306"),
    ("A306 > H212 H211", {**LOGIN, "HostPort": "465-nossl"}, "A306"),
    ("A306 > H214 H211", {**LOGIN, "HostPort": None}, "A306"),
    ("A306 > A309 H208 H211", {**LOGIN, "LoginMethod": "Auto", "HostPort": "587"}, "A306"),
    ("H208 > H211", {"HostPort": "587"}, "H208"),
    ("H212 > H211", {"HostPort": "465-nossl"}, "H212"),
    ("H214 > H211", {"HostPort": None}, "H214"),
    ("H211 > H214", {**LOGIN, "LoginMethod": "NTLM", "HostPort": None}, "H211 A308"),
    ("P501 > A307", {**LOGIN, **OUTLOOK, "LoginMethod": "CramMD5Method"}, "P501"),
    ("P501 > A308", {**LOGIN, **OUTLOOK, "LoginMethod": "NTLM"}, "P501"),
    ("P505 > A307", {**RELAY, "LoginMethod": "CramMD5Method"}, "P505"),
    ("P505 > A308", {**RELAY, "LoginMethod": "NTLM"}, "P505"),
    ("P505 > A305", {**LOGIN, "Host": "smtp.office365.com", "LoginMethod": "NoLoginMethod"}, "P505"),
    ("X704 > P502", {**LOGIN, **GOOGLE, "Password": "${PASSWORD}"}, "X704"),
    ("X704 > X701", {**LOGIN, "Password": "${PASSWORD}"}, "X704"),
    ("X705 > P502", {**LOGIN, **GOOGLE, "Password": "MyMailPassword"}, "X705"),
    ("X705 > X701", {**LOGIN, "Password": "MyMailPassword"}, "X705"),
    ("X702 > P502", {**LOGIN, **GOOGLE, "Password": "changeme"}, "X702"),
    ("X702 > X701", {**LOGIN, "Password": "changeme"}, "X702"),
    ("P502 > X701", {**LOGIN, **GOOGLE, "Password": "frost+on+tulips"}, "P502"),
    ("X704 > X703", {**LOGIN, "Password": " ${PASSWORD}"}, "X704"),
    ("X705 > X703", {**LOGIN, "Password": " MyMailPassword"}, "X705"),
    ("X702 > X703", {**LOGIN, "Password": " changeme"}, "X702"),
    ("X705 > O411", {**MICROSOFT, "OAuthClientID": EXAMPLE_ID}, "X705"),
    ("X705 > S109", {"From": " address@example.com"}, "X705"),
    ("O408 > O410", {**MICROSOFT, "User": "dma", "From": "noc@example.net"}, "O408"),
    ("O407 > O403", {**MICROSOFT, **GOOGLE}, "O407"),
    ("O407 > O409", {**MICROSOFT, "OAuthTokenEndpoint": GOOGLE_TOKENS, "From": None}, "M602 O407"),
    ("O407 > O411", {**MICROSOFT, **GOOGLE, "OAuthClientID": "dataminer"}, "O407"),
    ("H203 > H202", {"Host": "smtp://smtp..example.com"}, "H203"),
    ("H203 > H214 H211", {"Host": "smtp.example.com:587", "HostPort": None}, "H203"),
    ("H203 > H214 H211", {"Host": "smtps://smtp.example.com", "HostPort": None}, "H203"),
    ("H203 > A306 H214 H211", {**LOGIN, "Host": "smtp.example.com:587", "HostPort": None}, "H203"),
    ("H203 > O404 H214 H211", {**OAUTH, "Host": "smtp.example.com:587", "HostPort": None}, "H203"),
    ("H203 > P503 O404", {**MICROSOFT, "Host": "smtp.office365.com:587", "HostPort": None}, "H203"),
    ("H217 > H202", {"Host": "smtp_relay.example.com"}, "H217"),
    ("H204 > H205", {"HostPort": "99999-tls"}, "H204"),
    ("H204 > H215", {"HostPort": "0587-tls"}, "H204"),
    ("H204 > H207", {"HostPort": "587-TLS"}, "H204"),
    ("H204 > H206", {"HostPort": "465 ssl"}, "H204"),
    ("H205 > H215", {"HostPort": "099999-ssl"}, "H205"),
    ("H205 > H207", {"HostPort": "99999-SSL"}, "H205"),
    ("H215 > H207", {"HostPort": "0587-STARTTLS"}, "H215"),
    ("H215 > H206", {"HostPort": "0465-ssl"}, "H215"),
    ("H207 > H206", {"HostPort": "465-SSL"}, "H207"),
    ("S101 > H201", {"Host": None, "Server": "smtp.example.com"}, "S101"),
    ("S101 > H211 H214", {"HostPort": None, "Port": "587-starttls"}, "S101"),
    ("S101 > H211 H214 A306", {**LOGIN, "HostPort": None, "Port": "587-starttls"}, "S101"),
    ("S101 > H211 H214 O404", {**OAUTH, "HostPort": None, "Port": "587-starttls"}, "S101"),
    ("S101 > O404 P503", {**MICROSOFT, "HostPort": None, "Port": "587-starttls"}, "S101"),
    ("S101 > A302", {"LoginMethod": None, "loginMethod": "NoLoginMethod"}, "S101"),
    ("S101 > A303 S108", {**LOGIN, "User": "", "Username": "dma@example.com"}, "S101"),
    ("S101 > A304", {**LOGIN, "Password": None, "Pasword": REFERENCE}, "S101"),
    ("S101 > O401", {**OAUTH, "OAuthClientID": None, "ClientId": REFERENCE}, "S101"),
    ("S101 > O402", {**OAUTH, "OAuthTokenEndpoint": None, "TokenEndpoint": "https://example.com/"}, "S101"),
    ("S101 > O403", {**OAUTH, "OAuthClientSecret": None, "ClientSecret": REFERENCE}, "S101"),
    ("S101 > O409 M602", {**MICROSOFT, "From": None, "MailFrom": "dma@example.com"}, "S101"),
    ("S101 > M602", {"From": None, "MailFrom": "dma@example.com"}, "S101"),
    ("S101 > P505", {**GOOGLE, "LoginMethod": "Auto", "Username": "dma@example.com"}, "S101 A309"),
    ("S101 > P505", {**GOOGLE, "LoginMethod": "Auto", "Pasword": REFERENCE}, "S101 A309"),
    ("H202 > S109", {"Host": " smtp..example.com"}, "H202"),
    ("H203 > S109", {"Host": "smtp://smtp.example.com "}, "H203"),
    ("H204 > S109", {"HostPort": " 587-tls"}, "H204"),
    ("H205 > S109", {"HostPort": "65536 "}, "H205"),
    ("H207 > S109", {"HostPort": " 587-STARTTLS"}, "H207"),
    ("H215 > S109", {"HostPort": "0587-starttls "}, "H215"),
    ("H217 > S109", {"Host": " smtp_relay.example.com"}, "H217"),
    ("A301 > S109", {"LoginMethod": "none "}, "A301"),
    ("M601 > S109", {"From": " dma"}, "M601"),
    ("M603 > S109", {"Helo": "dma 7 "}, "M603"),
    ("M604 > S109", {"MaxSubjectLength": " 078"}, "M604"),
    ("M606 > S109", {"From": " NOC <noc@example.com>"}, "M606"),
    ("O406 > S109", {**OAUTH, "OAuthTokenEndpoint": " http://login.example.com/token"}, "O406"),
    ("O408 > S109", {**OAUTH, "User": " dma"}, "O408"),
    ("O411 > S109", {**MICROSOFT, "OAuthClientID": " dataminer"}, "O411"),
    ("P504 > S109", {**LOGIN, "Host": "smtp.sendgrid.net", "User": " dma"}, "P504"),
    ("H204 > X704", {"HostPort": "${PORT}"}, "H204"),
    ("A301 > X704", {"LoginMethod": "${METHOD}"}, "A301"),
    ("M604 > X704", {"MaxSubjectLength": "${LENGTH}"}, "M604"),
    ("X704 > H202 S109", {"Host": " ${HOST}"}, "X704"),
    ("X704 > H203", {"Host": "smtp://${HOST}"}, "X704"),
    ("S114 > O406", {**OAUTH, "OAuthTokenEndpoint": "https://login.\u00a0example.com/token"}, "S114"),
    ("S114 > O408", {**OAUTH, "User": "d\u200bma"}, "S114"),
    ("S114 > O411", {**MICROSOFT, "OAuthClientID": "data\u200bminer"}, "S114"),
    ("S114 > P504", {**LOGIN, "Host": "smtp.sendgrid.net", "User": "api\u200bkey"}, "S114"),
    ("X704 > O406", {**OAUTH, "OAuthTokenEndpoint": "${ENDPOINT}"}, "X704"),
    ("X704 > O408", {**OAUTH, "User": "${USER}"}, "X704"),
    ("X704 > O411", {**MICROSOFT, "OAuthClientID": "${CLIENT}"}, "X704"),
    ("X704 > P504", {**LOGIN, "Host": "smtp.sendgrid.net", "User": "${USER}"}, "X704"),
    ("X704 > M601", {"From": "${FROM}"}, "X704"),
    ("X704 > M603", {"Helo": "${HELO}"}, "X704"),
]
OF_OLD_VERSIONS: list[tuple[str, dict[str, Any], str]] = [
    ("V801 > V802", OAUTH, "V801"),
    ("V802 > O405", {"OAuthClientID": REFERENCE}, "V802"),
    ("V802 > S108", {"OAuthConfigData": ""}, "V802"),
]
IN_2027: list[tuple[str, dict[str, Any], str]] = [  # when Microsoft takes passwords no longer
    ("P501 > P505 A307", {**LOGIN, "Host": "smtp.office365.com", "LoginMethod": "CramMD5Method"}, "P501"),
    ("P501 > P505 A308", {**LOGIN, "Host": "smtp.office365.com", "LoginMethod": "NTLM"}, "P501"),
]
# Whole files; what is twice in XML is D004 in JSON and YAML.
OTHER_FILES: list[tuple[str, Tree, str]] = [
    ("S105 > S103", [("DataMiner", [("DMA", [("SMTP", [*ORDINARY.items()])])])], "S105"),
    ("S111 > S103", [("DataMiner", [("Smtp", [*ORDINARY.items()])])], "S111"),
    ("H201 > H211 H214 A302 M602", [("SMTP", [])], "H201"),
    ("H201 > H211 H214 A302 M602", [("DataMiner", [("@id", "7"), ("SMTP", [])])], "H201"),
    ("D004 > S102", [("SMTP", [*ORDINARY.items(), ("Host", "smtp.example.com")])], "D004"),
    ("D004 > S104", [("DataMiner", [("SMTP", [*ORDINARY.items()])] * 2)], "D004"),
]
# Mistakes of a value: nothing is said of it where there is markup in it, or where it is in another namespace
# and so is no setting. The code that yields, the setting, and the section that has the mistake.
MISTAKES: list[tuple[str, str, dict[str, Any]]] = [
    ("S109", "Host", {"Host": " smtp.example.com"}),
    ("H201 S108", "Host", {"Host": ""}),
    ("H202", "Host", {"Host": "smtp..example.com"}),
    ("H203", "Host", {"Host": "smtp.example.com:587"}),
    ("H217", "Host", {"Host": "smtp_relay.example.com"}),
    ("H204", "HostPort", {"HostPort": "587-tls"}),
    ("H205", "HostPort", {"HostPort": "65536"}),
    ("H206", "HostPort", {"HostPort": "465-ssl"}),
    ("H207", "HostPort", {"HostPort": "587-STARTTLS"}),
    ("H208", "HostPort", {"HostPort": "587"}),
    ("H209", "HostPort", {"HostPort": "587-ssl"}),
    ("H210", "HostPort", {"HostPort": "465-starttls"}),
    ("H211", "HostPort", {"HostPort": "25"}),
    ("H212", "HostPort", {"HostPort": "465-nossl"}),
    ("H213", "Host", {"Host": "192.0.2.25"}),
    ("H215", "HostPort", {"HostPort": "0587-starttls"}),
    ("H216", "HostPort", {"HostPort": "993-ssl"}),
    ("A301", "LoginMethod", {"LoginMethod": "none"}),
    ("A303", "User", {**LOGIN, "User": ""}),
    ("A304", "Password", {**LOGIN, "Password": ""}),
    ("A306", "LoginMethod", {**LOGIN, "HostPort": "25"}),
    ("O402", "OAuthTokenEndpoint", {**OAUTH, "OAuthTokenEndpoint": ""}),
    ("O403", "OAuthClientSecret", {**OAUTH, "OAuthClientSecret": ""}),
    ("O404", "LoginMethod", {**OAUTH, "HostPort": "25"}),
    ("O405", "OAuthClientID", {"OAuthClientID": REFERENCE}),
    ("O406", "OAuthTokenEndpoint", {**OAUTH, "OAuthTokenEndpoint": "http://login.example.com/"}),
    ("O407", "OAuthTokenEndpoint", {**MICROSOFT, "OAuthTokenEndpoint": GOOGLE_TOKENS}),
    ("O408", "User", {**OAUTH, "User": "dma"}),
    ("O409", "From", {**MICROSOFT, "From": ""}),
    ("O410", "From", {**MICROSOFT, "From": "noc@example.net"}),
    ("O411", "OAuthClientID", {**MICROSOFT, "OAuthClientID": "dataminer"}),
    ("P501", "LoginMethod", {**LOGIN, "Host": "smtp.office365.com"}),
    ("P502", "Password", {**LOGIN, **GOOGLE, "Password": "frost+on+tulips"}),
    ("P503", "HostPort", {**MICROSOFT, "HostPort": "2525-starttls"}),
    ("P504", "User", {**LOGIN, "Host": "smtp.sendgrid.net"}),
    ("P505", "LoginMethod", RELAY),
    ("M601", "From", {"From": "dma"}),
    ("M603", "Helo", {"Helo": "localhost"}),
    ("M604", "MaxSubjectLength", {"MaxSubjectLength": "078"}),
    ("M605", "MaxSubjectLength", {"MaxSubjectLength": "7"}),
    ("S114", "User", {**LOGIN, "User": "dma\u200b@example.com"}),
    ("M606", "From", {"From": "NOC <noc@example.com>"}),
    ("M607", "From", {"From": "st\u00f6rung@example.com"}),
    ("X701", "Password", {**LOGIN, "Password": "frost+on+tulips"}),
    ("X702", "Password", {**LOGIN, "Password": "changeme"}),
    ("X703", "Password", {**LOGIN, "Password": f" {REFERENCE}"}),
]


def tree(settings: dict[str, Any]) -> Tree:
    """An ordinary section with some settings given otherwise, or left out (None)."""
    return [("SMTP", [(name, one) for name, one in {**ORDINARY, **settings}.items() if one is not None])]


def left(text: str, form: str = "xml", settings: CheckSettings = LINT) -> list[str]:
    return [one.code for one in check(f"x.{form}", text.encode(), settings).diagnostics]


ROWS = [
    *((shows, tree(settings), expected, LINT) for shows, settings, expected in PAIRS),
    *((shows, tree(settings), expected, OLD) for shows, settings, expected in OF_OLD_VERSIONS),
    *((shows, tree(settings), expected, LATER) for shows, settings, expected in IN_2027),
    *((shows, whole, expected, LINT) for shows, whole, expected in OTHER_FILES),
]
IN_XML_ALONE = {"X704"}


@pytest.mark.parametrize(
    ("shows", "whole", "expected", "settings", "form"),
    [
        pytest.param(*row, form, id=f"{row[0]} {row[1]} {form}")
        for row in ROWS
        for form in WRITERS
        if form == "xml" or not IN_XML_ALONE & set(row[2].split())
    ],
)
def test_who_wins(shows: str, whole: Tree, expected: str, settings: CheckSettings, form: str) -> None:
    codes = expected.split()
    same = {SAME.get(code, code) for code in codes} if form == "xml" else set(codes)
    assert {SAME.get(code, code) for code in left(WRITERS[form](whole), form, settings)} == same
    for winner, loser in pairs([shows]):
        assert winner in codes
        assert loser not in codes


@pytest.mark.parametrize(("codes", "name", "settings"), MISTAKES)
def test_markup_in_a_value_wins(codes: str, name: str, settings: dict[str, Any]) -> None:
    assert left(WRITERS["xml"](tree(settings))) == codes.split()[:1]
    for form in WRITERS:
        found = left(WRITERS[form](marked_up(name, settings)), form)
        assert "S107" in found
        assert not set(codes.split()) & set(found)


def marked_up(name: str, settings: dict[str, Any]) -> Tree:
    (top,) = tree(settings)
    return [(top[0], [(one, [("b", ""), ("$", text)] if one == name else text) for one, text in top[1]])]


@pytest.mark.parametrize(("codes", "name", "settings"), MISTAKES)
def test_another_namespace_wins(codes: str, name: str, settings: dict[str, Any]) -> None:
    found = left(foreign(name, settings))
    assert "S110" in found
    assert not set(codes.split()) & set(found)


def foreign(name: str, settings: dict[str, Any]) -> str:
    return WRITERS["xml"](tree(settings)).replace(f"<{name}>", f'<{name} xmlns="urn:x">')


CONFIGURED: list[tuple[list[str], dict[str, Severity], str]] = [
    (["H208 error"], {"H208": Severity.ERROR}, section(HostPort="587")),
    (["H208 info"], {"H208": Severity.INFO}, section(HostPort="587")),  # as if it were ignored
    (["H208 warning"], {"H211": Severity.WARNING}, section(HostPort="587")),
    (["H208 warning", "H211 error"], {"H211": Severity.ERROR}, section(HostPort="587")),
    (["H208 error"], {"H208": Severity.ERROR, "H211": Severity.ERROR}, section(HostPort="587")),
    (["H211 warning"], {"H211": Severity.WARNING}, section(HostPort=None)),
    (["A306 info"], {"A306": Severity.INFO}, login(HostPort="25")),
]


@pytest.mark.parametrize(("expected", "severities", "text"), CONFIGURED)
def test_a_configuration_can_make_findings_graver(
    expected: list[str], severities: dict[str, Severity], text: str
) -> None:
    settings = CheckSettings(circumstances=Circumstances(AS_OF), severities=severities)
    assert sorted(f"{one.code} {one.severity.value}" for one in findings(text, settings)) == expected


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"Host": " smtp.example.com", "Helo": "DMA01"}, ["M603", "S109"]),
        ({"Host": "smtp..example.com", "From": " dma@example.com"}, ["H202", "S109"]),
        ({"Host": "smtp.example.com:587", "HostPort": "25"}, ["H203", "H211"]),
        ({"Host": "smtp.example.com:25", "HostPort": None}, ["H203", "H214"]),  # the default says the same
        ({"Host": "smtp://smtp.example.com", "HostPort": None}, ["H203", "H214"]),
        ({"Host": "dma@smtp.example.com:587", "HostPort": None}, ["H203", "H214"]),  # H203 tells of the login
    ],
)
def test_findings_on_two_settings_are_two_mistakes(settings: dict[str, str], expected: list[str]) -> None:
    assert sorted(codes(section(**settings))) == expected


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (["C901 Host", "C902 Host", "C901 From"], ["C902 Host", "C901 From"]),
        (["C901 Host", "C901 From", "C904 SMTP"], ["C904 SMTP"]),
    ],
)
def test_what_differs_between_agents_is_said_once(found: list[str], expected: list[str]) -> None:
    target = at_name(section_of(section()).node)
    given = [
        (BY_CODE[code], Finding(target, one, "", subjects=(subject,)))
        for one in found
        for code, subject in [one.split()]
    ]
    assert [one.message for _, one in settle(given)] == expected


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_a_key_that_is_there_twice_is_said_once(form: str) -> None:
    text = WRITERS[form]([("SMTP", [*ORDINARY.items(), ("Host", "smtp.example.com")])])
    assert left(text, form) == ["D004"]


def test_what_a_server_does_in_another_transport_is_one_mistake() -> None:
    closed = trouble(Stage.GREETING, TroubleKind.CLOSED)
    found = server_findings(section(HostPort="587"), trouble=closed, spoken=(Security.IMPLICIT_TLS,))
    assert [one.code for one in found] == ["L104"]


# Pairs of which no section can have both, and why.
NEVER: list[tuple[str, str]] = [
    ("O404 > A306", "one is about XOAUTH2, the other about the other methods"),
    ("O404 A306 > H206 H209 H210", "these HostPorts are encrypted"),
    ("H209 H210 > H211", "these HostPorts are encrypted"),
    ("H211 > H206", "465-ssl is encrypted"),
    ("H208 H209 H210 H212 > H214", "HostPort is there, or it is missing"),
    ("H214 > H206", "HostPort is there, or it is missing"),
    ("H208 H209 H210 H212 > H206", "465-ssl alone is redundant"),
    ("H205 > H206", "465 is in range"),
    ("X704 > X705 X702", "a placeholder is not what the documentation or a template has in its place"),
    ("A301 H204 M604 > X705 X702 P502 X701", "these are about other settings"),
    ("A302 A303 A304 H201 H214 M602 O401 O402 O403 O409 > S109", "nothing stands around a missing value"),
    ("A302 H214 > S108", "what is missing is not empty"),
    ("H202 H203 H205 H207 H215 H217 M601 M603 M606 O406 O408 O411 P504 > S108", "an empty value has its own"),
    ("P501 > A305", "one is about a login, the other about none"),
    ("X704 > H217", "an underscore is not all that is wrong with a placeholder as Host"),
    ("X704 > M606", "a placeholder is no address that could be kept"),
    ("X705 > X702", "no example of the documentation is a word that stands for a secret"),
]
# Pairs of which the rules make one finding themselves, before anything is settled, and how.
BY_THE_RULES: list[tuple[str, str]] = [
    ("H203 H217 > H202", "a Host has one problem, the first that is seen"),
    ("H204 > H205 H215 H207", "what is no HostPort has no port that could be wrong, and no suffix"),
    ("H204 > H206", "what is no HostPort is not 465-ssl"),
    ("H205 > H215 H207", "what is out of range is not spelled better"),
    ("O408 > O410", "a User that is no address is compared with no From"),
]


def pairs(chains: Iterable[str]) -> Iterator[Pair]:
    """All pairs of winner and loser that chains such as `A > B C > D` name."""
    for chain in chains:
        links = [link.split() for link in chain.split(">")]
        for position, winners in enumerate(links):
            for losers in links[position + 1 :]:
                yield from ((winner, loser) for winner in winners for loser in losers)


def told_apart(text: str, form: str, settings: CheckSettings, monkeypatch: pytest.MonkeyPatch) -> set[Pair]:
    """The pairs that `settle` has before it, of which it leaves the first finding alone."""
    seen: list[tuple[Rule, Finding]] = []

    def note(findings: Sequence[tuple[Rule, Finding]], *more: Any) -> list[tuple[Rule, Finding]]:
        seen.extend(findings)
        return settle(findings, *more)

    monkeypatch.setattr(checking, "settle", note)
    check(f"x.{form}", text.encode(), settings)
    kept = {id(finding) for _, finding in settle(seen)}
    return {
        (rule.code, other.code)
        for rule, finding in seen
        for other, yielding in seen
        if id(finding) in kept and id(yielding) not in kept
    }


IMPOSSIBLE = set(pairs(chain for chain, _ in NEVER))
OF_SEVERAL_FILES = ("C902 > C901", "C904 > C901")  # see tests/cli/test_compare.py
SHOWN = set(pairs([*(row[0] for row in ROWS), *OF_SEVERAL_FILES]))


def test_every_pair_of_the_catalogue_has_its_row() -> None:
    assert not set(pairs(CATALOGUE)) - SHOWN - IMPOSSIBLE


def test_what_can_not_be_is_not_shown() -> None:
    assert not IMPOSSIBLE & SHOWN


def test_every_pair_of_the_program_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows of both modules show all pairs of `precedence.py` that two rules can name in one section."""
    texts = [
        *(
            (WRITERS[form](whole), form, settings)
            for _, whole, _, settings in ROWS
            for form in ("xml", "yaml")
        ),
        *((WRITERS["xml"](marked_up(name, settings)), "xml", LINT) for _, name, settings in MISTAKES),
        *((foreign(name, settings), "xml", LINT) for _, name, settings in MISTAKES),
        *((text, "xml", LINT) for _, text in ALONE),
        *((text, "xml", LINT) for _, text in BOTH),
        *((text, "xml", OLD) for _, text in FOR_AN_OLD_VERSION),
    ]
    shown = set[tuple[str, str]]().union(*(told_apart(*one, monkeypatch) for one in texts))
    by_the_rules = set(pairs(chain for chain, _ in BY_THE_RULES))
    of_the_program = set(pairs(_SAME_SETTING + _SAME_SECTION + _GRAVER_ALONE))
    assert of_the_program - set(pairs(OF_SEVERAL_FILES)) - IMPOSSIBLE - shown == by_the_rules
    assert by_the_rules <= SHOWN
    assert not shown & (by_the_rules | IMPOSSIBLE)
