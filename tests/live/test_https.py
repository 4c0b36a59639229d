"""Why a provider could not be asked, in words."""

from __future__ import annotations

import socket
import threading
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from migrator.live.https import Asking, JsonAnswer, Unanswered, ask
from migrator.live.web_addresses import why_not_to_ask
from tests.live.servers import LOOPBACK, Peer, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.live.certificates import Authority, Issued

ELSEWHERE = "https://login.provider.example/token"
THROUGH_A_PROXY = "login.provider.example could not be asked through the proxy of the environment"


@contextmanager
def proxy(reply: bytes, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bytes]]:
    """A proxy for all but this machine that answers this; what it heard."""
    heard: list[bytes] = []

    def attend() -> None:
        sock, _ = listener.accept()
        with sock:
            heard.append(sock.recv(65_536))
            sock.sendall(reply)

    with socket.create_server((LOOPBACK, 0)) as listener:
        listener.settimeout(20)
        thread = threading.Thread(target=attend, daemon=True)
        thread.start()
        port = listener.getsockname()[1]
        monkeypatch.setattr(urllib.request, "getproxies", lambda: {"https": f"http://{LOOPBACK}:{port}"})
        monkeypatch.setattr(urllib.request, "proxy_bypass", lambda *_: False)
        yield heard
        thread.join(20)


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (b"HTTP/1.1 407 echo-of-the-login\r\n\r\n", "the proxy answers 407 Proxy Authentication Required"),
        (b"HTTP/1.1 403 Forbidden\r\n\r\n", "the proxy answers 403 Forbidden"),
        (b"HTTP/1.1 599 \x1b[31mred\r\n\r\n", "the proxy answers 599"),
        (b"", "Remote end closed connection without response"),
    ],
)
def test_a_proxy_that_lets_nobody_through(reply: bytes, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with proxy(reply, monkeypatch) as heard:
        answer = ask(ELSEWHERE, Asking(timeout=20), "secret=of-the-body")

    assert answer == Unanswered(f"{THROUGH_A_PROXY}: {words}")
    assert heard[0].startswith(b"CONNECT login.provider.example:443 ")
    assert b"of-the-body" not in heard[0]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://user:Pr0xy-password@127.0.0.1:1", "efused"),
        ("http:/user:Pr0xy-password@127.0.0.1:1", "its address cannot be used"),
        ("http://user:Pr0xy-password@127.0.0.1:x", "its address cannot be used"),
    ],
)
def test_a_proxy_that_is_not_there(address: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(urllib.request, "getproxies", lambda: {"https": address})
    monkeypatch.setattr(urllib.request, "proxy_bypass", lambda *_: False)

    answer = ask(ELSEWHERE, Asking(timeout=20))

    assert isinstance(answer, Unanswered)
    assert answer.reason.startswith(f"{THROUGH_A_PROXY}: ")
    assert words in answer.reason
    assert "Pr0xy" not in answer.reason


def test_a_proxy_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server((LOOPBACK, 0)) as listener:
        proxies = {"https": f"http://{LOOPBACK}:{listener.getsockname()[1]}"}
        monkeypatch.setattr(urllib.request, "getproxies", lambda: proxies)
        monkeypatch.setattr(urllib.request, "proxy_bypass", lambda *_: False)
        answer = ask(ELSEWHERE, Asking(timeout=0.5))

    assert isinstance(answer, Unanswered)
    assert "through the proxy of the environment" in answer.reason


def test_a_provider_that_hangs_up() -> None:
    def attend() -> None:
        listener.accept()[0].close()

    with socket.create_server((LOOPBACK, 0)) as listener:
        thread = threading.Thread(target=attend, daemon=True)
        thread.start()
        answer = ask(f"http://{LOOPBACK}:{listener.getsockname()[1]}/", Asking(timeout=20))
        thread.join(20)

    assert isinstance(answer, Unanswered)
    assert "OSError" not in answer.reason
    assert "RemoteDisconnected" not in answer.reason


@pytest.mark.parametrize(
    ("status", "is_wrong_address"), [(200, True), (302, True), (404, True), (500, False), (503, False)]
)
def test_a_page_instead_of_an_answer(status: int, is_wrong_address: bool) -> None:
    """Who is out of order has the right address."""

    def behave(peer: Peer) -> None:
        while peer.hear():  # what is left unread when this is closed would break the connection off
            pass
        peer.sock.sendall(f"HTTP/1.1 {status} x\r\nContent-Length: 6\r\n\r\n<html>".encode())

    with serving(behave) as port:
        answer = ask(f"http://{LOOPBACK}:{port}/", Asking(timeout=20))

    assert isinstance(answer, Unanswered)
    assert f"answered with status {status}" in answer.reason
    assert ("is it the right address?" in answer.reason) == is_wrong_address
    assert ("a fault on its side" in answer.reason) != is_wrong_address


@pytest.mark.parametrize(
    ("certificate", "may_be_trusted"),
    [({"is_self_signed": True}, True), ({}, True), ({"days": -1}, False), ({"names": ("elsewhere",)}, False)],
)
def test_a_certificate_that_could_be_trusted_says_how(
    certificate: dict[str, Any], may_be_trusted: bool, authority: Authority
) -> None:
    """As that of a proxy which looks into TLS; what is out of date, or another's, is not mended so."""
    context = authority.issue("provider", **certificate).context()
    trusted = None if may_be_trusted else str(authority.file)
    with serving(lambda peer: peer.encrypt(context)) as port:
        answer = ask(f"https://localhost:{port}/", Asking(20, trusted))

    assert isinstance(answer, Unanswered)
    assert "its certificate is not in order" in answer.reason
    assert ("--ca-file" in answer.reason) == may_be_trusted


@pytest.mark.parametrize("scheme", ["https", "HTTPS"])
def test_further_certificates_count_however_the_scheme_is_written(
    scheme: str, authority: Authority, good: Issued
) -> None:
    def behave(peer: Peer) -> None:
        peer.encrypt(good.context())
        while peer.hear():
            pass
        peer.say("HTTP/1.0 200 OK", "Content-Length: 2", "", "{}")

    with serving(behave) as port:
        answer = ask(f"{scheme}://{LOOPBACK}:{port}/", Asking(20, str(authority.file)))

    assert answer == JsonAnswer({})


@pytest.mark.parametrize(
    ("url", "is_refused"),
    [
        ("https://provider.example/a b", True),
        ("https://provider.example/ ", True),
        (" https://provider.example/", True),
        ("https://provider.example/a%20b", False),
        ("https://provider.example/a+b?c=d", False),
    ],
)
def test_an_address_has_no_spaces(url: str, is_refused: bool) -> None:
    assert (why_not_to_ask(url) is not None) == is_refused
