from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator import definition
from migrator.section import is_secret_entry
from migrator.values.secret import (
    MASK,
    SECRET_WORDS,
    certain,
    is_reference,
    is_secret_name,
    json_text,
    mask,
    may_belong_to_value,
    printable,
    quote,
    shown_instead_of,
    shown_name,
)

SECRET = "correct-horse-battery"


@pytest.mark.parametrize(
    "name",
    [
        *("Password", "password", "PASSWORD", "Pasword", "Passwort", "Passwrd", "Passwd", "Pwd", "Kennwort"),
        *("SmtpPassword", "PasswordHash", "UserPassword", "smtp_password", "smtp-passwd", "Passphrase"),
        *(
            "OAuthClientSecret",
            "ClientSecret",
            "Secret",
            "SecretKey",
            "OAuthClientSecrt",
            "Sercet",
            "Pazswd",
            "Paxsword",
        ),
        *(
            "UserPasord",
            "UserPasswrd",
            "UserPasswod",
            "UserPassswd",
            "UserPaswort",
            "UserPasswort",
            "User-Pass",
        ),
        *("x-api-key", "private-key", "private_key", "access-key", "access_key", "AccessKey"),
        *("RefreshToken", "AccessToken", "ApiKey", "api_key", "PrivateKey", "Credentials", "community"),
    ],
)
def test_names_of_secrets(name: str) -> None:
    assert is_secret_name(name)
    assert is_secret_entry(name)


@pytest.mark.parametrize(
    "name",
    [
        *("Host", "HostPort", "User", "From", "Helo", "LoginMethod", "MaxSubjectLength", "Port", "Timeout"),
        *("Word", "Compass", "Passenger", "Bypass", "Padding", "Key", "Section", "Client", "X", ""),
    ],
)
def test_other_names(name: str) -> None:
    assert not is_secret_name(name)


@pytest.mark.parametrize("name", definition.settings())
def test_of_the_settings_the_schema_says_it(name: str) -> None:
    assert is_secret_entry(name) == (name in ("Password", "OAuthClientSecret"))


@pytest.mark.parametrize(
    ("text", "secrets", "shown"),
    [
        (SECRET, [SECRET], MASK),
        (f" {SECRET}\n", [SECRET], MASK),
        (f"user:{SECRET}@host", [SECRET], f"user:{MASK}@host"),
        (SECRET * 2, [SECRET], MASK * 2),
        ("a", ["a"], MASK),
        ("abc", ["abc"], MASK),
        ("an apple", ["a"], "an apple"),  # so short a secret is everywhere
        ("an abc book", ["abc"], "an abc book"),
        ("an abcd book", ["abcd"], f"an {MASK} book"),
        ("horse-battery", ["horse", "horse-battery"], MASK),
        ("a horse-battery", ["horse", "horse-battery"], f"a {MASK}"),
        ("a-horse", ["horse", "a-horse"], MASK),
        ("an a-horse", ["horse", "a-horse"], f"an {MASK}"),
        (" a ", [" a "], MASK),
        ("an apple", [f"{number:04}" for number in range(256)], "an apple"),
        ("an apple", [f"{number:04}" for number in range(257)], MASK),  # too many to look for each
        ("Host", [SECRET], "Host"),
        ("Host", [], "Host"),
        ("", [], ""),
    ],
)
def test_mask(text: str, secrets: list[str], shown: str) -> None:
    assert mask(text, secrets) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("587-starttls", '"587-starttls"'),
        ("", '""'),
        ("M\u00fcller \u2026", '"M\u00fcller \u2026"'),
        ("a\nb\tc\r", r'"a\nb\tc\r"'),
        ("\x1b[31mred", r'"\x1b[31mred"'),
        ("a\u202eb", r'"a\u202eb"'),
        ("a\u200bb", r'"a\u200bb"'),
        ("\ufeff587", r'"\ufeff587"'),
        ("a\u00a0b", r'"a\xa0b"'),
        ("x" * 60, f'"{"x" * 60}"'),
        ("x" * 61, f'"{"x" * 59}…"'),
        (SECRET, f'"{MASK}"'),
    ],
)
def test_quote(text: str, shown: str) -> None:
    assert quote(text, [SECRET]) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Host", "Host"),
        ("H", "H"),
        ("", '""'),
        ("x" * 60, "x" * 60),
        ("x" * 61, f'"{"x" * 59}…"'),
        (SECRET, MASK),
    ],
)
def test_shown_name(name: str, shown: str) -> None:
    assert shown_name(name, [SECRET]) == shown


