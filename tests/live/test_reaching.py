"""Which of several addresses takes a connection, and what is said where none does."""

from __future__ import annotations

import errno
import os
import socket
from typing import TYPE_CHECKING

import pytest

from migrator.live.clock import Clock
from migrator.live.connection import Ended
from migrator.live.reaching import Address, connect, resolve
from migrator.observations import Stage, TroubleKind

if TYPE_CHECKING:
    from collections.abc import Mapping

V4, OTHER_V4, V6 = "192.0.2.1", "192.0.2.2", "2001:db8::1"
SILENT, REFUSED = TroubleKind.SILENT, TroubleKind.REFUSED
DROPPED = TimeoutError("timed out")
TURNED_AWAY, UNREACHABLE, NO_ROUTE, BROKEN_OFF = (
    OSError(number, os.strerror(number))
    for number in (errno.ECONNREFUSED, errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ECONNRESET)
)


class Network:
    """Sockets of a network in which each address ends as a test wants it."""

    def __init__(self, ends: Mapping[str, OSError | None]) -> None:
        self._ends = ends

    def __call__(self, *_: object) -> Network:
        return self

    def connect(self, address: tuple[str, int]) -> None:
        """End as that address does."""
        end = self._ends[address[0]]
        if end is not None:
            raise end

    def settimeout(self, seconds: float) -> None:
        """Any time will do."""

    def setsockopt(self, *_: int) -> None:
        """Any option will do."""

    def close(self) -> None:
        """Nothing is open."""


def addresses(*texts: str) -> tuple[Address, ...]:
    return tuple(Address(socket.AF_INET, one, (one, 587)) for one in texts)


@pytest.mark.parametrize(
    ("ends", "kind"),
    [
        ({V4: DROPPED}, SILENT),
        ({V4: TURNED_AWAY}, REFUSED),
        ({V4: UNREACHABLE}, REFUSED),
        # No way to IPv6 says nothing about the server
        ({V4: DROPPED, V6: UNREACHABLE}, SILENT),
        ({V6: UNREACHABLE, V4: DROPPED}, SILENT),
        ({V4: DROPPED, V6: NO_ROUTE}, SILENT),
        ({V4: TURNED_AWAY, V6: UNREACHABLE}, REFUSED),
        # All else is that of the last
        ({V4: DROPPED, OTHER_V4: TURNED_AWAY}, REFUSED),
        ({V4: TURNED_AWAY, OTHER_V4: DROPPED}, SILENT),
        ({V4: UNREACHABLE, V6: UNREACHABLE}, REFUSED),
        ({V4: UNREACHABLE, V6: BROKEN_OFF}, REFUSED),
    ],
)
def test_where_no_address_takes_a_connection(
    ends: dict[str, OSError], kind: TroubleKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("migrator.live.reaching.socket.socket", Network(ends))

    with pytest.raises(Ended) as ended:
        connect(addresses(*ends), Clock(10))

    trouble = ended.value.trouble
    assert (trouble.stage, trouble.kind) == (Stage.TCP, kind)
    for one, end in ends.items():
        words = "no answer" if end is DROPPED else (end.strerror or "").lower()
        assert f"{one}: {words}" in trouble.words


@pytest.mark.parametrize("end", [DROPPED, TURNED_AWAY, UNREACHABLE])
def test_the_next_address_is_tried(end: OSError, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("migrator.live.reaching.socket.socket", Network({V6: end, V4: None}))

    _, address = connect(addresses(V6, V4), Clock(10))

    assert address.text == V4


@pytest.mark.parametrize(
    ("found", "tried"),
    [
        ("6", "6"),
        ("6444", "6444"),
        ("66664444", "6644"),
        ("44446666", "4466"),
        ("646464", "6464"),
        ("666664", "6664"),
        ("644444", "6444"),
        ("444444", "4444"),
    ],
)
def test_of_many_addresses_some_of_each_family_are_tried(
    found: str, tried: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the way to IPv6 is closed, four of its addresses before the first of IPv4 say nothing."""
    families = {"4": socket.AF_INET, "6": socket.AF_INET6}
    many = tuple(
        Address(families[one], f"{one}-{place}", (f"{one}-{place}", 587)) for place, one in enumerate(found)
    )
    monkeypatch.setattr(
        "migrator.live.reaching.socket.socket", Network(dict.fromkeys((one.text for one in many), DROPPED))
    )

    with pytest.raises(Ended) as ended:
        connect(many, Clock(10))

    told = [one.partition(":")[0] for one in ended.value.trouble.words.split(", ")]
    assert "".join(one[0] for one in told) == tried
    assert told == [one.text for one in many if one.text in told]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (
            socket.gaierror(-3, "Temporary failure in name resolution"),
            "temporary failure in name resolution",
        ),
        (socket.gaierror(11001, "getaddrinfo failed"), "no such host is known"),
        (socket.gaierror(11002, "getaddrinfo failed"), "the name servers give no answer for now"),
        (socket.gaierror(11999, "getaddrinfo failed"), "getaddrinfo failed"),
    ],
)
def test_why_a_name_has_no_address(fault: OSError, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr("migrator.live.reaching.socket.getaddrinfo", fail)
    with pytest.raises(Ended) as ended:
        resolve("smtp.example.com", 587, Clock(5))
    assert ended.value.trouble.words == words
