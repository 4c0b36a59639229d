"""One mistake, one finding: every row is a mistake that more than one rule could name."""

from __future__ import annotations

import re

import pytest

from migrator.checking import CheckSettings
from migrator.rules.model import Circumstances
from migrator.rules.precedence import _SAME_SECTION, _SAME_SETTING
from migrator.values.version import parse_version
from tests.rules.tables import AS_OF, codes, findings, section

SMTP = section()
REFERENCE = "0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77"
LOGIN = {"LoginMethod": "AuthLoginMethod", "User": "dma@example.com", "Password": REFERENCE}
OAUTH = {
    "LoginMethod": "XOAUTH2",
    "User": "dma@example.com",
    "OAuthClientID": REFERENCE,
    "OAuthClientSecret": REFERENCE,
    "OAuthTokenEndpoint": "https://login.example.com/token",
}
MICROSOFT = {
    **OAUTH,
    "Host": "smtp.office365.com",
    "OAuthClientSecret": None,
    "OAuthTokenEndpoint": "https://login.microsoftonline.com/common/oauth2/v2.0/token",
}
LINK = re.compile(r"[ACDHLMOPSVX][0-9]{3}")


def dataminer(*parts: str) -> str:
    return f"<DataMiner>{''.join(parts)}</DataMiner>"


def login(**settings: str | None) -> str:
    return section(**{**LOGIN, **settings})


def oauth(**settings: str | None) -> str:
    return section(**{**OAUTH, **settings})


def microsoft(**settings: str | None) -> str:
    return section(**{**MICROSOFT, **settings})


