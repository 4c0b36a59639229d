"""Presets: what is written, what is asked, and what is left to do in Cube."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator import definition
from migrator.checking import CheckSettings, check
from migrator.conversion.into import Rewritten, write_settings
from migrator.conversion.presets import (
    Answers,
    Preset,
    filled_in,
    needs_password,
    questions,
    settings,
    worksheet,
)
from migrator.diagnostic import Severity
from migrator.providers import provider_of
from migrator.values.host import parse_host
from migrator.values.login_method import LoginMethod

PASSWORD = "hunter2-hunter2"


def test_the_hosts_of_presets_are_those_of_their_providers() -> None:
    for preset, name in ((Preset.MICROSOFT, "Microsoft"), (Preset.GOOGLE, "Google")):
        host = parse_host(filled_in(preset, Answers()).host).value
        assert host is not None
        provider = provider_of(host)
        assert provider is not None
        assert provider.issuer is not None
        assert provider.issuer.name == name


_SECTIONS = [
    pytest.param(
        Preset.MICROSOFT,
        Answers(user="dma@contoso.com"),
        {"Host": "smtp.office365.com", "HostPort": "587-starttls", "From": "dma@contoso.com"},
        id="microsoft",
    ),
    pytest.param(
        Preset.MICROSOFT,
        Answers(
            user="dma@contoso.com", sender="a@contoso.com", helo="dma1.contoso.com", max_subject_length="78"
        ),
        {
            "Host": "smtp.office365.com",
            "HostPort": "587-starttls",
            "Helo": "dma1.contoso.com",
            "MaxSubjectLength": "78",
            "From": "a@contoso.com",
        },
        id="microsoft, more",
    ),
    pytest.param(
        Preset.GOOGLE,
        Answers(user="a@example.com", tenant="x", client_id="y", password="z"),
        {"Host": "smtp.gmail.com", "HostPort": "587-starttls", "From": "a@example.com"},
        id="google",
    ),
    pytest.param(
        Preset.CUSTOM,
        Answers(host="relay.example.com"),
        {"Host": "relay.example.com", "HostPort": "587-starttls", "LoginMethod": "NoLoginMethod"},
        id="custom without a login",
    ),
    pytest.param(
        Preset.CUSTOM,
        Answers(
            host="smtp.example.com", host_port="465", user="u", password=PASSWORD, sender="a@example.com"
        ),
        {
            "Host": "smtp.example.com",
            "HostPort": "465",
            "LoginMethod": "AuthLoginMethod",
            "User": "u",
            "Password": PASSWORD,
            "From": "a@example.com",
        },
        id="custom with a login",
    ),
    pytest.param(
        Preset.CUSTOM,
        Answers(host="smtp.sendgrid.net", password=PASSWORD),
        {
            "Host": "smtp.sendgrid.net",
            "HostPort": "587-starttls",
            "LoginMethod": "AuthLoginMethod",
            "User": "apikey",
            "Password": PASSWORD,
        },
        id="a provider with one user name",
    ),
    pytest.param(
        Preset.CUSTOM,
        Answers(host="smtp.mail.yahoo.com"),
        {"Host": "smtp.mail.yahoo.com", "HostPort": "465", "LoginMethod": "NoLoginMethod"},
        id="a provider's port",
    ),
    pytest.param(
        Preset.CUSTOM,
        Answers(host="a.example.com", host_port="25", login_method="NoLoginMethod", user="u", password="p"),
        {"Host": "a.example.com", "HostPort": "25", "LoginMethod": "NoLoginMethod"},
        id="no login was asked for",
    ),
    pytest.param(
        Preset.CUSTOM,
        Answers(host="contoso-com.mail.protection.outlook.com", user="u"),
        {
            "Host": "contoso-com.mail.protection.outlook.com",
            "HostPort": "25-starttls",
            "LoginMethod": "NoLoginMethod",
        },
        id="a provider that takes no login",
    ),
]


@pytest.mark.parametrize(("preset", "answers", "expected"), _SECTIONS)
def test_the_settings_of_a_preset(preset: Preset, answers: Answers, expected: dict[str, str]) -> None:
    found = settings(preset, filled_in(preset, answers))

    assert found == expected
    assert list(found) == [name for name in definition.settings() if name in expected]


def _said(preset: Preset, answers: Answers) -> list[str]:
    """Codes of what lint says of a section, but for what is only information."""
    made = write_settings("x.xml", b"<SMTP/>", settings(preset, filled_in(preset, answers)))
    assert isinstance(made, Rewritten)
    found = check("x.xml", made.data, CheckSettings()).diagnostics
    return [one.code for one in found if one.severity is not Severity.INFO]


@pytest.mark.parametrize(
    ("preset", "answers"),
    [
        (Preset.MICROSOFT, Answers(user="dma@contoso.com")),
        (Preset.GOOGLE, Answers(user="a@example.com")),
        (Preset.CUSTOM, Answers(host="relay.example.com", sender="a@example.com")),
        (Preset.CUSTOM, Answers(host="192.0.2.25", host_port="25")),
        (Preset.CUSTOM, Answers(host="smtp.example.com", user="a@example.com", password=PASSWORD)),
        (Preset.CUSTOM, Answers(host="smtp.sendgrid.net", password=PASSWORD, sender="a@example.com")),
    ],
)
def test_what_a_preset_makes_is_clean(preset: Preset, answers: Answers) -> None:
    assert _said(preset, answers) == []


@given(st.builds(Answers, *[st.text(max_size=4)] * 10), st.sampled_from(Preset))
def test_a_preset_with_oauth_writes_nothing_of_a_login(answers: Answers, preset: Preset) -> None:
    found = settings(preset, filled_in(preset, answers))

    if preset.uses_oauth:
        assert found.keys() <= {"Host", "HostPort", "Helo", "MaxSubjectLength", "From"}
        assert not needs_password(preset, filled_in(preset, answers))
    assert LoginMethod.XOAUTH2 not in found.values() or answers.login_method == LoginMethod.XOAUTH2
    assert all(found.values())


def _asked(preset: Preset, **given: str) -> list[str]:
    """Which questions come, each answered with something or nothing in turn."""
    answers = Answers(**given)
    asked: list[str] = []
    while True:
        left = [one for one in questions(preset, answers) if one.field not in asked]
        if not left:
            return asked
        asked.append(left[0].field)
        if not left[0].is_optional:
            answers = answers._replace(**{left[0].field: left[0].default or "smtp.example.com"})


def test_questions() -> None:
    assert _asked(Preset.MICROSOFT) == ["user", "tenant", "client_id"]
    assert _asked(Preset.MICROSOFT, user="u", tenant="t", client_id="c") == []
    assert _asked(Preset.GOOGLE) == ["user", "client_id"]
    assert _asked(Preset.CUSTOM) == ["host", "host_port", "user", "sender"]
    assert _asked(Preset.CUSTOM, host="h", login_method="NoLoginMethod", sender="s") == ["host_port"]
    (user,) = [
        one for one in questions(Preset.CUSTOM, Answers(host="smtp.sendgrid.net")) if one.field == "user"
    ]
    assert user.default == "apikey"
    *_, sender = questions(Preset.CUSTOM, Answers(host="h", user="a@example.com"))
    assert (sender.field, sender.default) == ("sender", "a@example.com")


def _fields(preset: Preset, answers: Answers) -> dict[str, str | None]:
    return {one.name: one.value for step in worksheet(preset, answers) for one in step.fields}


def test_the_worksheet_of_microsoft() -> None:
    answers = Answers(user="dma@contoso.com", tenant="contoso.com")
    steps = worksheet(Preset.MICROSOFT, answers)
    text = repr(steps)

    assert _fields(Preset.MICROSOFT, answers) == {
        "Preset": "Microsoft OAuth 2.0",
        "Host": "smtp.office365.com",
        "Port": "587",
        "Connection security": "STARTTLS",
        "Authentication type": "XOAUTH2",
        "Tenant ID": "contoso.com",
        "Application ID": None,
        "Username": "dma@contoso.com",
        "From": "dma@contoso.com",
    }
    order = [
        "10.6.4",
        "Register",
        "SMTP.Send",
        "SMTP AUTH",
        "Fill in",
        "Retrieve tokens",
        "Apply",
        "Send test email",
    ]
    assert sorted(order, key=text.index) == order
    assert "redirect address it needs is not documented" in text
    assert "client secret again" not in text


def test_the_worksheet_of_google() -> None:
    answers = Answers(user="a@example.com", client_id="1.apps.googleusercontent.com", helo="dma.example.com")
    text = repr(worksheet(Preset.GOOGLE, answers))
    fields = _fields(Preset.GOOGLE, answers)

    assert fields["Client ID"] == "1.apps.googleusercontent.com"
    assert fields["Client secret"] is None
    assert fields["Helo"] == "dma.example.com"
    assert "Tenant ID" not in fields
    assert "https://mail.google.com/" in text
    assert "7 days after consent" in text
    assert "SMTP AUTH" not in text


def test_a_security_whose_name_in_cube_is_not_documented_is_left_open() -> None:
    answers = Answers(host="smtp.gmail.com", host_port="465", user="a@example.com")

    assert _fields(Preset.GOOGLE, answers)["Connection security"] is None
    assert worksheet(Preset.CUSTOM, answers) == ()
    assert PASSWORD not in repr(Answers(password=PASSWORD))
