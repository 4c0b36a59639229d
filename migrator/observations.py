"""What was seen of a mail server: facts alone. The L rules say what they mean for the settings.

Texts that come from the server are printable, of a few hundred characters at most, and hold nothing secret.
"""

from __future__ import annotations

from enum import Enum, StrEnum
from typing import TYPE_CHECKING

from migrator.tuples import NamedTuple
from migrator.values.host_port import HostPort, Security, Suffix

if TYPE_CHECKING:
    from datetime import datetime

NO_ISSUER = (2, 20, 21)
"""OpenSSL's X509_V_ERR_… where who issued a certificate was not to be found."""
NOBODY_KNOWN = (18, 19, *NO_ISSUER)
"""Likewise where nobody known issued it, so that it helps to trust who did; 18 and 19 are self-signed."""
_IMPLICIT_TLS_PORT = 465
_MOST_NAMES = 20  # of a certificate that a sentence has room for
_SUFFIXES = {
    Security.IMPLICIT_TLS: Suffix.SSL,
    Security.STARTTLS: Suffix.STARTTLS,
    Security.CLEAR_TEXT: Suffix.NONE,
}


class Stage(StrEnum):
    """What is done one after the other; the last four only where they are asked for."""

    NAMES = "names"
    TCP = "TCP"
    GREETING = "greeting"
    EHLO = "EHLO"
    STARTTLS = "STARTTLS"
    TLS = "TLS"
    LOGIN = "login"
    SENDER = "MAIL"
    RECIPIENT = "RCPT"
    MESSAGE = "DATA"


class TroubleKind(Enum):
    """Why a stage failed."""

    NO_ADDRESS = "the name has no address"
    REFUSED = "the connection was refused"
    SILENT = "no answer in time"
    CLOSED = "the server closed the connection"
    ENDLESS = "a reply without end"
    MALFORMED = "no reply of SMTP, in the middle of a dialogue"
    NOT_SMTP = "something else than SMTP answers"
    INJECTED = "data after the reply to STARTTLS, before TLS"
    NO_STARTTLS = "STARTTLS is not offered"
    TLS_FAILED = "no agreement on TLS"
    REPLY = "the server's reply is a refusal"
    NO_SMTPUTF8 = "addresses outside ASCII are not taken"
    TOO_LARGE = "the message is larger than the server takes"


class Server(NamedTuple):
    """Where to connect to, and how it is secured. Hosts that differ in case alone are the same."""

    host: str
    port: int
    security: Security

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Server) and self._key == other._key

    def __ne__(self, other: object) -> bool:  # that of tuples knows nothing of the one above
        return not self == other

    def __hash__(self) -> int:
        return hash(self._key)

    @property
    def _key(self) -> tuple[str, str, int, Security]:
        name, _, zone = self.host.partition("%")  # which knows case, as the name of an interface
        return name.lower(), zone, self.port, self.security

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def host_port(port: int, security: Security) -> HostPort:
    """The HostPort that asks for a security on a port."""
    if port == _IMPLICIT_TLS_PORT and security is not Security.STARTTLS:
        return HostPort(port, Suffix.NONE if security is Security.IMPLICIT_TLS else Suffix.NOSSL)
    return HostPort(port, _SUFFIXES[security])


class Reply(NamedTuple):
    """A reply of the server: its code, and what stands behind it on each line."""

    code: int
    lines: tuple[str, ...] = ()

    @property
    def is_positive(self) -> bool:
        """Whether the command was accepted, or more is awaited."""
        return self.code < 400  # noqa: PLR2004 - RFC 5321, section 4.2.1

    @property
    def is_completion(self) -> bool:
        """Whether the command was accepted, and nothing more is awaited."""
        return self.code < 300  # noqa: PLR2004 - likewise

    @property
    def is_temporary(self) -> bool:
        """Whether the same may be accepted later."""
        return 400 <= self.code < 500  # noqa: PLR2004 - likewise

    def __str__(self) -> str:
        return " ".join((str(self.code), *self.lines)).rstrip()


