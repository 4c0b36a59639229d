"""What each login method says to the server.

Sources: RFC 4954 (AUTH), RFC 4616 (PLAIN), RFC 2195 (CRAM-MD5), the widespread LOGIN, Google's and
Microsoft's pages on XOAUTH2, Microsoft's MS-NLMP for NTLM.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.live import EXTRA
from migrator.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    Exchange = Generator[bytes, bytes, None]
    """Takes the server's challenges and yields the response to each; what it yields at its start is empty."""

_SEPARATORS = {"PLAIN": "\0", "XOAUTH2": "\x01"}  # what ends a part, and can stand in none
_STRONGEST_FIRST = ("NTLM", "CRAM-MD5", "PLAIN", "LOGIN")


class MissingLibraryError(Exception):
    """A mechanism needs a library that is not installed; the text says what to install."""


class Credentials(NamedTuple):
    """What to log in with; a token with XOAUTH2 alone."""

    user: str
    password: str | None = None
    token: str | None = None

    def __repr__(self) -> str:
        return f"Credentials({self.user})"  # the rest is secret

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not be shown."""
        return tuple(one for one in (self.password, self.token) if one)


def strongest(offered: tuple[str, ...]) -> str | None:
    """For Auto, of the password mechanisms that both sides have the one that gives away the least."""
    return next((one for one in _STRONGEST_FIRST if one in offered), None)


def lacking(mechanism: str, credentials: Credentials) -> str | None:
    """What keeps a mechanism from being tried with these credentials; None where nothing does."""
    if not credentials.user:
        return "there is no User"
    secret = credentials.token if mechanism == "XOAUTH2" else credentials.password
    if not secret:
        return "XOAUTH2 needs a token (--token-file)" if mechanism == "XOAUTH2" else "there is no password"
    separator = _SEPARATORS.get(mechanism)
    if separator is not None and separator in credentials.user + secret:
        return f"User or what proves it holds a control character, which ends a part of {mechanism}"
    return None


def exchange(mechanism: str, credentials: Credentials, host: str) -> Exchange:
    """The responses of a mechanism. MissingLibraryError where it cannot be spoken."""
    return _EXCHANGES[mechanism](credentials, host)


def _password(credentials: Credentials) -> bytes:
    return (credentials.password or "").encode("utf-8", "surrogatepass")


def _user(credentials: Credentials) -> bytes:
    return credentials.user.encode("utf-8", "surrogatepass")


def _plain(credentials: Credentials, _host: str) -> Exchange:
    yield b""
    yield b"\0" + _user(credentials) + b"\0" + _password(credentials)


def _login(credentials: Credentials, _host: str) -> Exchange:
    yield b""
    yield _user(credentials)
    yield _password(credentials)


def _cram_md5(credentials: Credentials, _host: str) -> Exchange:
    import hmac

    challenge = yield b""
    if not challenge:
        raise ValueError("no challenge")  # an answer to none would be refused as if the password were wrong
    try:
        digest = hmac.new(_password(credentials), challenge, "md5").hexdigest()
    except ValueError as error:  # a machine may forbid MD5 altogether
        raise MissingLibraryError("this machine allows no MD5, which CRAM-MD5 needs") from error
    yield _user(credentials) + b" " + digest.encode("ascii")


def _ntlm(credentials: Credentials, host: str) -> Exchange:
    try:
        import spnego
    except ImportError as error:
        raise MissingLibraryError(f"NTLM needs the extra: {EXTRA}") from error
    client = spnego.client(
        credentials.user,
        credentials.password,
        hostname=host,
        service="SMTP",
        protocol="ntlm",
        options=spnego.NegotiateOptions.use_ntlm,
    )
    yield b""
    challenge = yield client.step() or b""
    yield client.step(challenge) or b""


def _xoauth2(credentials: Credentials, _host: str) -> Exchange:
    token = (credentials.token or "").encode("utf-8", "surrogatepass")
    yield b""
    yield b"user=" + _user(credentials) + b"\x01auth=Bearer " + token + b"\x01\x01"
    yield b""  # a further challenge says why the token was refused; the final reply comes after an empty line


_EXCHANGES: dict[str, Callable[[Credentials, str], Exchange]] = {
    "PLAIN": _plain,
    "LOGIN": _login,
    "CRAM-MD5": _cram_md5,
    "NTLM": _ntlm,
    "XOAUTH2": _xoauth2,
}
