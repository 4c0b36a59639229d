"""Tokens of a provider that the test scripts: what is asked, checked, kept and shown."""

from __future__ import annotations

import base64
import builtins
import errno
import json
import logging
import os
import stat
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, quote_plus, urlsplit

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import migrator
from migrator.definition import schema_path
from migrator.live import oauth, token_file
from migrator.live.https import Asking
from migrator.live.loopback import RedirectListener
from migrator.live.web_addresses import Redirect
from migrator.providers import issuer
from tests.cli.running import Outcome, dmsmtp, without_privileges
from tests.disk import fail_at
from tests.live.asking import LONG, settings
from tests.live.provider import (
    ACCESS,
    CLIENT,
    CODE,
    DEVICE_CODE,
    GIVEN,
    REFRESH,
    SCOPE,
    SECRET,
    USER_CODE,
    Provider,
    basic,
    browse,
    providing,
)
from tests.live.servers import USER, Smtp, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from migrator.live.oauth import Failed, Tokens
    from tests.live.certificates import Authority, Issued

VALIDATOR = Draft202012Validator(json.loads(schema_path("report.schema.json").read_text("utf-8")))
PENDING = {"error": "authorization_pending"}
SLOWER = {"error": "slow_down"}
HIDDEN = (ACCESS, REFRESH, CODE, DEVICE_CODE, SECRET)
ANSWERS = "AUTH XOAUTH2"
MICROSOFT = "https://login.microsoftonline.com/{}/oauth2/v2.0/token"
TOKENS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=40)


def as_bytes(members: Mapping[str, str | None]) -> bytes:
    return json.dumps({"access_token": "x", **members}).encode()


def retrieve(provider: Provider, *options: str | Path, way: str = "", **how: Any) -> Outcome:
    """The command, with a browser that goes where it is sent; it must be patched in."""
    ways = [way] if way else []
    named = ("--issuer", provider.issuer, "--client-id", CLIENT, "--scope", SCOPE)
    return dmsmtp("retrieve-tokens", *named, *ways, "--wait", str(LONG), *options, **how)