class Trouble(NamedTuple):
    """What ended a dialogue, at which stage; `words` are further facts, such as the library's reason."""

    stage: Stage
    kind: TroubleKind
    words: str = ""
    reply: Reply | None = None

    @property
    def may_be_transport(self) -> bool:
        """Whether the cause may be that the port speaks another transport than it was spoken to in."""
        return self.stage in _BEFORE_LOGIN and self.kind in _OTHER_LANGUAGE


NO_TLS = ("wrong version number", "record layer failure", "packet length too long", "http request")
"""The words of a trouble where what came back in a handshake is no TLS, as versions of OpenSSL call that."""
ALWAYS_CLOSED = "the server closes the connection, however strict TLS is"
"""Those of one where no handshake ended otherwise."""

_BEFORE_LOGIN = (Stage.GREETING, Stage.EHLO, Stage.STARTTLS, Stage.TLS)
_OTHER_LANGUAGE = (
    TroubleKind.SILENT,
    TroubleKind.CLOSED,
    TroubleKind.TLS_FAILED,
    TroubleKind.NOT_SMTP,
    TroubleKind.MALFORMED,
)


class Step(NamedTuple):
    """A stage that was gone through, how long it took, and what was seen."""

    stage: Stage
    seconds: float
    words: str


class Offers(NamedTuple):
    """What a server says in its reply to EHLO. `size` is the most bytes of a message, None where not said."""

    mechanisms: tuple[str, ...] = ()
    size: int | None = None
    starttls: bool = False
    smtputf8: bool = False
    keywords: tuple[str, ...] = ()


class Certificate(NamedTuple):
    """A server's certificate. `key` and `signature` are None where nothing was there to read them."""

    subject: str
    issuer: str
    names: tuple[str, ...]
    not_before: datetime
    not_after: datetime
    key: str | None = None
    signature: str | None = None

    @property
    def owner(self) -> str:
        """Whose it is: its names, of very many the first, or where it has none its subject."""
        if not self.names:
            return self.subject
        unnamed = len(self.names) - _MOST_NAMES
        more = f" and {unnamed:,} more" if unnamed > 0 else ""
        return ", ".join(self.names[:_MOST_NAMES]) + more


class Tls(NamedTuple):
    """An encrypted connection, and what is wrong with it.

    `untrusted`, `misnamed`, `outdated` and `weak` are reasons, None where there is nothing of the kind;
    `verify_code` is OpenSSL's for `untrusted`.
    `certificate` is None where it could not be read; `protocol` and `cipher` are empty where it was seen in a
    handshake that failed, and in no other.
    """

    protocol: str
    cipher: str
    certificate: Certificate | None = None
    untrusted: str | None = None
    misnamed: str | None = None
    outdated: str | None = None
    weak: str | None = None
    verify_code: int | None = None

    @property
    def is_verified(self) -> bool:
        """Whether chain, name, dates and strength are all in order."""
        return not (self.untrusted or self.misnamed or self.outdated or self.weak)


class Line(NamedTuple):
    """A line of the dialogue, without secrets."""

    is_ours: bool
    text: str


class Observations(NamedTuple):
    """What was seen of one server.

    `before` is what it offers in clear text, where TLS follows; `offers` what it offers at last. `trouble` is
    what ended the dialogue early. `refusal` is a refusal for the time being after which the same was
    accepted. `spoken` are other securities that the port was seen to speak, `elsewhere` usual HostPorts
    that were seen to work where nothing answers on this one. `logged_in` is the mechanism of a
    login that was accepted; `untried` says why a login that was asked for was not tried. `is_sent` says that
    a whole message went out, `accepted` is the reply to one that was taken.
    """

    server: Server
    at: datetime
    addresses: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    before: Offers | None = None
    offers: Offers | None = None
    tls: Tls | None = None
    trouble: Trouble | None = None
    refusal: Trouble | None = None
    spoken: tuple[Security, ...] = ()
    elsewhere: tuple[HostPort, ...] = ()
    logged_in: str | None = None
    untried: str | None = None
    is_sent: bool = False
    accepted: Reply | None = None
    transcript: tuple[Line, ...] = ()