@given(st.text(), st.lists(st.text(min_size=1)))
def test_quoting_is_never_an_exception_and_one_short_printable_line(text: str, secrets: list[str]) -> None:
    shown = quote(text, secrets)
    assert shown.isprintable()
    assert len(shown) <= 62


@given(st.text())
def test_printable(text: str) -> None:
    shown = printable(text)
    assert shown.isprintable()
    assert text.isprintable() == (shown == text)


@given(st.text(), st.text(min_size=4), st.text())
def test_a_secret_is_nowhere_in_what_is_shown(before: str, secret: str, after: str) -> None:
    shown = mask(before + secret + after, [secret])
    assert MASK in shown
    if MASK[0] not in secret:
        assert secret not in shown


@given(st.text())
def test_a_text_that_is_the_secret_is_the_mask(secret: str) -> None:
    assert mask(secret, [secret]) == MASK


@given(st.from_regex(re.compile(SECRET_WORDS, re.IGNORECASE)))
def test_no_name_with_a_word_for_secrets_is_passed_over(name: str) -> None:
    assert is_secret_name(name)


@given(st.text())
def test_asking_for_a_name_is_never_an_exception(name: str) -> None:
    assert is_secret_name(name) in (True, False)


GUID = "3b4f1c52-6d0e-4f4e-9a57-0c1d2e3f4a5b"


@pytest.mark.parametrize(
    ("secret", "expected"),
    [
        (GUID, True),
        (GUID.upper(), True),
        (f"{{{GUID}}}", True),
        (f" {GUID}\n", True),
        (GUID[:-1], False),
        (GUID + "0", False),
        (GUID.replace("-", ""), False),
        (f"x{GUID}", False),
        (GUID.replace("3", "g"), False),
        ("", False),
    ],
)
def test_what_looks_like_a_reference(secret: str, expected: bool) -> None:
    assert is_reference(secret) is expected
    assert shown_instead_of(secret) == (f"reference {MASK}" if expected else MASK)


def test_certain_secrets_are_long_enough_and_the_longest_is_first() -> None:
    assert certain({"abc", "abcd", "abcdef", "abcde", ""}) == ["abcdef", "abcde", "abcd"]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("dma ~ é ü 中", "dma ~ é ü 中"),
        ("a\x1b[31m", r"a\u001b[31m"),
        ("a\u202eb", r"a\u202eb"),
        ("a\x7f\x85", r"a\u007f\u0085"),
        ("\U000e0001!", r"\udb40\udc01!"),  # two units of UTF-16
        ("\ud800", r"\ud800"),
        ("a\nb", r"a\nb"),
    ],
)
def test_json_that_neither_moves_nor_colours_a_terminal(text: str, written: str) -> None:
    assert json_text(text) == f'"{written}"'
    assert json.loads(json_text(text)) == text


def test_json_in_lines() -> None:
    assert json_text({"a": [1]}, 2) == '{\n  "a": [\n    1\n  ]\n}'
    assert json_text({"a": [1]}) == '{"a": [1]}'


@pytest.mark.parametrize(
    ("comment", "may_belong"),
    [
        ("1", True),
        ("tulips in May", True),
        ("#1", True),
        ("ends in dmsmtp:", True),
        ("", False),
        ("##", False),
        (" changed in May", False),
        ("# changed in May", False),
        ("\tchanged", False),
        ("dmsmtp: ignore[X701] for a test", False),
        ("gitleaks:allow", False),
        ("trufflehog:ignore", False),
        ("pragma: allowlist secret", False),
    ],
)
def test_a_comment_may_be_the_rest_of_a_value(comment: str, *, may_belong: bool) -> None:
    assert may_belong_to_value(comment) is may_belong
