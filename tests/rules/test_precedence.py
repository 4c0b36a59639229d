"""One mistake, one finding: every row is a mistake that more than one rule could name."""

from __future__ import annotations

import re

import pytest

from migrator.rules.precedence import _SAME_SECTION, _SAME_SETTING
from tests.rules.tables import codes, findings, section

SMTP = section()
REFERENCE = "0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77"
LOGIN = {"LoginMethod": "AuthLoginMethod", "User": "dma@example.com", "Password": REFERENCE}
LINK = re.compile(r"[ACDHLMOPSVX][0-9]{3}")


def dataminer(*parts: str) -> str:
    return f"<DataMiner>{''.join(parts)}</DataMiner>"


def login(**settings: str | None) -> str:
    return section(**{**LOGIN, **settings})


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
    # markup in a value, or another namespace > what is wrong with the value, or that it is missing
    ("S107", section(Host="<b>smtp..example.com</b>")),
    ("S107", section(HostPort="<b/> 25")),
    ("S107", section(LoginMethod="<b>NoLoginMethod</b>")),
    ("S107", section(MaxSubjectLength="<?x?>many")),
    ("S107", section(Helo="<b/>")),
    ("S107", section(HostPort=None, Host="smtp.example.com<HostPort>587-starttls</HostPort>")),
    ("S110", section(Host=None).replace("</SMTP>", '<Host xmlns="urn:x">a</Host></SMTP>')),
    ("S110", section(HostPort=None).replace("</SMTP>", '<HostPort xmlns="urn:x">465</HostPort></SMTP>')),
    ("S110", login(HostPort=None).replace("</SMTP>", '<HostPort xmlns="urn:x">465</HostPort></SMTP>')),
    ("S110", login(User=None).replace("</SMTP>", '<User xmlns="urn:x">a</User></SMTP>')),
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
    # what yields itself wins over nothing: A306 is left out for S101 or S107
    (["S101", "A309"], login(LoginMethod="Auto", HostPort=None, Port="587-starttls")),
    (["S107", "H208"], login(LoginMethod="AuthLoginMethod<b/>", HostPort="587")),
]


@pytest.mark.parametrize(("expected", "text"), BOTH)
def test_two_mistakes_are_two_findings(expected: list[str], text: str) -> None:
    assert sorted(codes(text)) == sorted(expected)


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
