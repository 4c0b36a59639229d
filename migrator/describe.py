"""What the settings of a section make DataMiner do, in plain words.

What the DataMiner documentation says is told apart from what is inferred from it, or what it does not say.
"""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING

from migrator import definition
from migrator.document.model import Part, Target
from migrator.tuples import NamedTuple
from migrator.values.host import HostProblemKind
from migrator.values.host_port import DEFAULT_PORT, HostPort, Security
from migrator.values.login_method import LoginMethod
from migrator.values.secret import is_reference, mask, printable, shown_instead_of, shown_name
from migrator.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.section import Configuration, Section, Setting
    from migrator.values.version import Since


class Origin(StrEnum):
    """Where a value comes from."""

    FILE = "file"
    DEFAULT = "default"
    NOT_SET = "not set"


class SettingLine(NamedTuple):
    """One setting: its value as it may be shown, where that comes from, and its line in the file."""

    name: str
    value: str | None
    origin: Origin
    line: int | None


class Description(NamedTuple):
    """One section in words.

    `facts` are sentences by subject (Section, where there is something to say of it; Connection, Login, Mail,
    Versions); `inferred` are sentences about what is inferred or not documented. `oldest` is the oldest main
    release of each branch, and feature release, that understands the section; None where nothing in it needs
    one.
    """

    path: str
    agent: str | None
    facts: tuple[tuple[str, tuple[str, ...]], ...]
    inferred: tuple[str, ...]
    oldest: Since | None
    settings: tuple[SettingLine, ...]


def describe(path: str, configuration: Configuration, section: Section) -> Description:
    """Put a section into words; what cannot be read is said to be unreadable."""
    name = configuration.agent_label
    bounds = _bounds(section)
    oldest = _oldest(bounds)
    facts = {
        "Section": _place(configuration, section),
        "Connection": _connection(section),
        "Login": _login(section),
        "Mail": _mail(section),
        "Versions": _versions(section, bounds, oldest),
    }
    return Description(
        path,
        section.name(name) if name else None,
        tuple((subject, told) for subject, sentences in facts.items() if (told := tuple(sentences))),
        tuple(_inferred(configuration, section)),
        oldest,
        tuple(_settings(configuration, section)),
    )


def _shown(section: Section, text: str) -> str:
    """A value as it is, whole, with nothing secret in it."""
    return printable(mask(text, section.secrets))


def _place(configuration: Configuration, section: Section) -> Iterator[str]:
    if section.node not in configuration.sections:
        yield (
            "The section stands inside another element. DataMiner documents it directly under its root, "
            "so this agent probably sends no mail."
        )
    elif section.node.namespace != configuration.root.namespace:
        yield "The section is in another XML namespace than the root, so DataMiner probably does not read it."


def _connection(section: Section) -> Iterator[str]:
    host = section.given("Host")
    if host is None:
        yield "There is no Host, so there is no server to connect to."
        return
    server, port = _shown(section, host.text), _port(section)
    if not _is_host(section):
        text = section.quote(host.text)
        yield f"Where DataMiner connects to is not known: Host {text} is no name or address."
    elif port is None:
        yield f"DataMiner connects to {server}, on a port that is not known: {_not_a_port(section)}."
    else:
        default = "" if section.get("HostPort") else ", the default"
        yield f"DataMiner connects to {server} on port {port.port}{default}."
    if port is not None:
        yield _SECURITY_WORDS[port.security, port.is_security_documented]
    if section.is_loopback:
        yield "The server is this machine itself, so nothing crosses the network."


_SECURITY_WORDS = {
    (Security.IMPLICIT_TLS, True): "The connection is encrypted from its first byte (implicit TLS).",
    (Security.STARTTLS, True): "The connection begins in clear text and is then encrypted (STARTTLS).",
    (Security.CLEAR_TEXT, True): "The connection is not encrypted: -nossl turns that off on port 465.",
    (Security.CLEAR_TEXT, False): "The connection is probably not encrypted.",
}


def _is_host(section: Section) -> bool:
    reading = section.host
    return reading is not None and all(one.kind is HostProblemKind.UNDERSCORE for one in reading.problems)


def _port(section: Section) -> HostPort | None:
    """The port and its security, where HostPort is spelled as documented, or missing."""
    reading = section.host_port
    if reading is None:
        return HostPort(DEFAULT_PORT)
    return reading.value if reading.is_valid else None


def _not_a_port(section: Section) -> str:
    reading, text = section.host_port, section.text("HostPort")
    if not text:
        return "HostPort is empty"
    if reading is None or reading.value is None:
        return f"HostPort {section.quote(text)} is no port"
    words = f"HostPort {section.quote(text)} is not spelled as documented"
    return f"{words} ({reading.value} was probably meant)"


def _method(section: Section) -> LoginMethod | None:
    """The login method, where it is spelled as documented."""
    reading = section.login_method
    return reading.value if reading is not None and reading.is_valid else None


