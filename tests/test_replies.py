"""Replies of servers, as people paste them, and what they are told."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.definition import schema_path
from migrator.replies import ReplyExplanation, explain_reply

TABLE: dict[str, Any] = json.loads(schema_path("replies.json").read_text("utf-8"))
DISABLED = (
    "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. "
    "Visit https://aka.ms/smtp_auth_disabled for more information. [AM0PR01CA0123.prod.exchangelabs.com]"
)
GMAIL = (
    "535-5.7.8 Username and Password not accepted. For more information, go to\n"
    "535 5.7.8  https://support.google.com/mail/?p=BadCredentials a640c23a62f3a-sm1.7 - gsmtp"
)


def only(text: str) -> ReplyExplanation:
    (one,) = explain_reply(text)
    return one


class TestReplies:
    @pytest.mark.parametrize(
        ("text", "code", "enhanced", "provider", "words"),
        [
            (DISABLED, "535", "5.7.139", "Microsoft", "SMTP AUTH is switched off"),
            (DISABLED.lower(), "535", "5.7.139", "Microsoft", "SMTP AUTH is switched off"),
            (
                "535 5.7.139 Authentication unsuccessful, basic authentication is disabled. [x]",
                *("535", "5.7.139", "Microsoft", "app passwords do not help"),
            ),
            (
                "550 5.7.30 Basic authentication is not supported for Client Submission.",
                *("550", "5.7.30", "Microsoft", "logins with a password have ended"),
            ),
            (
                "535 5.7.3 Authentication unsuccessful [AM0PR]",
                "535",
                "5.7.3",
                "Microsoft",
                "login was refused",
            ),
            (
                "530 5.7.57 SMTP; Client was not authenticated to send anonymous mail during MAIL FROM",
                *("530", "5.7.57", "Microsoft", "did not log in"),
            ),
            (
                "550 5.4.1 Recipient address rejected: Access denied. AS(201806281) [x.prod.outlook.com]",
                *("550", "5.4.1", "Microsoft", "has no such address"),
            ),
            ("550 5.4.1 no answer from host", "550", "5.4.1", None, "the next mail server does not answer"),
            (
                "535 5.7.139 Authentication unsuccessful, the request did not meet the criteria to be [x]",
                *("535", "5.7.139", "Microsoft", "user and password may be right"),
            ),
            (
                "535 5.7.139 user is locked by your organization's security defaults policy. [x]",
                *("535", "5.7.139", "Microsoft", "security defaults"),
            ),
            (
                "535 5.7.139 Authentication unsuccessful, the user credentials were incorrect. [x]",
                *("535", "5.7.139", None, "user, password or token were refused"),
            ),
            (
                "550 5.7.64 TenantAttribution; Relay Access Denied",
                *("550", "5.7.64", "Microsoft", "by its IP address"),
            ),
            (
                "432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded [Hostname=X]",
                *("432", "4.3.2", "Microsoft", "three connections at once"),
            ),
            (
                "432 4.3.2 Concurrent connections limit exceeded. Visit https://aka.ms/concurrent_sending",
                *("432", "4.3.2", "Microsoft", "three connections at once"),
            ),
            (
                "504 5.5.2 <DMA01>: Helo command rejected: need fully-qualified hostname",
                *("504", "5.5.2", "Postfix", "no full one"),
            ),
            ("501 5.5.4 Invalid domain name", "501", "5.5.4", "Microsoft", "greets the server"),
            (
                "554 Message rejected: Email address is not verified. The following identities failed",
                *("554", None, "Amazon SES", "From is not verified there"),
            ),
            ("554", "554", None, None, "often a policy"),
            (
                "2026/11/26 03:12:44|SLSNMPAgent|1234|No e-mail address found to use as sender",
                *(None, None, "DataMiner", "neither a From nor a default address"),
            ),
            (
                "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
                *("550", "5.7.60", "Microsoft", "From is not an address of the mailbox"),
            ),
            (
                "Remote Server returned '554 5.2.252 SendAsDenied; dma@example.com not allowed to send as …'",
                *("554", "5.2.252", "Microsoft", "From is not an address of the mailbox"),
            ),
            (
                "554 5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied; x",
                *("554", "5.2.0", "Microsoft", "From is not an address of the mailbox"),
            ),
            (
                "550 5.7.1 Client does not have permissions to send as this sender",
                *("550", "5.7.1", "Exchange on premises", "From is not an address of the mailbox"),
            ),
            (
                "504 5.7.4 Unrecognized authentication type [AM0PR]",
                *("504", "5.7.4", "Microsoft", "does not offer this login method"),
            ),
            ("530 5.7.0 Must issue a STARTTLS command first", "530", "5.7.0", None, "encrypted first"),
            (
                "530-5.7.0 Authentication Required. For more information\n530 5.7.0  https://x - gsmtp",
                *("530", "5.7.0", None, "without a login"),
            ),
            ("550 5.7.54 SMTP; Unable to relay recipient", "550", "5.7.54", "Microsoft", "takes no mail"),
            (
                "421 4.7.66 TLS 1.0 and 1.1 are not supported.",
                "421",
                "4.7.66",
                "Microsoft",
                "TLS 1.0 and 1.1",
            ),
            ("550 5.1.8 Access denied, bad outbound sender", "550", "5.1.8", "Microsoft", "sent spam"),
            (GMAIL, "535", "5.7.8", "Google", "password of the account itself"),
            (GMAIL.replace("\n", "\r\n").lower(), "535", "5.7.8", "Google", "password of the account itself"),
            (GMAIL.replace("\n", " "), "535", "5.7.8", "Google", "password of the account itself"),
            (
                "534-5.7.9 Application-specific password required. For more\n534 5.7.9  https://x - gsmtp",
                *("534", "5.7.9", "Google", "app password is needed"),
            ),
            (
                "552-5.7.0 its content presents a potential\n552-5.7.0 security issue.\n552 5.7.0  https://x",
                *("552", "5.7.0", "Google", "content is refused for security"),
            ),
            ("552 5.7.0 Virus found", "552", "5.7.0", None, "something about security or a policy"),
            ("552 5.3.0 Over the limit", "552", "5.3.0", None, "too large"),
            ("552 Message size exceeds fixed limit", "552", None, None, "too large"),
            ("334 eyJzdGF0dXMiOiI0MDEiLCJzY2hlbWVzIjoiQmVhcmVyIn0=", "334", None, None, "token was refused"),
        ],
    )
    def test_known(
        self, text: str, code: str | None, enhanced: str | None, provider: str | None, words: str
    ) -> None:
        one = explain_reply(text)[0]
        assert (one.code, one.enhanced, one.provider) == (code, enhanced, provider)
        assert words in one.meaning
        assert one.help
        assert one.source

    @pytest.mark.parametrize(
        "text",
        [
            DISABLED,
            f"  {DISABLED}\n",
            f"Server response: {DISABLED}",
            f"smtplib.SMTPAuthenticationError: (535, b'{DISABLED[4:]}')",
            f"2026-11-23 09:12:07 [412] SLASPConnection failed: {DISABLED}",
            f"220 AM0PR Microsoft ESMTP MAIL Service ready\n250 2.1.0 Sender OK\n{DISABLED}",
            DISABLED.replace("535 5.7.139", "535-5.7.139").replace(". Visit", ".\r\n535 5.7.139 Visit"),
            "535 5.7.139 SmtpClientAuthentication is\n  disabled for the Mailbox",
        ],
    )
    def test_however_it_is_pasted(self, text: str) -> None:
        assert "SMTP AUTH is switched off" in only(text).meaning

    @pytest.mark.parametrize(
        "text", ["5.7.139", "535 5.7.139", "535 5.7.139 …", "(5.7.139)", "error 5.7.139."]
    )
    def test_codes_alone_leave_all(self, text: str) -> None:
        found = explain_reply(text)
        assert [one.provider for one in found] == ["Microsoft"] * 4
        assert "SMTP AUTH" in found[0].meaning
        assert "app passwords" in found[1].meaning

    @pytest.mark.parametrize(
        ("text", "meanings"),
        [
            ("535 5.7.139 Authentication unsuccessful", 4),
            ("535 5.7.139 Authentication unsuccessful, …", 4),
            ("(535, b'5.7.139 Authentication unsuccessful')", 4),
            ("535 5.7.139 Authentication unsuccessful, the request did not", 1),
            ("534-5.7.9 Application-specific pass", 2),  # and what the code means by itself
            ("552-5.7.0 This message was blocked because its content presents a potential", 1),
            ("550 5.7.1 Client does not have permissions", 2),
            ("432 4.3.2 STOREDRV.ClientSubmit; sender", 2),
        ],
    )
    def test_what_was_cut_off_leaves_all_that_begin_so(self, text: str, meanings: int) -> None:
        found = explain_reply(text)
        assert len(found) == meanings
        assert found[0].provider in ("Microsoft", "Exchange on premises", "Google")

    @pytest.mark.parametrize(
        ("text", "codes"),
        [
            ("SmtpClientAuthentication is disabled for the Tenant.", ["5.7.139"]),
            ("Authentication unsuccessful, basic authentication\n  is disabled.", ["5.7.139"]),
            ("Authentication unsuccessful", ["5.7.3"]),
            ("Authentication unsuccessful, the request did not meet the criteria to be", ["5.7.139"]),
            ("Authentication unsuccessful, user is locked by your organization\u2019s", ["5.7.139"]),
            ("<DMA01>: Helo command rejected: need fully-qualified hostname", ["5.5.2"]),
            ("<dma1.example.com>: Helo command rejected: Host not found", []),
            ("SMTP; Client was not authenticated to send anonymous mail during MAIL FROM", ["5.7.57"]),
            ("Client does not have permissions to send as this sender", ["5.7.60", "5.7.1"]),
            ("Username and Password not accepted", ["5.7.8"]),
            ("Must issue a STARTTLS command first", ["5.7.0"]),
            ("Unable to relay", ["5.7.54"]),
        ],
    )
    def test_words_alone(self, text: str, codes: list[str]) -> None:
        assert [one.enhanced for one in explain_reply(text)] == codes

    @pytest.mark.parametrize(
        ("text", "providers"),
        [
            ("550 Unable to relay", ["Microsoft", None]),
            ("535 Authentication unsuccessful", ["Microsoft", None]),
            ("550 no such user", [None]),
            ("454 Unable to relay", [None]),
        ],
    )
    def test_words_beside_a_basic_code(self, text: str, providers: list[str | None]) -> None:
        assert [one.provider for one in explain_reply(text)] == providers

    @pytest.mark.parametrize(
        "text", [GMAIL, "535 Authentication failed", "535 5.7.8 Error: authentication failed", "535 5.7.3 no"]
    )
    def test_a_refused_login_may_be_one_with_a_token(self, text: str) -> None:
        """Google says of a token, too, that user and password are not accepted."""
        one = only(text)
        assert "token" in one.meaning
        assert "with XOAUTH2 retrieve tokens again" in one.help

    @pytest.mark.parametrize(
        "text", ["503 5.5.1 Error: authentication not enabled", "503 authentication not enabled"]
    )
    def test_a_login_that_is_not_offered_is_named(self, text: str) -> None:
        help_ = only(text).help
        assert "LoginMethod" in help_
        assert "HostPort" in help_

    def test_a_refused_greeting_is_not_said_to_be_a_login(self) -> None:
        """As `probe` meets it at EHLO."""
        assert "login" not in only("502 5.5.1 Error: command not implemented").meaning

    @pytest.mark.parametrize(
        "text",
        [
            "504 5.5.2 <dma7>: Helo command rejected: need fully-qualified hostname",
            "504 <dma7>: Helo command rejected: need fully-qualified hostname",
            "450 4.7.1 <dma7.example.com>: Helo command rejected: Host not found",
            "501 5.5.4 Invalid domain name",
            "501 Syntactically invalid HELO argument(s)",
            "550 5.7.1 Access denied - Invalid HELO name",
            "550 Access denied - Invalid HELO name (See RFC2821 4.1.1.1)",
        ],
    )
    def test_a_refused_helo_is_named(self, text: str) -> None:
        assert "Helo" in only(text).help

    def test_a_command_that_is_unknown_may_be_one_to_another_server(self) -> None:
        one = only("502 5.5.2 Error: command not recognized")
        assert "the command is unknown" in one.meaning
        assert "HostPort" in one.help

    @pytest.mark.parametrize(
        ("text", "then"),
        [
            ("450 4.7.1 <noc@example.com>: Recipient address rejected: Greylisted", "log in, or have"),
            ("421 4.3.2 Service not available", "ask whoever runs the mail server"),
            ("421 4.4.2 timeout exceeded", "ask whoever runs the mail server"),
            ("432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded", "spread the agents"),
            ("432 4.3.2 concurrent connection limit exceeded", "spread the agents"),
        ],
    )
    def test_what_is_refused_for_now_is_tried_again_first(self, text: str, then: str) -> None:
        assert only(text).help.startswith(f"try again later; if it stays, {then}")

    def test_another_text_is_another_cause(self) -> None:
        one = only("535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6")
        assert (one.provider, one.enhanced) == (None, "5.7.8")
        assert "user, password or token" in one.meaning
        assert "5.7.139" in {one.enhanced for one in explain_reply("535 5.7.139 the user is locked")}

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("550 5.7.30", ["ended for this tenant"]),
            ("5.7.30", ["ended for this tenant", "cannot promise TLS"]),
            ("535 5.7.3", ["the token is wrong"]),
            ("534 5.7.9", ["app password is needed", "too weak"]),
            ("535 5.7.8", ["password of the account", "user, password or token"]),
            ("550 5.7.60", ["From is not an address"]),
            ("530 5.7.0", ["encrypted first", "without a login"]),
        ],
    )
    def test_codes_alone(self, text: str, words: list[str]) -> None:
        found = explain_reply(text)
        assert len(found) == len(words)
        assert all(word in one.meaning for word, one in zip(words, found, strict=True))


class TestCodes:
    @pytest.mark.parametrize("name", TABLE["details"])
    @pytest.mark.parametrize("kind", ["4", "5"])
    def test_every_detail(self, name: str, kind: str) -> None:
        found = explain_reply(f"{kind}.{name} of another server")
        assert found[-1].enhanced == f"{kind}.{name}"
        assert TABLE["details"][name]["means"] in found[-1].meaning
        assert found[-1].meaning.startswith("refused")
        assert found[-1].help

    @pytest.mark.parametrize("code", TABLE["codes"])
    def test_every_basic_code(self, code: str) -> None:
        for text in (code, f"{code} some words", f"{code}-some words\n{code} more", f"SMTP error {code}"):
            found = explain_reply(text)
            assert (found[-1].code, found[-1].enhanced) == (code, None)
            assert found[-1].meaning == TABLE["codes"][code]["means"]
            assert found[-1].help

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("5.7.999", "refused: security or a policy"),
            ("4.4.316 x", "refused for now: the network"),
            ("2.6.99", "done: the content"),
            ("550 5.1.0 Address rejected", "the recipient does not exist, or a policy forbids it"),
            ("250 2.1.5 Ok", "done: the recipient's address is valid"),
            ("512 no such host", "refused"),
            ("450", "not to be had at present"),
            ("450 4.7.25 Client host rejected", "refused for now: the sending address has no name"),
        ],
    )
    def test_in_general(self, text: str, words: str) -> None:
        assert words in only(text).meaning

    def test_of_a_dialogue_only_what_failed(self) -> None:
        text = (
            "220 ready\n250-mail\n250 SIZE 1000\n334 VXNlcm5hbWU6\n535 5.7.8 bad\n554 5.5.1 too many errors"
        )
        assert [(one.code, one.enhanced) for one in explain_reply(text)] == [
            ("535", "5.7.8"),
            ("554", "5.5.1"),
        ]
        assert [one.code for one in explain_reply("220 ready\n250 ok")] == ["220", "250"]

    def test_a_refused_token_and_what_comes_of_it(self) -> None:
        found = explain_reply("334 eyJzdGF0dXMiOiI0MDAifQ==\n535 5.7.3 Authentication unsuccessful")
        assert [one.code for one in found] == ["334", "535"]

    @pytest.mark.parametrize(
        "text",
        [
            *("", " ", "no code here", "12", "1234", "5350", "x535", "H207", "5.7", "10.5.0", "10.6.4"),
            *("192.0.2.5", "smtp.example.com:535", "5.7.1.9", "5.9.1", "3.7.1", "v10.4.535.1", "port 587"),
            *(
                "starttls",
                "STARTTLS is offered",
                "SendAsDenied",
                "authentication",
                "eyJzdGF0dXMiOiI0MDAifQ==",
            ),
            *("connection timed out after 300 seconds", "192.168.5.7.1", "a@550.example.com"),
        ],
    )
    def test_no_reply(self, text: str) -> None:
        assert explain_reply(text) == ()

    @pytest.mark.parametrize("version", ["4.94.2", "5.1.19041"])
    def test_a_version_is_no_code(self, version: str) -> None:
        assert [one.enhanced for one in explain_reply(f"535 Exim {version} login refused")] == [None]


@given(st.text(max_size=60) | st.from_regex(r"[2-5]\d\d[ -]([245]\.\d\.\d{1,3} )?.{0,40}", fullmatch=True))
def test_nothing_that_was_pasted_comes_back_but_codes(text: str) -> None:
    for one in explain_reply(text):
        assert one.code is None or re.fullmatch(r"\d{3}", one.code)
        assert one.enhanced is None or re.fullmatch(r"[245]\.[0-7]\.\d{1,3}", one.enhanced)
        assert one.help.removeprefix("try again later; if it stays, ") in WORDS
        assert one.meaning.partition(": ")[2] in WORDS or one.meaning in WORDS


def _words(part: object) -> list[str]:
    if isinstance(part, str):
        return [part]
    if isinstance(part, dict):
        part = list(part.values())
    return [word for inner in part for word in _words(inner)] if isinstance(part, list) else []


WORDS = frozenset(_words(list(TABLE.values())))


def test_a_long_paste_is_soon_explained() -> None:
    paste = "250 a\n550 a\n" * 5400
    began = time.perf_counter()
    assert explain_reply(paste)
    assert time.perf_counter() - began < 5


class TestTable:
    def test_a_row_has_what_it_needs(self) -> None:
        for one in TABLE["replies"]:
            words = {"contains", "begins", "says"}
            assert set(one) <= {"code", "enhanced", *words, "provider", "means", "do", "source"}
            assert one.get("contains", "") in one.get("begins", one.get("contains", ""))
            assert {"code", "means", "do", "source"} <= set(one)
            for words in (one.get("contains", ""), one.get("says", "")):
                assert words == words.casefold()
        for one in (*TABLE["details"].values(), *TABLE["codes"].values()):
            assert set(one) <= {"means", "do", "source", "subjects"}
            assert one["source"]
            assert set(one.get("subjects", "")) <= set(TABLE["subjects"])

    def test_every_subject_and_class_says_what_to_do(self) -> None:
        for one in (*TABLE["subjects"].values(), *TABLE["classes"].values()):
            assert one["means"]
            assert one["do"]
        assert {name.partition(".")[0] for name in TABLE["details"]} <= set(TABLE["subjects"])
