"""A new section from a preset and a few answers, and what is to be done in Cube where that is the only way.

Source: DataMiner documentation, "Configuring outgoing email"; `schemas/providers.json` for what a mail
provider wants. What neither says is said to be unknown.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from migrator import definition
from migrator.providers import LoginNeed, issuer, provider_of
from migrator.tuples import NamedTuple
from migrator.values.guid import GUID, is_guid
from migrator.values.host import parse_host
from migrator.values.host_port import HostPort, Security, parse_host_port
from migrator.values.login_method import LoginMethod, oauth_since

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.providers import Issuer, Provider

_SMTP_PAGE = "System Center > System settings > SMTP"
_USUAL_HOST_PORT = "587-starttls"  # as in the documented example


class Preset(StrEnum):
    """What a section begins with: the presets of Cube's SMTP page."""

    MICROSOFT = "microsoft"
    GOOGLE = "google"
    CUSTOM = "custom"

    @property
    def uses_oauth(self) -> bool:
        """Whether it logs in with OAuth 2.0, which is set up in Cube alone."""
        return self is not Preset.CUSTOM

    @property
    def cube_name(self) -> str:
        """What Cube calls it."""
        return _NAMES[self]


_NAMES = {
    Preset.MICROSOFT: "Microsoft OAuth 2.0",
    Preset.GOOGLE: "Google OAuth 2.0",
    Preset.CUSTOM: "Custom",
}
_DOMAIN = r"[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)+"
_TENANTS = rf"{GUID}|{_DOMAIN}|common|organizations|consumers"
_HOSTS = {Preset.MICROSOFT: "smtp.office365.com", Preset.GOOGLE: "smtp.gmail.com"}


class Answers(NamedTuple):
    """What a section is made of, in words of the file; empty where nothing was said.

    `tenant` and `client_id` are for the worksheet alone: what OAuth needs is not written by hand.
    """

    host: str = ""
    host_port: str = ""
    login_method: str = ""
    user: str = ""
    password: str = ""
    sender: str = ""
    helo: str = ""
    max_subject_length: str = ""
    tenant: str = ""
    client_id: str = ""

    def __repr__(self) -> str:
        return f"Answers({self.host}, {self.host_port})"  # the password is a secret


class Question(NamedTuple):
    """Something that is not answered yet: which field of `Answers`, in words, and what it is by default.

    Without a default there must be an answer, unless it is optional.
    """

    field: str
    words: str
    default: str = ""
    is_optional: bool = False


class Field(NamedTuple):
    """A field of Cube's page, and what goes into it; None for what only its user knows."""

    name: str
    value: str | None


class Step(NamedTuple):
    """Something to do: what, with details, and the fields to fill in."""

    what: str
    details: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()


def filled_in(preset: Preset, answers: Answers) -> Answers:
    """The answers with what follows from the others where nothing was said."""
    host = answers.host or _HOSTS.get(preset, "")
    provider = _provider(host)
    host_port = answers.host_port or _host_port(preset, provider)
    if preset.uses_oauth:
        return answers._replace(host=host, host_port=host_port, sender=answers.sender or answers.user)
    method = answers.login_method
    if not method:
        needs_none = provider is not None and provider.login is LoginNeed.NONE
        wants_login = bool(answers.user or answers.password) and not needs_none
        method = (LoginMethod.LOGIN if wants_login else LoginMethod.NONE).value
    user = answers.user
    if not user and method != LoginMethod.NONE.value and provider is not None:
        user = provider.user or ""
    return answers._replace(host=host, host_port=host_port, login_method=method, user=user)


def questions(preset: Preset, answers: Answers) -> Iterator[Question]:
    """What is still to be asked, in order; passwords are asked for elsewhere."""
    provider = _provider(answers.host)
    if preset is Preset.CUSTOM:
        if not answers.host:
            yield Question("host", "Mail server (name or IP address)")
            return  # what comes next depends on it
        if not answers.host_port:
            yield Question("host_port", "Port and encryption", _host_port(preset, provider))
        takes_none = provider is not None and provider.login is LoginNeed.NONE and not answers.login_method
        if not answers.user and answers.login_method != LoginMethod.NONE.value and not takes_none:
            needs_one = bool(answers.login_method)
            words = "User name" if needs_one else "User name (nothing for no login)"
            yield Question("user", words, (provider.user or "") if provider else "", not needs_one)
    else:
        if not answers.user:
            yield Question("user", "Mail address of the mailbox that sends")
        if preset is Preset.MICROSOFT and not answers.tenant:
            yield Question("tenant", "Tenant ID (nothing if you do not have it yet)", is_optional=True)
        if not answers.client_id:
            name = _id_field(preset)
            yield Question("client_id", f"{name} (nothing if you do not have it yet)", is_optional=True)
    if not answers.sender and not preset.uses_oauth:
        default = answers.user if "@" in answers.user else ""
        yield Question(
            "sender", "From (nothing for the default one in System Center)", default, is_optional=True
        )