_METHOD_WORDS = {
    LoginMethod.NONE: "DataMiner does not log in (NoLoginMethod).",
    LoginMethod.PLAIN: "DataMiner logs in with user and password as they are (LoginPlainMethod).",
    LoginMethod.LOGIN: (
        "DataMiner logs in with user and password in base64, which anyone can read back (AuthLoginMethod)."
    ),
    LoginMethod.CRAM_MD5: (
        "DataMiner proves that it knows the password without sending it (CramMD5Method, RFC 2195)."
    ),
    LoginMethod.NTLM: "DataMiner logs in with NTLM, the authentication of Windows.",
    LoginMethod.AUTO: "DataMiner and the server negotiate how to log in (Auto).",
    LoginMethod.XOAUTH2: (
        "DataMiner logs in with OAuth 2.0 (XOAUTH2), which is set up in Cube and not by hand in this file."
    ),
}


def _login(section: Section) -> Iterator[str]:
    method = _method(section)
    if method is not None:
        yield _METHOD_WORDS[method]
    elif not section.text("LoginMethod"):
        yield "There is no LoginMethod." if section.get("LoginMethod") is None else "LoginMethod is empty."
    else:
        reading = section.login_method
        meant = "" if reading is None or reading.value is None else f" ({reading.value} was probably meant)"
        text = section.quote(section.text("LoginMethod"))
        yield f"How DataMiner logs in is not known: LoginMethod {text} is not documented{meant}."
    if method is not None and method.shows_password and section.given("Password") is not None:
        yield _protection(section)
    yield from _credentials(section, method)
    yield from _oauth(section, method)


def _protection(section: Section) -> str:
    """What becomes of a password that is sent as it is."""
    port = _port(section)
    if section.is_loopback:
        return "They do not leave this machine."
    if port is None:
        return "Whether the connection protects them is not known."
    if port.security is not Security.CLEAR_TEXT:
        return "The encryption of the connection protects them."
    return f"{'Nothing' if port.is_security_documented else 'Probably nothing'} protects them on the way."


def _credentials(section: Section, method: LoginMethod | None) -> Iterator[str]:
    user, password = section.given("User"), section.given("Password")
    unneeded = ", which NoLoginMethod does not need" if method is LoginMethod.NONE else ""
    is_needed = method is not None and method.uses_password
    if user is not None:
        yield f"The user is {_shown(section, user.text)}{unneeded}."
    elif is_needed or method is LoginMethod.XOAUTH2:
        yield "There is no User, and this needs one."
    if password is not None:
        yield f"A password is set ({_where(section, password)}){unneeded}."
    elif is_needed:
        yield "There is no Password, and this needs one."
    elif method is LoginMethod.AUTO and user is None:
        yield "Neither User nor Password is set."


def _where(section: Section, secret: Setting) -> str:
    """What stands for a secret, or where it is, if JSON or YAML name the variables that hold it."""
    from migrator.document.xml import XmlDocument
    from migrator.values.variable import names_variables_alone, variables_in

    if isinstance(section.document, XmlDocument) or not names_variables_alone(secret.text):
        return shown_instead_of(secret.text)
    names = list(variables_in(secret.text))
    return f"in the environment, as {listed(names)}"


def _oauth(section: Section, method: LoginMethod | None) -> Iterator[str]:
    names = [
        name
        for name in section.settings
        if name in definition.oauth_settings() and section.given(name) is not None
    ]
    if method is not LoginMethod.XOAUTH2:
        if names:
            yield f"{listed(names)} {'counts' if len(names) == 1 else 'count'} with XOAUTH2 alone."
        return
    endpoint, client = section.given("OAuthTokenEndpoint"), section.given("OAuthClientID")
    secret = section.given("OAuthClientSecret")
    if endpoint is not None:
        yield f"Its tokens come from {_shown(section, endpoint.text)}."
    if client is not None:
        yield f"The client ID is {_shown(section, client.text)}."
    if secret is not None:
        yield f"A client secret is set ({_where(section, secret)})."
    missing = [name for name in ("OAuthTokenEndpoint", "OAuthClientID") if section.given(name) is None]
    if missing:
        yield f"There is no {' and no '.join(missing)}: set it up in Cube."


def _mail(section: Section) -> Iterator[str]:
    sender, helo = section.given("From"), section.given("Helo")
    if sender is not None:
        address = _shown(section, sender.text)
        yield f"The sender is {address}, instead of the default address in System Center."
    else:
        yield (
            "The sender is the default address, which is not in this file but in Cube: "
            "System Center > Agents > system > Email. Without one there, DataMiner finds no sender."
        )
    if helo is not None:
        yield f"The agent introduces itself to the server as {_shown(section, helo.text)}."
    length = _subject_length(section)
    if length:
        yield f"A subject has at most {length} characters."
    elif length is None and section.text("MaxSubjectLength"):
        shown = section.quote(section.text("MaxSubjectLength"))
        yield f"How long a subject may be is not known: {shown} is no number."