@pytest.fixture(autouse=True)
def browser(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the browser showed; it goes along with every redirection."""
    shown: list[str] = []

    def go(url: str) -> bool:
        shown.append(browse(url)[1])
        return True

    monkeypatch.setattr("webbrowser.open", go)
    monkeypatch.delenv("DMSMTP_CLIENT_SECRET", raising=False)
    return shown


def by_browser(
    provider: Provider, patience: float = LONG, timeout: float = LONG, show: Callable[[str], Any] = browse
) -> Tokens | Failed:
    asking = Asking(timeout)
    endpoints = oauth.discovered(provider.issuer, asking)
    assert isinstance(endpoints, oauth.Endpoints), endpoints
    login = oauth.ProviderLogin(oauth.Registration(CLIENT, SECRET), endpoints, (SCOPE,), asking, patience)
    return oauth.by_browser(login, Redirect(), show)


def by_device(provider: Provider, patience: float = 300.0) -> tuple[Tokens | Failed, list[float]]:
    """What came of it, and how long it waited between its questions."""
    asking = Asking(LONG)
    endpoints = oauth.discovered(provider.issuer, asking)
    assert isinstance(endpoints, oauth.Endpoints), endpoints
    login = oauth.ProviderLogin(oauth.Registration(CLIENT), endpoints, (SCOPE,), asking, patience)
    pauses: list[float] = []
    return oauth.by_device(login, lambda *_: None, pauses.append), pauses


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def reason(given: Tokens | Failed) -> str:
    assert isinstance(given, oauth.Failed)
    return f"{given.reason}; {given.help}"


class TestBrowser:
    def test_code_with_pkce(self, browser: list[str]) -> None:
        provider = Provider()
        with providing(provider):
            outcome = retrieve(provider)

        assert outcome.code == 0, outcome.text + outcome.err
        assert "gave tokens" in outcome.text
        assert "good for 60 minutes" in outcome.text
        asked = provider.asked
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert asked["scope"] == SCOPE
        assert asked["kind"] == "test"
        assert asked["redirect_uri"].startswith("http://localhost:")
        assert len(asked["state"]) >= 43
        assert "dmsmtp has the answer" in browser[0]
        assert "client_secret" not in provider.requests[0]

    def test_no_two_logins_are_alike(self) -> None:
        provider = Provider()
        seen = set()
        with providing(provider):
            for _ in range(3):
                by_browser(provider)
                seen |= {provider.asked["state"], provider.asked["code_challenge"]}

        assert len(seen) == 6

    @pytest.mark.parametrize("in_header", [False, True])
    def test_a_client_secret_goes_where_the_provider_wants_it(self, in_header: bool) -> None:
        ways = ["client_secret_basic"] if in_header else ["client_secret_post"]
        provider = Provider(published={"token_endpoint_auth_methods_supported": ways})
        with providing(provider):
            outcome = retrieve(provider, "--with-client-secret", env={"DMSMTP_CLIENT_SECRET": SECRET})

        assert outcome.code == 0, outcome.err
        if in_header:
            assert basic(provider.headers[0]) == [CLIENT, SECRET]
        assert provider.requests[0].get("client_secret") == (None if in_header else SECRET)

    def test_without_one_it_says_where_to_put_it(self) -> None:
        provider = Provider()
        with providing(provider):
            outcome = retrieve(provider, "--with-client-secret")

        assert outcome.code == 2
        assert "DMSMTP_CLIENT_SECRET" in outcome.err
        assert not provider.asked

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"iss": "https://evil.example.com"}, "from another provider, https://evil.example.com"),
            ({"iss": ""}, "from another provider"),
            ({"iss": None}, "does not say which provider"),
            (
                {"code": None, "error": "access_denied"},
                "access_denied); the login or the consent was declined",
            ),
            ({"code": None, "error": "consent_required"}, "nobody has consented"),
            ({"code": None, "error": "invalid_scope"}, "may not ask for this permission"),
            ({"code": None, "error": "temporarily_unavailable"}, "try again later"),
            ({"code": None, "error": "x", "error_description": "AADSTS65001: no"}, "SMTP.Send"),
            ({"code": None, "error": "x\x1b[31m", "error_description": "y" * 9999}, r"x\x1b[31m"),
            ({"code": "another"}, "invalid_grant"),
        ],
    )
    def test_answers_that_give_no_tokens(self, change: dict[str, str | None], words: str) -> None:
        def answer(fields: dict[str, str]) -> dict[str, str]:
            return {name: value for name, value in {**fields, **change}.items() if value is not None}

        provider = Provider(answer=answer)
        with providing(provider):
            told = reason(by_browser(provider))

        assert words in told
        assert len(told) < 1000
        assert "\x1b" not in told
        if "code" not in change:
            assert not provider.requests  # the code was not given away

    def test_an_issuer_that_need_not_be_told(self) -> None:
        def answer(fields: dict[str, str]) -> dict[str, str]:
            return {name: value for name, value in fields.items() if name != "iss"}

        provider = Provider(answer, published={"authorization_response_iss_parameter_supported": False})
        with providing(provider):
            assert isinstance(by_browser(provider), oauth.Tokens)

    @pytest.mark.parametrize(
        ("reply", "words"),
        [
            ({"error": "invalid_client"}, "compare both"),
            (
                {"error": "invalid_grant", "error_description": f"{CODE} {SECRET}"},
                "(invalid_grant: •••• ••••)",
            ),
            ({"error": "unauthorized_client"}, "--device-code"),
            ({"error": "invalid_client", "error_description": "AADSTS7000218: no"}, "public client flows"),
            ({"error": ["x"]}, "neither tokens nor a reason"),
            ({"error": None}, "neither tokens nor a reason"),
            ({"error": {"code": 5}, "error_description": 5}, "neither tokens nor a reason"),
            ({**GIVEN, "access_token": ""}, "no token that could be used"),
            ({**GIVEN, "access_token": "a b"}, "no token that could be used"),
            ({**GIVEN, "access_token": 7}, "no token that could be used"),
            ({**GIVEN, "token_type": "mac"}, "another kind than Bearer"),
            ({**GIVEN, "scope": "openid"}, f"without the permission {SCOPE}"),
            ({}, "neither tokens nor a reason"),
            (b"[]", "no JSON object"),
            (b"<html>", "no JSON object"),
            (b"[" * 100_000, "no JSON object"),
            (b"access_token=x&token_type=bearer", "no JSON object"),
            (b"\xff" * 300_000, "more than 256 KiB"),
        ],
    )
    def test_replies_that_hold_no_tokens(self, reply: Any, words: str) -> None:
        provider = Provider(tokens=[reply])
        with providing(provider):
            told = reason(by_browser(provider))

        assert words in told
        assert not any(secret in told for secret in HIDDEN)

    @pytest.mark.parametrize("less", range(0, 120, 10))
    def test_replies_that_are_nested_too_deeply_for_some(self, less: int) -> None:
        """What a thread of its own can read may be too deep for the one that goes on with it."""
        depth = sys.getrecursionlimit() - less
        deep = f'{{"access_token": "x", "token_type": "Bearer", "x": {"[" * depth}{"]" * depth}}}'
        with providing(provider := Provider(tokens=[deep.encode()])):
            given = by_browser(provider)

        assert isinstance(given, oauth.Tokens) or given.reason.endswith(("address?", "none of OAuth 2.0"))

    @pytest.mark.parametrize(
        ("expires_in", "is_known"),
        [
            *((3600, True), (3600.5, True), ("3600", True), ("3600 ", True)),
            *((0, False), ("0", False), (-1, False), ("x", False), (True, False)),
            *((1e400, False), (10**400, False), ([], False), (None, False)),
        ],
    )
    def test_however_a_lifetime_is_written(self, expires_in: Any, is_known: bool) -> None:
        provider = Provider(tokens=[{**GIVEN, "expires_in": expires_in}])
        with providing(provider):
            given = by_browser(provider)

        assert isinstance(given, oauth.Tokens), given
        assert (given.expires_at is not None) == is_known

    def test_nobody_comes(self) -> None:
        with providing(provider := Provider()):
            told = reason(by_browser(provider, 0.2, show=lambda _: None))

        assert "no answer came from the browser within 0.2 s" in told

    def test_a_provider_that_hangs(self, untraced: None) -> None:
        assert untraced is None
        provider = Provider(tokens=[None])
        with providing(provider):
            start = time.monotonic()
            told = reason(by_browser(provider, timeout=0.5))

        assert "did not answer" in told
        assert time.monotonic() - start < 10

    def test_a_provider_that_is_not_there(self) -> None:
        with providing(Provider()) as gone:
            pass
        provider = Provider(issuer=gone)
        outcome = retrieve(provider)

        assert outcome.code == 1
        assert "could not be asked" in outcome.text

    def test_nothing_is_sent_after_a_redirection(self) -> None:
        other = Provider()
        with providing(other) as elsewhere, providing(provider := Provider(tokens=[f"{elsewhere}/token"])):
            told = reason(by_browser(provider))

        assert "status 307" in told
        assert len(provider.requests) == 1
        assert not other.requests


class TestLoopbackPage:
    """Others than the provider come to the page: from another page in the browser, or from this machine."""

    @pytest.mark.parametrize(
        ("change", "headers"),
        [
            ({"state": "guessed"}, {}),
            ({"state": ""}, {}),
            ({"state": "é"}, {}),
            ({"state": None}, {}),
            ({"code": None}, {}),
            ({"error": "access_denied"}, {}),  # with a code, too
            ({}, {"Host": "evil.example.com"}),
            ({}, {"Host": "127.0.0.1.evil.example.com"}),
        ],
    )
    def test_an_attacker_is_turned_away_and_the_answer_still_counts(
        self, change: dict[str, str | None], headers: dict[str, str]
    ) -> None:
        shown: list[tuple[int, str]] = []

        def attacked(url: str) -> None:
            fields = dict(parse_qsl(urlsplit(url).query))
            forged = {"code": "Attack3rs-code", "state": fields["state"], **change}
            query = "&".join(f"{name}={value}" for name, value in forged.items() if value is not None)
            shown.append(browse(f"{fields['redirect_uri']}/?{query.replace('é', '%C3%A9')}", **headers))
            shown.append(browse(url))

        provider = Provider()
        with providing(provider):
            given = by_browser(provider, show=attacked)

        assert isinstance(given, oauth.Tokens)
        assert [status for status, _ in shown] == [400, 200]
        assert "goes on waiting" in shown[0][1]
        assert provider.requests[0]["code"] == CODE

    @pytest.mark.parametrize(
        "path", ["/callback", "//evil.example.com/", "/?state=x&state=y", "/%ff?%ff", "*"]
    )
    def test_other_addresses_of_the_page(self, path: str) -> None:
        def attacked(url: str) -> None:
            fields = dict(parse_qsl(urlsplit(url).query))
            answer = f"code=x&state={fields['state']}"
            joint = "&" if "?" in path else "?"
            assert browse(f"{fields['redirect_uri']}{path if path != '*' else '/*'}{joint}{answer}")[0] == 400
            browse(url)

        with providing(provider := Provider()):
            assert isinstance(by_browser(provider, show=attacked), oauth.Tokens)

    def test_the_first_answer_counts(self) -> None:
        def twice(url: str) -> None:
            assert browse(url)[0] == 200
            fields = dict(parse_qsl(urlsplit(url).query))
            late = f"{fields['redirect_uri']}/?code=late&state={fields['state']}"
            assert browse(late)[0] == 400

        with providing(provider := Provider()):
            assert isinstance(by_browser(provider, show=twice), oauth.Tokens)
        assert provider.requests[0]["code"] == CODE

    def test_who_is_silent_keeps_nobody_waiting(self) -> None:
        import socket

        def attacked(url: str) -> None:
            port = urlsplit(dict(parse_qsl(urlsplit(url).query))["redirect_uri"]).port
            with socket.create_connection(("127.0.0.1", port or 0)):
                browse(url)

        with providing(provider := Provider()):
            assert isinstance(by_browser(provider, show=attacked), oauth.Tokens)

    def test_strangers_are_told_of_where_nobody_else_comes(self) -> None:
        def attacked(url: str) -> None:
            redirect = dict(parse_qsl(urlsplit(url).query))["redirect_uri"]
            browse(f"{redirect}/?code=x&state=y")

        with providing(provider := Provider()):
            told = reason(by_browser(provider, 0.3, show=attacked))

        assert "within 0.3 s; 1 request turned away as no answer to this login" in told

    @pytest.mark.parametrize(
        ("uri", "code"),
        [
            ("http://127.0.0.1", 0),
            ("http://localhost/callback", 0),
            ("https://localhost", 2),
            ("http://example.com", 2),
            ("http://localhost.example.com", 2),
            ("http://0.0.0.0", 2),
            ("http://user@localhost", 2),
            ("http://localhost?x=y", 2),
            ("http://localhost:99999", 2),
            ("urn:ietf:wg:oauth:2.0:oob", 2),
        ],
    )
    def test_redirect_addresses(self, uri: str, code: int) -> None:
        provider = Provider()
        with providing(provider):
            outcome = retrieve(provider, "--redirect-uri", uri)

        assert outcome.code == code, outcome.text + outcome.err
        assert not (code and provider.asked)
        assert ("give an http:// address of this machine" in outcome.err) == (code == 2)

    def test_a_port_that_is_taken(self) -> None:
        with providing(Provider()) as taken, providing(provider := Provider()):
            outcome = retrieve(provider, "--redirect-uri", taken)

        assert outcome.code == 1
        assert "nothing can wait" in outcome.text

    @pytest.fixture(scope="class")
    @classmethod
    def page(cls) -> Iterator[RedirectListener]:
        with RedirectListener(Redirect(), "the-state-of-the-test") as page:
            yield page

    @given(target=st.text(max_size=60), host=st.text(max_size=20))
    @settings_of_hypothesis(max_examples=50)
    def test_whatever_comes_is_turned_away(self, page: RedirectListener, target: str, host: str) -> None:
        assert not page.take(target, f"localhost:{page.redirect.port}")
        assert not page.take(f"/?code=x&state={target}", f"localhost:{page.redirect.port}")
        assert not page.take("/?code=x&state=the-state-of-the-test", host)
        assert page.wait(0) is None

    def test_the_usual_port_is_not_in_the_name(self) -> None:
        with RedirectListener(Redirect(), "x") as page:
            page.redirect = page.redirect._replace(port=80)
            assert not page.take("/?code=x&state=x", "localhost:8")
            assert page.take("/?code=x&state=x", "localhost")


class TestDeviceCode:
    def test_a_login_elsewhere(self) -> None:
        provider = Provider(tokens=[PENDING, SLOWER, PENDING, GIVEN])
        with providing(provider):
            given, pauses = by_device(provider)

        assert isinstance(given, oauth.Tokens)
        assert pauses == [5, 5, 10, 10]
        assert provider.requests[0] == {"client_id": CLIENT, "scope": SCOPE}
        assert provider.requests[1]["device_code"] == DEVICE_CODE
        assert provider.requests[1]["grant_type"] == "urn:ietf:params:oauth:grant-type:device_code"

    def test_an_error_that_is_null_is_none(self) -> None:
        provider = Provider(device={"error": None}, tokens=[{**GIVEN, "error": None}])
        with providing(provider):
            given, _ = by_device(provider)

        assert isinstance(given, oauth.Tokens)

    @pytest.mark.parametrize(("busy", "is_given"), [(1, True), (3, True), (4, False)])
    @pytest.mark.parametrize(
        "answer", [b"<html>busy", {"error": "temporarily_unavailable"}, {"error": "server_error"}], ids=str
    )
    def test_a_provider_that_does_not_answer_now_and_then(
        self, answer: Any, busy: int, is_given: bool
    ) -> None:
        provider = Provider(tokens=[PENDING, *[answer] * busy, GIVEN])
        with providing(provider):
            given, pauses = by_device(provider)

        assert isinstance(given, oauth.Tokens) == is_given
        assert pauses[:3] == [5, 5, 10]

    @pytest.mark.parametrize("scopes", [[f"{SCOPE} offline_access"], [SCOPE, "offline_access"]], ids=len)
    def test_permissions_in_one_text_or_several(
        self, scopes: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Providers write them with spaces between them; nobody grants two as one."""
        monkeypatch.setattr("time.sleep", lambda _: None)
        options = [part for scope in scopes for part in ("--scope", scope)]
        with providing(provider := Provider()):
            named = ("--issuer", provider.issuer, "--client-id", CLIENT)
            outcome = dmsmtp("retrieve-tokens", *named, *options, "--device-code")

        assert outcome.code == 0, outcome.text
        assert provider.requests[0]["scope"] == f"{SCOPE} offline_access"

    def test_the_code_is_shown(self, monkeypatch: pytest.MonkeyPatch) -> None:
        provider = Provider(device={"interval": 1})
        monkeypatch.setattr("time.sleep", lambda _: None)
        with providing(provider):
            outcome = retrieve(provider, way="--device-code")

        assert outcome.code == 0, outcome.err
        assert f"open {provider.issuer}/enter" in outcome.err
        assert USER_CODE in outcome.err
        assert "by device code" in outcome.text

    @pytest.mark.parametrize(
        ("tokens", "words"),
        [
            ([PENDING, {"error": "expired_token"}], "not entered in time"),
            ([{"error": "access_denied"}], "declined"),
            ([{"error": "authorization_declined"}], "declined"),
            ([PENDING], "nobody finished the login in time"),
            ([SLOWER], "nobody finished the login in time"),
            ([{"error": "invalid_client", "error_description": DEVICE_CODE}], "(invalid_client: ••••)"),
        ],
    )
    def test_without_tokens(self, tokens: Sequence[Any], words: str) -> None:
        provider = Provider(tokens=list(tokens))
        with providing(provider):
            given, pauses = by_device(provider)

        assert words in reason(given)
        assert sum(pauses) <= 60 + 1

    @pytest.mark.parametrize(
        ("device", "words"),
        [
            ({"error": "unauthorized_client"}, "refuses (unauthorized_client)"),
            ({"verification_uri": "http://evil.example.com"}, "no address"),
            ({"verification_uri": "https://evil.example.com/\x1b[31m"}, "no address"),
            ({"user_code": ""}, "no code"),
            ({"device_code": 7}, "no code"),
            ({"user_code": "x" * 301}, "no code"),  # that anybody could enter
            ({"verification_uri": f"https://example.com/{'x' * 2_000}"}, "no address"),
        ],
    )
    def test_without_a_code(self, device: dict[str, Any], words: str) -> None:
        provider = Provider(device=device)
        with providing(provider):
            given, pauses = by_device(provider)

        assert words in reason(given)
        assert not pauses

    @pytest.mark.parametrize(
        ("interval", "pause"), [(0, 5), (-3, 5), ("2", 2), (0.01, 1), (1e9, 60), ("x", 5)]
    )
    def test_intervals_that_are_none(self, interval: Any, pause: float) -> None:
        provider = Provider(device={"interval": interval, "expires_in": 600})
        with providing(provider):
            _, pauses = by_device(provider)

        assert pauses == [pause]

    def test_a_provider_without_it(self) -> None:
        provider = Provider(published={"device_authorization_endpoint": None})
        with providing(provider):
            outcome = retrieve(provider, way="--device-code")

        assert outcome.code == 1
        assert "no device code" in outcome.text


class TestProviders:
    def test_microsoft(self) -> None:
        found = oauth.endpoints_of(issuer("Microsoft"), "example.com", "login.microsoftonline.us")

        assert isinstance(found, oauth.Endpoints)
        assert found.token == "https://login.microsoftonline.us/example.com/oauth2/v2.0/token"
        assert found.authorize == "https://login.microsoftonline.us/example.com/oauth2/v2.0/authorize"
        assert found.issuer == "https://login.microsoftonline.us/{tenant}/v2.0"

    @pytest.mark.parametrize("tenant", [None, "", "..", "a/b", "a b", "x?y", "é", "-"])
    def test_tenants_that_are_none(self, tenant: str | None) -> None:
        assert isinstance(oauth.endpoints_of(issuer("Microsoft"), tenant), oauth.Failed)

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"issuer": "https://evil.example.com"}, "calls itself https://evil.example.com"),
            ({"issuer": None}, "does not say who it is"),
            ({"token_endpoint": "http://evil.example.com/token"}, "does not begin with https://"),
            ({"authorization_endpoint": "file:///etc/passwd"}, "no address that could be used"),
            ({"token_endpoint": None}, "names no token endpoint"),
        ],
    )
    def test_what_a_provider_publishes_is_checked(self, change: dict[str, Any], words: str) -> None:
        provider = Provider(published=change)
        with providing(provider):
            outcome = retrieve(provider, "--output-format", "json")

        report = json.loads(outcome.out)
        VALIDATOR.validate(report)
        assert outcome.code == 1
        assert words in report["tokens"]["reason"]
        assert not provider.asked

    @pytest.mark.parametrize(
        ("options", "words"),
        [
            (("--provider", "microsoft", "--client-id", "x"), "--tenant-id"),
            (("--provider", "microsoft", "--client-id", "x", "--tenant-id", "a/b"), "a/b is no tenant"),
            (("--provider", "google"), "the client ID is missing"),
            (("--provider", "google", "--client-id", "x"), "DMSMTP_CLIENT_SECRET"),
            (("--provider", "nobody", "--client-id", "x"), "--issuer"),
            (("--issuer", "http://example.com", "--client-id", "x"), "does not begin with https://"),
            (("--issuer", "https://example.com/a b", "--client-id", "x"), "no address that could be used"),
            (("--issuer", "https://example.com", "--client-id", "x"), "--scope"),
            (("--provider", "google", "--issuer", "https://example.com"), "give one of them"),
            (("--provider", "google", "--client-id", "x", "--send-to", "a@example.com"), "PATH"),
            (("--provider", "google", "--allow-cleartext"), "--send-to"),
            (("--provider", "google", "--device-code", "--no-browser"), "--device-code"),
            (("--provider", "google", "--output-format", "sarif"), "is not one of 'full', 'json'"),
            (("--provider", "google", "--wait", "0"), "number of seconds"),
            (("--provider", "google", "--scope", " "), "--scope is empty: was a variable not set?"),
            *(
                (("--provider", "google", option, ""), f"{option} is empty: was a variable not set?")
                for option in ("--tenant-id", "--client-id", "--token-file", "--send-to", "--ca-file")
            ),
        ],
    )
    def test_options_that_do_not_go(self, options: tuple[str, ...], words: str) -> None:
        outcome = dmsmtp("retrieve-tokens", *options)

        assert outcome.code == 2
        assert words in outcome.err

    @pytest.mark.parametrize(
        ("host", "options", "is_asked"),
        [
            ("login.microsoftonline.us", (), False),
            ("login.microsoftonline.us", ("--provider", "microsoft"), False),
            ("login.microsoftonline.us", ("--scope", SCOPE), True),
            ("login.microsoftonline.com", (), True),
            ("Login.MicrosoftOnline.com.", (), True),
        ],
    )
    def test_the_permission_of_a_national_cloud_is_not_known(
        self,
        host: str,
        options: tuple[str, ...],
        is_asked: bool,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        path = tmp_path / "DataMiner.xml"
        others = {
            "LoginMethod": "XOAUTH2",
            "OAuthTokenEndpoint": f"https://{host}/example.com/oauth2/v2.0/token",
            "OAuthClientID": "3b4f1c52-6d0e-4f4e-9a57-0c1d2e3f4a5b",
        }
        path.write_text(settings(587, "-starttls", **others), "utf-8")
        monkeypatch.setattr(oauth, "by_browser", lambda *_: oauth.Failed("it was asked"))
        outcome = dmsmtp("retrieve-tokens", path, *options)

        assert outcome.code == (1 if is_asked else 2)
        assert ("it was asked" in outcome.text) == is_asked
        assert ("is not known: give it with --scope" in outcome.err) == (not is_asked)

    def test_what_the_file_says(self, tmp_path: Path) -> None:
        path = tmp_path / "DataMiner.xml"
        others = {
            "Host": "smtp.gmail.com",
            "LoginMethod": "XOAUTH2",
            "OAuthTokenEndpoint": "https://oauth2.googleapis.com/token",
            "OAuthClientID": "1.apps.googleusercontent.com",
            "OAuthClientSecret": "0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77",
        }
        path.write_text(settings(587, "-starttls", **others), "utf-8")
        outcome = dmsmtp("retrieve-tokens", path)

        assert outcome.code == 2
        assert "OAuthClientSecret looks like a reference" in outcome.err

    @pytest.mark.parametrize("provider", ["microsoft", "google"])
    def test_an_address_in_the_file_that_is_none(self, provider: str, tmp_path: Path) -> None:
        path = tmp_path / "DataMiner.xml"
        path.write_text(settings(587, OAuthTokenEndpoint="https://[login.example.com/token"), "utf-8")
        options = ("--provider", provider, "--client-id", "x", "--tenant-id", "example.com")
        ways = ("--no-browser", "--wait", "0.1")
        outcome = dmsmtp("retrieve-tokens", path, *options, *ways, env={"DMSMTP_CLIENT_SECRET": "x"})

        assert outcome.code == 1, outcome.err
        assert "no answer came from the browser" in outcome.text

    def test_help_says_first_what_they_are_not_for(self) -> None:
        text = " ".join(dmsmtp("retrieve-tokens", "--help").text.split())

        first = text.partition("[PATH] ")[2].partition(".")[0]
        assert first == (
            "DataMiner does not use these tokens: "
            "they prove the app registration, the permission and the mailbox"
        )

    def test_without_the_library(self, monkeypatch: pytest.MonkeyPatch) -> None:
        real = builtins.__import__

        def without(name: str, *rest: Any, **more: Any) -> Any:
            if name.startswith("oauthlib"):
                raise ImportError(name)
            return real(name, *rest, **more)

        monkeypatch.setattr(builtins, "__import__", without)
        outcome = dmsmtp("retrieve-tokens", "--provider", "google", "--client-id", "x")

        assert outcome.code == 2
        assert f'pip install "dmsmtp-{migrator.__version__}-py3-none-any.whl[live]"' in outcome.err


def test_the_format_of_the_configuration_is_for_findings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "dmsmtp.toml").write_text('output-format = "sarif"\n', "utf-8")
    monkeypatch.chdir(tmp_path)
    with providing(provider := Provider()):
        outcome = retrieve(provider)

    assert outcome.code == 0, outcome.err
    assert "gave tokens" in outcome.text


