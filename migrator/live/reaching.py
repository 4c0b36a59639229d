"""From a name to a connection: looking it up, and TCP."""

from __future__ import annotations

import contextlib
import socket
from threading import Thread
from typing import TYPE_CHECKING

from migrator.live.connection import Ended
from migrator.observations import Stage, Trouble, TroubleKind
from migrator.tuples import NamedTuple

if TYPE_CHECKING:
    from migrator.live.clock import Clock

_MOST_ADDRESSES = 4  # that are tried
# Python says "getaddrinfo failed" of each (Microsoft Learn, "Windows Sockets Error Codes").
_WINDOWS_SAYS = {
    11001: "no such host is known",
    11002: "the name servers give no answer for now",
    11003: "the name servers cannot answer",
    11004: "the name is known, and no address for it",
}


class Address(NamedTuple):
    """An address of a server, as sockets want it."""

    family: int
    text: str
    sockaddr: tuple[object, ...]

    def at(self, port: int) -> Address:
        """The same address with another port."""
        host, _, *rest = self.sockaddr
        return self._replace(sockaddr=(host, port, *rest))


def resolve(host: str, port: int, clock: Clock) -> tuple[Address, ...]:
    """All addresses of a host, in the order in which the system would try them.

    The system's own look-up knows no time limit: it is left behind where it takes too long.
    """
    found: list[Address] = []
    fault: list[OSError] = []

    def look_up() -> None:
        try:
            name = host.encode("ascii") if host.isascii() else host  # a text is taken for an IDN first
            for family, _, _, _, sockaddr in socket.getaddrinfo(name, port, type=socket.SOCK_STREAM):
                found.append(Address(int(family), str(sockaddr[0]), sockaddr))
        except (OSError, UnicodeError) as error:
            fault.append(error if isinstance(error, OSError) else OSError(str(error)))

    clock.start_stage()
    thread = Thread(target=look_up, daemon=True)
    thread.start()
    with contextlib.suppress(TimeoutError):
        thread.join(clock.remaining())
    if thread.is_alive():
        raise Ended(Trouble(Stage.NAMES, TroubleKind.SILENT))
    if fault or not found:
        words = _reason(fault[0]) if fault and fault[0].strerror else ""
        raise Ended(Trouble(Stage.NAMES, TroubleKind.NO_ADDRESS, words))
    return tuple(dict.fromkeys(found))


def connect(addresses: tuple[Address, ...], clock: Clock) -> tuple[socket.socket, Address]:
    """A connection to the first address that takes one, and which that is.

    Of several addresses each has its share of the stage. Where none takes one, the words of the trouble tell
    of each, and its kind is that of the last one that this machine has a way to: many have none to addresses
    of IPv6, which says nothing about the server.
    """
    clock.start_stage()
    tried = _to_try(addresses)
    kind: TroubleKind | None = None
    told = []
    for place, address in enumerate(tried):
        sock = None
        try:
            sock = socket.socket(address.family, socket.SOCK_STREAM)
            sock.settimeout(clock.remaining() / (len(tried) - place))
            sock.connect(address.sockaddr)
        except TimeoutError:
            kind, words = TroubleKind.SILENT, "no answer"
        except ConnectionRefusedError as error:
            kind, words = TroubleKind.REFUSED, _reason(error)
        except OSError as error:
            kind, words = kind or TroubleKind.REFUSED, _reason(error)
        else:
            with contextlib.suppress(OSError):
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return sock, address
        told.append(f"{address.text}: {words}")
        if sock is not None:
            sock.close()
    raise Ended(Trouble(Stage.TCP, kind or TroubleKind.SILENT, ", ".join(told)))


def _to_try(addresses: tuple[Address, ...]) -> tuple[Address, ...]:
    """As many as there is time for, in their order, some of either family: the way to one may be closed."""
    first = [one for one in addresses if one.family == addresses[0].family]
    others = [one for one in addresses if one.family != addresses[0].family]
    share = max(_MOST_ADDRESSES - len(others), _MOST_ADDRESSES // 2)
    chosen = {*first[:share], *others[: _MOST_ADDRESSES - min(share, len(first))]}
    return tuple(one for one in addresses if one in chosen)


def why_unreached(error: OSError) -> str:
    """Why a name has no address, or an address takes no connection: what the system says, if it does."""
    return _WINDOWS_SAYS.get(error.errno or 0) or error.strerror or type(error).__name__


def _reason(error: OSError) -> str:
    return why_unreached(error).lower()
