from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.definition import settings
from migrator.values.variable import (
    NAMES_NOTHING,
    Unresolved,
    as_variable,
    escape,
    holds_variable,
    known_variables,
    names_nothing,
    names_variables_alone,
    resolve,
    unescape,
    variables_in,
)

ENVIRONMENT = {"A": "frost", "B_2": "${env:A}", "EMPTY": ""}
TEXTS = st.text(alphabet="${}env:AB_", max_size=16) | st.text(max_size=8)


def test_every_secret_setting_has_a_variable() -> None:
    assert known_variables() == {
        "Password": "DMSMTP_PASSWORD",
        "OAuthClientSecret": "DMSMTP_OAUTH_CLIENT_SECRET",
    }
    assert set(known_variables()) == {name for name, one in settings().items() if one.is_secret}


@pytest.mark.parametrize(
    ("text", "names", "is_held", "is_alone"),
    [
        ("${env:A}", ["A"], True, True),
        ("${env:_a1}", ["_a1"], True, True),
        ("${env:A}${env:B_2}", ["A", "B_2"], True, True),
        ("${env:A}${env:B_2} ", ["A", "B_2"], True, False),
        (" ${env:A}", ["A"], True, False),
        ("x${env:A}", ["A"], True, False),
        ("$${env:A}${env:B_2}", ["B_2"], True, False),
        ("$$${env:A}", [], False, False),  # a dollar sign, and what is written as $${
        ("${env:A}$${", ["A"], True, False),
        ("${env:}", [], True, False),
        ("${env:1}", [], True, False),
        ("${env:A-B}", [], True, False),
        ("${env:A.B}", [], True, False),
        ("${env:A B}", [], True, False),
        ("${env:A", [], True, False),
        ("${env:\u00c4}", [], True, False),
        ("${ENV:A}", [], False, False),
        ("${A}", [], False, False),
        ("$env:A", [], False, False),
        ("$${env:A}", [], False, False),
        ("{env:A}", [], False, False),
        ("$", [], False, False),
        ("", [], False, False),
    ],
)
def test_what_stands_for_a_variable(text: str, names: list[str], is_held: bool, is_alone: bool) -> None:
    assert list(variables_in(text)) == names
    assert holds_variable(text) is is_held
    assert names_variables_alone(text) is is_alone


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("plain $ text", "plain $ text"),
        ("${env:A}", "frost"),
        ("<${env:A}${env:A}>", "<frostfrost>"),
        ("$${env:A}", "${env:A}"),
        ("$$${", "$${"),
        ("${env:B_2}", "${env:A}"),  # a value is not looked into
        ("${env:EMPTY}", ""),
        ("${A}", "${A}"),
    ],
)
def test_resolve(text: str, expected: str) -> None:
    found = resolve(text, ENVIRONMENT)
    assert (found.value, found.problems) == (expected, ())


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("${env:C}", ["C"]),
        ("${env:C}${env:A}${env:D}", ["C", "D"]),
        ("${env:}", [None]),
        ("${env:C} ${env:a b}", ["C", None]),
    ],
)
def test_what_cannot_be_resolved_has_no_value(text: str, names: list[str | None]) -> None:
    found = resolve(text, ENVIRONMENT)
    assert (found.value, found.problems) == (None, tuple(map(Unresolved, names)))


@pytest.mark.parametrize("value", ["\udcff", "frost\ud800", "\udfffa"])
def test_bytes_that_are_no_text_have_no_value(value: str) -> None:
    found = resolve("${env:C}${env:A}", {**ENVIRONMENT, "C": value})
    assert (found.value, found.problems) == (None, (Unresolved("C", is_set=True),))


def test_what_names_no_variable_is_not_looked_up() -> None:
    assert resolve("${env:}", os.environ).problems == (Unresolved(None),)


@given(TEXTS)
def test_what_is_escaped_is_itself(text: str) -> None:
    assert not holds_variable(escape(text))
    assert unescape(escape(text)) == text
    assert resolve(escape(text), {}).value == text


@given(TEXTS)
def test_without_variables_unescaping_is_all_that_is_to_be_done(text: str) -> None:
    if not holds_variable(text):
        assert resolve(text, {}).value == unescape(text)


@given(st.from_regex("[A-Za-z_][A-Za-z0-9_]*", fullmatch=True), st.text(max_size=8))
def test_a_variable_stands_for_its_value(name: str, value: str) -> None:
    assert names_variables_alone(as_variable(name))
    assert resolve(as_variable(name), {name: value}).value == value


def test_what_is_just_text_is_marked_once_more() -> None:
    assert escape("a${env:A}${") == "a$${env:A}$${"
    assert unescape("a$${env:A}$${") == "a${env:A}${"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${env:MY-NAME}", True),
        ("${env:A} ${env:}", True),
        ("${env:A}", False),
        ("$${env:MY-NAME}", False),
        ("frost", False),
    ],
)
def test_what_begins_a_variable_and_names_none(text: str, expected: bool) -> None:
    assert names_nothing(text) is expected


def test_what_to_do_where_none_is_named() -> None:
    what, help_ = NAMES_NOTHING
    assert what.startswith("has ${env: without")
    assert as_variable("NAME") in help_
