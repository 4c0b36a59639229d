"""HostPort: a port and how the connection to it is secured.

Source: DataMiner documentation, "Configuring outgoing email". Documented are a bare 465 (implicit TLS),
`465-nossl` (no TLS), and on other ports the suffixes `-ssl` (implicit TLS) and `-starttls` (STARTTLS).
That anything else is clear text follows from this, but stands nowhere.
"""

from __future__ import annotations

import re
from enum import Enum, StrEnum
from functools import lru_cache

from migrator.tuples import NamedTuple
from migrator.values.reading import Reading

DEFAULT_PORT = 25
_IMPLICIT_TLS_PORT, _SUBMISSION_PORT = 465, 587
_MAX_PORT = 65535
OTHER_SERVICES = {
    80: "HTTP",
    110: "POP3",
    143: "IMAP",
    443: "HTTPS",
    993: "IMAP over TLS",
    995: "POP3 over TLS",
}
"""Ports that are registered for something that takes no mail (IANA)."""


class Suffix(StrEnum):
    """What may follow the port."""

    NONE = ""
    SSL = "-ssl"
    NOSSL = "-nossl"
    STARTTLS = "-starttls"


class Security(StrEnum):
    """How the connection is secured."""

    IMPLICIT_TLS = "implicit TLS"
    STARTTLS = "STARTTLS"
    CLEAR_TEXT = "clear text"


class HostPortProblem(Enum):
    """What can be wrong with the text of a HostPort, the gravest first."""

    NOT_A_HOST_PORT = "not a port with an optional suffix"
    OUT_OF_RANGE = "port not 1 to 65535"
    NOT_CANONICAL = "port with leading zeros, a sign or digits that are not ASCII"
    SUFFIX_CASE = "suffix not in lower case"


class HostPort(NamedTuple):
    """A port, 1 to 65535, and its suffix."""

    port: int
    suffix: Suffix = Suffix.NONE

    @property
    def security(self) -> Security:
        """How the connection is secured."""
        if self.suffix is Suffix.STARTTLS:
            return Security.STARTTLS
        if self.suffix is Suffix.SSL or (self.suffix is Suffix.NONE and self.port == _IMPLICIT_TLS_PORT):
            return Security.IMPLICIT_TLS
        return Security.CLEAR_TEXT

    @property
    def is_security_documented(self) -> bool:
        """Whether the documentation itself says how this connection is secured; else it is inferred."""
        return self.security is not Security.CLEAR_TEXT or self.port == _IMPLICIT_TLS_PORT

    def __str__(self) -> str:
        return f"{self.port}{self.suffix}"


SSL_ON_465 = HostPort(_IMPLICIT_TLS_PORT, Suffix.SSL)
STARTTLS_ON_465 = HostPort(_IMPLICIT_TLS_PORT, Suffix.STARTTLS)
SSL_ON_587 = HostPort(_SUBMISSION_PORT, Suffix.SSL)
UNUSUAL_PORTS = frozenset({SSL_ON_465, STARTTLS_ON_465, SSL_ON_587})
"""Ports for mail with TLS, by another suffix than usual."""

_EXACT = re.compile(r"([+-]?)(\d+)(-[A-Za-z]+)?")
_NEAR = r"\+?(\d+)[\s.:/_,;+(\u2010-\u2015\u2212-]*([A-Za-z][A-Za-z/ _-]*)?\)?"
_SUFFIX_NAMES = {
    "ssl": Suffix.SSL,
    "smtps": Suffix.SSL,
    "implicit": Suffix.SSL,
    "implicittls": Suffix.SSL,
    "ssltls": Suffix.SSL,
    "nossl": Suffix.NOSSL,
    "notls": Suffix.NOSSL,
    "none": Suffix.NOSSL,
    "plain": Suffix.NOSSL,
    "explicit": Suffix.STARTTLS,
    "explicittls": Suffix.STARTTLS,
    "starttls": Suffix.STARTTLS,
}
_OFTEN_MISSPELT = ("ssl", "nossl", "tls", "notls", "starttls")  # near to the others are names of other things
# What "tls" means on a port; elsewhere it may be either.
_TLS_ON = {25: Suffix.STARTTLS, _SUBMISSION_PORT: Suffix.STARTTLS, _IMPLICIT_TLS_PORT: Suffix.SSL}
_SUFFIXES = frozenset(Suffix)
_MAX_LENGTH = 64


@lru_cache(maxsize=1024)
def parse_host_port(text: str) -> Reading[HostPort, HostPortProblem]:
    """Read the text of a HostPort, exactly as it stands.

    Every text has one reading or none, and its problems. The reading of a text that is not a HostPort is
    the nearest one (`587 starttls`, `587-startls`); it is a guess and may be wrong.
    """
    match = _EXACT.fullmatch(text) if len(text) <= _MAX_LENGTH else None
    if match is None or (match[3] or "").lower() not in _SUFFIXES:
        return Reading(_nearest(text), (HostPortProblem.NOT_A_HOST_PORT,))
    sign, digits, suffix = match[1], match[2], match[3] or ""
    port = int(digits)
    problems = []
    if sign == "-" or not 1 <= port <= _MAX_PORT:
        return Reading(None, (HostPortProblem.OUT_OF_RANGE,))
    if sign or digits != str(port):
        problems.append(HostPortProblem.NOT_CANONICAL)
    if suffix != suffix.lower():
        problems.append(HostPortProblem.SUFFIX_CASE)
    return Reading(HostPort(port, Suffix(suffix.lower())), tuple(problems))


def _nearest(text: str) -> HostPort | None:
    match = re.fullmatch(_NEAR, text.strip()) if len(text) <= _MAX_LENGTH else None
    if match is None:
        return None
    port = int(match[1])
    if not 1 <= port <= _MAX_PORT:
        return None
    word = re.sub(r"[^a-z]", "", (match[2] or "").lower())
    suffix = _named_suffix(port, word) if word else Suffix.NONE
    if suffix is Suffix.SSL and port == _IMPLICIT_TLS_PORT:
        suffix = Suffix.NONE  # 465 alone says so already
    return None if suffix is None else HostPort(port, suffix)


def _named_suffix(port: int, word: str) -> Suffix | None:
    from migrator.values.nearest import may_mean, nearest

    names = {**_SUFFIX_NAMES, "tls": _TLS_ON.get(port)}
    near = word if word in names else nearest(word, _OFTEN_MISSPELT)
    suffix = None if near is None else names[near]
    return suffix if may_mean(word, is_no=suffix is Suffix.NOSSL) else None
