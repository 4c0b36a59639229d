"""A provider of tokens that a test scripts, and a browser in front of it. On loopback alone."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit

from tests.live.servers import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Reply = Mapping[str, Any] | bytes | str | None

CLIENT, SECRET = "dmsmtp-of-the-test", "Cl1ent+secret/of the test"
ACCESS, REFRESH = "Acc3ss-token.of-the-test", "Refr3sh-token.of-the-test"
CODE, DEVICE_CODE, USER_CODE = "C0de-of-the-test", "Device-c0de-of-the-test", "WDJB-MJHT"
SCOPE = "https://mail.example.com/SMTP.Send"
GIVEN = {
    "access_token": ACCESS,
    "refresh_token": REFRESH,
    "token_type": "Bearer",
    "expires_in": 3600,
    "scope": SCOPE,
}
_PATIENCE = 20  # seconds until a provider that hangs gives up


@dataclass
class Provider:
    """Keeps to the RFCs where nothing else is said.

    `answer` changes the fields that the browser brings back; `tokens` are the replies of the token endpoint,
    one after the other, the last again and again: members of JSON, or bytes, an address to go to instead, or
    None to hang. `published`
    changes what is published. `requests` keeps what the endpoints were sent.
    """

    answer: Callable[[dict[str, str]], dict[str, str]] = dict
    tokens: list[Reply] = field(default_factory=lambda: [GIVEN])
    device: Mapping[str, Any] = field(default_factory=dict)
    published: Mapping[str, Any] = field(default_factory=dict)
    requests: list[dict[str, str]] = field(default_factory=list)
    asked: dict[str, str] = field(default_factory=dict)
    headers: list[dict[str, str]] = field(default_factory=list)
    issuer: str = ""
    is_over: threading.Event = field(default_factory=threading.Event)

    def publish(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize?kind=test",
            "token_endpoint": f"{self.issuer}/token",
            "device_authorization_endpoint": f"{self.issuer}/device",
            "authorization_response_iss_parameter_supported": True,
            "token_endpoint_auth_methods_supported": ["client_secret_post", "none"],
            **self.published,
        }

    def authorize(self, fields: dict[str, str]) -> str:
        """Where the browser is sent after a login."""
        self.asked = fields
        answer = self.answer({"code": CODE, "state": fields["state"], "iss": self.issuer})
        return f"{fields['redirect_uri']}?{urlencode(answer)}"

    def token(self, fields: dict[str, str]) -> Reply:
        self.requests.append(fields)
        reply = self.tokens.pop(0) if len(self.tokens) > 1 else self.tokens[0]
        if fields["grant_type"] == "authorization_code" and not self._is_proved(fields):
            return {"error": "invalid_grant", "error_description": "PKCE"}
        return reply

    def _is_proved(self, fields: dict[str, str]) -> bool:
        digest = hashlib.sha256(fields.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        is_same = all(fields[name] == self.asked[name] for name in ("redirect_uri", "client_id"))
        return is_same and self.asked["code_challenge"] == challenge and fields["code"] == CODE


@contextlib.contextmanager
def providing(provider: Provider) -> Iterator[str]:
    """The provider's address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorize(dict(parse_qsl(parts.query))))
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif parts.path == "/.well-known/openid-configuration":
                self.tell(provider.publish())
            else:
                self.send_error(404)

        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers["Content-Length"])).decode()
            fields = dict(parse_qsl(data, strict_parsing=True))
            provider.headers.append(dict(self.headers))
            if self.path == "/token":
                self.tell(provider.token(fields))
            else:
                provider.requests.append(fields)
                self.tell(
                    {
                        "device_code": DEVICE_CODE,
                        "user_code": USER_CODE,
                        "verification_uri": f"{provider.issuer}/enter",
                        "expires_in": 60,
                        "interval": 5,
                        **provider.device,
                    }
                )

        def tell(self, reply: Reply) -> None:
            if reply is None:
                provider.is_over.wait(_PATIENCE)
                return
            if isinstance(reply, str):
                self.send_response(307)
                self.send_header("Location", reply)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            data = reply if isinstance(reply, bytes) else json.dumps(reply).encode()
            self.send_response(400 if b'"error"' in data and b'"error": null' not in data else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer((LOOPBACK, 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        provider.issuer = f"http://{LOOPBACK}:{server.server_address[1]}"
        try:
            yield provider.issuer
        finally:
            provider.is_over.set()
            server.shutdown()
            thread.join()


def browse(url: str, **headers: str) -> tuple[int, str]:
    """Go where an address leads, as a browser does: the status and the page in the end."""
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - the test made it
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=10) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def basic(headers: Mapping[str, str]) -> list[str]:
    """Client ID and secret in a header, as RFC 6749, section 2.3.1, has them."""
    kind, _, pair = headers["Authorization"].partition(" ")
    assert kind == "Basic"
    return [unquote_plus(one) for one in base64.b64decode(pair).decode().split(":")]