def contradiction(preset: Preset, answers: Answers) -> str | None:
    """What in the answers cannot be meant together, and what to do; None where all can."""
    if not preset.uses_oauth:
        if answers.login_method != LoginMethod.NONE.value or not answers.user:
            return None
        return "NoLoginMethod logs in as nobody: leave out the user, or take another login method"
    if not answers.host or parse_host(answers.host).value is None:  # lint says of that what is wrong
        return None
    provider = _provider(answers.host)
    if provider is not None and provider.issuer == _issuer(preset) and provider.login is not LoginNeed.NONE:
        return None
    return (
        f"{preset} is for the mail servers of {_issuer(preset).name} that take OAuth 2.0, such as "
        f"{_HOSTS[preset]}, and this host is not known as one: leave it out, or take the preset custom"
    )


def wrong_id(preset: Preset, name: str, value: str) -> str | None:
    """Why a tenant or client ID is none of the preset's provider; None where it may be one, or is empty.

    `name` is the field of `Answers`. The value itself is not repeated: it may be a secret by mistake.
    """
    if not value or not preset.uses_oauth or name not in ("tenant", "client_id"):
        return None
    provider = _issuer(preset)
    if name == "tenant":
        return (
            None
            if re.fullmatch(_TENANTS, value)
            else f"a tenant ID of {provider.name} is a GUID, or a domain of the tenant"
        )
    suffix = provider.client_id_suffix
    if suffix is None:
        return None if is_guid(value) else f"an application ID of {provider.name} is a GUID"
    is_right = value.lower().endswith(suffix) and len(value) > len(suffix)
    return None if is_right else f"a client ID of {provider.name} ends in {suffix}"


def needs_password(preset: Preset, answers: Answers) -> bool:
    """Whether the file is to hold a password."""
    return preset is Preset.CUSTOM and answers.login_method != LoginMethod.NONE.value


def settings(preset: Preset, answers: Answers) -> dict[str, str]:
    """The settings that belong into the file, in documented order.

    Of what is set up in Cube alone, and of the login that comes with it, nothing is written: a LoginMethod of
    XOAUTH2 would promise what only Cube can bring about.
    """
    values = {
        "Host": answers.host,
        "HostPort": answers.host_port,
        "Helo": answers.helo,
        "MaxSubjectLength": answers.max_subject_length,
        "From": answers.sender,
    }
    if preset is Preset.CUSTOM:
        values["LoginMethod"] = answers.login_method
        if answers.login_method != LoginMethod.NONE.value:
            values |= {"User": answers.user, "Password": answers.password}
    return {name: values[name] for name in definition.settings() if values.get(name)}


def worksheet(preset: Preset, answers: Answers) -> tuple[Step, ...]:
    """What is to be done at the provider and in Cube, in order; nothing for a preset without OAuth 2.0."""
    if not preset.uses_oauth:
        return ()
    answers = filled_in(preset, answers)
    provider = _issuer(preset)
    return (
        _check_version(),
        _register(preset, provider, answers),
        *([_allow_smtp(answers)] if preset is Preset.MICROSOFT else []),
        _fill_in(preset, answers),
        _retrieve_tokens(provider),
        _apply(),
        _send_test_email(),
        _later(provider),
    )


def _check_version() -> Step:
    return Step(
        "Check the version of the agents",
        (f"XOAUTH2, and the SMTP page of Cube, came with {oauth_since()}; older versions have neither.",),
    )


