"""Mail servers that are as a test wants them: orderly ones, and ones that misbehave. On loopback alone."""

from __future__ import annotations

import base64
import contextlib
import socket
import struct
import sys
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator, Mapping

LOOPBACK = "127.0.0.1"
USER, PASSWORD = "dma@example.com", "S3cret-of-the-test"
TOKEN = "ya29.A-token-of-the-test"
_PAUSE = 0.2  # seconds
_PATIENCE = 20  # seconds until a server of a test that went wrong gives up


class Peer:
    """A client, as a server sees it."""

    def __init__(self, sock: socket.socket, stopping: threading.Event) -> None:
        self.sock = sock
        self.stopping = stopping
        self._buffer = b""

    def say(self, *lines: str) -> None:
        """Send lines."""
        self.sock.sendall("".join(f"{line}\r\n" for line in lines).encode())

    def hear(self) -> str | None:
        """The next line of the client; None where it has gone."""
        while b"\n" not in self._buffer:
            data = self.sock.recv(4096)
            if not data:
                return None
            self._buffer += data
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line.rstrip(b"\r").decode()

    def encrypt(self, context: ssl.SSLContext) -> None:
        """Speak TLS from here on; what was sent in clear text before it is thrown away."""
        self._buffer = b""
        self.sock = context.wrap_socket(self.sock, server_side=True)

    def be_silent(self) -> None:
        """Say nothing until the test is over."""
        self.stopping.wait(_PATIENCE)

    def reset(self) -> None:
        """Break the connection off."""
        self.sock.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
        )
        self.sock.close()


@contextlib.contextmanager
def serving(behave: Callable[[Peer], None]) -> Iterator[int]:
    """A server on a port of its own; each connection is a thread."""
    stopping = threading.Event()
    peers: list[Peer] = []
    threads: list[threading.Thread] = []

    def attend(peer: Peer) -> None:
        with contextlib.suppress(OSError, ValueError):
            behave(peer)
        with contextlib.suppress(OSError):
            peer.sock.close()

    def accept() -> None:
        while not stopping.is_set():
            try:
                sock, _ = listener.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            sock.settimeout(_PATIENCE)
            peer = Peer(sock, stopping)
            peers.append(peer)
            thread = threading.Thread(target=attend, args=(peer,), daemon=True)
            threads.append(thread)
            thread.start()

    with socket.create_server((LOOPBACK, 0)) as listener:
        listener.settimeout(_PAUSE)  # not every system wakes who waits when this is closed
        acceptor = threading.Thread(target=accept, daemon=True)
        acceptor.start()
        try:
            yield listener.getsockname()[1]
        finally:
            stopping.set()
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
            for peer in peers:
                with contextlib.suppress(OSError):
                    peer.sock.shutdown(socket.SHUT_RDWR)
                with contextlib.suppress(OSError):
                    peer.sock.close()
            for thread in (acceptor, *threads):
                thread.join(5)


@dataclass
class Smtp:
    """An orderly server for `serving`.

    `replies` says what is answered to a command other than usual; where it is a list, one after the other in
    all connections. `received` keeps what was heard, `messages` the mails that were taken.
    """

    greeting: str = "220 mail.example.com ESMTP"
    offers: tuple[str, ...] = ("SIZE 1000000",)
    offers_in_tls: tuple[str, ...] | None = None
    starttls: ssl.SSLContext | None = None
    implicit: ssl.SSLContext | None = None
    replies: Mapping[str, str | list[str]] = field(default_factory=dict)
    login: str = "235 2.7.0 welcome"
    challenges: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    received: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    def __call__(self, peer: Peer) -> None:
        """Attend to a client until it goes."""
        if self.implicit is not None:
            peer.encrypt(self.implicit)
        is_encrypted = self.implicit is not None
        peer.say(self._special("GREETING") or self.greeting)
        while (line := peer.hear()) is not None:
            self.received.append(line)
            verb = line.split(" ")[0].upper()
            special = self._special(verb)
            if special is not None:
                peer.say(*special.split("\n"))
            elif verb == "STARTTLS" and self.starttls is not None:
                peer.say("220 go ahead")
                peer.encrypt(self.starttls)
                is_encrypted = True
            else:
                self._answer(peer, line, verb, is_encrypted=is_encrypted)
            if verb == "QUIT" or (special or "").startswith("421"):
                return

    def _answer(self, peer: Peer, line: str, verb: str, *, is_encrypted: bool) -> None:
        match verb:
            case "EHLO":
                offers = (
                    self.offers_in_tls if is_encrypted and self.offers_in_tls is not None else self.offers
                )
                if self.starttls is not None and not is_encrypted:
                    offers = (*offers, "STARTTLS")
                lines = ("mail.example.com", *offers)
                peer.say(*(f"250-{one}" for one in lines[:-1]), f"250 {lines[-1]}")
            case "AUTH":
                self._authenticate(peer, line.split(" ")[1])
            case "DATA":
                peer.say("354 go on")
                self.messages.append("\n".join(iter(lambda: peer.hear() or "", ".")))
                peer.say(*(self._special("MESSAGE") or "250 2.0.0 queued as 1").split("\n"))
            case "QUIT":
                peer.say("221 bye")
            case _:
                peer.say("250 ok")

    def _special(self, verb: str) -> str | None:
        found = self.replies.get(verb)
        if isinstance(found, list):
            return found.pop(0) if found else None
        return found

    def _authenticate(self, peer: Peer, mechanism: str) -> None:
        usual = {"LOGIN": ("Username:", "Password:"), "CRAM-MD5": ("<1@mail.example.com>",)}
        for challenge in self.challenges.get(mechanism, usual.get(mechanism, ("",))):
            peer.say(f"334 {base64.b64encode(challenge.encode()).decode()}")
            self.received.append(peer.hear() or "")
        peer.say(self.login)
