"""Tokens of a certified provider, oidc-provider, through a real browser, for a real mail server."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from migrator.live import oauth
from migrator.live.https import Asking
from migrator.live.web_addresses import Redirect
from tests.browser import found
from tests.cli.running import dmsmtp
from tests.live import real
from tests.live.asking import settings
from tests.live.provider import CLIENT, SCOPE, SECRET
from tests.live.servers import USER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from migrator.live.oauth import Failed, Tokens
    from tests.live.certificates import Authority, Issued

HERE = Path(__file__).parent
MODULES = HERE.parents[1] / ".tools" / "node" / "node_modules"
PATIENCE = 60.0  # seconds, for a browser on a busy machine
RECIPIENT = "noc@example.com"
NAME = SCOPE.rpartition("/")[2]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    node = shutil.which("node")
    if node is None or not (MODULES / "oidc-provider").is_dir():
        pytest.skip("install node and oidc-provider (make tools does, where it may)")
    command = [node, str(HERE / "oidc.mjs"), str(MODULES), CLIENT, SECRET, NAME, USER]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield process.stdout.readline().decode().strip()
        process.stdin.close()


@pytest.fixture
def go(tmp_path: Path) -> Iterator[Callable[[str], None]]:
    """Opens an address in Chromium, which follows where it leads."""
    program = found()
    opened: list[threading.Thread] = []

    def run(url: str) -> None:
        options = ("--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}")
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(
                [program, *options, "--timeout=20000", "--dump-dom", url],
                capture_output=True,
                timeout=PATIENCE,
                check=False,
            )

    def open_(url: str) -> None:
        opened.append(threading.Thread(target=run, args=(url,), daemon=True))
        opened[-1].start()

    yield open_
    for thread in opened:
        thread.join(PATIENCE)


def login(address: str, client: str = CLIENT, secret: str = SECRET, scope: str = NAME) -> oauth.ProviderLogin:
    asking = Asking(PATIENCE)
    endpoints = oauth.discovered(address, asking)
    assert isinstance(endpoints, oauth.Endpoints), endpoints
    return oauth.ProviderLogin(oauth.Registration(client, secret), endpoints, (scope,), asking, PATIENCE)


def code(given: Tokens | Failed) -> str | None:
    assert isinstance(given, oauth.Failed)
    return given.code


@pytest.mark.linux
def test_a_code_with_pkce_and_refreshes(address: str, go: Callable[[str], None]) -> None:
    asked = login(address)
    given = oauth.by_browser(asked, Redirect(), go)

    assert isinstance(given, oauth.Tokens), given
    assert asked.endpoints.tells_issuer
    assert given.scopes == (NAME,)
    assert given.refresh_token is not None
    again = oauth.refreshed(asked, given.refresh_token)
    assert isinstance(again, oauth.Tokens), again
    assert again.access_token != given.access_token
    # The client secret goes into a header, and counts
    assert code(oauth.refreshed(login(address, secret="another"), given.refresh_token)) == "invalid_client"


@pytest.mark.linux
def test_a_user_who_declines(address: str, go: Callable[[str], None]) -> None:
    given = oauth.by_browser(login(address, f"{CLIENT}-declined"), Redirect(), go)

    assert code(given) == "access_denied"


@pytest.mark.linux
def test_a_device_code(address: str, go: Callable[[str], None]) -> None:
    seen: list[float] = []

    def pause(seconds: float) -> None:
        seen.append(seconds)
        time.sleep(0.3)

    given = oauth.by_device(
        login(address)._replace(patience=10_000), lambda url, user: go(f"{url}?user_code={user}"), pause
    )

    assert isinstance(given, oauth.Tokens), given
    assert len(seen) > 1  # it was pending first


@pytest.mark.root
def test_a_mail_through_a_server_that_asks_the_provider(
    address: str,
    go: Callable[[str], None],
    open_folder: Path,
    tmp_path: Path,
    authority: Authority,
    good: Issued,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All of it: browser, tokens, XOAUTH2, introspection, and the mail in the sink."""
    monkeypatch.setattr("webbrowser.open", go)
    path, kept = tmp_path / "DataMiner.xml", tmp_path / "tokens.json"
    with real.dovecot(open_folder / "dovecot", good, introspection=_introspection(address)) as server:
        text = settings(server.starttls, "-starttls", LoginMethod="XOAUTH2", User=USER, From=USER)
        path.write_text(text, "utf-8")
        trusted = ("--ca-file", authority.file)
        options = (path, "--issuer", address, "--client-id", CLIENT, "--scope", NAME, *trusted)
        outcome = dmsmtp(
            "retrieve-tokens",
            *options,
            *("--with-client-secret", "--wait", str(PATIENCE), "--token-file", kept, "--send-to", RECIPIENT),
            env={"DMSMTP_CLIENT_SECRET": SECRET},
        )
        again = dmsmtp("probe", path, *trusted, "--login", "--token-file", kept)
        kept.write_text(json.dumps({"access_token": "not-one-of-its-own"}), "utf-8")
        refused = dmsmtp("probe", path, *trusted, "--login", "--token-file", kept)

        assert outcome.code == 0, outcome.text + outcome.err
        assert f"To: {RECIPIENT}" in server.mails(1)[0]
    assert again.code == 0, again.text + again.err
    assert refused.code == 1
    assert "L113" in refused.text


def _introspection(address: str) -> str:
    return address.replace("://", "://mail-server:mail-server-s3cret@") + "/token/introspection"


def test_refusals(address: str) -> None:
    assert code(oauth.refreshed(login(address), "not-one-of-its-own")) == "invalid_grant"
    assert code(oauth.refreshed(login(address, "nobody"), "x")) == "invalid_client"
    given = oauth.by_device(login(address, "nobody"), lambda *_: None, lambda _: None)
    assert code(given) == "invalid_client"
