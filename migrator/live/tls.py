"""TLS as strictly as a careful client has it and, where that fails, as loosely as it takes to see why."""

from __future__ import annotations

import os
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING

from migrator.live import certificates
from migrator.observations import Certificate, Tls
from migrator.tuples import NamedTuple

if TYPE_CHECKING:
    import ssl
    from datetime import datetime

_NO_CHECK_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME of OpenSSL, which Python has no name for
_NOT_YET_VALID, _EXPIRED = 9, 10  # OpenSSL's X509_V_ERR_…
_MISNAMED = (62, 64)  # host name, address
_WEAK = (66, 67, 68)  # key of the server, key of a CA, signature
_OLD_PROTOCOLS = {"SSLv3": "SSL 3.0", "TLSv1": "TLS 1.0", "TLSv1.1": "TLS 1.1"}
_STRICT_CIPHERS, _LOOSE_CIPHERS = "DEFAULT:@SECLEVEL=2", "ALL:@SECLEVEL=0"


class Strictness(Enum):
    """How much a handshake wants, the most first."""

    FULL = "chain, name, dates, TLS 1.2 and OpenSSL's security level 2"
    CHAIN = "the chain alone"
    NOTHING = "nothing"


class HandshakeFailure(NamedTuple):
    """Why a stricter handshake failed: OpenSSL's code for certificates, or None, and a reason."""

    code: int | None
    reason: str


@lru_cache(maxsize=16)
def context(strictness: Strictness, ca_file: str | None) -> ssl.SSLContext:
    """A context for a client; `ca_file` holds further certificates to trust (PEM), OSError where unreadable.

    ssl.SSLError where the file holds no certificate.
    """
    import ssl

    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname = strictness is Strictness.FULL
    if strictness is Strictness.FULL:
        made.minimum_version = ssl.TLSVersion.TLSv1_2
        made.set_ciphers(_STRICT_CIPHERS)
    else:
        made.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        made.set_ciphers(_LOOSE_CIPHERS)
        made.options &= ~(ssl.OP_NO_TLSv1 | ssl.OP_NO_TLSv1_1)
    if strictness is Strictness.CHAIN:
        made.verify_flags |= ssl.VerifyFlags(_NO_CHECK_TIME)
    if strictness is Strictness.NOTHING:
        made.verify_mode = ssl.CERT_NONE
    else:
        made.load_default_certs()
        if ca_file is not None:
            _trust(made, ca_file)
            # What is to be trusted need not have signed itself: a server's own certificate, one between
            made.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return made


def _trust(made: ssl.SSLContext, ca_file: str) -> None:
    if os.path.isfile(ca_file):  # noqa: PTH113 - as given
        made.load_verify_locations(ca_file)
    else:
        made.load_verify_locations(cadata=_told_once(ca_file))


@lru_cache(maxsize=1)
def _told_once(ca_file: str) -> str:
    """What a pipe says, which it says once alone; never empty, and comments in whatever letters."""
    with open(ca_file, encoding="ascii", errors="ignore") as stream:  # noqa: PTH123 - as given
        return stream.read() or " "


def examine(
    sock: ssl.SSLSocket | None, host: str, now: datetime, failures: dict[Strictness, HandshakeFailure]
) -> Tls:
    """What there is to say of an encrypted connection, given why stricter handshakes before it failed.

    Without a connection these alone say it.
    """
    certificate = None if sock is None else certificates.read(sock.getpeercert(binary_form=True))
    protocol = (None if sock is None else sock.version()) or ""
    cipher = None if sock is None else sock.cipher()
    full = failures.get(Strictness.FULL)
    chain = failures.get(Strictness.CHAIN)
    found = Tls(
        protocol,
        cipher[0] if cipher is not None else "",
        certificate,
        untrusted=None if chain is None or chain.code is None else chain.reason,
        verify_code=None if chain is None else chain.code,
        misnamed=None if full is None else _misnamed(full, certificate, host),
        outdated=None if full is None else _outdated(full, certificate, now),
        weak=_weak(protocol, full),
    )
    # Whatever else a strict handshake may fail for, it is not in order
    if full is not None and found.is_verified:
        return found._replace(untrusted=full.reason, verify_code=full.code)
    return found


def _misnamed(full: HandshakeFailure, certificate: Certificate | None, host: str) -> str | None:
    is_wrong = full.code in _MISNAMED
    if certificate is not None and certificate.names:
        is_wrong = not certificates.matches(certificate.names, host)
    if not is_wrong:
        return None
    if certificate is None:
        return "it has other names"
    if not certificate.names:  # an address is never looked for in the subject
        return f"it has no names but its subject, {certificate.subject}"
    return f"it is for {certificate.owner}"


def _outdated(full: HandshakeFailure, certificate: Certificate | None, now: datetime) -> str | None:
    if certificate is not None:
        if now > certificate.not_after:
            return f"it expired on {certificate.not_after:%Y-%m-%d}"
        if now < certificate.not_before:
            return f"it is not valid before {certificate.not_before:%Y-%m-%d}"
    if full.code == _EXPIRED:
        return "one of its chain has expired"
    return "one of its chain is not valid yet" if full.code == _NOT_YET_VALID else None


def _weak(protocol: str, full: HandshakeFailure | None) -> str | None:
    if protocol in _OLD_PROTOCOLS:
        return f"nothing newer than {_OLD_PROTOCOLS[protocol]} is spoken"
    if full is None:
        return None
    if full.code is None or full.code in _WEAK:
        return full.reason
    return None
