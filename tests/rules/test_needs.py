"""A rule that is not asked, for what it needs is missing or the schema accepts the section, finds nothing."""

from __future__ import annotations

import functools
import json
import operator
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from migrator.checking import CheckSettings, read_document
from migrator.document.limits import Limits
from migrator.document.source import Unreadable
from migrator.rules import FILE_RULES, RULES, SECTION_RULES, asking, needs
from migrator.rules.model import Circumstances, Rule
from migrator.schema_validation import is_valid, sees_all
from migrator.section import Configuration, read_configuration
from migrator.values.version import Train, Version
from tests.rules.tables import AS_OF, ORDINARY, findings, section

REFERENCE = "0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77"
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
    "Password": [
        *(None, "", "abcdabcdabcdabcd", "frost+on+tulips", " frost", "changeme", "••••", "MyMailPassword"),
        *("0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77", "{0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77}", "%SECRET%"),
    ],
    "From": [
        *(None, "", "dma@example.com", "DMA &lt;dma@example.com&gt;", "dma", "dma@ex_ample.com"),
        *("dm\u00e4@example.com", "a@example.com, b@example.com", " dma@example.com", "${FROM}"),
    ],
    "Helo": [None, "", "dma", "dma.example.com", "dma.", "10.0.0.1", "[10.0.0.1]", "my_dma.example.com"],
    "MaxSubjectLength": [None, "", "0", "7", "20", "78", "255", "256", "007", "99999999999999", "long"],
    "OAuthClientSecret": [None, None, "GOCSPX-xxxx", "frost", "&#36;{env:SECRET}"],
    "OAuthClientID": [None, None, "client"],
    "OAuthTokenEndpoint": [None, None, "https://oauth2.googleapis.com/token", "http://example.com/token"],
}
TARGETS = (None, Version(Train.MAIN, 10, 1), Version(Train.FEATURE, 10, 4, 2))
NAMESPACE = ' xmlns="http://www.skyline.be/config/dataminer"'
OUTLINES = (
    "{section}",
    "<DataMiner>{section}</DataMiner>",
    "<DataMiner>{section}{section}</DataMiner>",
    "<DataMiner><SNMP>{section}</SNMP></DataMiner>",
    "<DataMiner>{section}<SNMP>{section}</SNMP></DataMiner>",
    f"<DataMiner{NAMESPACE}>{{section}}</DataMiner>",
    f'<DataMiner{NAMESPACE}><a:b xmlns:a="a"/>{{section}}</DataMiner>',
    f"<DataMiner{NAMESPACE}><SMTP xmlns=''><Host>h</Host></SMTP></DataMiner>",
    f"<DataMiner{NAMESPACE}><SMTP><Host xmlns=''>h</Host></SMTP></DataMiner>",
    "<DataMiner>{section}<Smtp/></DataMiner>",
    "<SMTP><Host>a</Host><Host>b</Host><Port>25</Port></SMTP>",
    "<SMTP/>",
    "<SMTP a='1'><Host>h</Host></SMTP>",
    "<SMTP><Host a='1'>h</Host></SMTP>",
    "<SMTP>a<Host>h</Host></SMTP>",
    "<SMTP><Host>h</Host>a</SMTP>",
    "<SMTP><Host>h<a/></Host></SMTP>",
    "<SMTP><?a b?><Host>h</Host></SMTP>",
    "<SMTP><Host>h<?a b?></Host></SMTP>",
    '{"SMTP": {"Host": "a", "Host": "b", "Password": "${env:SECRET}"}}',
    "SMTP:\n  Host: mail.skyline.be\n  HostPort: 465-ssl\n",
)


def read(text: str) -> Configuration:
    document = read_document("x", text.encode(), Limits())
    assert not isinstance(document, Unreadable)
    configuration = read_configuration(document)
    assert configuration is not None
    assert configuration.section is not None
    return configuration


def unasked(configuration: Configuration, circumstances: Circumstances) -> list[Rule]:
    section = configuration.section
    assert section is not None
    is_accepted = sees_all(section) and is_valid(section.node)
    asked = asking.rules_to_ask(configuration, circumstances, whole_file=True, is_accepted=is_accepted)
    return [rule for rule in (*FILE_RULES, *SECTION_RULES) if rule not in asked]


@settings(max_examples=300)
@given(
    st.fixed_dictionaries({name: st.sampled_from(values) for name, values in VALUES.items()}),
    st.sampled_from(OUTLINES),
)
@example({"HostPort": "465-ssl"}, OUTLINES[0])
@example({"HostPort": "465-starttls"}, OUTLINES[0])
@example({"HostPort": "587-ssl"}, OUTLINES[0])
@example({}, OUTLINES[0])
@example({"HostPort": "587-starttls"}, OUTLINES[5])
def test_a_rule_that_is_not_asked_would_find_nothing(given_: dict[str, str | None], outline: str) -> None:
    configuration = read(outline.replace("{section}", section(**given_)))
    for target in TARGETS:
        circumstances = Circumstances(AS_OF, target)
        for rule in unasked(configuration, circumstances):
            found = rule.findings(configuration, configuration.section, circumstances)
            assert list(found) == [], rule.code


