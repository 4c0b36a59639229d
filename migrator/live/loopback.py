"""The page on this machine to which the browser brings the provider's answer (RFC 8252, section 7.3).

Any page in the browser, and anybody on this machine, can call it. So what does not hold the state of this one
login is turned away and changes nothing: the wait goes on, and the answer can still come. What the page shows
is fixed, and nothing of a request is kept or logged but the answer.
"""

from __future__ import annotations

import hmac
import socket
import socketserver
import sys
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Self, cast
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from migrator.live.web_addresses import Redirect

_PATIENCE = 5  # seconds that one connection may take, however little it says
_PAUSE = 0.02  # seconds; Windows lets nobody interrupt who waits without an end
_MOST_FIELDS = 32
_USUAL_PORT = 80
_PAGE = """\
<!doctype html>
<html lang="en"><meta charset="utf-8"><title>dmsmtp</title>
<p>{words}</p>
</html>
"""
_DONE = "dmsmtp has the answer: you may close this page, and go on where you started it."
_NOT_MINE = "This is not what dmsmtp waits for; it goes on waiting."


@dataclass(frozen=True)
class Arrived:
    """What the browser brought: fields of the query, each once, the code among them."""

    fields: Mapping[str, str] = field(repr=False)


class RedirectListener:
    """Waits on this machine for the answer with this state. A context manager; OSError where no port is free.

    `redirect` is the address that it has, with its port.
    """

    def __init__(self, wanted: Redirect, state: str) -> None:
        self._state = state
        self._lock = Lock()
        self._arrived = Event()
        self._answer: Arrived | None = None
        self.turned_away = 0
        self._server = _Server(self, wanted)
        self.redirect = wanted._replace(port=self._server.server_address[1])
        self._thread = Thread(target=self._server.serve_forever, args=(_PAUSE,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def wait(self, seconds: float) -> Arrived | None:
        """The answer, None where there is none in time."""
        end = time.monotonic() + seconds
        while not self._arrived.is_set() and time.monotonic() < end:
            self._arrived.wait(_PAUSE)
        return self._answer

    def take(self, target: str, host: str) -> bool:
        """Take what was asked for, where it is the answer; False where it is turned away.

        `host` is what the browser believes to be connected to: another name for this machine is how pages of
        elsewhere get at it (DNS rebinding).
        """
        fields = self._fields(target) if host in self._names() else None
        with self._lock:
            if fields is None or self._answer is not None:
                self.turned_away += 1
                return False
            self._answer = Arrived(fields)
        self._arrived.set()
        return True

    def _names(self) -> tuple[str, ...]:
        """What a browser calls this page's host; the usual port is left out."""
        name = urlsplit(str(self.redirect)).netloc
        return (name, name.removesuffix(":80")) if self.redirect.port == _USUAL_PORT else (name,)

    def _fields(self, target: str) -> dict[str, str] | None:
        """The fields of the answer; None where it is not the one to this login."""
        try:
            parts = urlsplit(target)
            pairs = parse_qsl(
                parts.query, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS
            )
        except ValueError:
            return None
        fields = dict(pairs)
        is_whole = len(fields) == len(pairs) and ("code" in fields) != ("error" in fields)
        is_here = (parts.path or "/") == (self.redirect.path or "/") and not (parts.scheme or parts.netloc)
        state = fields.get("state", "").encode("utf-8", "surrogatepass")
        is_ours = hmac.compare_digest(state, self._state.encode())
        return fields if is_ours and is_whole and is_here else None


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = sys.platform != "win32"  # where it would let another program have the same port

    def __init__(self, listener: RedirectListener, wanted: Redirect) -> None:
        self.listener = listener
        is_ipv6 = ":" in wanted.host
        self.address_family = socket.AF_INET6 if is_ipv6 else socket.AF_INET
        host = wanted.host if wanted.host != "localhost" else "127.0.0.1"
        super().__init__((host, wanted.port), _Handler)

    def handle_error(self, *_: object) -> None:
        """Say nothing: whoever broke off a connection knows."""


class _Handler(BaseHTTPRequestHandler):
    timeout = _PATIENCE
    server_version = "dmsmtp"
    sys_version = ""

    def do_GET(self) -> None:
        """Take the answer, or turn the request away."""
        listener = cast("_Server", self.server).listener
        is_taken = listener.take(self.path, self.headers.get("Host", ""))
        body = _PAGE.format(words=_DONE if is_taken else _NOT_MINE).encode()
        self.send_response(200 if is_taken else 400)
        for name, value in {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Length": str(len(body)),
            "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "Connection": "close",
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Log nothing: requests hold the code."""