class TestTokenFile:
    def test_is_for_its_owner_and_shows_nothing(self, tmp_path: Path) -> None:
        path = tmp_path / "tokens.json"
        with providing(provider := Provider()):
            first = retrieve(provider, "--token-file", path)
            provider.tokens = [{**GIVEN, "access_token": "another"}]
            second = retrieve(provider, "--token-file", path, "--output-format", "json")

        assert (first.code, second.code) == (0, 0), first.err + second.err
        VALIDATOR.validate(json.loads(second.out))
        assert json.loads(second.out)["tokens"]["kept_in"] == path.as_posix()
        assert json.loads(path.read_text("utf-8"))["access_token"] == "another"
        assert list(tmp_path.iterdir()) == [path]  # no backup
        if sys.platform != "win32":
            assert stat.S_IMODE(path.stat().st_mode) == 0o600

    @pytest.mark.parametrize(
        "text", ["<DataMiner/>", "", "{}", '{"access_token": 1}', "just-one-word\n", "\ufeffjust-one-word"]
    )
    def test_no_other_file_is_overwritten(self, text: str, tmp_path: Path) -> None:
        path = tmp_path / "DataMiner.xml"
        path.write_text(text, "utf-8")
        path.chmod(0o600)
        with providing(provider := Provider()):
            outcome = retrieve(provider, "--token-file", path)

        assert outcome.code == 2
        assert path.read_text("utf-8") == text
        assert not provider.asked  # nobody logged in for nothing

    @pytest.mark.parametrize("name", ["missing/tokens.json", "."])
    def test_nobody_logs_in_where_it_could_not_be_written(self, name: str, tmp_path: Path) -> None:
        with providing(provider := Provider()):
            outcome = retrieve(provider, "--token-file", tmp_path / name)

        assert outcome.code == 2
        assert "the tokens could not be written there" in outcome.err
        assert not provider.asked

    @pytest.mark.parametrize("is_there", [True, False])
    def test_no_report_takes_their_place(self, is_there: bool, tmp_path: Path) -> None:
        path = tmp_path / "tokens.json"
        if is_there:
            path.write_text(json.dumps(GIVEN), "utf-8")
            path.chmod(0o600)
        with providing(provider := Provider()):
            outcome = retrieve(provider, "--token-file", path, "-o", tmp_path / "." / "tokens.json")

        assert outcome.code == 2
        assert "the report would overwrite this file, which holds tokens" in outcome.err
        assert path.exists() == is_there
        assert not provider.asked

    @pytest.mark.posix
    def test_nor_one_that_others_may_read(self, tmp_path: Path) -> None:
        path = tmp_path / "tokens.json"
        path.write_text(json.dumps(GIVEN), "utf-8")
        path.chmod(0o644)
        with providing(provider := Provider()):
            outcome = retrieve(provider, "--token-file", path)

        assert outcome.code == 2
        assert "chmod 600" in outcome.err

    def test_nor_where_nobody_can_tell_what_is_there(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "tokens.json"
        fail_at(path, monkeypatch, ["lstat"])
        with providing(provider := Provider()):
            outcome = retrieve(provider, "--token-file", path)

        assert outcome.code == 2
        assert os.strerror(errno.EIO) in outcome.err
        assert not provider.asked

    def test_another_encoding_is_named(self, tmp_path: Path) -> None:
        """Windows PowerShell redirects in UTF-16."""
        path = tmp_path / "token"
        path.write_text(ACCESS, "utf-16")
        found = token_file.load(str(path))

        assert isinstance(found, token_file.Unusable)
        assert "this is not UTF-8" in found.reason

    @given(st.binary(max_size=60) | st.dictionaries(st.text(max_size=5), st.none() | st.text()).map(as_bytes))
    @settings_of_hypothesis(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_whatever_is_in_it(self, tmp_path: Path, data: bytes) -> None:
        path = tmp_path / "any"
        path.write_bytes(data)
        found = token_file.load(str(path))

        assert isinstance(found, token_file.Unusable) or found.data == data

    def test_quotes_are_none_of_the_token(self, tmp_path: Path) -> None:
        """Programs that print JSON print a token alone with them."""
        path = tmp_path / "token"
        path.write_text(f'"{ACCESS}"\n', "utf-8")
        found = token_file.load(str(path))
        path.write_text(f'"{ACCESS}\n', "utf-8")

        assert isinstance(found, token_file.Kept)
        assert (found.tokens, found.has_members) == (oauth.Tokens(ACCESS), False)
        assert token_file.load(str(path)) == token_file.Unusable("this is no JSON")

    @given(
        st.builds(
            oauth.Tokens,
            TOKENS,
            st.none() | TOKENS,
            st.none() | st.integers(1, 10**10),
            st.lists(TOKENS, max_size=3).map(tuple),
        )
    )
    @settings_of_hypothesis(max_examples=20)
    def test_what_is_kept_is_read_again(self, tokens: oauth.Tokens) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = str(Path(folder) / "tokens.json")
            token_file.save(path, token_file.Kept(tokens, CLIENT, oauth.Endpoints("https://example.com/")))
            found = token_file.load(path)

        assert isinstance(found, token_file.Kept)
        assert found.tokens == tokens
        assert (found.client_id, found.endpoints) == (CLIENT, oauth.Endpoints("https://example.com/"))

    def kept(self, path: Path, provider: Provider, expires_in: float = -1, **others: Any) -> None:
        tokens = oauth.Tokens("Stale-t0ken", REFRESH, time.time() + expires_in, (SCOPE,))
        endpoints = oauth.Endpoints(f"{provider.issuer}/token")
        token_file.save(str(path), token_file.Kept(tokens, CLIENT, endpoints, **others))

    def probe(self, tmp_path: Path, authority: Authority, good: Issued, **how: Any) -> tuple[Smtp, Outcome]:
        server = Smtp(implicit=good.context(), offers=(ANSWERS,))
        path = tmp_path / "DataMiner.xml"
        with serving(server) as port:
            path.write_text(settings(port, "-ssl", LoginMethod="XOAUTH2", User=USER), "utf-8")
            options = ("--login", "--token-file", tmp_path / "tokens.json", "--ca-file", authority.file)
            return server, dmsmtp("probe", path, *options, **how)

    def test_is_refreshed_where_it_has_expired(
        self, tmp_path: Path, authority: Authority, good: Issued
    ) -> None:
        path = tmp_path / "tokens.json"
        with providing(provider := Provider(tokens=[{**GIVEN, "refresh_token": None}])):
            self.kept(path, provider)
            server, outcome = self.probe(tmp_path, authority, good)

        assert outcome.code == 0, outcome.text + outcome.err
        assert provider.requests[0]["refresh_token"] == REFRESH
        assert provider.requests[0]["client_id"] == CLIENT
        assert ACCESS in base64.b64decode(server.received[2]).decode()
        held = json.loads(path.read_text("utf-8"))
        assert (held["access_token"], held["refresh_token"]) == (ACCESS, REFRESH)

    def test_is_used_as_it_is_where_it_has_not(
        self, tmp_path: Path, authority: Authority, good: Issued
    ) -> None:
        with providing(provider := Provider()):
            self.kept(tmp_path / "tokens.json", provider, 600)
            server, outcome = self.probe(tmp_path, authority, good)

        assert outcome.code == 0, outcome.err
        assert not provider.requests
        assert "Stale-t0ken" in base64.b64decode(server.received[2]).decode()

    def test_a_refresh_that_is_refused(self, tmp_path: Path, authority: Authority, good: Issued) -> None:
        path = tmp_path / "tokens.json"
        refusal = {"error": "invalid_grant", "error_description": f"{REFRESH} is revoked"}
        with providing(provider := Provider(tokens=[refusal])):
            self.kept(path, provider)
            before = path.read_bytes()
            _, outcome = self.probe(tmp_path, authority, good)

        assert outcome.code == 2
        assert "(invalid_grant: •••• is revoked)" in outcome.err
        assert "retrieve tokens anew" in outcome.err
        assert path.read_bytes() == before

    def test_one_that_another_run_was_quicker_with(
        self, tmp_path: Path, authority: Authority, good: Issued
    ) -> None:
        """A refresh token that counts once alone is gone then, and new tokens lie in the file."""
        path = tmp_path / "tokens.json"
        provider = Provider()

        class Quicker(list[Any]):
            def __getitem__(self, _: Any) -> Any:
                path.write_text(json.dumps({"access_token": ACCESS}), "utf-8")
                return {"error": "invalid_grant"}

        with providing(provider):
            provider.tokens = Quicker([0])
            self.kept(path, provider)
            server, outcome = self.probe(tmp_path, authority, good)

        assert outcome.code == 0, outcome.err
        assert len(provider.requests) == 1
        assert ACCESS in base64.b64decode(server.received[2]).decode()
        assert json.loads(path.read_text("utf-8")) == {"access_token": ACCESS}

    @pytest.mark.parametrize("expires_in", [600.0, -1.0])
    def test_no_refresh_after_that_of_another_run(
        self,
        expires_in: float,
        tmp_path: Path,
        authority: Authority,
        good: Issued,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """The file is read at the start, and may be another one when a token is needed."""
        path = tmp_path / "tokens.json"
        former = token_file.former

        def another_run(_: str) -> bytes | token_file.Unusable | None:
            told = {**json.loads(path.read_bytes()), "access_token": ACCESS}
            path.write_text(json.dumps({**told, "expires_at": time.time() + expires_in}), "utf-8")
            return former(str(path))

        with providing(provider := Provider(tokens=[{"error": "invalid_grant"}])):
            self.kept(path, provider)
            monkeypatch.setattr(token_file, "former", another_run)
            server, outcome = self.probe(tmp_path, authority, good)

        assert (outcome.code == 0, not provider.requests) == (expires_in > 0, expires_in > 0)
        assert expires_in < 0 or ACCESS in base64.b64decode(server.received[2]).decode()

    @pytest.mark.parametrize(
        ("reply", "advice"),
        [(b"<html>", "try again later"), ({}, "get new ones with dmsmtp retrieve-tokens")],
    )
    def test_a_refresh_without_an_answer(
        self, reply: Any, advice: str, tmp_path: Path, authority: Authority, good: Issued
    ) -> None:
        with providing(provider := Provider(tokens=[reply])):
            self.kept(tmp_path / "tokens.json", provider)
            _, outcome = self.probe(tmp_path, authority, good)

        assert outcome.code == 2
        assert outcome.err.endswith(f"; {advice}\n")

    def test_an_address_that_nothing_is_sent_to_stays_one(
        self, tmp_path: Path, authority: Authority, good: Issued
    ) -> None:
        """Whoever has changed the file, to try again later changes nothing."""
        self.kept(tmp_path / "tokens.json", Provider(issuer="http://provider.example"))
        _, outcome = self.probe(tmp_path, authority, good)

        assert outcome.code == 2
        assert outcome.err.endswith(
            "it does not begin with https://; get new ones with dmsmtp retrieve-tokens\n"
        )

    @pytest.mark.posix
    def test_nothing_is_refreshed_that_could_not_be_kept(
        self, tmp_path: Path, authority: Authority, good: Issued
    ) -> None:
        """The provider may take back a refresh token that was used."""
        path = tmp_path / "tokens.json"
        with providing(provider := Provider()):
            self.kept(path, provider)
            path.chmod(0o644)
            server, outcome = self.probe(tmp_path, authority, good)

        assert outcome.code == 2
        assert "the token has expired, and is not refreshed: others may read it, too" in outcome.err
        assert not provider.requests
        assert not server.received

    @pytest.mark.posix
    @pytest.mark.parametrize(
        ("which", "mode", "words"),
        [("folder", 0o555, "its folder may not be written to"), ("file", 0o400, "it may not be written")],
    )
    def test_none_take_the_place_of_what_may_not_be_written(
        self, which: str, mode: int, words: str, public_folder: Path
    ) -> None:
        """Which is asked before they are got."""
        path = public_folder / "tokens.json"
        token_file.save(str(path), token_file.Kept(oauth.Tokens(ACCESS)))
        usual = token_file.former(str(path))  # loads what might be unreadable later
        path.unlink()
        with without_privileges():
            token_file.save(str(path), token_file.Kept(oauth.Tokens(ACCESS)))
        (public_folder if which == "folder" else path).chmod(mode)
        with without_privileges():
            found = token_file.former(str(path))
            other = token_file.former(str(public_folder / "other.json"))

        assert usual == path.read_bytes()
        assert isinstance(found, token_file.Unusable)
        assert words in found.reason
        assert (other is None) == (which == "file")

    def test_a_refresh_with_a_client_secret(self, tmp_path: Path, authority: Authority, good: Issued) -> None:
        with providing(provider := Provider()):
            self.kept(tmp_path / "tokens.json", provider, needs_secret=True)
            _, outcome = self.probe(tmp_path, authority, good, env={"DMSMTP_CLIENT_SECRET": SECRET})

        assert outcome.code == 0, outcome.err
        assert provider.requests[0]["client_secret"] == SECRET
        assert SECRET not in (tmp_path / "tokens.json").read_text("utf-8")


class TestSending:
    def test_a_mail_at_once(self, tmp_path: Path, authority: Authority, good: Issued) -> None:
        server = Smtp(implicit=good.context(), offers=(ANSWERS,))
        path = tmp_path / "DataMiner.xml"
        with serving(server) as port, providing(provider := Provider()):
            path.write_text(settings(port, "-ssl", LoginMethod="XOAUTH2", User=USER, From=USER), "utf-8")
            options = (path, "--send-to", "noc@example.com", "--ca-file", authority.file, "-v")
            outcome = retrieve(provider, *options)
            as_json = retrieve(provider, *options, "--output-format", "json")

        assert outcome.code == 0, outcome.text + outcome.err
        assert "gave tokens" in outcome.text
        assert "took the mail for noc@example.com" in outcome.err
        assert provider.asked["login_hint"] == USER
        assert len(server.messages) == 2
        assert ACCESS in base64.b64decode(server.received[2]).decode()
        VALIDATOR.validate(json.loads(as_json.out))
        assert list(tmp_path.iterdir()) == [path]
        assert not any(one in outcome.text + outcome.err + as_json.text for one in HIDDEN)

    def test_a_token_that_the_mail_server_refuses(
        self, tmp_path: Path, authority: Authority, good: Issued
    ) -> None:
        server = Smtp(
            implicit=good.context(), offers=(ANSWERS,), login="535 5.7.3 Authentication unsuccessful"
        )
        path = tmp_path / "DataMiner.xml"
        with serving(server) as port, providing(provider := Provider()):
            path.write_text(settings(port, "-ssl", LoginMethod="XOAUTH2", User=USER, From=USER), "utf-8")
            options = (path, "--send-to", "noc@example.com", "--ca-file", authority.file)
            outcome = retrieve(provider, *options)

        assert outcome.code == 1
        assert "L113" in outcome.text


class TestSecrets:
    def test_nothing_shows_or_logs_them(
        self, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        caplog.set_level(logging.DEBUG)
        monkeypatch.setattr("time.sleep", lambda _: None)
        for way, sent in (("", CODE), ("--device-code", DEVICE_CODE)):
            forms = (sent, SECRET, quote(SECRET, safe=""), quote_plus(SECRET), encoded(SECRET))
            echo = {"error": "invalid_grant", "error_description": " ".join(forms)}
            replies: list[Any] = [GIVEN, echo, {**echo, "error": f"{sent} {SECRET}"}, f"/{SECRET}".encode()]
            for reply in replies:
                with providing(provider := Provider(tokens=[reply])):
                    options = ("--with-client-secret", "--output-format", "json")
                    outcome = retrieve(provider, *options, way=way, env={"DMSMTP_CLIENT_SECRET": SECRET})
                shown = outcome.text + outcome.err
                assert "should not happen" not in shown
                assert not any(secret in shown for secret in (*HIDDEN, *forms))
        assert not any(secret in caplog.text for secret in HIDDEN)

    def test_representations_hold_none(self) -> None:
        tokens = oauth.Tokens(ACCESS, REFRESH, 1.0, (SCOPE,))
        registration = oauth.Registration(CLIENT, SECRET)
        kept = token_file.Kept(tokens, CLIENT, data=ACCESS.encode())
        told = repr(tokens) + repr(registration) + repr(kept)
        told += repr(
            oauth.ProviderLogin(registration, oauth.Endpoints("https://example.com"), (SCOPE,), Asking())
        )

        assert SCOPE in told
        assert not any(secret in told for secret in HIDDEN)

    @pytest.mark.parametrize(
        ("others", "words"),
        [
            ({"OAuthClientID": SECRET}, "the client ID is the same as a secret of the file"),
            ({"OAuthTokenEndpoint": MICROSOFT.format("Tenant-S3cret")}, "the tenant is the same as a secret"),
            ({"User": "a@S3cret.example"}, None),
        ],
    )
    def test_no_address_shows_one_that_stands_in_the_wrong_place(
        self, others: dict[str, str], words: str | None, tmp_path: Path
    ) -> None:
        path = tmp_path / "DataMiner.xml"
        usual = {
            "LoginMethod": "XOAUTH2",
            "Password": others.get("User", "Tenant-S3cret"),
            "OAuthClientID": CLIENT,
            "OAuthClientSecret": SECRET,
            "OAuthTokenEndpoint": MICROSOFT.format("example.com"),
        }
        path.write_text(settings(587, "-starttls", **{**usual, **others}), "utf-8")
        outcome = dmsmtp("retrieve-tokens", path, "--no-browser", "--wait", "0.1")

        assert outcome.code == (1 if words is None else 2)
        assert (words or "log in: https://login.microsoftonline.com/") in outcome.err
        for secret in (SECRET, "Tenant-S3cret", "S3cret.example"):
            assert not any(form in outcome.text + outcome.err for form in (secret, quote_plus(secret)))

    @pytest.mark.parametrize("option", ["--issuer", "--redirect-uri"])
    @pytest.mark.parametrize(
        ("before", "behind"), [("http://", ""), ("http://", "/of#it"), ("", ""), ("http:", "")]
    )
    def test_no_refusal_repeats_one_that_was_given_in_an_address(
        self, before: str, behind: str, option: str
    ) -> None:
        address = f"{before}{USER}:{REFRESH}{behind}@localhost:1/path"
        outcome = dmsmtp("retrieve-tokens", "--client-id", CLIENT, "--scope", SCOPE, option, address)

        assert outcome.code == 2
        assert f"{option} {before if '//' in before else ''}••••@localhost:1/path: " in outcome.err
        assert REFRESH not in outcome.err

    def test_no_option_takes_one(self) -> None:
        text = dmsmtp("retrieve-tokens", "--help").text

        assert "--with-client-secret " in text
        assert "--client-secret" not in text

    def test_what_the_browser_is_started_with_holds_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Everybody on the machine can read it in the list of processes."""
        started: list[str] = []
        done = threading.Event()

        def go(url: str) -> bool:
            started.append(url)
            browse(url)
            done.set()
            return True

        monkeypatch.setattr("webbrowser.open", go)
        with providing(provider := Provider()):
            retrieve(provider, "--with-client-secret", env={"DMSMTP_CLIENT_SECRET": SECRET})
            done.wait(LONG)

        assert not any(secret in started[0] for secret in (*HIDDEN, provider.requests[0]["code_verifier"]))