@pytest.mark.parametrize(
    "text",
    [
        section(),
        section(Host=None, HostPort=None, LoginMethod=None, From=None),
        section(LoginMethod="AuthLoginMethod", User="dma", Password="frost"),
        section(LoginMethod="XOAUTH2", User="dma@example.com"),
        section(LoginMethod="NTLM", OAuthClientID="frost", OAuthTokenEndpoint="http://login.example.com"),
        '{"SMTP": {"Host": "${env:HOST}", "Password": "${env:SECRET}"}}',
    ],
    ids=["ordinary", "empty", "with a login", "with OAuth", "with unused OAuth", "with variables"],
)
def test_what_is_spared_would_find_nothing(text: str) -> None:
    configuration, circumstances = read(text), Circumstances(AS_OF)
    spared = unasked(configuration, circumstances)
    found = [list(rule.findings(configuration, configuration.section, circumstances)) for rule in spared]

    assert spared
    assert not any(found)


@pytest.mark.parametrize("need", sorted({rule.need for rule in RULES if rule.need != needs.NOTHING}), ids=bin)
def test_an_ordinary_section_spares_rules_of_every_need(need: int) -> None:
    circumstances = Circumstances(date(2026, 11, 23))
    spared = {rule.need for rule in unasked(read(section()), circumstances)}

    assert need in spared
    assert findings(section(), CheckSettings(circumstances=circumstances)) == []


def test_no_two_needs_are_the_same() -> None:
    every = [getattr(needs, name) for name in needs.__annotations__]

    assert needs.NOTHING == 0
    assert sum(every) == functools.reduce(operator.or_, every)  # no bit is in two of them
    assert len(set(every)) == len(every)


