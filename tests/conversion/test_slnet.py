from __future__ import annotations

import json

import pytest

from migrator.conversion.convert import OutputFormat
from tests.conversion.comparing import converted

FIRST = {
    "DataMinerID": -1,
    "ExtraXml": "",
    "From": "",
    "Helo": "",
    "Host": "",
    "HostingDataMinerID": -1,
    "LoginMethod": "Auto",
    "MaxSubjectLength": 0,
    "Password": "",
    "Port": "25",
    "TraceInfo": "",
    "User": "",
}
REFERENCE = "0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77"
NO_METHOD = "LoginMethod is not in the section: the message is sent with Auto unless you change it"
NO_PORT = "HostPort is not in the section: Port is 25, its default"
NOT_DOCUMENTED = (
    "how the tool names this LoginMethod is not documented: choose the one in its list that is alike"
)


@pytest.mark.parametrize(
    ("settings", "fields", "notes"),
    [
        ({}, {}, [NO_METHOD, NO_PORT]),
        ({"HostPort": "587-starttls"}, {"Port": "587-starttls"}, [NO_METHOD]),
        ({"LoginMethod": "NoLoginMethod"}, {"LoginMethod": "NoLogin"}, [NO_PORT]),
        ({"LoginMethod": "Auto"}, {"LoginMethod": "Auto"}, [NO_PORT]),
        ({"LoginMethod": "AuthLoginMethod"}, {"LoginMethod": "AuthLoginMethod"}, [NOT_DOCUMENTED, NO_PORT]),
        (
            {"HostPort": "25", "LoginMethod": "Auto", "MaxSubjectLength": 78, "Host": "a", "Helo": "b"},
            {"MaxSubjectLength": 78, "Host": "a", "Helo": "b"},
            [],
        ),
        (
            {"HostPort": "25", "LoginMethod": "Auto", "From": "c", "User": "d", "Password": "e"},
            {"From": "c", "User": "d", "Password": "e"},
            [],
        ),
        (
            {"HostPort": "25", "LoginMethod": "Auto", "Password": REFERENCE},
            {"Password": REFERENCE},
            ["Password looks like a reference, which the agent alone can read: fill in what is behind it"],
        ),
        ({"HostPort": "25", "LoginMethod": "Auto", "OAuthClientID": ""}, {}, []),
    ],
)
def test_fields(settings: dict[str, object], fields: dict[str, object], notes: list[str]) -> None:
    data = json.dumps({"SMTP": settings}).encode()

    result = converted("a.json", data, OutputFormat.SLNET_JSON)

    assert json.loads(result.document or b"null") == {"UpdateSmtpConfigMessage": {**FIRST, **fields}}
    assert [one.message for one in result.notes] == notes


def test_an_empty_login_method_is_to_be_chosen() -> None:
    data = b'{"SMTP": {"HostPort": "25", "LoginMethod": ""}}'

    result = converted("a.json", data, OutputFormat.SLNET_JSON, force=True)

    assert json.loads(result.document or b"null") == {"UpdateSmtpConfigMessage": {**FIRST, "LoginMethod": ""}}
    assert [one.message for one in result.notes] == ["LoginMethod is empty: choose one in the tool's list"]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"LoginMethod": "XOAUTH2"}, "UpdateSmtpConfigMessage cannot carry the login method XOAUTH2"),
        ({"OAuthClientID": "a"}, "UpdateSmtpConfigMessage has no field for OAuthClientID"),
        ({"OAuthClientSecret": "a"}, "UpdateSmtpConfigMessage has no field for OAuthClientSecret"),
        ({"OAuthTokenEndpoint": "a"}, "UpdateSmtpConfigMessage has no field for OAuthTokenEndpoint"),
        ({"OAuthConfigData": "a"}, "UpdateSmtpConfigMessage has no field for OAuthConfigData"),
    ],
)
def test_what_the_message_cannot_carry(settings: dict[str, str], message: str) -> None:
    result = converted("a.json", json.dumps({"SMTP": settings}).encode(), OutputFormat.SLNET)

    assert result.document is None
    assert [one.message for one in result.problems] == [message]
    assert NOT_DOCUMENTED not in [one.message for one in result.notes]
    assert "DataMiner Cube" in result.problems[0].help


def test_text() -> None:
    data = json.dumps({"SMTP": {"Host": "smtp.example.com", "Password": " a\nb"}}).encode()

    assert (converted("a.json", data, OutputFormat.SLNET).document or b"").decode() == (
        "UpdateSmtpConfigMessage\n"
        "  DataMinerID         -1\n"
        "  ExtraXml\n"
        "  From\n"
        "  Helo\n"
        "  Host                smtp.example.com\n"
        "  HostingDataMinerID  -1\n"
        "  LoginMethod         Auto\n"
        "  MaxSubjectLength    0\n"
        '  Password            " a\\nb"\n'
        "  Port                25\n"
        "  TraceInfo\n"
        "  User\n"
    )


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("a b", "a b"),
        ('a"b"', 'a"b"'),
        ('"a"', r'"\"a\""'),
        ("a ", '"a "'),
        ("a\x9b31m\u202eb", r'"a\u009b31m\u202eb"'),
        ("a\u00a0b", r'"a\u00a0b"'),
    ],
)
def test_a_value_of_the_text_can_be_read_in_one_way(value: str, shown: str) -> None:
    data = json.dumps({"SMTP": {"Password": value}}).encode()

    lines = (converted("a.json", data, OutputFormat.SLNET, force=True).document or b"").decode().splitlines()

    assert f"  Password            {shown}" in lines
