"""JSON Schema and XSD, through each validator, agree on every value that a schema judges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import xmlschema
    from jsonschema import Draft202012Validator

SUFFIXES = ["", "-ssl", "-nossl", "-starttls"]
PORTS = [1, 9, 10, 25, 99, 100, 465, 587, 999, 1000, 2525, 9999, 10000, 59999, 60000, 64999, 65000, 65535]

GOOD_PORTS = [f"{port}{suffix}" for port in PORTS for suffix in SUFFIXES]
BAD_PORTS = [
    *("", " ", "-", "0", "00", "025", "0465", "65536", "65540", "65600", "66000", "70000", "99999", "100000"),
    *("-1", "+25", "25.0", "2 5", "25 ", " 25", "25\n", "\n25", "25\t", "25\r", "25\u00a0", "1e3", "0x19"),
    *("587-STARTTLS", "587-StartTLS", "587-tls", "587-starttls-ssl", "587starttls", "587 -starttls"),
    *("587-starttls ", "587-starttls\n", "587--starttls", "587_starttls", "-starttls", "starttls", "587-"),
    *("0-ssl", "65536-ssl", "587-startls", "587/starttls", "587\u2010starttls", "587-ss\u0131"),
    *(
        "\u0662\u0665",
        "\uff12\uff15",
        "2\u0665",
        "\u00b2\u2075",
        "25x",
        "25-ssl|",
        "smtp",
        "25,26",
    ),
]
GOOD_METHODS = [
    *("NoLoginMethod", "LoginPlainMethod", "AuthLoginMethod", "CramMD5Method", "NTLM", "Auto", "XOAUTH2"),
]
BAD_METHODS = [
    *("", " ", "auto", "AUTO", "Auto ", " Auto", "Auto\n", "\tAuto", "Auto\u00a0", "AutoNTLM", "Auto NTLM"),
    *("LOGIN", "None", "NoLogin", "Xoauth2", "XOAUTH2\r", "CRAM-MD5", "CramMd5Method", "ntlm", "\uff21uto"),
]
GOOD_LENGTHS = ["0", "1", "9", "10", "78", "255", "998", "9" * 40]
BAD_LENGTHS = [
    *("", " ", " 78", "78 ", " 78 ", "78\n", "\n78", "+78", "-78", "-0", "00", "078", "78.0", "7.8", "1e2"),
    *("7 8", "0x4e", "\u0667\u0668", "\uff17\uff18", "\u00b9", "seventy", "78,", "NaN", "7_8"),
]

CHARACTERS = st.text(alphabet="0123456789-starlno SARTL\n\t+.\u0665\uff15\u00a0", max_size=12)
NEAR_PORTS = st.builds("{}{}{}".format, st.integers(-1, 70000), st.sampled_from(SUFFIXES), CHARACTERS)
NEAR_METHODS = st.builds("{}{}".format, st.sampled_from(GOOD_METHODS), CHARACTERS)


class Xsd:
    """What both validators of the XSD say about one value, in both namespaces; they must agree."""

    def __init__(
        self, fast: etree.XMLSchema, second: xmlschema.XMLSchema10, exact: xmlschema.XMLSchema11
    ) -> None:
        self._fast = fast
        self._others = (second, exact)

    def takes(self, setting: str, text: str) -> bool:
        verdicts = set()
        for namespace in ("", "{http://www.skyline.be/config/dataminer}"):
            section = etree.Element(f"{namespace}SMTP")
            etree.SubElement(section, f"{namespace}{setting}").text = text
            verdicts.add(self._fast.validate(section))
            verdicts.update(other.is_valid(section) for other in self._others)
        (verdict,) = verdicts
        return verdict


@pytest.fixture(scope="session")
def xsd(fast: etree.XMLSchema, second: xmlschema.XMLSchema10, exact: xmlschema.XMLSchema11) -> Xsd:
    return Xsd(fast, second, exact)


def _cases(setting: str, good: list[str], bad: list[str]) -> list[tuple[str, str, bool]]:
    return [(setting, text, True) for text in good] + [(setting, text, False) for text in bad]


@pytest.mark.parametrize(
    ("setting", "text", "expected"),
    [
        *_cases("HostPort", GOOD_PORTS, BAD_PORTS),
        *_cases("LoginMethod", GOOD_METHODS, BAD_METHODS),
    ],
)
def test_texts(setting: str, text: str, expected: bool, json_schema: Draft202012Validator, xsd: Xsd) -> None:
    assert json_schema.is_valid({"SMTP": {setting: text}}) == expected
    assert xsd.takes(setting, text) == expected


def test_ajv_agrees_on_texts(ajv: Callable[[Path, list[Any]], list[bool]], schemas: Path) -> None:
    cases = _cases("HostPort", GOOD_PORTS, BAD_PORTS) + _cases("LoginMethod", GOOD_METHODS, BAD_METHODS)

    verdicts = ajv(schemas / "smtp.schema.json", [{"SMTP": {setting: text}} for setting, text, _ in cases])
    assert verdicts == [expected for *_, expected in cases]


@pytest.mark.parametrize(
    ("setting", "text", "expected"), _cases("MaxSubjectLength", GOOD_LENGTHS, BAD_LENGTHS)
)
def test_lengths(setting: str, text: str, expected: bool, xsd: Xsd) -> None:
    assert xsd.takes(setting, text) == expected


@given(number=st.integers(-(10**6), 10**6) | st.integers())
def test_numbers_mean_what_their_text_means(number: int, json_schema: Draft202012Validator, xsd: Xsd) -> None:
    for setting in ("MaxSubjectLength", "HostPort"):
        assert json_schema.is_valid({"SMTP": {setting: number}}) == xsd.takes(setting, str(number))


@given(text=CHARACTERS | NEAR_PORTS)
def test_any_port(text: str, json_schema: Draft202012Validator, xsd: Xsd) -> None:
    assert json_schema.is_valid({"SMTP": {"HostPort": text}}) == xsd.takes("HostPort", text)


@given(port=st.integers(0, 70000), suffix=st.sampled_from(SUFFIXES))
def test_any_number_of_a_port(port: int, suffix: str, xsd: Xsd) -> None:
    assert xsd.takes("HostPort", f"{port}{suffix}") == (1 <= port <= 65535)


@given(text=CHARACTERS | NEAR_METHODS)
def test_any_login_method(text: str, json_schema: Draft202012Validator, xsd: Xsd) -> None:
    expected = text in GOOD_METHODS
    assert json_schema.is_valid({"SMTP": {"LoginMethod": text}}) == expected
    assert xsd.takes("LoginMethod", text) == expected


@given(text=CHARACTERS)
def test_any_length(text: str, xsd: Xsd) -> None:
    expected = text.isascii() and text.isdigit() and text == str(int(text))
    assert xsd.takes("MaxSubjectLength", text) == expected


@given(
    setting=st.sampled_from(["Host", "User", "Password", "OAuthConfigData", "Helo", "From"]),
    text=st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")),
)
def test_other_settings_take_any_text(
    setting: str, text: str, json_schema: Draft202012Validator, xsd: Xsd
) -> None:
    assert json_schema.is_valid({"SMTP": {setting: text}})
    assert xsd.takes(setting, text)