ALONE = [
    # a value that is right once trimmed: S109 alone
    ("S109", section(Host=" smtp.example.com")),
    ("S109", section(HostPort=" 587-starttls ")),
    ("S109", section(LoginMethod="NoLoginMethod ")),
    ("S109", section(MaxSubjectLength="\n78")),
    # one that is wrong even then: its own rule
    ("H202", section(Host=" smtp..example.com")),
    ("H203", section(Host=" smtp://smtp.example.com")),
    ("H204", section(HostPort=" 587-tsl-start")),
    ("H205", section(HostPort=" 65536")),
    ("H207", section(HostPort=" 587-STARTTLS")),
    ("H215", section(HostPort=" 0587-starttls")),
    ("H217", section(Host=" smtp_relay.example.com")),
    ("A301", section(LoginMethod=" none")),
    ("M604", section(MaxSubjectLength=" 078")),
    # S101 that suggests X > "X is missing"
    ("S101", section(Host=None, Server="smtp.example.com")),
    ("S101", section(HostPort=None, Port="587-starttls")),
    ("S101", section(LoginMethod=None, loginMethod="NoLoginMethod")),
    ("S101", login(User=None, Username="dma@example.com")),
    ("S101", login(Password=None, Pasword=REFERENCE)),
    ("S101", login(User="", Username="dma@example.com")),
    ("S101", login(HostPort=None, Port="587-starttls")),
    ("S101", f"<SMTP>{SMTP}</SMTP>"),
    # S111, S105 > S103
    ("S111", dataminer(SMTP.replace("SMTP", "Smtp"))),
    ("S105", dataminer(f"<DMA>{SMTP}</DMA>")),
    # an empty section: H201 alone
    ("H201", "<SMTP/>"),
    ("H201", "<SMTP>\n  <!-- later -->\n</SMTP>"),
    ("H201", dataminer("<SMTP></SMTP>")),
    # H201, H204, A301, A303, A304, M604 > S108
    ("H201", section(Host="")),
    ("H201", section(Host=" ")),
    ("H204", section(HostPort="")),
    ("A301", section(LoginMethod="")),
    ("A303", login(User="")),
    ("A304", login(Password="")),
    ("M604", section(MaxSubjectLength="")),
    # A306 > H208, H209, H210, H212 > H214 > H211 > H206
    ("A306", login(HostPort="25")),
    ("A306", login(HostPort="587")),
    ("A306", login(HostPort="465-nossl")),
    ("A306", login(HostPort=None)),
    ("H208", section(HostPort="587")),
    ("H212", section(HostPort="465-nossl")),
    ("H214", section(HostPort=None)),
    ("H211", section(HostPort="25-nossl")),
    ("H209", section(HostPort="587-ssl")),
    ("H210", section(HostPort="465-starttls")),
    # A306 > A309
    ("A306", login(LoginMethod="Auto", HostPort="25")),
    # H203 > H202, H217 > H202
    ("H203", section(Host="smtp://smtp.example.com")),
    ("H203", section(Host="smtp.example.com:587")),
    ("H217", section(Host="smtp_relay.example.com")),
    # H204 > H205 > H215 > H207 > H206
    ("H204", section(HostPort="99999-tls")),
    ("H205", section(HostPort="099999-SSL")),
    ("H205", section(HostPort="0")),
    ("H215", section(HostPort="0465-SSL")),
    ("H207", section(HostPort="465-SSL")),
    ("H206", section(HostPort="465-ssl")),
    # M602 > S108; S101 that suggests From > M602; an empty section: H201 alone
    ("M602", section(From="")),
    ("S101", section(From=None, MailFrom="dma@example.com")),
    ("S107", section(From="<b>dma</b>")),
    ("S110", section(From=None).replace("</SMTP>", '<From xmlns="urn:x">a@b</From></SMTP>')),
    # M601, M603, M606 > S109; a name that is right once trimmed, or only has no domain: S109 alone
    ("M601", section(From=" dma ")),
    ("M603", section(Helo=" dma 7 ")),
    ("M606", section(From=" NOC &lt;noc@example.com&gt;")),
    ("S109", section(From=" dma@example.com")),
    ("S109", section(Helo=" dma.example.com")),
    ("S109", section(Helo=" DMA01")),
    # H204, A301, M604 > X704 > X705 > X702 > X701; what X704, X705 and X702 say goes for the white space too
    ("H204", section(HostPort="${PORT}")),
    ("A301", section(LoginMethod="${METHOD}")),
    ("M604", section(MaxSubjectLength="${LENGTH}")),
    ("X704", section(Host="${HOST}")),
    ("X704", section(Host=" ${HOST} ")),
    ("X704", section(Host="smtp_relay.${DOMAIN}")),
    ("X704", section(Host="smtp://${HOST}")),
    ("X704", section(Helo="${HELO}")),
    ("X704", section(From="${FROM}")),
    ("X704", section(From="NOC &lt;${FROM}&gt;")),
    ("X704", login(Password="${PASSWORD}")),
    ("X704", login(Password=" ${PASSWORD} ")),
    ("X705", login(Password="MyMailPassword")),
    ("X705", login(Password=" MyMailPassword")),
    ("X705", section(From=" address@example.com")),
    ("X702", login(Password="changeme")),
    ("X702", login(Password=" changeme ")),
    ("X701", login(Password="frost+on+tulips")),
    # markup in a value, or another namespace > what is wrong with the value, or that it is missing
    ("S107", section(Host="<b>smtp..example.com</b>")),
    ("S107", section(HostPort="<b/> 25")),
    ("S107", section(LoginMethod="<b>NoLoginMethod</b>")),
    ("S107", section(MaxSubjectLength="<?x?>many")),
    ("S107", section(Helo="<b/>")),
    ("S107", section(HostPort=None, Host="smtp.example.com<HostPort>587-starttls</HostPort>")),
    ("S107", section(LoginMethod=None, Host="smtp.example.com<LoginMethod>NTLM</LoginMethod>")),
    ("S110", section(Host=None).replace("</SMTP>", '<Host xmlns="urn:x">a</Host></SMTP>')),
    ("S110", section(HostPort=None).replace("</SMTP>", '<HostPort xmlns="urn:x">465</HostPort></SMTP>')),
    ("S110", login(HostPort=None).replace("</SMTP>", '<HostPort xmlns="urn:x">465</HostPort></SMTP>')),
    ("S110", section(Host="").replace("</SMTP>", '<Host xmlns="urn:x">a</Host></SMTP>')),
    ("S110", login(User=None).replace("</SMTP>", '<User xmlns="urn:x">a</User></SMTP>')),
    # OAuth and providers: S107, S110, S101 that suggests X > "X is missing" > S108
    ("O401", oauth(OAuthClientID="")),
    ("O402", oauth(OAuthTokenEndpoint="")),
    ("O403", oauth(OAuthClientSecret="")),
    ("O409", microsoft(From="")),
    ("S101", oauth(OAuthClientID=None, ClientId=REFERENCE)),
    ("S101", oauth(OAuthTokenEndpoint=None, TokenEndpoint="https://login.example.com/token")),
    ("S101", oauth(OAuthClientSecret=None, ClientSecret=REFERENCE)),
    ("S101", microsoft(From=None, MailFrom="dma@example.com")),
    ("S101", oauth(HostPort=None, Port="587-starttls")),
    ("S101", microsoft(HostPort=None, Port="587-starttls")),
    ("S107", oauth(OAuthClientID="<b/>")),
    ("S107", oauth(OAuthTokenEndpoint="<b/>http://login.example.com/token")),
    ("S107", oauth(User="dma<b/>")),
    ("S107", oauth(LoginMethod="XOAUTH2<b/>", HostPort="25-starttls")),
    ("S107", microsoft(HostPort="465<b/>")),
    ("S107", microsoft(OAuthClientID="<b/>dataminer")),
    ("S107", microsoft(From="noc@example.com<b/>")),
    (
        "S110",
        oauth(OAuthClientID=None).replace("</SMTP>", '<OAuthClientID xmlns="urn:x">a</OAuthClientID></SMTP>'),
    ),
    # their own rule > S109
    ("O406", oauth(OAuthTokenEndpoint=" http://login.example.com/token")),
    ("O408", oauth(User=" dma ")),
    ("O411", microsoft(OAuthClientID=" dataminer")),
    ("P504", login(Host="smtp.sendgrid.net", User=" dma")),
    # P503 > O404 > A306 > H208 H209 H210 H212 > H214 > H211 > H206
    ("P503", microsoft(HostPort="587")),
    ("P503", microsoft(HostPort=None)),
    ("P503", microsoft(HostPort="465-nossl")),
    ("P503", microsoft(HostPort="587-ssl")),
    ("P503", microsoft(HostPort="465-starttls")),
    ("P503", microsoft(HostPort="465-ssl")),
    ("P503", login(Host="email-smtp.eu-west-1.amazonaws.com", HostPort="587")),
    ("P503", login(Host="email-smtp.eu-west-1.amazonaws.com", HostPort=None)),
    ("P503", microsoft(HostPort="993-ssl")),  # > H216
    ("O404", oauth(HostPort="587")),
    ("O404", oauth(HostPort="465-nossl")),
    ("O404", oauth(HostPort=None)),
    ("O404", oauth(HostPort="25")),
    # P501 > P505 > A307 A308
    ("P501", login(Host="smtp-mail.outlook.com", LoginMethod="CramMD5Method")),
    ("P501", login(Host="smtp-mail.outlook.com", LoginMethod="NTLM")),
    ("P501", login(Host="smtp-mail.outlook.com", LoginMethod="LoginPlainMethod")),
    ("P505", login(Host="a.mail.protection.outlook.com", LoginMethod="NTLM", HostPort="25-starttls")),
    ("P505", login(Host="smtp.office365.com", LoginMethod="NoLoginMethod")),  # > A305
    # O407 > what depends on the provider, O408 > O410, O409 > M602
    ("O407", microsoft(Host="smtp.gmail.com")),
    ("O408", microsoft(User="dma", From="noc@example.net")),
    ("O409", microsoft(From=None)),
]


