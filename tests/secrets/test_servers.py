"""Servers that say again what they were told, in every form, whole and in part: nothing shows a secret."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from migrator.cli.options import TextFormat
from migrator.cli.report_options import ReportFormat
from migrator.live.concealing import Concealment
from migrator.values.secret import MASK
from tests.cli.running import dmsmtp
from tests.live.asking import settings
from tests.live.provider import ACCESS, CODE, GIVEN, REFRESH, Provider, browse, providing
from tests.live.servers import USER, Peer, serving
from tests.secrets.canaries import FORMS, canary, leaks
from tests.secrets.commands import LIVE, LIVE_TOKENS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.running import Outcome
    from tests.live.certificates import Authority, Issued

SPICE = '&é"+/ <%'
PASSWORD, TOKEN = canary("password", "one", SPICE), canary("token", "one")
NAMES = ("password", "token", "client-secret")
METHODS = ("LoginPlainMethod", "AuthLoginMethod", "CramMD5Method", "NTLM", "XOAUTH2")


def assert_silent(outcome: Outcome, *others: str) -> None:
    told = outcome.text + outcome.err
    for spice in (SPICE, ""):
        assert not leaks(told, NAMES, ["one"], spice), told
    assert not [one for one in others if one and one in told], told


def repeating(
    lines: Callable[[str, str], list[str]], secret: str, heard: list[str], good: Issued
) -> Callable[[Peer], None]:
    """A server that answers a login with lines made of the secret, and of the last one that it heard."""

    def behave(peer: Peer) -> None:
        peer.encrypt(good.context())
        peer.say("220 mail.example.com")
        peer.hear()
        peer.say("250-mail.example.com", "250 AUTH PLAIN LOGIN CRAM-MD5 NTLM XOAUTH2")
        verb = peer.hear() or ""
        for _ in range(2 if "LOGIN" in verb else 1):
            peer.say("334 PDFAbWFpbC5leGFtcGxlLmNvbT4=")
            heard.append(peer.hear() or "")
        peer.say(*lines(heard[-1], secret))
        while peer.hear() is not None:
            peer.say("250 ok")

    return behave


def in_every_form(line: str, secret: str) -> list[str]:
    told = base64.b64decode(line + "==").decode("latin-1")
    texts = [
        *(form(secret) for form in FORMS.values()),
        *(secret[start:][:10] for start in range(9)),
        *(line, line[3:21], told.replace("\0", " ").replace("\x01", " ")),
    ]
    return [*(f"535-5.7.8 {text}" for text in texts), "535 5.7.8 no"]


MANNERS: dict[str, Callable[[str, str], list[str]]] = {
    "in every form": in_every_form,
    "cut": lambda line, secret: [f"535 5.7.8 {'x' * 283} {line} {secret}"],
    "where a reply should be": lambda _, secret: [f"{secret} and no more"],
    "where a reply should be, cut": lambda _, secret: [f"error: no such password: {secret}"],
    "in a reply that goes on": lambda line, secret: [f"535-{line}"] * 150 + [secret],
    "in the words of a success": lambda line, secret: [f"235 2.7.0 {line} {secret[:9]} {secret[4:]}"],
    "where more is awaited": lambda line, secret: [f"354 {line} {secret}"],
    "in a reply of several kinds": lambda line, secret: [f"334-{line}", f"334-{secret}", "535 no"],
    "in a challenge": lambda line, secret: [f"334 {line}", f"535 {secret}"],
    "with another end": lambda line, secret: [f"535 5.7.8 {secret}\x1b[31m\u202e{line[:12]}"],
}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("manner", MANNERS)
def test_no_mail_server_has_one_shown(
    manner: str, method: str, tmp_path: Path, authority: Authority, good: Issued
) -> None:
    heard: list[str] = []
    secret = TOKEN if method == "XOAUTH2" else PASSWORD
    file, token = tmp_path / "DataMiner.xml", tmp_path / "token"
    token.write_text(TOKEN, "utf-8")
    with serving(repeating(MANNERS[manner], secret, heard, good)) as port:
        text = settings(port, "-ssl", LoginMethod=method, User=USER, From=USER)
        file.write_text(text, "utf-8")
        for number, call in enumerate(LIVE):
            formats = list(TextFormat if call.startswith("check") else ReportFormat)
            output_format = formats[(number + METHODS.index(method)) % len(formats)]
            values = {"format": output_format, "ca_file": str(authority.file), "file": str(file)}
            arguments = [one.format(**values) for one in call.split()]
            outcome = dmsmtp(
                *arguments, "--timeout", "20", "--token-file", token, env={"DMSMTP_PASSWORD": PASSWORD}
            )

            assert outcome.code in (0, 1), outcome.err
            assert_silent(outcome, *(line[:20] for line in heard if line not in ("", "*")))
            assert "\x1b" not in outcome.text + outcome.err
    assert heard


@pytest.mark.parametrize("user", ["dma@example.com", "größe@example.com", "a", "5"])
def test_the_answer_to_a_challenge_is_not_shown_whoever_the_user_is(
    user: str, tmp_path: Path, authority: Authority, good: Issued
) -> None:
    def lines(line: str, _: str) -> list[str]:
        digests.append(base64.b64decode(line).decode().rpartition(" ")[2])
        return [f"535 5.7.8 {user} {digests[-1]}"]

    digests: list[str] = []
    file = tmp_path / "DataMiner.xml"
    with serving(repeating(lines, PASSWORD, [], good)) as port:
        others = {"LoginMethod": "CramMD5Method", "User": user, "From": USER}
        file.write_text(settings(port, "-ssl", **others), "utf-8")
        outcome = dmsmtp(
            "probe", file, "--login", "-v", "--ca-file", authority.file, env={"DMSMTP_PASSWORD": PASSWORD}
        )

    assert f"535 5.7.8 {user} {MASK}" in outcome.text
    assert digests[0] not in outcome.text


CLIENT_SECRET = canary("client-secret", "one", "+/ ")
REPLIES: dict[str, Any] = {
    "in every form": {
        "error": "invalid_grant",
        "error_description": " ".join(
            form(one)
            for one in (CLIENT_SECRET, CODE, base64.b64encode(f"client:{CLIENT_SECRET}".encode()).decode())
            for form in list(FORMS.values())[::3]
        ),
    },
    "in its own word": {"error": CLIENT_SECRET.replace(" ", "")[:14]},
    "as a permission": {**GIVEN, "scope": f"mail {ACCESS} {REFRESH[:12]}"},
    "in another kind": {**GIVEN, "token_type": ACCESS},
    "without JSON": f"{CLIENT_SECRET} {ACCESS}".encode(),
}


@pytest.mark.parametrize("reply", REPLIES.values(), ids=REPLIES.keys())
@pytest.mark.parametrize("output_format", ["full", "json"])
def test_no_provider_of_tokens_has_one_shown(
    reply: Any, output_format: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    opened: list[str] = []

    def go(url: str) -> bool:
        opened.append(url)
        return bool(browse(url))

    monkeypatch.setattr("webbrowser.open", go)
    monkeypatch.setattr("time.sleep", lambda _: None)
    file = tmp_path / "DataMiner.xml"
    file.write_text(settings(9, "-nossl", LoginMethod="XOAUTH2", User=USER, From=USER), "utf-8")
    for in_header in (False, True):
        ways = ["client_secret_basic" if in_header else "client_secret_post"]
        published = {"token_endpoint_auth_methods_supported": ways}
        for call in LIVE_TOKENS:
            Path("tokens.json").unlink(missing_ok=True)
            with providing(provider := Provider(tokens=[reply], published=published)):
                values = {"issuer": provider.issuer, "format": output_format, "file": str(file)}
                outcome = dmsmtp(
                    *(one.format(**values) for one in call.split()),
                    *("--wait", "20", "--timeout", "20"),
                    env={"DMSMTP_CLIENT_SECRET": CLIENT_SECRET},
                )
            assert outcome.code in (0, 1), outcome.err
            assert_silent(outcome, ACCESS, REFRESH, CODE, ACCESS[:9], CODE[:9])
            assert not leaks(outcome.text + outcome.err + "".join(opened), NAMES, ["one"], "+/ ")


def test_what_is_no_secret_is_said_as_it_is() -> None:
    """The tests above would pass with a mask over everything."""
    concealment = Concealment()
    for one in ("My+Password1", "short", "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJkbWEifQ.c2lnbmF0dXJl"):
        concealment.add(one)
    concealment.add_sent("AGRtYUBleGFtcGxlLmNvbQBNeStQYXNzd29yZDE=")
    usual = "5.7.139 Authentication unsuccessful, the request did not meet the criteria (587, TLS 1.2)"

    assert concealment.masked(usual) == usual
    assert concealment.masked("short My+Password1 My%2BPassword1 x") == f"{MASK} {MASK} {MASK} x"
    assert concealment.masked("AGRtYUBleGFtcGxl") == MASK
    assert concealment.masked("a My+Pas b assword1") == f"a {MASK} b {MASK}"
    assert concealment.masked("shor") == "shor"
    assert len(concealment.masked("x" * 100_000)) <= 2_000


@pytest.mark.parametrize("before", ["", "İ ", "GEÇERSİZ ŞİFRE: ", "ΛΆΘΟΣ ", "ﬁ ß "])
@pytest.mark.parametrize("secret", ["CorrectHorseBattery99", "Ñandú-ŞİFRE-ΛΔΦΨ"])
def test_no_letter_beside_a_secret_makes_it_seen(before: str, secret: str) -> None:
    concealment = Concealment()
    concealment.add(secret)
    form = base64.b64encode(secret.encode()).decode()

    for told in (secret, secret.upper(), form, form[2:20], form.lower(), form.upper()):
        assert concealment.masked(f"{before}{told} no") == f"{before}{MASK} no"
