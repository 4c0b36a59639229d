"""A rule that is not asked, as what it needs is missing, would have found nothing."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.checking import CheckSettings, read_document
from migrator.document.limits import Limits
from migrator.document.source import Unreadable
from migrator.rules import SECTION_RULES, section_rules
from migrator.rules.model import Circumstances, Need, Rule, needs_met
from migrator.section import Configuration, Section, read_configuration
from migrator.values.version import Train, Version
from tests.rules.tables import AS_OF, findings, section

VALUES: dict[str, list[str | None]] = {
    "Host": [
        *(None, "", "smtp.example.com", "smtp.office365.com", "smtp.gmail.com", "imap.example.com"),
        *("localhost", "127.0.0.1", "10.0.0.1", "::1", "my_relay.example.com", "smtp.example.com."),
        *("smtp://smtp.example.com", "user:pass@smtp.example.com", "smtp.example.com:25", "not a host"),
    ],
    "HostPort": [
        *(None, "", "25", "465", "587", "80", "0587", "70000", "25-nossl", "25-starttls", "465-ssl"),
        *(
            "465-nossl",
            "465-starttls",
            "587-ssl",
            "587-starttls",
            "587-STARTTLS",
            "587 tls",
            "587-nossl",
            "x",
        ),
    ],
    "LoginMethod": [
        *(None, "", "NoLoginMethod", "LoginPlainMethod", "AuthLoginMethod", "CramMD5Method", "NTLM", "Auto"),
        *("XOAUTH2", "xoauth2", "Login", "Nothing"),
    ],
    "User": [None, "", "dma", "dma@example.com", "dma@outlook.com"],
    "Password": [None, "", "abcdabcdabcdabcd", "frost+on+tulips"],
    "From": [None, "", "dma@example.com", "DMA &lt;dma@example.com&gt;", "dma"],
    "OAuthClientID": [None, None, "client"],
    "OAuthTokenEndpoint": [None, None, "https://oauth2.googleapis.com/token", "http://example.com/token"],
}
TARGETS = (None, Version(Train.MAIN, 10, 1), Version(Train.FEATURE, 10, 4, 2))


def read(text: str) -> tuple[Configuration, Section]:
    document = read_document("x.xml", text.encode(), Limits())
    assert not isinstance(document, Unreadable)
    configuration = read_configuration(document)
    assert configuration is not None
    assert configuration.section is not None
    return configuration, configuration.section


def unasked(one: Section, circumstances: Circumstances) -> list[Rule]:
    asked = section_rules(needs_met(one, circumstances), is_accepted=False)
    return [rule for rule in SECTION_RULES if rule not in asked]


@settings(max_examples=150)
@given(st.fixed_dictionaries({name: st.sampled_from(values) for name, values in VALUES.items()}))
def test_a_rule_that_is_not_asked_would_find_nothing(given_: dict[str, str | None]) -> None:
    configuration, one = read(section(**given_))
    for target in TARGETS:
        circumstances = Circumstances(AS_OF, target)
        for rule in unasked(one, circumstances):
            assert list(rule.findings(configuration, one, circumstances)) == [], rule.code


@pytest.mark.parametrize("need", [need for need in Need if need is not Need.SECTION])
def test_an_ordinary_section_spares_rules_of_every_need(need: Need) -> None:
    circumstances = Circumstances(date(2026, 11, 23))
    spared = {rule.need for rule in unasked(read(section())[1], circumstances)}

    assert need in spared
    assert findings(section(), CheckSettings(circumstances=circumstances)) == []
