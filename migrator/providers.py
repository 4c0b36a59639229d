"""What is known of mail providers, as `schemas/providers.json` has it; the table says how it is read."""

from __future__ import annotations

import json
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from migrator.definition import schema_path
from migrator.tuples import NamedTuple
from migrator.values.host_port import HostPort, parse_host_port
from migrator.values.login_method import LoginMethod

if TYPE_CHECKING:
    from collections.abc import Mapping

    from migrator.values.host import Host

_MAIL_ADDRESS = "mail address"  # the form of User, where it is not one exact text
_IDS_ARE_GUIDS = "guid"


class LoginNeed(StrEnum):
    """Whether a provider's server wants a login."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    NONE = "none"
    UNKNOWN = "unknown"


class PasswordStatus(StrEnum):
    """What became of logins with a password."""

    USUAL = "usual"
    APP = "app"
    ENDING = "ending"
    ENDED = "ended"


class Issuer(NamedTuple):
    """Who gives out OAuth 2.0 tokens.

    `client_id_suffix` is how its client IDs end; None where they are GUIDs. `needs_from` is whether DataMiner
    wants a From with its tokens. `identifier` is what it calls itself in its answers; {tenant} stands in it,
    as in the endpoints, for the part that each tenant has of its own. `authorize_with` is what else its login
    page is asked with. `refresh_token_ends` says when tokens must be retrieved again.
    """

    name: str
    token_hosts: tuple[str, ...]
    client_id_suffix: str | None
    has_client_secret: bool
    needs_from: bool
    identifier: str
    authorize: str
    token: str
    device_code: str | None
    scopes: tuple[str, ...]
    authorize_with: Mapping[str, str] = MappingProxyType({})
    refresh_token_ends: tuple[str, ...] = ()


class Provider(NamedTuple):
    """A mail provider, seen from one of its hosts.

    `host_ports` are what its servers take, the one to prefer first; empty where nobody has looked, as is
    `login_methods`. Nothing is known for certain of `unknown_ports`. `user` is the one name that a login
    has, where there is one. `is_unverified` means that the host was seen second-hand: advice at most.
    """

    name: str
    host_ports: tuple[HostPort, ...] = ()
    unknown_ports: frozenset[int] = frozenset()
    not_offered: Mapping[int, str] = MappingProxyType({})
    login: LoginNeed = LoginNeed.UNKNOWN
    login_methods: tuple[LoginMethod, ...] = ()
    user: str | None = None
    user_is_address: bool = False
    user_is_secret: bool = False
    from_is_mailbox: bool = False
    issuer: Issuer | None = None
    passwords: PasswordStatus = PasswordStatus.USUAL
    last_day: date | None = None
    mail_domains: frozenset[str] = frozenset()
    is_unverified: bool = False

    def securities(self, port: int) -> tuple[HostPort, ...]:
        """What the provider takes on a port."""
        return tuple(one for one in self.host_ports if one.port == port)


def provider_of(host: Host) -> Provider | None:
    """The provider that a host belongs to, None where none is known."""
    return None if host.address is not None else _provider_of_name(host.name)


@lru_cache(maxsize=1024)
def _provider_of_name(name: str) -> Provider | None:
    name = name.removesuffix(".").lower()
    exact, patterns = _hosts()
    provider = exact.get(name)
    if provider is None:
        for prefix, suffix, candidate in patterns:
            if name.startswith(prefix) and name.endswith(suffix):
                between = name[len(prefix) : len(name) - len(suffix)]
                if between and "." not in between:
                    return candidate
    return provider


def provider_of_mailbox(domain: str) -> Provider | None:
    """The provider whose own mailboxes are in a domain (outlook.com), None where none is known."""
    return _mail_domains().get(domain.lower())


@lru_cache(maxsize=256)
def issuer_of_token_endpoint(url: str) -> Issuer | None:
    """Who gives out the tokens of an endpoint, None where it is not known or the text is no URL."""
    from urllib.parse import urlsplit

    try:
        name = urlsplit(url).hostname
    except ValueError:
        return None
    return None if name is None else _token_hosts().get(name.removesuffix("."))


def issuers() -> tuple[Issuer, ...]:
    """All who give out tokens, in the order of the table."""
    return tuple(_issuers().values())


def issuer(name: str) -> Issuer:
    """Who gives out tokens under this name in the table."""
    return _issuers()[name]


@cache
def providers() -> tuple[Provider, ...]:
    """All providers, in the order of the table."""
    return tuple(_provider(row, _issuers()) for row in _table()["providers"])


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = json.loads(schema_path("providers.json").read_bytes())
    return table


@cache
def _issuers() -> dict[str, Issuer]:
    return {
        name: Issuer(
            name,
            tuple(row["token_hosts"]),
            None if row["client_id"] == _IDS_ARE_GUIDS else row["client_id"],
            row["client_secret"],
            row["from_required"],
            row["issuer"],
            row["authorize"],
            row["token"],
            row["device_code"],
            tuple(row["scopes"]),
            MappingProxyType(row.get("authorize_with", {})),
            tuple(row.get("refresh_token_ends", ())),
        )
        for name, row in _table()["issuers"].items()
    }


@cache
def _token_hosts() -> dict[str, Issuer]:
    return {host: issuer for issuer in _issuers().values() for host in issuer.token_hosts}


@cache
def _hosts() -> tuple[dict[str, Provider], tuple[tuple[str, str, Provider], ...]]:
    """Providers by the name of a host, and patterns as what stands before and after their one free part."""
    exact: dict[str, Provider] = {}
    patterns = []
    for row, provider in zip(_table()["providers"], providers(), strict=True):
        unverified = provider._replace(is_unverified=True)
        known = dict.fromkeys(row.get("hosts", ()), provider)
        known |= dict.fromkeys(row.get("unverified_hosts", ()), unverified)
        for host, one in known.items():
            prefix, star, suffix = host.partition("*")
            if star:
                patterns.append((prefix, suffix, one))
            else:
                exact[host] = one
    return exact, tuple(patterns)


@cache
def _mail_domains() -> dict[str, Provider]:
    return {domain: provider for provider in providers() for domain in provider.mail_domains}


def _provider(row: Mapping[str, Any], issuers: Mapping[str, Issuer]) -> Provider:
    passwords, user = row.get("passwords", {}), row.get("user")
    last_day = passwords.get("last_day")
    return Provider(
        row["name"],
        tuple(_host_port(text) for text in row.get("host_ports", ())),
        frozenset(_host_port(text).port for text in row.get("unverified_host_ports", ())),
        {int(port): reason for port, reason in row.get("not_offered", {}).items()},
        LoginNeed(row.get("login", LoginNeed.UNKNOWN)),
        tuple(LoginMethod(name) for name in row.get("login_methods", ())),
        None if user == _MAIL_ADDRESS else user,
        user == _MAIL_ADDRESS,
        row.get("user_is_secret", False),
        row.get("from_is_mailbox", False),
        issuers[row["issuer"]] if "issuer" in row else None,
        PasswordStatus(passwords.get("status", PasswordStatus.USUAL)),
        None if last_day is None else date.fromisoformat(last_day),
        frozenset(row.get("mail_domains", ())),
    )


def _host_port(text: str) -> HostPort:
    value = parse_host_port(text).value
    if value is None:
        raise ValueError(f"not a HostPort: {text}")
    return value
