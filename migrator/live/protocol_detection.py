"""What a port speaks, found out by trying; nothing is sent that could harm, and nobody is trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.live import tls
from migrator.live.connection import CertificateRefused, Connection, Ended
from migrator.live.hello import ACCEPTED, READY, offers_of
from migrator.live.reaching import Address, connect
from migrator.live.transcript import Transcript
from migrator.observations import Stage
from migrator.values.host_port import HostPort, Security, Suffix

if TYPE_CHECKING:
    from migrator.live.clock import Clock
    from migrator.observations import Server

USUAL = (HostPort(587, Suffix.STARTTLS), HostPort(465), HostPort(25, Suffix.STARTTLS))
"""What mail servers take mail on, the best first (RFC 8314)."""


def spoken(
    server: Server, addresses: tuple[Address, ...], wanted: tuple[Security, ...], clock: Clock
) -> tuple[Security, ...]:
    """Which of the wanted securities the port was seen to speak.

    Clear text counts where the server offers no STARTTLS: one that does is said to speak that.
    """
    found: set[Security] = set()
    if Security.IMPLICIT_TLS in wanted and _speaks_tls(server, addresses, clock):
        found.add(Security.IMPLICIT_TLS)
    elif Security.STARTTLS in wanted or Security.CLEAR_TEXT in wanted:
        found |= _in_clear(server, addresses, clock) & set(wanted)
    return tuple(one for one in Security if one in found)


def elsewhere(server: Server, addresses: tuple[Address, ...], clock: Clock) -> tuple[HostPort, ...]:
    """Which of the usual HostPorts were seen to work, where nothing answers on the port that was named."""
    found = []
    for one in USUAL:
        if one.port == server.port or clock.is_over:
            continue
        there = tuple(address.at(one.port) for address in addresses)
        if spoken(server._replace(port=one.port), there, (one.security,), clock):
            found.append(one)
    return tuple(found)


def _speaks_tls(server: Server, addresses: tuple[Address, ...], clock: Clock) -> bool:
    try:
        connection = _open(addresses, clock)
    except (Ended, TimeoutError):
        return False
    try:
        connection.encrypt(tls.context(tls.Strictness.NOTHING, None), server.host)
        connection.start(Stage.GREETING)
        is_ready = connection.read_reply().code == READY
        connection.quit()
    except (Ended, CertificateRefused, TimeoutError):
        return False
    finally:
        connection.close()
    return is_ready


def _in_clear(server: Server, addresses: tuple[Address, ...], clock: Clock) -> set[Security]:
    try:
        connection = _open(addresses, clock)
    except (Ended, TimeoutError):
        return set()
    speaks: set[Security] = set()
    try:
        connection.start(Stage.GREETING)
        if connection.read_reply().code != READY:
            return set()
        reply = connection.ask("EHLO [127.0.0.1]")
        speaks = {Security.CLEAR_TEXT} if reply.code == ACCEPTED else set()
        if not offers_of(reply).starttls:
            connection.quit()
            return speaks
        speaks = set()
        connection.start(Stage.STARTTLS)
        if connection.ask("STARTTLS").code != READY or connection.has_unread_data():
            return speaks
        connection.encrypt(tls.context(tls.Strictness.NOTHING, None), server.host)
    except (Ended, CertificateRefused, TimeoutError):
        return speaks
    finally:
        connection.close()
    return {Security.STARTTLS}


def _open(addresses: tuple[Address, ...], clock: Clock) -> Connection:
    sock, address = connect(addresses, clock)
    return Connection(sock, address.text, clock, Transcript())