def _subject_length(section: Section) -> str | None:
    """MaxSubjectLength as it may be shown, empty for 0; None where it is no number."""
    length = section.text("MaxSubjectLength")
    if not (length.isascii() and length.isdigit()):
        return None
    return section.quote(length.lstrip("0")).strip('"')


def _bounds(section: Section) -> list[tuple[str, Since]]:
    """What in the section is known only since some version."""
    method = _method(section)
    of_method = None if method is None else definition.login_methods()[method.value].since
    found = [
        (f"LoginMethod {method}", of_method),
        *((name, member.since) for name, member in definition.settings().items() if name in section.settings),
    ]
    known = [(name, bounds) for name, bounds in found if bounds is not None]
    if not known:
        return []
    from migrator.values.version import since

    return [(name, since(bounds)) for name, bounds in known]


def oldest_for(section: Section) -> Since | None:
    """The first versions that understand a section; None where nothing in it needs one."""
    return _oldest(_bounds(section))


def _oldest(bounds: list[tuple[str, Since]]) -> Since | None:
    if not bounds:
        return None
    from migrator.values.version import all_of

    return all_of([bound for _, bound in bounds])


def _versions(section: Section, bounds: list[tuple[str, Since]], oldest: Since | None) -> Iterator[str]:
    names = dict.fromkeys(entry.name for entry in section.entries if entry.name not in definition.settings())
    unknown = [shown_name(name, section.secrets) for name in names]
    for name, meant in (("HostPort", _port(section)), ("LoginMethod", _method(section))):
        if meant is None and section.given(name) is not None:
            unknown.append(f"{name} {section.quote(section.text(name))}")
    if unknown:
        yield f"No release is documented to understand {listed(unknown)}."
    what = "the rest" if unknown else "it"
    if oldest is None:
        yield f"As far as the documentation tells, every main and feature release understands {what}."
        return
    from migrator.values.version import Train

    first, *others = [*oldest.main]
    if first.train is Train.BEFORE:
        yield f"DataMiner {first} and newer understand {what}, and so every main and feature release."
    else:
        others_too = ", ".join(f"{one} in {one.major}.{one.minor}" for one in others)
        main = f"{first} ({others_too})" if others else str(first)
        yield (
            f"The oldest main release that understands {what} is {main}, "
            f"the oldest feature release {oldest.feature}."
        )
    yield f"That is because of {listed([name for name, _ in bounds])}."


def _inferred(configuration: Configuration, section: Section) -> Iterator[str]:
    yield from _doubts_about_structure(configuration, section)
    port = _port(section)
    if section.given("Host") is not None and port is not None and not port.is_security_documented:
        yield (
            f"That {port} means no encryption is inferred: the documentation names encryption for a bare "
            "465, -ssl and -starttls, its absence for 465-nossl, and says nothing of the rest."
        )
    if not section.text("LoginMethod"):
        yield f"What DataMiner does {_without(section, 'LoginMethod')} is not documented."
    if section.get("HostPort") is not None and not section.text("HostPort"):
        yield f"What DataMiner does {_without(section, 'HostPort')} is not documented."
    method, password = _method(section), section.given("Password")
    if method is LoginMethod.XOAUTH2 and password is not None:
        yield "What Password does with XOAUTH2 is not documented."
    for name, setting in section.settings.items():
        if setting.is_secret and is_reference(setting.text):
            yield (
                f"That {name} is a reference is inferred from its form, a GUID. For other passwords of the "
                "product, DataMiner keeps the value elsewhere on the agent, and only this agent can read it."
            )
    length = _subject_length(section)
    if length is not None:
        what = "becomes of a longer subject" if length else "a MaxSubjectLength of 0 means"
        yield f"What {what} is not documented."


def _without(section: Section, name: str) -> str:
    return f"without a {name}" if section.get(name) is None else f"with an empty {name}"


def _doubts_about_structure(configuration: Configuration, section: Section) -> Iterator[str]:
    if len(configuration.sections) > 1:
        yield "Which of several SMTP sections counts is not documented; this is the first one."
    counts = Counter(entry.name for entry in section.entries if entry.namespace == section.node.namespace)
    for name in section.settings:
        if counts[name] > 1:
            yield f"Which of several {name} settings counts is not documented; this is the first one."
    padded = [
        name
        for name, setting in section.settings.items()
        if setting.text != setting.value and setting.text and not setting.is_secret
    ]
    if padded:
        yield f"That white space around {listed(padded)} does not count is inferred."


def _settings(configuration: Configuration, section: Section) -> Iterator[SettingLine]:
    document = configuration.document
    for name, meaning in definition.settings().items():
        setting = section.get(name)
        if setting is not None:
            line = document.span(Target(setting.node, Part.NAME)).start.line
            shown = shown_instead_of(setting.text) if meaning.is_secret else _shown(section, setting.value)
            yield SettingLine(name, shown if setting.value else "", Origin.FILE, line)
        elif meaning.default is not None:
            yield SettingLine(name, meaning.default, Origin.DEFAULT, None)
        else:
            yield SettingLine(name, None, Origin.NOT_SET, None)