@pytest.mark.parametrize(("code", "text"), ALONE)
def test_said_once(code: str, text: str) -> None:
    assert codes(text) == [code]


BOTH = [
    (["S101", "H201"], section(Host=None, Timeout="3")),
    (["H211", "S101"], section(HostPort="25", Port="587-starttls")),
    (["A301", "H211"], section(HostPort="25", LoginMethod="none")),
    (["A301", "A306"], login(HostPort="25", LoginMethod="login")),
    (["A303", "A304"], login(User="", Password="")),
    (["A303", "A306"], login(User="", HostPort="25")),
    (["A306", "S109"], login(LoginMethod=" AuthLoginMethod", HostPort="25")),
    (["A306", "H207"], login(HostPort="25-NOSSL")),
    (["H202", "H208"], section(Host="smtp..example.com", HostPort="587")),
    (["H206", "S109"], section(HostPort=" 465-ssl")),
    (["H202", "S109"], section(Host="smtp..example.com", HostPort=" 587-starttls")),
    (["S104", "S105"], dataminer(SMTP, "<SMTP/>", "<DMA><SMTP/></DMA>")),
    (["S107", "S109"], section(Host="<b/>", HostPort=" 587-starttls")),
    (["M604", "S108"], section(MaxSubjectLength="", Helo="")),
    (["M605", "S109"], section(MaxSubjectLength=" 7")),
    (["M606", "M607"], section(From="NOC &lt;st\u00f6rung@example.com&gt;")),
    (["M607", "S109"], section(From=" st\u00f6rung@example.com")),
    (["X701", "X703"], login(Password=" frost+on+tulips")),
    (["H203", "X701"], login(Host="dma:${X}@smtp.example.com", Password="frost+on+tulips")),
    (["M602", "S108"], section(From="", Helo="")),
    (["H201", "M602"], section(Host=None, From=None)),
    # what yields itself wins over nothing: A306 is left out for S101 or S107
    (["S101", "A309"], login(LoginMethod="Auto", HostPort=None, Port="587-starttls")),
    (["S107", "H208"], login(LoginMethod="AuthLoginMethod<b/>", HostPort="587")),
    # credentials in clear are one mistake, markup in the HostPort is another
    (["S107", "A306"], login(HostPort="25<b/>")),
    # what a setting in another namespace says, and what the one beside it says
    (
        ["S110", "H202"],
        section(Host="smtp..example.com").replace("</SMTP>", '<Host xmlns="urn:x">a</Host></SMTP>'),
    ),
    (["S110", "H207"], section(HostPort="465-SSL").replace("</SMTP>", '<HostPort xmlns="urn:x"/></SMTP>')),
    (
        ["S110", "S109"],
        section(From=" a@example.com").replace("</SMTP>", '<From xmlns="urn:x">a</From></SMTP>'),
    ),
    (["O401", "O402", "O403"], section(LoginMethod="XOAUTH2", User="dma@example.com")),
    (["O407", "M602"], microsoft(Host="smtp.gmail.com", From=None)),
    (["P501", "P503"], login(Host="smtp.office365.com", HostPort="465")),
    (["P501", "P504"], login(Host="smtp.office365.com", User="dma")),
    (["P501", "O410"], login(Host="smtp.office365.com", From="noc@example.com")),
    (["P503", "H215"], microsoft(HostPort="0587")),
    (["P501", "A309"], login(Host="smtp.office365.com", LoginMethod="Auto")),
    (["P505", "O404"], oauth(Host="a.mail.protection.outlook.com", HostPort="25")),
    (["P505", "A309"], section(Host="smtp.gmail.com", LoginMethod="Auto")),
    (["S107", "A309"], section(Host="smtp.gmail.com", LoginMethod="<b/>Auto")),
    # a placeholder in Host is no port in it, and a path in it says no port
    (["X704", "H214"], section(Host="${env:H}:2525", HostPort=None)),
    (["S107", "H214"], section(Host="relay:2525<b/>", HostPort=None)),
    (["H203", "H214"], section(Host="relay.example.com/587", HostPort=None)),
    # a login that is there, but misnamed or in another namespace, is not missing as well
    (["S101", "A309"], section(Host="smtp.gmail.com", LoginMethod="Auto", Username="dma@example.com")),
    (
        ["S110", "A309"],
        section(Host="smtp.gmail.com", LoginMethod="Auto").replace(
            "</SMTP>", '<User xmlns="urn:x">a</User></SMTP>'
        ),
    ),
]