def _register(preset: Preset, provider: Issuer, answers: Answers) -> Step:
    """Registering the client; what the documentation does not say of it is said to be so."""
    scopes = " and ".join(provider.scopes)
    details = [f"It needs the {'scopes' if len(provider.scopes) > 1 else 'scope'} {scopes}."]
    if preset is Preset.MICROSOFT:
        what = "Register an application with the permission SMTP.Send in your Microsoft tenant"
        details.append("Note its tenant ID and its application ID. Cube asks for no client secret here.")
    else:
        what = "Register an OAuth client at Google"
        details.append(
            f"Note its client ID (it ends in {provider.client_id_suffix}) and its client secret "
            "(it begins with GOCSPX-). The secret goes into Cube alone."
        )
    details.append(
        "Which redirect address it needs is not documented: the provider's error response, which Cube shows, "
        "may name the one that Cube uses."
    )
    if answers.client_id:
        details.append(
            f"You gave {answers.client_id}: if that is registered already, compare the permission."
        )
    return Step(what, tuple(details))


def _allow_smtp(answers: Answers) -> Step:
    mailbox = answers.user or "the mailbox"
    return Step(
        f"Have SMTP AUTH enabled for {mailbox}",
        ("An administrator of the tenant does that; XOAUTH2 needs it as well as a login with a password.",),
    )


def _fill_in(preset: Preset, answers: Answers) -> Step:
    port = parse_host_port(answers.host_port).value
    fields = [
        Field("Preset", preset.cube_name),
        Field("Host", answers.host),
        Field("Port", None if port is None else str(port.port)),
        Field("Connection security", _security(port)),
        Field("Authentication type", LoginMethod.XOAUTH2.value),
    ]
    if preset is Preset.MICROSOFT:
        fields.append(Field("Tenant ID", answers.tenant or None))
    fields.append(Field(_id_field(preset), answers.client_id or None))
    if preset is Preset.GOOGLE:
        fields.append(Field("Client secret", None))
    fields.append(Field("Username", answers.user or None))
    fields.append(Field("From", answers.sender or None))
    fields += [
        Field(name, value)
        for name, value in (("Helo", answers.helo), ("Max Subject Length", answers.max_subject_length))
        if value
    ]
    details = ["What a preset has filled in already is to be compared only."]
    if preset is Preset.MICROSOFT:
        details.append("From cannot be empty, and must be exactly an address of the user.")
    return Step(f"Fill in Cube's page {_SMTP_PAGE}", tuple(details), tuple(fields))


def _id_field(preset: Preset) -> str:
    return "Application ID" if preset is Preset.MICROSOFT else "Client ID"


def _security(port: HostPort | None) -> str | None:
    """What Cube calls the security of a connection, as far as its documentation shows that."""
    return "STARTTLS" if port is not None and port.security is Security.STARTTLS else None


def _retrieve_tokens(provider: Issuer) -> Step:
    details = ["The browser opens for the provider's login. Cube then shows success, or its error response."]
    if provider.refresh_token_ends:
        ends = "; ".join(provider.refresh_token_ends)
        details.append(f"They are to be retrieved again when {provider.name} ends them: {ends}.")
    return Step('Click "Retrieve tokens", and log in as the user above', tuple(details))


def _apply() -> Step:
    return Step(
        "Apply, which writes to all agents of the cluster, without a restart",
        ("If they are not configured alike, Cube warns first and lets you compare.",),
    )


def _send_test_email() -> Step:
    return Step(
        'Click "Send test email"',
        ("It confirms each agent. The two agents of a Failover pair must be configured alike.",),
    )


def _later(provider: Issuer) -> Step:
    what = "Enter the client secret again, retrieve" if provider.has_client_secret else "Retrieve"
    return Step(
        "Whenever an agent is added, do this again",
        (f"{what} tokens, and apply: secrets do not come along to a new agent.",),
    )


def _issuer(preset: Preset) -> Issuer:
    return issuer(preset.value.capitalize())


def _provider(host: str) -> Provider | None:
    found = parse_host(host).value if host else None
    return None if found is None else provider_of(found)


def _host_port(preset: Preset, provider: Provider | None) -> str:
    """The port to prefer at a provider; with OAuth 2.0 the one whose name in Cube is documented."""
    offered = () if provider is None else provider.host_ports
    wanted = [one for one in offered if one.security is Security.STARTTLS or not preset.uses_oauth]
    return str(wanted[0]) if wanted else _USUAL_HOST_PORT
