"""Each login method end to end: a real server, a real login, a mail in the sink behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.running import Outcome, dmsmtp
from tests.live import real
from tests.live.asking import settings
from tests.live.servers import PASSWORD, TOKEN, USER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.live.certificates import Authority, Issued

pytestmark = pytest.mark.root

RECIPIENT = "noc@example.com"
DOVECOT = ("LoginPlainMethod", "AuthLoginMethod", "CramMD5Method", "Auto")
TRANSPORTS = ("-starttls", "-ssl")


@pytest.fixture(scope="module")
def dovecot(open_folder: Path, good: Issued) -> Iterator[real.Server]:
    with real.dovecot(open_folder / "dovecot", good) as server:
        yield server


@pytest.fixture(scope="module")
def exim(open_folder: Path, good: Issued) -> Iterator[real.Server]:
    with real.exim(open_folder / "exim", good) as server:
        yield server


@pytest.fixture
def ask(tmp_path: Path, authority: Authority) -> Ask:
    return Ask(tmp_path / "DataMiner.xml", authority)


class Ask:
    """Runs a command on settings for a server."""

    def __init__(self, path: Path, authority: Authority) -> None:
        self._path, self._authority = path, authority

    def __call__(
        self,
        command: str,
        server: real.Server,
        suffix: str,
        method: str,
        *options: str,
        password: str = PASSWORD,
    ) -> Outcome:
        port = server.implicit if suffix == "-ssl" else server.starttls
        text = settings(
            port, suffix, LoginMethod=method, User=USER, Password=password, Helo="agent7.example.com"
        )
        self._path.write_text(text, "utf-8")
        return dmsmtp(command, self._path, "--ca-file", self._authority.file, *options)


@pytest.mark.parametrize("method", DOVECOT)
@pytest.mark.parametrize("suffix", TRANSPORTS)
def test_dovecot_takes_a_login_and_a_mail(suffix: str, method: str, dovecot: real.Server, ask: Ask) -> None:
    before = len(dovecot.sink.messages)
    outcome = ask("send-test-email", dovecot, suffix, method, "--to", RECIPIENT, "-v")

    assert outcome.code == 0, outcome.text + outcome.err
    mail = dovecot.mails(before + 1)[-1]
    assert "From: dma@example.com" in mail
    assert f"To: {RECIPIENT}" in mail
    assert PASSWORD not in outcome.text


@pytest.mark.parametrize("method", DOVECOT)
def test_dovecot_refuses_a_wrong_password(method: str, dovecot: real.Server, ask: Ask) -> None:
    outcome = ask("probe", dovecot, "-starttls", method, "--login", password="Wr0ng-password")

    assert outcome.code == 1
    assert "error[L113] login-failed: the login is refused: 535" in outcome.text
    assert "Wr0ng-password" not in outcome.text


@pytest.mark.parametrize("suffix", TRANSPORTS)
def test_dovecot_takes_a_token_and_a_mail(
    suffix: str, dovecot: real.Server, ask: Ask, tmp_path: Path
) -> None:
    (tmp_path / "token").write_text(TOKEN, "utf-8")
    before = len(dovecot.sink.messages)
    options = ("--to", RECIPIENT, "-v", "--token-file", str(tmp_path / "token"))
    outcome = ask("send-test-email", dovecot, suffix, "XOAUTH2", *options)

    assert outcome.code == 0, outcome.text + outcome.err
    assert f"To: {RECIPIENT}" in dovecot.mails(before + 1)[-1]
    assert TOKEN not in outcome.text


def test_dovecot_refuses_a_token(dovecot: real.Server, ask: Ask, tmp_path: Path) -> None:
    """It says why in a challenge, and refuses after the empty line that follows."""
    (tmp_path / "token").write_text("another", "utf-8")
    options = ("--login", "-v", "--token-file", str(tmp_path / "token"))
    outcome = ask("probe", dovecot, "-starttls", "XOAUTH2", *options)

    assert outcome.code == 1
    assert "error[L113] login-failed: the login is refused: 535" in outcome.text
    assert "  S: 334 ••••" in outcome.lines


def test_dovecot_is_described_as_it_is(dovecot: real.Server, ask: Ask) -> None:
    outcome = ask("check", dovecot, "-starttls", "CramMD5Method", "--login")

    assert outcome.code == 0, outcome.text
    assert "Will mail go out? Yes" in outcome.lines[-1]


@pytest.mark.parametrize(
    ("suffix", "wrong"), [("-starttls", "-ssl"), ("-ssl", "-starttls"), ("-ssl", "-nossl")]
)
def test_the_wrong_transport_is_named_with_the_right_one(
    suffix: str, wrong: str, dovecot: real.Server, tmp_path: Path, authority: Authority
) -> None:
    port = dovecot.implicit if suffix == "-ssl" else dovecot.starttls
    path = tmp_path / "DataMiner.xml"
    path.write_text(settings(port, wrong), "utf-8")
    outcome = dmsmtp("probe", path, "--timeout", "3", "--ca-file", authority.file)

    assert "error[L104]" in outcome.text
    assert f'write "{port}{suffix}"' in outcome.text


@pytest.mark.parametrize("suffix", TRANSPORTS)
def test_exim_takes_ntlm_and_a_mail(
    suffix: str, exim: real.Server, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exim knows NTLMv1 alone."""
    monkeypatch.setenv("LM_COMPAT_LEVEL", "2")
    before = len(exim.sink.messages)
    outcome = ask("send-test-email", exim, suffix, "NTLM", "--to", RECIPIENT)

    assert outcome.code == 0, outcome.text + outcome.err
    assert "with NTLM: 235" in outcome.text
    assert f"To: {RECIPIENT}" in exim.mails(before + 1)[-1]


def test_exim_refuses_a_wrong_password(exim: real.Server, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LM_COMPAT_LEVEL", "2")
    outcome = ask("probe", exim, "-starttls", "NTLM", "--login", password="Wr0ng-password")

    assert "error[L113]" in outcome.text


def test_exim_does_not_relay_for_everybody(exim: real.Server, ask: Ask) -> None:
    outcome = ask("send-test-email", exim, "-starttls", "NoLoginMethod", "--to", RECIPIENT)

    assert outcome.code == 1
    assert "error[L115] recipient-refused: mail for this recipient is refused: 550" in outcome.text
