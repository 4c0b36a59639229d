"""Host: the name or address of the SMTP server.

Sources: RFC 1123 section 2.1 and RFC 952 for host names, RFC 1035 section 2.3.4 for their lengths, RFC 5890
for labels outside ASCII, RFC 6761 section 6.3 for localhost, RFC 4007 section 11 for zones.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING

from migrator.tuples import NamedTuple
from migrator.values.reading import Reading
from migrator.wording import listed

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv6Address

_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?"
_PLAIN_NAME = re.compile(
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
)
_MAX_LABEL, _MAX_NAME, _MAX_LIST = 63, 253, 1024
_READING_NAMES = ("imap", "pop", "pop3")
READING_HOSTS = {
    "outlook.office365.com": "smtp.office365.com",
    "imap-mail.outlook.com": "smtp-mail.outlook.com",
    "pop-mail.outlook.com": "smtp-mail.outlook.com",
}
"""Servers that mail is read from, with those that the same provider sends it through."""
_BETWEEN_HOSTS = r"[\s,;]+"
_ZONE = r"[A-Za-z0-9._~-]+"
_SCHEME = r"([A-Za-z][A-Za-z0-9+.-]*)://"
# A scheme that lost a part is no host: `smtp:relay.example.com`, `smtp:/relay.example.com`, `smtp//relay`.
_CUT_SCHEME = r"(?i)(?:smtps?|ssl|tls|tcp|https?)(?::(?![0-9]|/?\Z)|//.)"
_EXTRAS = (
    r"(?:\[(?:[Ii][Pp][Vv]6:)?(?P<literal>[^\]]*)\]|(?P<host>[^:/?#\[\]]*))"
    r"(?::(?P<port>[A-Za-z0-9+-]*))?"
    r"(?P<path>[/?#].*)?"
)


class HostProblemKind(Enum):
    """What can be wrong with the text of a Host."""

    EXTRAS = "more than a host: a scheme, a port, brackets, a path or a login"
    INVALID = "neither a host name nor an address"
    UNDERSCORE = "a host name but for its underscores"


class Extras(NamedTuple):
    """What stands around a host name; `has_login` where `user@` or `user:password@` may be among it.

    `has_path` where more than a slash follows, and no port before it: `smtp.example.com/587` may mean one.
    """

    scheme: str | None = None
    port: str | None = None
    has_login: bool = False
    has_path: bool = False


class HostProblem(NamedTuple):
    """One problem; `reason` says it in words that quote nothing, `suggestion` is a name that would do."""

    kind: HostProblemKind
    reason: str
    suggestion: str | None = None
    extras: Extras = Extras()


class Host(NamedTuple):
    """A host name, or an address."""

    name: str
    address: IPv4Address | IPv6Address | None = None

    @property
    def is_loopback(self) -> bool:
        """Whether the name or address is this machine itself."""
        if self.address is not None:
            mapped = getattr(self.address, "ipv4_mapped", None)
            return (mapped or self.address).is_loopback
        name = self.name.rstrip(".").lower()
        return name == "localhost" or name.endswith(".localhost")


@lru_cache(maxsize=1024)
def parse_host(text: str) -> Reading[Host, HostProblem]:
    """Read the text of a Host, exactly as it stands; it is never looked up."""
    if is_plain_name(text):
        return Reading(Host(text))
    address = _address(text)
    if address is not None:
        return Reading(Host(text, address))
    extras = _extras(text)
    if extras is not None:
        return extras
    return _name(text)


def is_plain_name(text: str) -> bool:
    """Whether a text is a host name like most: quickly told, and not of every one that is valid."""
    return len(text) <= _MAX_NAME and _PLAIN_NAME.fullmatch(text) is not None


@lru_cache(maxsize=1024)
def is_named_for_reading(name: str) -> bool:
    """Whether a host name is that of a server that mail is read from, by custom or as known."""
    name = name.removesuffix(".").lower()
    first, dot, _ = name.partition(".")
    return name in READING_HOSTS or (bool(dot) and first in _READING_NAMES)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    _, percent, zone = text.partition("%")
    if percent and not re.fullmatch(_ZONE, zone):  # Python takes any text as a zone
        return None
    try:
        from ipaddress import ip_address

        return ip_address(text)
    except ValueError:
        return None


def _extras(text: str) -> Reading[Host, HostProblem] | None:
    scheme = re.match(_SCHEME, text)
    _, at_sign, rest = text[scheme.end() if scheme else 0 :].rpartition("@")
    match = re.fullmatch(_EXTRAS, rest, flags=re.DOTALL)
    if not at_sign and re.match(_CUT_SCHEME, rest):
        return None
    literal, host, port, path = match.groups() if match else (None, None, None, None)
    parts = {
        "a scheme": scheme,
        "a login": at_sign or None,
        "brackets": literal,
        "a port": port,
        "a path": path,
    }
    what = [words for words, part in parts.items() if part is not None]
    inner = literal or host
    # What stands before an at sign may be a password: it is a login, whether or not a host follows.
    if not what or not (inner or at_sign):
        return None
    reading: Reading[Host, HostProblem] = parse_host(inner) if inner else Reading(None)
    suggestion = None
    if reading.value and all(problem.kind is HostProblemKind.UNDERSCORE for problem in reading.problems):
        suggestion = reading.value.name
    has_path = bool(not port and path and path.strip("/"))
    extras = Extras(scheme[1].lower() if scheme else None, port, bool(at_sign), has_path)
    return Reading(
        reading.value, (HostProblem(HostProblemKind.EXTRAS, f"holds {listed(what)}", suggestion, extras),)
    )


def _name(text: str) -> Reading[Host, HostProblem]:
    if _is_several(text):
        return Reading(None, (HostProblem(HostProblemKind.INVALID, "it names more than one server"),))
    if not text.isascii():
        return _international(text)
    labels = text.removesuffix(".").split(".")
    problem = _label_problem(labels)
    if problem is not None:
        return Reading(None, (HostProblem(HostProblemKind.INVALID, problem),))
    if len(text.removesuffix(".")) > _MAX_NAME:
        reason = f"longer than {_MAX_NAME} characters"
        return Reading(None, (HostProblem(HostProblemKind.INVALID, reason),))
    if labels[-1].isdigit():
        reason = "its last part is a number, and it is no IPv4 address"
        return Reading(None, (HostProblem(HostProblemKind.INVALID, reason),))
    if "_" in text:
        return Reading(Host(text), (HostProblem(HostProblemKind.UNDERSCORE, "holds an underscore"),))
    return Reading(Host(text))


def _is_several(text: str) -> bool:
    """Whether full names or addresses stand one behind the other; `smtp. example.com` is one, with a typo."""
    parts = [part for part in re.split(_BETWEEN_HOSTS, text) if part] if len(text) <= _MAX_LIST else []
    return len(parts) > 1 and all(re.search("[.:].", one) and parse_host(one).is_valid for one in parts)


def _label_problem(labels: list[str]) -> str | None:
    for label in labels:
        if not label:
            return "two dots stand together, or one at the beginning"
        if len(label) > _MAX_LABEL:
            return f"a part is longer than {_MAX_LABEL} characters"
        if re.fullmatch(_LABEL, label):
            continue
        if label.startswith("-") or label.endswith("-"):
            return "a part begins or ends with a hyphen"
        if any(character.isspace() for character in label):
            return "there is white space in it"
        return "a character other than letters, digits and hyphens is in it"
    return None


def _international(text: str) -> Reading[Host, HostProblem]:
    import idna

    reason = "it has characters outside ASCII"
    unreadable: Reading[Host, HostProblem]
    unreadable = Reading(None, (HostProblem(HostProblemKind.INVALID, reason),))
    if len(text) > _MAX_NAME:
        return unreadable
    try:
        ascii_name = idna.encode(text, uts46=True).decode("ascii")
    except UnicodeError:  # idna's own errors are such, and not the only ones
        return unreadable
    reading = parse_host(ascii_name)
    if not reading.is_valid:
        return unreadable
    return Reading(reading.value, (HostProblem(HostProblemKind.INVALID, reason, ascii_name),))
