"""S114: rows are sections with a character that nobody sees in a value, or with one that only looks so."""

from __future__ import annotations

import json

import pytest

from migrator.diagnostic import Severity
from tests.rules.tables import codes, only, section

REFERENCE = "0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77"


def login(**settings: str) -> str:
    """A section that logs in."""
    return section(**{"LoginMethod": "NTLM", "User": "dma", "Password": REFERENCE, **settings})


@pytest.mark.parametrize(
    "character", ["\u200b", "\u00a0", "\u00ad", "\ufeff", "\u2028", "\u2029", "\x85", "\x7f", "\t", "\u202e"]
)
@pytest.mark.parametrize("user", ["d{}ma", "dma{0}x{0}"])
def test_user(user: str, character: str) -> None:
    one = only(login(User=f"«{user.format(character)}»"), "S114")
    assert (one.severity, one.place, one.fix) == (Severity.ERROR, "SMTP/User", None)
    assert f" holds U+{ord(character):04X}, a character that cannot be seen" in one.message
    assert character not in one.message
    assert one.help == "type it anew"


@pytest.mark.parametrize(
    "name", ["Password", "OAuthClientSecret", "OAuthClientID", "OAuthTokenEndpoint", "OAuthConfigData"]
)
def test_other_settings(name: str) -> None:
    one = only(
        login(**{name: "frost\u200btulips"}).replace(f"<{name}>", f"<«{name}»>")
        if name in ("Password", "OAuthClientSecret")
        else login(**{name: "«frost\u200btulips»"}),
        "S114",
    )
    is_secret = name in ("Password", "OAuthClientSecret")
    assert one.severity is (Severity.WARNING if is_secret or name == "OAuthConfigData" else Severity.ERROR)
    assert ("tulips" in one.message) is ("U+200B" in one.message) is not is_secret
    assert one.help == ("type it anew" if name == "Password" else "enter it anew in Cube")


@pytest.mark.parametrize(
    ("user", "code"),
    [("CORP\\bob", "U+0008"), ("CORP\\nina", "U+000A"), ("CORP\\tom", "U+0009"), ("CORP\\frank", "U+000C")],
)
@pytest.mark.parametrize(
    "form", ['{{"SMTP": {{"LoginMethod": "NTLM", "User": "{}"}}}}', 'SMTP: {{User: "{}"}}']
)
def test_a_backslash_that_begins_an_escape(form: str, user: str, code: str) -> None:
    one = only(form.format(f"«{user}»"), "S114")
    assert code in one.message
    assert one.help == "type it anew; in double quotes, write \\ as \\\\"


def test_no_backslash_makes_a_zero_width_space() -> None:
    one = only('{"SMTP": {"LoginMethod": "NTLM", "User": "«d\u200bma»"}}', "S114")
    assert one.help == "type it anew"


def test_what_xml_cannot_hold_is_an_error_in_a_secret_too() -> None:
    text = json.dumps({"SMTP": {"LoginMethod": "NTLM", "Password": "frost\btulips"}})
    one = only(text.replace('"Password"', '"«Password»"'), "S114")
    assert one.severity is Severity.ERROR
    assert one.message == "Password holds a character that cannot be seen"


@pytest.mark.parametrize(
    "text",
    [
        login(User="d ma"),
        login(User="st\u00f6rung"),
        login(User="\u65e5\u672c"),
        login(User="\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645@example.com"),  # a joiner of Persian
        login(User="\ue000"),
        login(User="\n    dma\n  "),  # S109
        login(User="dma\u200b"),  # S109
        login(Password="\tfrost "),  # X703
        login(Password="\U0001f468\u200d\U0001f469"),
        login(OAuthConfigData='{\n\t"a": 1\n}'),
        section(Helo="dma\u200b.example.com"),  # M603
        section(Host="smtp\u200b.example.com"),  # H202
        section(From="dma\u200b@example.com"),  # M601 or M607
        'SMTP: {User: "CORP\\\\bob"}',
        "SMTP: {User: 'CORP\\bob'}",
        "SMTP:\n  User: CORP\\bob\n",
    ],
)
def test_near_miss(text: str) -> None:
    assert "S114" not in codes(text)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Host", "smtp\u200b.example.com"),
        ("From", "dma\u200b@example.com"),
        ("Helo", "dma\u200b.example.com"),
    ],
)
def test_other_rules_find_it_in_what_has_a_form(name: str, value: str) -> None:
    assert set(codes(section(**{name: value}))) & {"H202", "M601", "M603", "M607"}