@pytest.mark.parametrize(("expected", "text"), BOTH)
def test_two_mistakes_are_two_findings(expected: list[str], text: str) -> None:
    assert sorted(codes(text)) == sorted(expected)


ZOHO, MAILGUN = "smtppro.zoho.com", "smtp.eu.mailgun.org"  # seen second-hand: what is said of them is advice
GMAIL, EXCHANGE = "smtp.gmail.com", "smtp.office365.com"
CRAM, NTLM = {"LoginMethod": "CramMD5Method"}, {"LoginMethod": "NTLM"}
GRAVER = [
    # advice about a port hides no password in clear, and no clear text
    (["A306 error", "P503 info"], login(Host=ZOHO, HostPort="587")),
    (["A306 error", "P503 info"], login(Host=MAILGUN, HostPort="26")),
    (["A306 warning", "P503 info"], login(Host=ZOHO, HostPort="587", LoginMethod="Auto")),
    (["A307 info", "H208 warning", "P503 info"], login(Host=ZOHO, HostPort="587", **CRAM)),
    (["A308 info", "H211 warning", "P503 info"], login(Host=MAILGUN, HostPort="26", **NTLM)),
    (["H208 warning", "P503 info"], section(Host=ZOHO, HostPort="587")),
    (["O404 error", "P503 info"], oauth(Host=ZOHO, HostPort="587")),
    # nor does a warning
    (["A306 error", "P502 info", "P503 warning"], login(Host=GMAIL, HostPort=None)),
    (["A306 error", "P501 warning", "P503 warning"], login(Host=EXCHANGE, HostPort="2525")),
    (["P501 warning", "P505 error"], login(Host=EXCHANGE, **NTLM)),
    # advice about the provider hides nothing that is missing or wrong for the one that gives out tokens
    (
        ["O403 error", "O407 info", "O411 warning"],
        oauth(Host=ZOHO, OAuthClientSecret=None, OAuthTokenEndpoint="https://oauth2.googleapis.com/token"),
    ),
    # one mistake: the graver one alone
    (["A307 info", "H211 warning"], login(HostPort=None, **CRAM)),
    (["A308 info", "H211 warning"], login(HostPort=None, **NTLM)),
    (["A302 info", "H211 warning"], section(HostPort=None, LoginMethod=None)),
    (["S109 warning"], section(Helo=" DMA01")),
    # as grave, or graver: one alone
    (["H214 info"], section(HostPort=None)),
    (["P503 info"], section(Host=MAILGUN, HostPort="26")),
    (["P503 error"], login(Host="email-smtp.eu-west-1.amazonaws.com", HostPort="587")),
    (["A309 info", "P503 warning"], login(Host="smtp.mail.yahoo.com", HostPort="2525", LoginMethod="Auto")),
    (["M603 warning"], section(Helo=" dma_7 ")),
]


