"""The table of providers: whoever does as it says is left alone by every rule that reads it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from migrator.definition import schema_path
from migrator.providers import (
    LoginNeed,
    PasswordStatus,
    Provider,
    issuer_of_token_endpoint,
    provider_of,
    provider_of_mailbox,
    providers,
)
from migrator.values.host import Host, parse_host
from migrator.values.host_port import HostPort, Security, Suffix, parse_host_port
from migrator.values.login_method import LoginMethod
from tests.rules.tables import findings, section

TABLE: dict[str, Any] = json.loads(schema_path("providers.json").read_text("utf-8"))
ROWS = {row["name"]: row for row in TABLE["providers"]}
HOSTS = [
    (row["name"], host.replace("*", "eu-west-1"))
    for row in TABLE["providers"]
    for host in (*row.get("hosts", ()), *row.get("unverified_hosts", ()))
]
UNVERIFIED = {
    host.replace("*", "eu-west-1") for row in TABLE["providers"] for host in row.get("unverified_hosts", ())
}
ANY_PORT = 40_000  # that no provider lists
REFERENCE = "0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77"

each_host = pytest.mark.parametrize(("name", "host"), HOSTS, ids=[host for _, host in HOSTS])


def the_provider(host: str) -> Provider | None:
    value = parse_host(host).value
    assert value is not None
    return provider_of(value)


def known(host: str) -> Provider:
    provider = the_provider(host)
    assert provider is not None
    return provider


def right_settings(provider: Provider, host: str, host_port: HostPort) -> str:
    """A section as the provider wants it."""
    settings: dict[str, str | None] = {"Host": host, "HostPort": str(host_port)}
    if provider.issuer is not None and provider.login not in (LoginNeed.NONE, LoginNeed.OPTIONAL):
        issuer = provider.issuer
        settings |= {
            "LoginMethod": "XOAUTH2",
            "User": "dma@example.com",
            "OAuthClientID": REFERENCE if issuer.client_id_suffix is None else f"1{issuer.client_id_suffix}",
            "OAuthTokenEndpoint": issuer.token.replace("{tenant}", "example.com"),
        }
        if issuer.has_client_secret:
            settings["OAuthClientSecret"] = REFERENCE
    elif provider.login is not LoginNeed.NONE:
        settings |= {
            "LoginMethod": "AuthLoginMethod",
            "User": provider.user or "dma@example.com",
            "Password": REFERENCE,
        }
    return section(**settings)


def of_providers(text: str) -> list[str]:
    return [one.code for one in findings(text) if one.code[0] in "OP"]


@each_host
def test_a_host_is_found(name: str, host: str) -> None:
    provider = known(host)
    assert provider.name == name
    assert provider.is_unverified == (host in UNVERIFIED)
    for written in (host.upper(), f"{host}."):
        assert the_provider(written) == provider
    for near in (f"x{host}", f"{host}.example.com", host.replace(".", "-")):
        assert the_provider(near) is None or "mail.protection" in near or near.startswith("xeu")
    assert provider_of(Host(host, parse_host("192.0.2.7").value.address)) is None  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "host",
    [
        *("office365.com", "outlook.office365.com", "smtp.office365.com.example.com", "gmail.com"),
        *("mail.protection.outlook.com", "a.b.mail.protection.outlook.com", ".mail.protection.outlook.com"),
        *("email-smtp.amazonaws.com", "email-smtp.a.b.amazonaws.com", "email-smtp..amazonaws.com"),
        *("email-smtp.eu-west-1.amazonaws.com.cn", "smtp.example.com", "localhost", "smtp"),
        *("email-smtp-fips.amazonaws.com", "email-smtp-fips.a.b.amazonaws.com", "smtp.zoho.example.com"),
    ],
)
def test_near_miss_hosts(host: str) -> None:
    assert provider_of(Host(host)) is None


@each_host
def test_right_settings_give_nothing(name: str, host: str) -> None:
    provider = known(host)
    assert provider.name == name
    for host_port in provider.host_ports or (HostPort(587, Suffix.STARTTLS),):
        if host_port.security is not Security.CLEAR_TEXT or provider.login is LoginNeed.NONE:
            assert of_providers(right_settings(provider, host, host_port)) == []


@each_host
def test_each_port_and_security(name: str, host: str) -> None:
    provider = known(host)
    assert provider.name == name
    listed = {(one.port, one.security) for one in provider.host_ports}
    for port in {one.port for one in provider.host_ports} | {25, 465, 587, 2525, ANY_PORT}:
        for suffix in Suffix:
            host_port = HostPort(port, suffix)
            text = right_settings(provider, host, host_port)
            is_fine = (port, host_port.security) in listed
            is_fine |= port in provider.unknown_ports or not provider.host_ports
            assert ("P503" not in of_providers(text)) == is_fine, host_port
            if provider.is_unverified:
                assert all(one.severity == "info" for one in findings(text) if one.code[0] == "P")


class TestTable:
    @pytest.mark.parametrize("row", TABLE["providers"], ids=list(ROWS))
    def test_a_row_is_as_the_table_says(self, row: dict[str, Any]) -> None:
        members = {
            *("name", "hosts", "unverified_hosts", "mail_domains", "host_ports", "unverified_host_ports"),
            *("not_offered", "login", "login_methods", "user", "user_is_secret", "issuer", "passwords"),
            *("from_is_mailbox", "note", "sources"),
        }
        assert set(row) <= members
        assert row["sources"]
        hosts = [*row.get("hosts", ()), *row.get("unverified_hosts", ())]
        assert hosts
        assert all(host == host.lower() and host.count("*") <= 1 for host in hosts)
        for text in (*row.get("host_ports", ()), *row.get("unverified_host_ports", ())):
            assert parse_host_port(text).is_valid
        assert set(row.get("passwords", {})) <= {"status", "last_day", "note"}
        assert row.get("issuer", "Google") in TABLE["issuers"]

    def test_names_and_hosts_are_unique(self) -> None:
        assert len(ROWS) == len(TABLE["providers"]) == len(providers())
        assert len({host for _, host in HOSTS}) == len(HOSTS)

    def test_microsoft_alone_ends_passwords(self) -> None:
        over = [one for one in providers() if one.passwords in (PasswordStatus.ENDING, PasswordStatus.ENDED)]
        assert {one.issuer and one.issuer.name for one in over} == {"Microsoft"}  # P501 speaks of no other

    def test_what_is_not_offered_is_not_listed(self) -> None:
        for provider in providers():
            assert not {one.port for one in provider.host_ports} & set(provider.not_offered)

    @pytest.mark.parametrize(
        "row", [*TABLE["providers"], *TABLE["issuers"].values()], ids=[*ROWS, *TABLE["issuers"]]
    )
    def test_a_source_is_named(self, row: dict[str, Any]) -> None:
        assert all(len(source) > 10 for source in row["sources"])


class TestExchangeOnline:
    def test_what_counts(self) -> None:
        provider = known("smtp.office365.com")
        assert provider.login is LoginNeed.REQUIRED
        assert provider.login_methods == (LoginMethod.LOGIN, LoginMethod.XOAUTH2, LoginMethod.AUTO)
        assert provider.passwords is PasswordStatus.ENDING
        assert str(provider.last_day) == "2026-12-31"
        assert provider.issuer is not None
        assert not provider.issuer.has_client_secret

    def test_mailboxes(self) -> None:
        outlook = known("smtp-mail.outlook.com")
        for domain in ("outlook.com", "HOTMAIL.com", "live.com", "msn.com", "hotmail.co.uk", "outlook.be"):
            assert provider_of_mailbox(domain) == outlook
        for domain in ("example.com", "mail.outlook.com", "gmail.com", ""):
            assert provider_of_mailbox(domain) is None

    def test_a_national_cloud_is_the_same_operator(self) -> None:
        cloud = known("smtp.partner.outlook.cn")
        assert cloud.is_unverified
        assert cloud.issuer is known("smtp.office365.com").issuer
        assert cloud == cloud._replace(is_unverified=True)


@pytest.mark.parametrize(
    ("host", "name", "is_unverified"),
    [
        ("smtp.googlemail.com", "Gmail", True),
        ("smtp.live.com", "Outlook.com", True),
        ("email-smtp-fips.us-gov-west-1.amazonaws.com", "Amazon SES", True),
        ("smtp.eu.sendgrid.net", "SendGrid", True),
        ("smtp.zoho.in", "Zoho Mail", False),
        ("smtppro.zoho.com.au", "Zoho Mail", True),
    ],
)
def test_another_name_of_a_provider(host: str, name: str, is_unverified: bool) -> None:
    assert (known(host).name, known(host).is_unverified) == (name, is_unverified)


class TestTokenEndpoints:
    @pytest.mark.parametrize(
        ("url", "name"),
        [
            ("https://login.microsoftonline.com/common/oauth2/v2.0/token", "Microsoft"),
            ("https://LOGIN.MicrosoftOnline.com./x", "Microsoft"),
            ("https://login.microsoftonline.com:443/x", "Microsoft"),
            ("http://login.microsoftonline.us/x", "Microsoft"),
            ("https://login.partner.microsoftonline.cn/x", "Microsoft"),
            ("https://oauth2.googleapis.com/token", "Google"),
            ("https://www.googleapis.com/oauth2/v3/token", "Google"),
            ("https://accounts.google.com/o/oauth2/token", "Google"),
            ("https://login.microsoftonline.com.example.com/x", None),
            ("https://example.com/login.microsoftonline.com", None),
            ("https://login.microsoftonline.com@example.com/", None),
            ("login.microsoftonline.com", None),
            ("https://[", None),
            ("", None),
            ("https://", None),
        ],
    )
    def test_issuer(self, url: str, name: str | None) -> None:
        issuer = issuer_of_token_endpoint(url)
        assert (None if issuer is None else issuer.name) == name
