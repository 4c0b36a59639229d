"""What the settings of a section make DataMiner do, in plain words.

What the DataMiner documentation says is told apart from what only follows from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from migrator import definition
from migrator.document.model import Part, Target
from migrator.values.host_port import DEFAULT_PORT, Security
from migrator.values.login_method import LoginMethod
from migrator.values.secret import MASK
from migrator.values.version import Since, since

if TYPE_CHECKING:
    from migrator.section import Configuration, Section

_BEFORE_TRAINS = "version"


class Origin(StrEnum):
    """Where a value comes from."""

    FILE = "file"
    DEFAULT = "default"
    NOT_SET = "not set"


@dataclass(frozen=True, slots=True)
class SettingLine:
    """One setting: its value as it may be shown, where that comes from, and its line in the file."""

    name: str
    value: str | None
    origin: Origin
    line: int | None


@dataclass(frozen=True, slots=True)
class Description:
    """One section in words.

    `facts` are sentences by subject (Connection, Login, Mail, Versions); `inferred` are sentences about what
    is not documented.
    """

    path: str
    agent: str | None
    facts: tuple[tuple[str, tuple[str, ...]], ...]
    inferred: tuple[str, ...]
    settings: tuple[SettingLine, ...]


def describe(path: str, configuration: Configuration, section: Section) -> Description:
    """Put a section into words; what cannot be read is said to be unreadable."""
    return Description(
        path,
        section.name(agent_name(configuration) or "") or None,
        (
            ("Connection", tuple(_connection(section))),
            ("Login", tuple(_login(section))),
            ("Mail", tuple(_mail(section))),
            ("Versions", tuple(_versions(section))),
        ),
        tuple(_inferred(section)),
        tuple(_settings(configuration, section)),
    )


def agent_name(configuration: Configuration) -> str | None:
    """The agent's name and DataMiner ID as the file has them, as in `Agent 7 (ID 7)`."""
    root = configuration.root
    identity = next((one.value for one in root.attributes() if one.name == "id" and not one.namespace), None)
    name = next(
        (
            leaf.text().strip()
            for node in root.children()
            if node.name == "DMA"
            for leaf in node.children()
            if leaf.name == "DMAName"
        ),
        None,
    )
    if name and identity:
        return f"{name} (ID {identity})"
    return name or (f"ID {identity}" if identity else None)


def _connection(section: Section) -> Iterator[str]:
    host, transport = section.given("Host"), section.transport
    if host is None:
        yield "It connects to no server: Host is missing."
        return
    server = section.quote(host.text)[1:-1]
    if transport is None:
        reading = section.text("HostPort")
        yield f"It connects to {server}; the HostPort {section.quote(reading)} is none, so the port is not known."
        return
    port = f"port {transport.port}" + ("" if section.get("HostPort") else ", the default")
    yield f"It connects to {server} on {port}."
    match transport.security:
        case Security.IMPLICIT_TLS:
            yield "The connection is encrypted from the first byte (implicit TLS)."
        case Security.STARTTLS:
            yield "It begins in clear text and is then encrypted with STARTTLS."
        case Security.CLEAR_TEXT if transport.is_security_documented:
            yield "The connection is not encrypted: -nossl turns TLS off on port 465."
        case Security.CLEAR_TEXT:
            yield "The connection is not encrypted, as far as the documentation tells."
    if section.is_loopback:
        yield "The server is this machine itself, so nothing crosses the network."


_LOGIN_WORDS = {
    LoginMethod.NONE: "It does not log in (NoLoginMethod).",
    LoginMethod.PLAIN: "It logs in with user and password in one step (PLAIN); only TLS hides them.",
    LoginMethod.LOGIN: "It logs in with user and password, base64-encoded (LOGIN); only TLS hides them.",
    LoginMethod.CRAM_MD5: "It proves that it knows the password without sending it (CRAM-MD5, RFC 2195).",
    LoginMethod.NTLM: "It logs in with NTLM, as Windows does.",
    LoginMethod.AUTO: "It negotiates with the server how to log in (Auto).",
    LoginMethod.XOAUTH2: "It logs in with an OAuth 2.0 access token (XOAUTH2), which is set up through Cube.",
}


def _login(section: Section) -> Iterator[str]:
    method = section.method
    if method is not None:
        yield _LOGIN_WORDS[method]
    elif section.get("LoginMethod") is None:
        yield "How it logs in is not set, and what DataMiner does then is not documented."
    else:
        yield f"How it logs in is not known: {section.quote(section.text('LoginMethod'))} is no LoginMethod."
    user, password = section.given("User"), section.given("Password")
    is_used = method is not LoginMethod.NONE
    if user is not None:
        yield f"The user is {section.quote(user.text)}{'' if is_used else ', which is not used'}."
    if password is not None:
        yield f"A password is set ({MASK}){'' if is_used else ', which is not used'}."


def _mail(section: Section) -> Iterator[str]:
    sender = section.given("From")
    if sender is not None:
        yield f"Mail comes from {section.quote(sender.text)}."
    else:
        yield (
            "Mail comes from the default address of the system, which is not in this file: "
            "System Center > Agents > system > Email."
        )
    helo = section.given("Helo")
    if helo is not None:
        yield f"The agent introduces itself as {section.quote(helo.text)}."
    length = section.given("MaxSubjectLength")
    if length is not None:
        yield f"A subject has at most {section.quote(length.text)[1:-1]} characters."


def _versions(section: Section) -> Iterator[str]:
    bounds: list[tuple[str, Since]] = []
    for name in section.settings:
        member = definition.settings()[name].since
        if member is not None:
            bounds.append((name, since(member)))
    method = section.method
    if method is not None and (member := definition.login_methods()[method.value].since) is not None:
        bounds.append((f"LoginMethod {method.value}", since(member)))
    if not bounds:
        yield "Nothing in it needs a particular DataMiner version, as far as that is documented."
        return
    seen: dict[str, list[str]] = {}
    for name, bound in bounds:
        seen.setdefault(str(bound), []).append(name)
    for oldest, names in seen.items():
        verb = "needs" if len(names) == 1 else "need"
        yield f"{', '.join(names)} {verb} {oldest}, or newer."


def _inferred(section: Section) -> Iterator[str]:
    transport = section.transport
    if transport is not None and not transport.is_security_documented:
        shown = section.quote(section.text("HostPort") or str(DEFAULT_PORT))
        yield f"That HostPort {shown} means clear text: the documentation names TLS for 465, -ssl and -starttls."
    if section.get("LoginMethod") is None:
        yield "What DataMiner does without a LoginMethod."
    if section.given("MaxSubjectLength") is not None:
        yield "What becomes of a longer subject."


def _settings(configuration: Configuration, section: Section) -> Iterator[SettingLine]:
    document = configuration.document
    for name, meaning in definition.settings().items():
        setting = section.get(name)
        if setting is not None:
            line = document.span(Target(setting.node, Part.NAME)).start.line
            shown = MASK if meaning.is_secret and setting.value else section.quote(setting.value)
            yield SettingLine(name, shown if meaning.is_secret else shown[1:-1], Origin.FILE, line)
        elif meaning.default is not None:
            yield SettingLine(name, meaning.default, Origin.DEFAULT, None)
        else:
            yield SettingLine(name, None, Origin.NOT_SET, None)
