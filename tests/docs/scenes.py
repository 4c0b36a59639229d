"""What the commands of a page find where they are run: agents, a mail server, a provider of tokens."""

from __future__ import annotations

import contextlib
import socket
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from migrator.live import oauth, tls
from tests.docs.agents import SECRET, write_mixed
from tests.live.certificates import Authority
from tests.live.provider import GIVEN, Provider, browse, providing
from tests.live.servers import LOOPBACK, Smtp, serving

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import pytest

ADOPTING = "docs/adopting.md"
LIVE = frozenset(
    {
        "docs/probe.md",
        "docs/tokens.md",
        *(f"docs/commands/{name}.md" for name in ("probe", "check", "send-test-email", "retrieve-tokens")),
    }
)
SERVER = "smtp.example.com"
MICROSOFT = "smtp.office365.com"
_HERE = frozenset({LOOPBACK, "localhost", "::1"})
_OFFERS = ("SIZE 26214400", "AUTH LOGIN PLAIN XOAUTH2")
_MICROSOFT_LOGIN = "https://login.microsoftonline.com/example.com/oauth2/v2.0"
_GIVEN = {**GIVEN, "scope": "https://outlook.office.com/SMTP.Send"}
_PASSWORD = "Winter#Mail-2026"


@contextlib.contextmanager
def scene_of(page: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """Set up what a page is about; what of it is shown otherwise than it is, and how.

    Everywhere, no name leads to a machine but to servers of the test.
    """
    with contextlib.ExitStack() as stack:
        servers = {}
        shown = {}
        if page in LIVE:
            servers = stack.enter_context(_mail_servers(folder, monkeypatch))
            address = stack.enter_context(_provider(monkeypatch))
            shown = {address: _MICROSOFT_LOGIN, LOOPBACK: "192.0.2.25"}
        elif page == ADOPTING:
            stack.enter_context(_repository(folder))
        _resolve(monkeypatch, servers)
        yield shown


@contextlib.contextmanager
def _repository(folder: Path) -> Iterator[None]:
    """A repository of configurations, whose secrets stay out of the baseline, and which gets no backups."""
    write_mixed(folder)
    yield
    assert SECRET not in (folder / "dmsmtp.baseline.json").read_text("utf-8")
    assert not list(folder.rglob("*.bak"))


@contextlib.contextmanager
def _mail_servers(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[tuple[str, int], int]]:
    """Servers that are in order: by the name and port that the pages give them, their own port."""
    certificates = folder.parent / "certificates"
    certificates.mkdir()
    authority = Authority(certificates, "An authority")
    tls.context.cache_clear()  # it knows what was trusted before
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    monkeypatch.setenv("DMSMTP_PASSWORD", _PASSWORD)
    with contextlib.ExitStack() as stack:
        servers = {}
        for name in (SERVER, MICROSOFT):
            context = authority.issue(name, names=(name,)).context()
            server = Smtp(f"220 {name} ESMTP", _OFFERS[:1], _OFFERS, context)
            servers[name, 587] = stack.enter_context(serving(server))
        yield servers
    tls.context.cache_clear()


@contextlib.contextmanager
def _provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a provider in the place of Microsoft; in the browser, somebody agrees to everything."""
    device = {"user_code": "WDJBMJHT", "verification_uri": "https://login.microsoft.com/device"}
    provider = Provider(tokens=[_GIVEN], device=device)
    with providing(provider) as address:
        endpoints = oauth.Endpoints(
            f"{address}/token", f"{address}/authorize", f"{address}/device", address, tells_issuer=True
        )
        monkeypatch.setattr("migrator.live.oauth.endpoints_of", lambda *_: endpoints)
        monkeypatch.setattr("webbrowser.open", lambda url: browse(url)[0] == HTTPStatus.OK)
        monkeypatch.setattr("time.sleep", lambda _: None)
        yield address


def _resolve(monkeypatch: pytest.MonkeyPatch, servers: Mapping[tuple[str, int], int]) -> None:
    """Have names lead to servers of the test, and to nothing else."""
    really = socket.getaddrinfo

    def look_up(name: Any, port: Any, *how: Any, **named: Any) -> Any:
        host = name.decode("ascii") if isinstance(name, bytes) else name
        if host in _HERE:
            return really(host, port, *how, **named)
        if (host, port) not in servers:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", (LOOPBACK, servers[host, port]))]

    monkeypatch.setattr("socket.getaddrinfo", look_up)