LOGIN = {"LoginMethod": "AuthLoginMethod", "User": "dma", "Password": REFERENCE}
OAUTH = {
    "LoginMethod": "XOAUTH2",
    "User": "dma@example.com",
    "OAuthClientID": REFERENCE,
    "OAuthClientSecret": REFERENCE,
    "OAuthTokenEndpoint": "https://login.example.org/token",
}
MET: list[tuple[str, int]] = [
    (section(), needs.NOTHING),
    (OUTLINES[1].replace("{section}", section()), needs.NOTHING),
    (OUTLINES[5].replace("{section}", section()), needs.NOTHING),
    (OUTLINES[2].replace("{section}", section()), needs.UNUSUAL_OUTLINE),
    (OUTLINES[3].replace("{section}", section()), needs.UNUSUAL_OUTLINE),
    (OUTLINES[4].replace("{section}", section()), needs.UNUSUAL_OUTLINE),
    (OUTLINES[5].replace("{section}", section().replace("<SMTP>", "<SMTP xmlns=''>")), needs.UNUSUAL_OUTLINE),
    (section(Timeout="3"), needs.UNUSUAL_OUTLINE),
    (json.dumps({"SMTP": ORDINARY}), needs.MAPPING),
    (section(Host="smtp.sendgrid.net"), needs.PROVIDER),
    (section(Host=None), needs.UNUSUAL_HOST),
    (section(Host=""), needs.UNUSUAL_HOST | needs.EMPTY_VALUE),
    (section(Host="192.0.2.1"), needs.UNUSUAL_HOST),
    (section(Host="smtp..example.com"), needs.UNUSUAL_HOST),
    (section(Host="smtp.example.com:25"), needs.UNUSUAL_HOST),
    (section(Host="imap.example.com"), needs.OTHER_SERVICE),
    (section(HostPort="993-ssl"), needs.OTHER_SERVICE),
    (section(HostPort="25-starttls"), needs.NOTHING),
    (section(HostPort="465"), needs.NOTHING),
    (section(HostPort="465-ssl"), needs.UNUSUAL_PORT),
    (section(HostPort="465-starttls"), needs.UNUSUAL_PORT),
    (section(HostPort="587-ssl"), needs.UNUSUAL_PORT),
    (section(HostPort="587"), needs.CLEAR_TEXT),
    (section(HostPort=None), needs.CLEAR_TEXT),
    (section(HostPort="x"), needs.INVALID_PORT),
    (section(User="dma"), needs.INCOMPLETE_LOGIN),
    (section(Password=REFERENCE), needs.INCOMPLETE_LOGIN),
    (section(User="", Password=""), needs.EMPTY_VALUE),
    (section(HostPort="587-STARTTLS"), needs.INVALID_PORT),
    (section(LoginMethod="nologinmethod"), needs.INVALID_METHOD),
    (section(LoginMethod="Nothing", User="dma", Password=REFERENCE), needs.INVALID_METHOD),
    (section(**LOGIN), needs.NOTHING),
    (section(**{**LOGIN, "User": None}), needs.INCOMPLETE_LOGIN),
    (section(**{**LOGIN, "Password": None}), needs.INCOMPLETE_LOGIN),
    (section(**{**LOGIN, "Password": "frost"}), needs.READABLE_SECRET),
    (section(**{**LOGIN, "LoginMethod": "CramMD5Method"}), needs.ADVISED_METHOD),
    (section(**{**LOGIN, "LoginMethod": "NTLM"}), needs.ADVISED_METHOD),
    (section(**{**LOGIN, "LoginMethod": "Auto"}), needs.ADVISED_METHOD),
    (section(**{**LOGIN, "LoginMethod": None}), needs.ADVISED_METHOD),
    (section(**OAUTH), needs.OAUTH),
    (section(**{**OAUTH, "User": None}), needs.OAUTH | needs.INCOMPLETE_LOGIN),
    (section(**{**OAUTH, "OAuthClientID": None}), needs.OAUTH | needs.INCOMPLETE_OAUTH),
    (section(**{**OAUTH, "OAuthClientSecret": None}), needs.OAUTH | needs.INCOMPLETE_OAUTH),
    (section(**{**OAUTH, "OAuthTokenEndpoint": None}), needs.OAUTH | needs.INCOMPLETE_OAUTH),
    (section(**{**OAUTH, "OAuthClientSecret": "frost"}), needs.OAUTH | needs.READABLE_SECRET),
    (
        section(**{**OAUTH, "Host": "smtp.sendgrid.net"}),
        needs.OAUTH | needs.PROVIDER | needs.KNOWN_ISSUER,
    ),
    (
        section(**{**OAUTH, "OAuthTokenEndpoint": "https://oauth2.googleapis.com/token"}),
        needs.OAUTH | needs.KNOWN_ISSUER,
    ),
    (section(OAuthClientID="client"), needs.UNUSED_OAUTH),
    (section(From=None), needs.UNUSUAL_FROM),
    (section(From="dma"), needs.UNUSUAL_FROM),
    (section(Helo="dma.example.com"), needs.NOTHING),
    (section(Helo="dma"), needs.UNUSUAL_HELO),
    (section(Helo="my_dma.example.com"), needs.UNUSUAL_HELO),
    (section(Helo=""), needs.EMPTY_VALUE),
    (section(MaxSubjectLength="20"), needs.NOTHING),
    (section(MaxSubjectLength="255"), needs.NOTHING),
    (section(MaxSubjectLength="19"), needs.UNUSUAL_LENGTH),
    (section(MaxSubjectLength="256"), needs.UNUSUAL_LENGTH),
    (section(MaxSubjectLength="1000"), needs.UNUSUAL_LENGTH),
    (section(MaxSubjectLength="long"), needs.INVALID_LENGTH),
    (section(MaxSubjectLength="078"), needs.INVALID_LENGTH),
    (section(MaxSubjectLength="٧٨"), needs.INVALID_LENGTH),
    (section(MaxSubjectLength="0"), needs.UNUSUAL_LENGTH),
    (
        (
            '{"SMTP": {"Host": "smtp.example.com", "HostPort": 465, "LoginMethod": "NoLoginMethod",'
            ' "From": "dma@example.com", "MaxSubjectLength": 78}}'
        ),
        needs.MAPPING | needs.INVALID_LENGTH,
    ),
    (section(OAuthConfigData=" a"), needs.UNUSED_OAUTH | needs.WHITE_SPACE),
    (section(Helo="a.$b"), needs.UNUSUAL_HELO | needs.PLACEHOLDER),
    (section(Helo="a.%b"), needs.UNUSUAL_HELO | needs.PLACEHOLDER),
    (section(Helo="a.{b"), needs.UNUSUAL_HELO | needs.PLACEHOLDER),
    (section(From="ADDRESS@example.com"), needs.EXAMPLE),
    (section(From="ADDRESS@example.com", HostPort="587"), needs.EXAMPLE | needs.CLEAR_TEXT),
]


@pytest.mark.parametrize(("text", "expected"), MET)
def test_what_is_met_and_nothing_else(text: str, expected: int) -> None:
    configuration = read(text)
    assert configuration.section is not None
    for target, more in ((None, needs.NOTHING), (TARGETS[1], needs.TARGET)):
        met = asking.needs_met(configuration, configuration.section, Circumstances(AS_OF, target))
        assert bin(met) == bin(expected | more)
