from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator import definition
from migrator.values.login_method import (
    MECHANISMS,
    LoginMethod,
    LoginMethodProblem,
    oauth_since,
    parse_login_method,
)

DOCUMENTED = list(definition.login_methods())


def test_the_methods_are_those_of_the_schema() -> None:
    assert [method.value for method in LoginMethod] == DOCUMENTED


@pytest.mark.parametrize("text", DOCUMENTED)
def test_documented(text: str) -> None:
    reading = parse_login_method(text)
    assert reading.is_valid
    assert reading.value is LoginMethod(text)


@pytest.mark.parametrize(
    ("text", "method"),
    [
        ("nologinmethod", LoginMethod.NONE),
        ("NOLOGINMETHOD", LoginMethod.NONE),
        ("loginPlainMethod", LoginMethod.PLAIN),
        ("AuthloginMethod", LoginMethod.LOGIN),
        ("CRAMMD5Method", LoginMethod.CRAM_MD5),
        ("ntlm", LoginMethod.NTLM),
        ("auto", LoginMethod.AUTO),
        ("XOauth2", LoginMethod.XOAUTH2),
    ],
)
def test_case(text: str, method: LoginMethod) -> None:
    reading = parse_login_method(text)
    assert (reading.value, reading.problems) == (method, (LoginMethodProblem.CASE,))


@pytest.mark.parametrize(
    ("text", "method"),
    [
        # Cube
        ("None", LoginMethod.NONE),
        ("LOGIN", LoginMethod.LOGIN),
        # SLNetClientTest
        ("NoLogin", LoginMethod.NONE),
        # names of mechanisms
        ("PLAIN", LoginMethod.PLAIN),
        ("AUTH PLAIN", LoginMethod.PLAIN),
        ("AUTH LOGIN", LoginMethod.LOGIN),
        ("CRAM-MD5", LoginMethod.CRAM_MD5),
        ("CramMD5", LoginMethod.CRAM_MD5),
        ("OAuth2", LoginMethod.XOAUTH2),
        ("OAuth", LoginMethod.XOAUTH2),
        ("LoginPlain", LoginMethod.PLAIN),
        ("no-auth", LoginMethod.NONE),
        # joined otherwise
        ("No Login Method", LoginMethod.NONE),
        ("auth_login_method", LoginMethod.LOGIN),
        ("AuthLogin", LoginMethod.LOGIN),
        ("NTLMMethod", LoginMethod.NTLM),
        ("AuthLoginMethod" + " " * 49, LoginMethod.LOGIN),
    ],
)
def test_another_name(text: str, method: LoginMethod) -> None:
    reading = parse_login_method(text)
    assert (reading.value, reading.problems) == (method, (LoginMethodProblem.OTHER_NAME,))


@pytest.mark.parametrize(
    ("text", "guess"),
    [
        ("NTLN", LoginMethod.NTLM),
        ("AuthLogni", LoginMethod.LOGIN),
        ("AuthLogniMethod", LoginMethod.LOGIN),
        ("LoginPlaneMethod", LoginMethod.PLAIN),
        ("CramMD4Method", LoginMethod.CRAM_MD5),
        ("NoLognMethod", LoginMethod.NONE),
        ("NoAuthLoginMethod", None),  # near to what it says no to
        ("NoPlain", None),
        ("No XOAUTH2", None),
        ("", None),
        (" ", None),
        ("Basic", None),
        ("Auth", None),  # Auto, AuthLoginMethod
        ("GSSAPI", None),
        ("DIGEST-MD5", None),
        ("method", None),
        ("587-starttls", None),
        ("NoLoginMethod;Auto", None),
        ("AuthLoginMethod" + " " * 50, None),
        ("AuthLoginMethod" * 10, None),
        ("\0", None),
    ],
)
def test_unknown(text: str, guess: LoginMethod | None) -> None:
    reading = parse_login_method(text)
    assert (reading.value, reading.problems) == (guess, (LoginMethodProblem.UNKNOWN,))


@pytest.mark.parametrize("text", [" NTLM", "NTLM ", "NTLM\n", "\u200bNTLM", "NTL\uff2d"])
def test_valid_is_the_exact_text(text: str) -> None:
    assert not parse_login_method(text).is_valid


@pytest.mark.parametrize(
    ("method", "uses_password", "shows_password"),
    [
        (LoginMethod.NONE, False, False),
        (LoginMethod.PLAIN, True, True),
        (LoginMethod.LOGIN, True, True),
        (LoginMethod.CRAM_MD5, True, False),
        (LoginMethod.NTLM, True, False),
        (LoginMethod.AUTO, False, False),
        (LoginMethod.XOAUTH2, False, False),
    ],
)
def test_what_a_method_does(method: LoginMethod, uses_password: bool, shows_password: bool) -> None:
    assert (method.uses_password, method.shows_password) == (uses_password, shows_password)


def test_every_method_that_logs_in_one_way_has_the_name_that_servers_give_it() -> None:
    assert set(MECHANISMS) == set(LoginMethod) - {LoginMethod.NONE, LoginMethod.AUTO}
    for method, mechanism in MECHANISMS.items():
        assert parse_login_method(mechanism).value is method


ANY_SPELLING = st.one_of(
    st.text(),
    st.sampled_from(DOCUMENTED),
    st.sampled_from(DOCUMENTED).map(str.swapcase),
    st.lists(st.sampled_from(["No", "Login", "Method", "Auth", "Plain", "Cram", "MD5", "-", " ", "_"])).map(
        "".join
    ),
)


@given(ANY_SPELLING)
def test_valid_is_what_the_schema_enumerates(text: str) -> None:
    reading = parse_login_method(text)
    assert reading.is_valid == (text in DOCUMENTED)
    if reading.is_valid:
        assert reading.value == text


@given(ANY_SPELLING)
def test_a_reading_written_down_is_valid(text: str) -> None:
    method = parse_login_method(text).value
    assert method is None or parse_login_method(str(method)).value is method


def test_since_when_there_is_oauth() -> None:
    assert str(oauth_since()) == "main release 10.5.0 CU13, main release 10.6.0 CU1, feature release 10.6.4"


def test_a_schema_that_does_not_say_it(monkeypatch: pytest.MonkeyPatch) -> None:
    methods = definition.login_methods()
    silent = {**methods, LoginMethod.XOAUTH2: methods[LoginMethod.XOAUTH2]._replace(since=None)}
    monkeypatch.setattr(definition, "login_methods", lambda: silent)

    with pytest.raises(ValueError, match="XOAUTH2"):
        oauth_since.__wrapped__()  # what it said before counts no more