@pytest.mark.parametrize(("expected", "text"), GRAVER)
def test_none_yields_to_a_milder_one(expected: list[str], text: str) -> None:
    assert sorted(f"{one.code} {one.severity.value}" for one in findings(text)) == expected


OLD = CheckSettings(circumstances=Circumstances(AS_OF, parse_version("10.5.0").value))
IDLE = {name: value for name, value in OAUTH.items() if name in ("OAuthClientID", "OAuthTokenEndpoint")}
FOR_AN_OLD_VERSION = [
    # V801 > V802 > O405, S108
    (["V801"], oauth()),
    (["V802", "V802"], section(**IDLE)),
    (["V802"], section(OAuthConfigData="")),
    (["S108", "V802"], section(OAuthConfigData="", Helo="")),
]


@pytest.mark.parametrize(("expected", "text"), FOR_AN_OLD_VERSION)
def test_a_version_that_is_too_old(expected: list[str], text: str) -> None:
    assert sorted(one.code for one in findings(text, OLD)) == expected


def test_the_fix_of_the_one_trims_too() -> None:
    for value in (" 587-STARTTLS", "0587-starttls "):
        (one,) = findings(section(HostPort=value))
        assert one.fix is not None
        assert [edit.content for edit in one.fix.edits] == ["587-starttls"]


def chains() -> list[list[list[str]]]:
    """All chains of the module, each as links of codes."""
    return [[link.split() for link in chain.split(">")] for chain in _SAME_SETTING + _SAME_SECTION]


def test_chains_are_codes() -> None:
    for chain in chains():
        assert len(chain) > 1
        for link in chain:
            assert link
            assert all(LINK.fullmatch(code) for code in link), chain
        flat = [code for link in chain for code in link]
        assert len(set(flat)) == len(flat), chain


def test_no_two_rules_yield_to_each_other() -> None:
    pairs = {
        (winner, loser)
        for chain in chains()
        for position, link in enumerate(chain)
        for winner in link
        for losers in chain[position + 1 :]
        for loser in losers
    }
    assert not [(winner, loser) for winner, loser in pairs if (loser, winner) in pairs]
