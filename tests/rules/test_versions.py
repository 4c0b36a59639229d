"""V rules: rows are sections with the version that they are for, and what it does not know or does wrong."""

from __future__ import annotations

import pytest

from migrator.checking import CheckSettings
from migrator.diagnostic import Diagnostic, Severity
from migrator.rules.model import Circumstances
from migrator.rules.versions import faultless_from, named_versions
from migrator.values.version import parse_version
from tests.rules.tables import AS_OF, findings, only, section

REFERENCE = "0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77"
OAUTH = {
    "Host": "mail.example.org",
    "LoginMethod": "XOAUTH2",
    "User": "dma@example.com",
    "OAuthClientID": "dataminer-agents",
    "OAuthClientSecret": REFERENCE,
    "OAuthTokenEndpoint": "https://login.example.org/oauth2/token",
    "OAuthConfigData": "eyJwcmVzZXQiOiJDdXN0b20ifQ==",
}
# One bound for each main branch and one for the feature train: never one ordered list.
BEFORE_OAUTH = [
    *("10.5.0", "10.5.0 CU12", "10.5.0 [CU12]", "10.6.0", "10.6.3", "10.5.12", "10.6.1", "10.4.0 CU30"),
    *("10.2.0.0-11897-CU4", "10.5.4.0-15588-20250319-release", "10.0.0", "9.6.0", "9.6.13", "5.0", "4.1"),
]
WITH_OAUTH = [
    *("10.5.0 CU13", "10.5.0 CU14", "10.6.0 CU1", "10.6.0 CU2", "10.6.4", "10.6.5", "10.6.12", "10.7.0"),
    *("10.7.0 CU1", "10.7.1", "11.0.0", "10.6.0.0-17000-CU1", "10.6.4.0-17000-20260401-release"),
]
STARTTLS_FAULT = "STARTTLS and SSL can be dropped for generic mails, those that SLASPConnection sends"
SCRIPTS_FAULT = "mails of Automation scripts fail with STARTTLS or SSL on a port other than the default one"


def target(version: str) -> CheckSettings:
    """Settings for a file for this version."""
    reading = parse_version(version)
    assert reading.value is not None
    return CheckSettings(circumstances=Circumstances(AS_OF, reading.value))


def found(text: str, version: str) -> list[Diagnostic]:
    """What the V rules find."""
    return [one for one in findings(text, target(version)) if one.code.startswith("V")]


def codes(text: str, version: str) -> list[str]:
    return [one.code for one in found(text, version)]


class TestLoginMethodTooNew:
    @pytest.mark.parametrize("version", BEFORE_OAUTH)
    def test_oauth(self, version: str) -> None:
        text = section(**{**OAUTH, "LoginMethod": "«XOAUTH2»"})
        one = only(text, "V801", target(version))
        assert (one.severity, one.place, one.fix) == (Severity.ERROR, "SMTP/LoginMethod", None)
        assert one.message == (
            f"DataMiner {parse_version(version).value} does not know XOAUTH2: it came with main release "
            "10.5.0 CU13, main release 10.6.0 CU1, feature release 10.6.4"
        )
        assert "V802" not in codes(text, version)

    @pytest.mark.parametrize("version", WITH_OAUTH)
    def test_oauth_is_known(self, version: str) -> None:
        assert codes(section(**OAUTH), version) == []

    @pytest.mark.parametrize(("method", "version"), [("NTLM", "4.1"), ("Auto", "4.1"), ("Auto", "4.2")])
    def test_old_ones(self, method: str, version: str) -> None:
        assert only(section(LoginMethod=f"«{method}»"), "V801", target(version)).severity is Severity.ERROR

    @pytest.mark.parametrize(
        ("method", "version"),
        [
            ("NTLM", "4.2"),
            ("NTLM", "5.0"),
            ("NTLM", "10.5.0"),
            ("NTLM", "10.6.3"),
            ("Auto", "5.0"),
            ("Auto", "10.0.0 CU3"),
            ("Auto", "10.1.12"),
            ("NoLoginMethod", "4.1"),
            ("AuthLoginMethod", "4.1"),
            ("CramMD5Method", "4.1"),
            ("LoginPlainMethod", "10.5.0"),
            ("Nonsense", "4.1"),
            ("", "4.1"),
        ],
    )
    def test_known_ones(self, method: str, version: str) -> None:
        assert "V801" not in codes(section(LoginMethod=method), version)

    def test_one_that_is_spelled_otherwise(self) -> None:
        assert only(section(**{**OAUTH, "LoginMethod": "«OAuth2»"}), "V801", target("10.5.0"))

    def test_without_a_login_method(self) -> None:
        assert "V801" not in codes(section(**{**OAUTH, "LoginMethod": None}), "10.5.0")


class TestSettingTooNew:
    @pytest.mark.parametrize("version", BEFORE_OAUTH)
    @pytest.mark.parametrize(
        "name", ["OAuthClientID", "OAuthClientSecret", "OAuthTokenEndpoint", "OAuthConfigData"]
    )
    def test_hit(self, name: str, version: str) -> None:
        text = section(HostPort="25-starttls", **{name: OAUTH[name]}).replace(f"<{name}>", f"<«{name}»>")
        one = only(text, "V802", target(version))
        assert "only Cube can restore it" in str(one.help)
        assert (one.severity, one.place, one.fix) == (Severity.ERROR, f"SMTP/{name}", None)
        assert one.message.startswith(f"DataMiner {parse_version(version).value} does not know {name}: ")
        assert REFERENCE not in str(one)

    @pytest.mark.parametrize("version", WITH_OAUTH)
    def test_known_ones(self, version: str) -> None:
        assert codes(section(**{**OAUTH, "LoginMethod": "NoLoginMethod"}), version) == []

    def test_each_is_said(self) -> None:
        text = section(**{**OAUTH, "LoginMethod": "NoLoginMethod", "User": None})
        assert [one.place for one in found(text, "10.5.0")] == [
            f"SMTP/{name}" for name in OAUTH if name.startswith("OAuth")
        ]

    def test_an_empty_one(self) -> None:
        text = section(OAuthClientID="").replace("<OAuthClientID>", "<«OAuthClientID»>")
        assert only(text, "V802", target("10.5.0"))
        assert [one.code for one in findings(text, target("10.5.0"))] == ["V802"]

    @pytest.mark.parametrize(
        "text",
        [
            section(),
            section(Helo="dma.example.com", MaxSubjectLength="78"),
            section(OauthClientID="x"),  # S101
            section().replace("</SMTP>", '<OAuthClientID xmlns="urn:other">x</OAuthClientID></SMTP>'),
            section(Host="smtp.example.com<!-- <OAuthClientID>x</OAuthClientID> -->"),
        ],
    )
    def test_near_miss(self, text: str) -> None:
        assert "V802" not in codes(text, "10.5.0")


class TestAffectedRelease:
    @pytest.mark.parametrize("version", ["10.1.10", "10.1.11"])
    @pytest.mark.parametrize("host_port", ["587-starttls", "465", "2465-ssl", "587-STARTTLS", "1-starttls"])
    def test_two_faults(self, host_port: str, version: str) -> None:
        one = only(section(HostPort=f"«{host_port}»"), "V803", target(version))
        assert (one.severity, one.place, one.fix) == (Severity.WARNING, "SMTP/HostPort", None)
        assert one.message == f"in DataMiner {version} {SCRIPTS_FAULT}; and {STARTTLS_FAULT}"

    @pytest.mark.parametrize(
        ("version", "host_port"),
        [
            ("10.1.10", "25-starttls"),
            ("10.1.11", "25-ssl"),
            *[(version, "587-starttls") for version in ("10.0.0", "10.0.0 CU19", "10.1.0", "10.1.0 CU8")],
            *[(version, "465") for version in ("10.1.9", "10.0.13", "9.6.0", "9.6.0 CU24", "9.6.12")],
        ],
    )
    def test_one_fault(self, version: str, host_port: str) -> None:
        one = only(section(HostPort=f"«{host_port}»"), "V803", target(version))
        assert one.message == f"in DataMiner {version} {STARTTLS_FAULT}"
        assert one.help == (
            "update DataMiner, at least to main release 10.0.0 CU20, main release 10.1.0 CU9, "
            "feature release 10.1.12"
        )

    @pytest.mark.parametrize(
        "version",
        [
            *("10.0.0 CU20", "10.0.0 CU21", "10.1.0 CU9", "10.1.0 CU20", "10.1.12", "10.2.0", "10.2.1"),
            *("10.3.0 CU7", "10.5.0", "10.6.4", "10.2.0.0-11897-CU4"),
        ],
    )
    @pytest.mark.parametrize("host_port", ["587-starttls", "465", "25-starttls"])
    def test_mended(self, host_port: str, version: str) -> None:
        assert codes(section(HostPort=host_port), version) == []

    @pytest.mark.parametrize("version", ["10.1.10", "10.1.11", "10.0.0", "10.1.0 CU8", "9.6.0"])
    @pytest.mark.parametrize("host_port", ["25", "587", "465-nossl", "25-nossl", None, "", "587-tls", "0"])
    def test_no_encryption(self, host_port: str | None, version: str) -> None:
        assert codes(section(HostPort=host_port), version) == []


@pytest.mark.parametrize(
    "text",
    [
        section(**OAUTH),
        section(**{**OAUTH, "LoginMethod": "NoLoginMethod"}),
        section(LoginMethod="NTLM"),
        section(),
    ],
)
def test_nothing_is_said_without_a_version(text: str) -> None:
    assert not {"V801", "V802", "V803"} & {one.code for one in findings(text)}


def test_the_versions_that_people_ask_for_stand_train_by_train_the_newest_first() -> None:
    assert [str(one) for one in named_versions()] == [
        *("10.6.0 CU1", "10.5.0 CU13", "10.1.0 CU9", "10.0.0 CU20"),
        *("10.6.4", "10.1.12", "10.1.10"),
        *("5.0", "4.2"),
    ]


def test_from_the_first_versions_without_faults_on_there_are_none() -> None:
    first = faultless_from()
    assert [str(one) for one in first.main] == ["10.0.0 CU20", "10.1.0 CU9"]
    assert str(first.feature) == "10.1.12"
