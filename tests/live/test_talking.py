"""What the client says and hides: logins, transcripts, names, and mails."""

from __future__ import annotations

import base64
import errno
import json
import os
import re
import signal
import socket
import subprocess
import threading
import time
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
import spnego
from jsonschema import Draft202012Validator
from spnego.exceptions import SpnegoError

from migrator.cli import credentials
from migrator.definition import schema_path
from migrator.live.connection import Connection
from migrator.live.sasl import Credentials, exchange
from migrator.live.session import Login, Wishes
from migrator.observations import Stage, TroubleKind
from migrator.values.login_method import LoginMethod
from tests.cli.running import COMMAND, Outcome, dmsmtp, environment, on_a_full_disk
from tests.live.asking import LONG, SHORT, see, settings
from tests.live.servers import LOOPBACK, PASSWORD, TOKEN, USER, Peer, Smtp, serving

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.live.certificates import Authority, Issued

ALL = "AUTH PLAIN LOGIN CRAM-MD5 NTLM XOAUTH2"
REFERENCE = "0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77"
RECIPIENT = "noc@example.com"
VALIDATOR = Draft202012Validator(json.loads(schema_path("report.schema.json").read_text("utf-8")))


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def with_login(
    port: int, method: str, password: str | None = PASSWORD, suffix: str = "-ssl", **others: str | None
) -> str:
    return settings(port, suffix, LoginMethod=method, User=USER, Password=password, **others)


def run(command: str, path: Path, text: str, authority: Authority, *options: str, **how: Any) -> Outcome:
    path.write_text(text, "utf-8")
    return dmsmtp(command, path, "--timeout", str(LONG), "--ca-file", authority.file, *options, **how)


# Servers that leave a mail without an answer.


def taking(peer: Peer, *, to: str) -> None:
    """An orderly server, up to the reply to DATA, or to the mail itself."""
    peer.say("220 mail.example.com ESMTP")
    while (line := peer.hear()) is not None and line != "DATA":
        peer.say("250 ok")
    if to == "the mail":
        peer.say("354 go on")
        while peer.hear() not in (".", None):
            pass


def slow_to_take_it(peer: Peer) -> None:
    taking(peer, to="the mail")
    peer.stopping.wait(SHORT / 2)
    peer.say("250 2.0.0 queued as 1")


def silent_after_the_mail(peer: Peer) -> None:
    taking(peer, to="the mail")
    peer.be_silent()


def silent_at_data(peer: Peer) -> None:
    taking(peer, to="DATA")
    peer.be_silent()


def closing_after_the_mail(peer: Peer) -> None:
    taking(peer, to="the mail")


def closing_at_data(peer: Peer) -> None:
    taking(peer, to="DATA")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "DataMiner.xml"


def test_where_the_system_no_longer_knows_this_machines_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """As some behind the end of a connection."""

    class Ended(socket.socket):
        def getsockname(self) -> NoReturn:
            raise OSError(errno.EINVAL, "Invalid argument")

    with serving(Smtp()) as port:
        monkeypatch.setattr("migrator.live.reaching.socket.socket", Ended)
        seen = see(settings(port))

    assert seen.trouble is not None
    assert (seen.trouble.stage, seen.trouble.kind) == (Stage.EHLO, TroubleKind.CLOSED)


class TestLogin:
    @pytest.mark.parametrize(
        ("method", "said"),
        [
            ("LoginPlainMethod", ["AUTH PLAIN", encoded(f"\0{USER}\0{PASSWORD}")]),
            ("AuthLoginMethod", ["AUTH LOGIN", encoded(USER), encoded(PASSWORD)]),
        ],
    )
    def test_what_is_said(
        self, method: str, said: list[str], path: Path, authority: Authority, good: Issued
    ) -> None:
        server = Smtp(implicit=good.context(), offers=(ALL,))
        with serving(server) as port:
            outcome = run("probe", path, with_login(port, method), authority, "--login")

        assert outcome.code == 0, outcome.err
        assert server.received[1 : len(said) + 1] == said

    def test_cram_md5_answers_as_its_rfc_does(self) -> None:
        """The example of RFC 2195, section 2."""
        responses = exchange("CRAM-MD5", Credentials("tim", "tanstaaftanstaaf"), "")
        next(responses)

        assert (
            responses.send(b"<1896.697170952@postoffice.reston.mci.net>")
            == b"tim b913a602c7eda7a495b4e6e7334d3890"
        )

    def test_auto_takes_the_strongest_that_both_have(
        self, path: Path, authority: Authority, good: Issued
    ) -> None:
        for offers, chosen in (
            ("AUTH LOGIN PLAIN CRAM-MD5", "CRAM-MD5"),
            ("AUTH LOGIN PLAIN XOAUTH2", "PLAIN"),
            ("AUTH=LOGIN", "LOGIN"),
        ):
            server = Smtp(implicit=good.context(), offers=(offers,))
            with serving(server) as port:
                run("probe", path, with_login(port, "Auto"), authority, "--login")
            assert server.received[1] == f"AUTH {chosen}"

    def test_xoauth2_refused_gets_an_empty_line(self, authority: Authority, good: Issued) -> None:
        """The token stands on a line of its own, and an empty one follows the reason of a refusal."""
        why = encoded('{"status":"401","schemes":"bearer"}')
        server = Smtp(
            implicit=good.context(),
            offers=(ALL,),
            challenges={"XOAUTH2": ("", '{"status":"401","schemes":"bearer"}')},
            login="535 5.7.8 Username and Password not accepted",
        )
        login = Login(LoginMethod.XOAUTH2, Credentials(USER, token=TOKEN))
        with serving(server) as port:
            seen = see(with_login(port, "XOAUTH2"), authority, login=login)

        token = encoded(f"user={USER}\x01auth=Bearer {TOKEN}\x01\x01")
        assert server.received[1:4] == ["AUTH XOAUTH2", token, ""]
        assert seen.trouble is not None
        assert seen.trouble.reply is not None
        assert seen.trouble.reply.code == 535
        told = "\n".join(line.text for line in seen.transcript)
        assert TOKEN not in told
        assert token not in told
        assert why not in told

    def test_a_token_file(self, path: Path, tmp_path: Path, authority: Authority, good: Issued) -> None:
        for text in (TOKEN, f" {TOKEN}\n", json.dumps({"access_token": TOKEN, "expires_in": 3599})):
            (tmp_path / "token").write_text(text, "utf-8")
            server = Smtp(implicit=good.context(), offers=(ALL,))
            with serving(server) as port:
                options = ("--login", "--token-file", str(tmp_path / "token"))
                outcome = run("probe", path, with_login(port, "XOAUTH2", None), authority, *options)
            assert outcome.code == 0, outcome.err
            assert TOKEN in base64.b64decode(server.received[2]).decode()

    @pytest.mark.parametrize(
        "reply", ["535 5.7.8 no", "535 5.7.139 basic authentication is disabled", "421 busy"]
    )
    def test_refused(self, reply: str, path: Path, authority: Authority, good: Issued) -> None:
        with serving(Smtp(implicit=good.context(), offers=(ALL,), login=reply)) as port:
            outcome = run("probe", path, with_login(port, "AuthLoginMethod"), authority, "--login")

        assert outcome.code == 1
        assert "error[L113]" in outcome.text

    @pytest.mark.parametrize(("password", "code"), [(PASSWORD, 0), ("Wr0ng-password", 1)])
    def test_ntlm_with_a_server_that_knows_its_second_version(
        self,
        password: str,
        code: int,
        path: Path,
        tmp_path: Path,
        authority: Authority,
        good: Issued,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        (tmp_path / "users").write_text(f"EXAMPLE:dma:{PASSWORD}\n", "utf-8")
        monkeypatch.setenv("NTLM_USER_FILE", str(tmp_path / "users"))

        def behave(peer: Peer) -> None:
            peer.encrypt(good.context())
            peer.say("220 mail.example.com")
            peer.hear()
            peer.say("250-mail.example.com", "250 AUTH NTLM")
            peer.hear()
            peer.say("334 ")
            server = spnego.server(protocol="ntlm", options=spnego.NegotiateOptions.use_ntlm)
            challenge = server.step(base64.b64decode(peer.hear() or ""))
            peer.say(f"334 {base64.b64encode(challenge or b'').decode()}")
            try:
                server.step(base64.b64decode(peer.hear() or ""))
            except SpnegoError:
                peer.say("535 5.7.8 no")
            else:
                peer.say("235 2.7.0 welcome")
            peer.hear()

        with serving(behave) as port:
            login = {"LoginMethod": "NTLM", "User": "EXAMPLE\\dma", "Password": password}
            outcome = run("probe", path, settings(port, "-ssl", **login), authority, "--login")

        assert outcome.code == code, outcome.text
        assert ("with NTLM: 235" in outcome.text) == (code == 0)

    @pytest.mark.parametrize("challenge", ["", "x", "\0" * 40, "NTLMSSP\0\2\0\0\0"])
    def test_ntlm_with_a_challenge_that_is_none(
        self, challenge: str, path: Path, authority: Authority, good: Issued
    ) -> None:
        server = Smtp(implicit=good.context(), offers=(ALL,), challenges={"NTLM": ("", challenge)})
        with serving(server) as port:
            outcome = run("probe", path, with_login(port, "NTLM"), authority, "--login")

        assert "should not happen" not in outcome.err
        assert outcome.code == 1
        assert "L118" in outcome.text

    @pytest.mark.parametrize("behind", ["", " ", "\t "])
    def test_cram_md5_with_spaces_behind_the_challenge(
        self, behind: str, authority: Authority, good: Issued
    ) -> None:
        challenge = f"334 {encoded('<1896.697170952@postoffice.reston.mci.net>')}{behind}"
        server = Smtp(implicit=good.context(), offers=(ALL,), replies={"AUTH": challenge})
        login = Login(LoginMethod.CRAM_MD5, Credentials("tim", "tanstaaftanstaaf"))
        with serving(server) as port:
            see(with_login(port, "CramMD5Method"), authority, login=login)

        assert encoded("tim b913a602c7eda7a495b4e6e7334d3890") in server.received

    @pytest.mark.parametrize("challenge", ["334", "334 what is your answer?", "334 PDE"])
    def test_cram_md5_with_a_challenge_that_is_none(
        self, challenge: str, path: Path, authority: Authority, good: Issued
    ) -> None:
        server = Smtp(implicit=good.context(), offers=(ALL,), replies={"AUTH": challenge})
        with serving(server) as port:
            outcome = run("probe", path, with_login(port, "CramMD5Method"), authority, "--login")

        assert outcome.code == 1
        assert "error[L118]" in outcome.text
        assert "a challenge that is none" in outcome.text
        assert server.received[-1] == "AUTH CRAM-MD5"

    def test_a_reply_that_awaits_more_is_no_welcome(
        self, path: Path, authority: Authority, good: Issued
    ) -> None:
        with serving(Smtp(implicit=good.context(), offers=(ALL,), login="354 go on")) as port:
            outcome = run("check", path, with_login(port, "LoginPlainMethod"), authority, "--login")

        assert outcome.code == 1
        assert "error[L118]" in outcome.text
        assert "takes the login" not in outcome.text

    def test_a_server_that_goes_on_asking(self, path: Path, authority: Authority, good: Issued) -> None:
        server = Smtp(implicit=good.context(), offers=(ALL,), challenges={"PLAIN": ("",) * 100})
        with serving(server) as port:
            outcome = run("probe", path, with_login(port, "LoginPlainMethod"), authority, "--login")

        assert "L118" in outcome.text
        assert server.received[-1] == "*" or len(server.received) < 12

    def test_a_server_that_goes_on_asking_whoever_ends_it(
        self, path: Path, authority: Authority, good: Issued
    ) -> None:
        """A challenge is not shown, in whatever place it comes."""
        server = Smtp(implicit=good.context(), offers=(ALL,), challenges={"LOGIN": ("Again:",) * 9})
        with serving(server) as port:
            outcome = run("probe", path, with_login(port, "AuthLoginMethod"), authority, "--login", "-v")

        assert "*" in server.received
        assert "QWdhaW46" not in outcome.text


class TestRefusals:
    """What is not done, whatever the settings say."""

    @pytest.mark.parametrize(
        ("method", "credentials", "why"),
        [
            ("LoginPlainMethod", Credentials(USER), "there is no password"),
            ("LoginPlainMethod", Credentials(USER, ""), "there is no password"),
            ("AuthLoginMethod", Credentials(USER, token=TOKEN), "there is no password"),
            ("LoginPlainMethod", Credentials(""), "there is no User"),  # without one no password is sought
            ("CramMD5Method", Credentials("", PASSWORD), "there is no User"),
            ("NTLM", Credentials("", PASSWORD), "there is no User"),
            ("XOAUTH2", Credentials(USER), "XOAUTH2 needs a token (--token-file)"),
            ("XOAUTH2", Credentials(USER, PASSWORD), "XOAUTH2 needs a token (--token-file)"),
            ("XOAUTH2", Credentials("", token=TOKEN), "there is no User"),
            ("XOAUTH2", Credentials(f"{USER}\x01auth=Bearer x", token=TOKEN), "a control character"),
            ("XOAUTH2", Credentials(USER, token=f"{TOKEN}\x01"), "a control character"),
            ("LoginPlainMethod", Credentials(f"{USER}\0", PASSWORD), "a control character"),
            ("LoginPlainMethod", Credentials(USER, f"x\0{PASSWORD}"), "a control character"),
            ("Auto", Credentials(USER), "there is no password"),
        ],
    )
    def test_no_login_without_what_it_needs(
        self, method: str, credentials: Credentials, why: str, authority: Authority, good: Issued
    ) -> None:
        login = Login(LoginMethod(method), credentials)
        server = Smtp(implicit=good.context(), offers=(ALL,))
        with serving(server) as port:
            seen = see(settings(port, "-ssl"), authority, login=login)

        assert seen.untried is not None
        assert why in seen.untried
        assert PASSWORD not in seen.untried
        assert not any(line.startswith("AUTH") for line in server.received)

    @pytest.mark.parametrize("command", [["probe", "--login"], ["send-test-email", "--to", RECIPIENT]])
    @pytest.mark.parametrize(
        ("others", "wants_one"),
        [
            ({"LoginMethod": None, "User": USER, "Password": PASSWORD}, True),
            ({"LoginMethod": "Kerberos", "User": USER}, True),
            ({"LoginMethod": None, "OAuthClientID": "an-id"}, True),
            ({"LoginMethod": None}, False),
            ({"LoginMethod": "Auto"}, False),
        ],
    )
    def test_no_login_by_a_method_that_nobody_can_tell(
        self, others: dict[str, str | None], wants_one: bool, command: list[str], path: Path
    ) -> None:
        """A mail that went out without the login that the settings mean would prove nothing."""
        server = Smtp(offers=(ALL,))
        with serving(server) as port:
            path.write_text(settings(port, "-nossl", **others), "utf-8")
            outcome = dmsmtp(*command, path)

        assert outcome.code == (2 if wants_one else 0), outcome.err
        assert ("no login was tried: there is no LoginMethod that is documented" in outcome.err) == wants_one
        assert not any(line.startswith("AUTH") for line in server.received)
        assert len(server.messages) == (command[0] == "send-test-email" and not wants_one)

    @pytest.mark.parametrize(
        ("method", "credentials"),
        [
            ("LoginPlainMethod", Credentials(USER, f"{PASSWORD}\x01")),
            ("AuthLoginMethod", Credentials(USER, f"{PASSWORD}\0")),
            ("XOAUTH2", Credentials(f"{USER}\0", token=TOKEN)),
        ],
    )
    def test_characters_that_end_nothing_are_said(
        self, method: str, credentials: Credentials, authority: Authority, good: Issued
    ) -> None:
        login = Login(LoginMethod(method), credentials)
        with serving(Smtp(implicit=good.context(), offers=(ALL,))) as port:
            seen = see(settings(port, "-ssl"), authority, login=login)

        assert (seen.untried, seen.trouble) == (None, None)

    @pytest.mark.parametrize(
        ("certificate", "code"),
        [
            ({"is_self_signed": True}, "L108"),
            ({"names": ("mail.example.com",)}, "L109"),
            ({"days": -1}, "L110"),
            ({"rsa_bits": 1024}, "L111"),
        ],
    )
    def test_nobody_unproved_gets_a_login(
        self, certificate: dict[str, Any], code: str, path: Path, authority: Authority
    ) -> None:
        context = authority.issue("unproved", **certificate).context()
        server = Smtp(implicit=context, offers=(ALL,))
        with serving(server) as port:
            outcome = run("probe", path, with_login(port, "LoginPlainMethod"), authority, "--login")

        assert code in outcome.text
        assert "not tried: who the server is was not proved" in outcome.text
        assert not any(line.startswith("AUTH") for line in server.received)

    @pytest.mark.parametrize(
        "method", ["LoginPlainMethod", "AuthLoginMethod", "CramMD5Method", "NTLM", "Auto"]
    )
    def test_no_login_in_clear_text_to_another_machine(
        self, method: str, path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Connection, "is_loopback", False)
        server = Smtp(offers=(ALL,))
        text = with_login(0, method, suffix="-nossl")
        with serving(server) as port:
            outcome = run(
                "probe", path, text.replace("<HostPort>0", f"<HostPort>{port}"), authority, "--login"
            )

        assert outcome.code == 2
        assert "--allow-cleartext" in outcome.err
        assert not any(line.startswith("AUTH") for line in server.received)

    def test_unless_it_is_asked_for(
        self, path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Connection, "is_loopback", False)
        server = Smtp(offers=(ALL,))
        with serving(server) as port:
            text = with_login(port, "LoginPlainMethod", suffix="-nossl")
            outcome = run("probe", path, text, authority, "--login", "--allow-cleartext")

        assert outcome.code == 0
        assert "AUTH PLAIN" in server.received

    def test_probe_stops_before_mail_and_logs_in_only_where_asked_to(
        self, path: Path, authority: Authority, good: Issued
    ) -> None:
        server = Smtp(implicit=good.context(), offers=(ALL,))
        with serving(server) as port:
            for options in ((), ("--login",)):
                run("probe", path, with_login(port, "LoginPlainMethod"), authority, *options)

        verbs = [line.split(" ")[0] for line in server.received]
        assert "MAIL" not in verbs
        assert verbs.count("AUTH") == 1


class TestPasswords:
    def test_a_reference_cannot_be_used(self, path: Path, authority: Authority, good: Issued) -> None:
        with serving(Smtp(implicit=good.context(), offers=(ALL,))) as port:
            text = with_login(port, "LoginPlainMethod", REFERENCE)
            outcome = run("probe", path, text, authority, "--login")

        assert outcome.code == 2
        assert "looks like a reference" in outcome.err
        assert "DMSMTP_PASSWORD" in outcome.err
        assert REFERENCE not in outcome.err

    def test_one_that_is_not_to_be_had_keeps_no_other_file_from_its_login(
        self, tmp_path: Path, authority: Authority, good: Issued
    ) -> None:
        server = Smtp(implicit=good.context(), offers=(ALL,))
        with serving(server) as port:
            for name, password in {"a": REFERENCE, "b": PASSWORD}.items():
                text = with_login(port, "LoginPlainMethod", password)
                (tmp_path / f"{name}.smtp.xml").write_text(text, "utf-8")
            asked = ("--ca-file", authority.file, "--output-format", "json")
            outcome = dmsmtp("probe", tmp_path, "--login", *asked)
        told = json.loads(outcome.out)

        assert outcome.code == 2
        assert [one["logged_in_with"] for one in told["servers"]] == [None, "PLAIN"]
        (failure,) = told["failures"]
        assert failure["path"].endswith("a.smtp.xml")
        assert "Password looks like a reference" in failure["reason"]

    @pytest.mark.parametrize("command", [("check", "--login"), ("send-test-email", "--to", RECIPIENT)])
    def test_without_one_a_single_file_is_told_of_its_server_nevertheless(
        self, command: tuple[str, ...], path: Path, authority: Authority, good: Issued
    ) -> None:
        server = Smtp(implicit=good.context(), offers=(ALL,))
        with serving(server) as port:
            text = with_login(port, "LoginPlainMethod", REFERENCE)
            outcome = run(command[0], path, text, authority, *command[1:])

        assert outcome.code == 2
        assert "the certificate is in order" in outcome.text
        assert not any(line.startswith(("AUTH", "MAIL")) for line in server.received)

    @pytest.mark.parametrize("way", ["stdin", "environment"])
    def test_from_elsewhere(self, way: str, path: Path, authority: Authority, good: Issued) -> None:
        server = Smtp(implicit=good.context(), offers=(ALL,))
        with serving(server) as port:
            text = with_login(port, "LoginPlainMethod", REFERENCE)
            if way == "stdin":
                options, stdin, env = ["--password-stdin"], b"Fr0m-elsewhere\r\n", {}
            else:
                options, stdin, env = [], b"", {"DMSMTP_PASSWORD": "Fr0m-elsewhere"}
            outcome = run("probe", path, text, authority, "--login", *options, stdin=stdin, env=env)

        assert outcome.code == 0, outcome.err
        assert base64.b64decode(server.received[2]).endswith(b"\0Fr0m-elsewhere")

    @pytest.mark.parametrize("taken", [["-"], ["--files-from", "-"]])
    def test_standard_input_is_for_one_thing(self, taken: list[str], path: Path) -> None:
        path.write_text(with_login(1, "LoginPlainMethod"), "utf-8")
        stdin = path.read_bytes() if taken == ["-"] else f"{path}\n{PASSWORD}\n".encode()
        outcome = dmsmtp("probe", *taken, "--login", "--password-stdin", stdin=stdin)

        assert (outcome.code, outcome.out) == (2, b"")
        assert outcome.err == (
            "dmsmtp: --password-stdin: standard input holds the file, or the list of files, already\n"
        )

    def test_an_empty_variable_is_none(self, path: Path, authority: Authority, good: Issued) -> None:
        """As a CI system has it whose secret is not set."""
        server = Smtp(implicit=good.context(), offers=(ALL,))
        with serving(server) as port:
            text = with_login(port, "LoginPlainMethod")
            outcome = run("probe", path, text, authority, "--login", env={"DMSMTP_PASSWORD": ""})

        assert outcome.code == 0, outcome.err
        assert base64.b64decode(server.received[2]).endswith(b"\0" + PASSWORD.encode())

    def test_a_variable_that_is_no_text(self, path: Path) -> None:
        """Sent as it is, it would be refused as if the password were wrong."""
        path.write_text(with_login(1, "LoginPlainMethod"), "utf-8")
        outcome = dmsmtp("probe", path, "--login", env={"DMSMTP_PASSWORD": "gr\udcf6\udcdfe"})

        assert (outcome.code, outcome.err) == (2, "dmsmtp: DMSMTP_PASSWORD is no text: set it in UTF-8\n")

    @pytest.mark.parametrize(
        ("name", "text", "sent"),
        [
            ("a.smtp.json", "${env:MAIL_PASSWORD}", "Fr0m-a-variable"),
            ("a.smtp.yaml", "a-${env:MAIL_PASSWORD}-b", "a-Fr0m-a-variable-b"),
            ("a.smtp.json", "literal-$${env:MAIL_PASSWORD}", "literal-${env:MAIL_PASSWORD}"),
            ("a.smtp.json", "literal-$MAIL_PASSWORD", "literal-$MAIL_PASSWORD"),
            ("DataMiner.xml", "literal-${env:MAIL_PASSWORD}", "literal-${env:MAIL_PASSWORD}"),
            ("DataMiner.xml", "literal-$${env:MAIL_PASSWORD}", "literal-$${env:MAIL_PASSWORD}"),
        ],
    )
    def test_a_variable_stands_for_one(
        self, name: str, text: str, sent: str, tmp_path: Path, authority: Authority, good: Issued
    ) -> None:
        server = Smtp(implicit=good.context(), offers=(ALL,))
        with serving(server) as port:
            written = self.written(name, port, text)
            env = {"MAIL_PASSWORD": "Fr0m-a-variable"}
            outcome = run("probe", tmp_path / name, written, authority, "--login", "-v", env=env)

        assert outcome.code == 0, outcome.err
        assert base64.b64decode(server.received[2]).endswith(b"\0" + sent.encode())
        assert "Fr0m-a-variable" not in outcome.text + outcome.err

    @pytest.mark.parametrize(
        ("text", "value", "says"),
        [
            (
                "${env:MAIL_PASSWORD}",
                None,
                "the environment variable MAIL_PASSWORD is not set: set MAIL_PASSW",
            ),
            (
                "${env:MAIL_PASSWORD}",
                "",
                "the variable that Password names is empty: set it to what Password sh",
            ),
            (
                "${env:}",
                None,
                "Password has ${env: without a variable's name behind it: write ${env:NAME} (let",
            ),
            ("${env:MAIL_PASSWORD}", REFERENCE, "Password looks like a reference"),
        ],
    )
    def test_a_variable_that_stands_for_none(
        self, text: str, value: str | None, says: str, tmp_path: Path, authority: Authority, good: Issued
    ) -> None:
        server = Smtp(implicit=good.context(), offers=(ALL,))
        with serving(server) as port:
            written = self.written("a.smtp.json", port, text)
            env = {} if value is None else {"MAIL_PASSWORD": value}
            outcome = run("probe", tmp_path / "a.smtp.json", written, authority, "--login", env=env)

        assert outcome.code == 2
        assert f"a.smtp.json: no login was tried: {says}" in outcome.err
        assert "DMSMTP_PASSWORD, or give it with --password-stdin" in outcome.err
        assert not any(line.startswith("AUTH") for line in server.received)

    def written(self, name: str, port: int, password: str) -> str:
        if name.endswith(".xml"):
            return with_login(port, "LoginPlainMethod", password)
        members = {"Host": LOOPBACK, "HostPort": f"{port}-ssl", "LoginMethod": "LoginPlainMethod"}
        return json.dumps({"SMTP": {**members, "User": USER, "Password": password}})

    def test_nobody_is_asked_twice_for_the_same(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, authority: Authority, good: Issued
    ) -> None:
        asked: list[str] = []

        def ask(words: str) -> str:
            asked.append(words)
            return PASSWORD

        monkeypatch.setattr(credentials, "_ask", ask)
        server = Smtp(implicit=good.context(), offers=(ALL,))
        with serving(server) as port:
            for host in ("localhost", "LOCALHOST"):
                text = with_login(port, "LoginPlainMethod", REFERENCE, Host=host)
                (tmp_path / f"{host}.smtp.xml").write_text(text, "utf-8")
            outcome = dmsmtp("probe", tmp_path, "--login", "--ca-file", authority.file)

        assert outcome.code == 0, outcome.err
        assert len(asked) == 1
        assert asked[0].endswith(f"Password of {USER} at LOCALHOST: ")
        assert [line for line in server.received if line.startswith("AUTH")] == ["AUTH PLAIN"]

    def test_no_option_takes_one(self) -> None:
        for command in ("probe", "check", "send-test-email"):
            assert "--password-stdin" in dmsmtp(command, "--help").text
            assert "--password " not in dmsmtp(command, "--help").text


class TestSecrets:
    def test_representations_hold_none(self) -> None:
        """They stand in tracebacks and in what a debugger shows."""
        login = Login(LoginMethod.LOGIN, Credentials(USER, PASSWORD, TOKEN))
        told = repr(Wishes(login=login)) + repr(login) + str(login)

        assert USER in told
        assert PASSWORD not in told
        assert TOKEN not in told

    def test_the_transcript_shows_the_rest(self, path: Path, authority: Authority, good: Issued) -> None:
        with serving(Smtp(implicit=good.context(), offers=(ALL,))) as port:
            text = with_login(port, "AuthLoginMethod")
            lines = run("probe", path, text, authority, "--login", "-v").lines

        for line in ("  C: AUTH LOGIN", "  S: 334 ••••", "  C: ••••", "  S: 235 2.7.0 welcome"):
            assert line in lines

    @pytest.mark.parametrize("password", ["STARTTLS", "Starttls1", "LOGIN", "PLAIN LOGIN", "smtputf8!"])
    def test_what_looks_like_one_is_still_offered(
        self, password: str, path: Path, authority: Authority, good: Issued
    ) -> None:
        """A word of the protocol that stands in a password is masked, and means what it means."""
        server = Smtp(
            starttls=good.context(),
            offers=("SIZE 1000", "SMTPUTF8"),
            offers_in_tls=("SIZE 1000", "AUTH PLAIN LOGIN", "SMTPUTF8"),
        )
        with serving(server) as port:
            text = with_login(port, "AuthLoginMethod", password, "-starttls")
            outcome = run("probe", path, text, authority, "--login", "--output-format", "json")

        assert outcome.code == 0, outcome.text
        (seen,) = json.loads(outcome.out)["servers"]
        assert seen["logged_in_with"] == ("••••" if password == "LOGIN" else "LOGIN")
        assert (seen["offers"]["smtputf8"], seen["offers"]["size"]) == (True, 1000)
        assert seen["offers_before_tls"]["starttls"]


class TestMail:
    def send(
        self, path: Path, authority: Authority, server: Smtp, *options: str, **others: str | None
    ) -> Outcome:
        with serving(server) as port:
            text = settings(port, "-nossl", **others)
            return run("send-test-email", path, text, authority, "--to", RECIPIENT, *options)

    def test_it_is_as_the_settings_say(self, path: Path, authority: Authority) -> None:
        server = Smtp()
        outcome = self.send(path, authority, server, Helo="agent7.example.com", MaxSubjectLength="20")

        assert outcome.code == 0, outcome.err
        assert server.received[0] == "EHLO agent7.example.com"
        assert server.received[1].startswith("MAIL FROM:<dma@example.com> SIZE=")
        assert server.received[2] == f"RCPT TO:<{RECIPIENT}>"
        (message,) = server.messages
        head = message.partition("\n\n")[0].split("\n")
        assert "From: dma@example.com" in head
        assert f"To: {RECIPIENT}" in head
        assert f"Subject: {'Test email of dmsmtp: these'[:20].rstrip()}" in [one.rstrip() for one in head]
        assert "took the mail" in outcome.err

    def test_without_helo_this_machines_address_is_said(self, path: Path, authority: Authority) -> None:
        server = Smtp()
        self.send(path, authority, server)

        assert server.received[0] in ("EHLO [127.0.0.1]", "EHLO [IPv6:::1]")

    @pytest.mark.parametrize("helo", ["a b", "a&#10;b", "ä.example.com", f"{'a.' * 128}example.com"])
    def test_a_helo_that_cannot_be_sent_is_told(self, helo: str, path: Path, authority: Authority) -> None:
        server = Smtp()
        outcome = self.send(path, authority, server, Helo=helo)

        assert server.received[0] in ("EHLO [127.0.0.1]", "EHLO [IPv6:::1]")
        assert "] instead of Helo, which cannot be sent; offers" in re.sub(r"\s+", " ", outcome.text)

    @pytest.mark.parametrize(
        ("replies", "code"),
        [
            ({"MAIL": "550 5.7.60 not your address"}, "L114"),
            ({"MAIL": "421 4.3.2 busy"}, "L114"),
            ({"RCPT": "550 5.1.1 who?"}, "L115"),
            ({"RCPT": "450 4.7.1 greylisted"}, "L115"),
            ({"DATA": "554 5.5.1 no"}, "L116"),
            ({"MESSAGE": "554 5.7.1 spam"}, "L116"),
        ],
    )
    def test_refused(self, replies: dict[str, str], code: str, path: Path, authority: Authority) -> None:
        outcome = self.send(path, authority, Smtp(replies=replies))

        assert outcome.code == 1
        assert f"error[{code}]" in outcome.text

    @pytest.mark.parametrize(
        "replies",
        [
            {"MAIL": "354 go on"},
            {"RCPT": "354 go on"},
            {"DATA": "250 ok"},
            {"MESSAGE": "354 go on"},
            {"MESSAGE": "554-no\n250 and yes"},
        ],
        ids=str,
    )
    def test_a_reply_to_something_else_is_neither_success_nor_refusal(
        self, replies: dict[str, str], path: Path, authority: Authority
    ) -> None:
        outcome = self.send(path, authority, Smtp(replies=replies))

        assert outcome.code == 1
        assert "took the mail" not in outcome.err
        assert "error[L118]" in outcome.text
        (reply,) = replies.values()
        told = "554 and 250 in one reply" if "\n" in reply else reply
        assert f"what it sent is no reply to that ({told})" in outcome.text
        assert ("whether the mail arrives is not known" in outcome.text) == ("MESSAGE" in replies)

    @pytest.mark.parametrize(
        ("behave", "code", "is_sent"),
        [
            (slow_to_take_it, None, True),
            (silent_after_the_mail, "L103", True),
            (silent_at_data, "L103", False),
            (closing_after_the_mail, "L118", True),
            (closing_at_data, "L118", False),
        ],
    )
    def test_no_answer_to_the_mail(
        self,
        behave: Callable[[Peer], None],
        code: str | None,
        is_sent: bool,
        path: Path,
    ) -> None:
        with serving(behave) as port:
            path.write_text(settings(port), "utf-8")
            command = ("send-test-email", path, "--to", RECIPIENT, "--timeout", str(SHORT))
            outcome = dmsmtp(*command)
            report = json.loads(dmsmtp(*command, "--output-format", "json").out)

        VALIDATOR.validate(report)
        (server,) = report["servers"]
        assert (server["sent"], server["accepted"] is not None) == (is_sent, code is None)
        assert outcome.code == (0 if code is None else 1), outcome.text
        assert ("took the mail" in outcome.err) == (code is None)
        assert code is None or f"error[{code}]" in outcome.text
        is_told = "whether the mail arrives is not known" in " ".join(outcome.text.split())
        assert is_told == (is_sent and code is not None)
        assert ("it answered until then" in outcome.text) == (code == "L103" and not is_sent)

    @pytest.mark.posix
    @pytest.mark.parametrize(("to", "is_told"), [("the mail", True), ("DATA", False)])
    def test_ctrl_c_before_the_answer_to_the_mail(self, to: str, is_told: bool, path: Path) -> None:
        is_there = threading.Event()

        def behave(peer: Peer) -> None:
            taking(peer, to=to)
            time.sleep(0.5)  # until the client knows that it has sent all
            is_there.set()
            peer.be_silent()

        with serving(behave) as port:
            path.write_text(settings(port), "utf-8")
            command = [*COMMAND, "send-test-email", str(path), "--to", RECIPIENT, "--quiet"]
            with subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
            ) as process:
                assert is_there.wait(LONG)
                process.send_signal(signal.SIGINT)
                output, complaint = process.communicate(timeout=LONG)

        assert (process.returncode, output) == (130, b"")
        assert ("look into the mailbox before you send another" in complaint.decode()) == is_told
        assert len(complaint.decode().splitlines()) == is_told

    @pytest.mark.posix
    @pytest.mark.parametrize(
        ("answer", "words"),
        [
            ("250 2.0.0 queued", "the server took it"),
            ("554 5.7.1 no", "the server refused it"),
            ("354 go on", "look into the mailbox before you send another"),
            ("250-queued\n554 no", "look into the mailbox before you send another"),
        ],
    )
    def test_a_report_that_is_not_written_hides_no_mail(self, answer: str, words: str, path: Path) -> None:
        with serving(Smtp(replies={"MESSAGE": answer})) as port:
            path.write_text(settings(port), "utf-8")
            options = ("--to", RECIPIENT, "--quiet")
            code, complaint = on_a_full_disk("send-test-email", path, *options, out=path.parent / "out")
            outcome = dmsmtp("send-test-email", path, *options)

        assert code == 2
        assert words in complaint.splitlines()[0]
        assert "the mail was sent" not in outcome.err

    def test_too_large(self, path: Path, authority: Authority) -> None:
        server = Smtp(offers=("SIZE 100",))

        assert "error[L116]" in self.send(path, authority, server).text
        assert not any(line.startswith("MAIL") for line in server.received)

    def test_no_mail_where_the_login_was_not_tried(self, path: Path, authority: Authority) -> None:
        server = Smtp(offers=("AUTH PLAIN",))
        outcome = self.send(
            path, authority, server, LoginMethod="CramMD5Method", User=USER, Password=PASSWORD
        )

        assert "L112" in outcome.text
        assert server.messages == []

    def test_a_dry_run_connects_to_nothing(self, path: Path, authority: Authority) -> None:
        server = Smtp()
        outcome = self.send(path, authority, server, "--dry-run")

        assert outcome.code == 0
        assert outcome.text.startswith("From: dma@example.com\n")
        assert server.received == []

    @pytest.mark.parametrize("address", ["noc@192.0.2.7", "noc@mail_hub.local"])
    def test_an_address_that_servers_may_refuse_is_left_to_them(
        self, address: str, path: Path, authority: Authority
    ) -> None:
        server = Smtp()

        assert self.send(path, authority, server, "--to", address).code == 0
        assert f"RCPT TO:<{address}>" in "\n".join(server.received)

    def test_without_a_sender_it_is_asked_for(self, path: Path, authority: Authority) -> None:
        server = Smtp()

        assert "--from" in self.send(path, authority, server, From=None).err
        assert self.send(path, authority, server, "--from", "a@example.com", From=None).code == 0
        assert "MAIL FROM:<a@example.com>" in "\n".join(server.received)

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("From", "dma@example.com&#13;&#10;Bcc: x@example.com"),
            ("From", "dma@example.com&gt;&#10;RCPT TO:&lt;x@example.com"),
            ("From", "&quot;a&#13;&#10;Bcc: x&quot;@example.com"),
            ("Helo", "a&#13;&#10;MAIL FROM:&lt;x@example.com&gt;"),
            ("Helo", "a b"),
            ("Host", "localhost&#10;x"),
            ("HostPort", "{port}-nossl&#10;Bcc: x"),
            ("LoginMethod", "NoLoginMethod&#13;&#10;Bcc: x"),
            ("MaxSubjectLength", "20&#13;&#10;Bcc: x"),
        ],
    )
    def test_settings_bring_in_no_line_of_their_own(
        self, name: str, value: str, path: Path, authority: Authority
    ) -> None:
        server = Smtp()
        with serving(server) as port:
            text = settings(port, "-nossl", **{name: value.replace("{port}", str(port))})
            outcome = run("send-test-email", path, text, authority, "--to", RECIPIENT)

        assert "should not happen" not in outcome.err
        assert not any("x@example.com" in line or line.startswith("Bcc") for line in server.received)
        assert not any(
            line.startswith("Bcc")
            for message in server.messages
            for line in message.partition("\n\n")[0].split("\n")
        )

    @pytest.mark.parametrize(
        "to", ["", "x", "a@example.com\r\nBcc: b@example.com", "a@example.com, b@example.com"]
    )
    def test_the_recipient_is_one_address(self, to: str, path: Path) -> None:
        path.write_text(settings(1), "utf-8")

        assert dmsmtp("send-test-email", path, "--to", to).code == 2

    def test_addresses_outside_ascii_to_a_server_that_does_not_take_them(
        self, path: Path, authority: Authority
    ) -> None:
        server = Smtp()
        with serving(server) as port:
            outcome = run("send-test-email", path, settings(port), authority, "--to", "größe@example.com")

        assert "error[L119]" in outcome.text
        assert not any(line.startswith("MAIL") for line in server.received)

    def test_addresses_outside_ascii(self, path: Path, authority: Authority) -> None:
        server = Smtp(offers=("SMTPUTF8", "SIZE"))
        outcome = self.send(path, authority, server, From="größe@example.com")

        assert outcome.code == 0, outcome.err
        assert "MAIL FROM:<größe@example.com>" in server.received[1]
        assert "SMTPUTF8" in server.received[1]


class TestCheck:
    def test_what_the_configuration_leaves_out_is_not_there(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(path.parent)
        (path.parent / "old").mkdir()
        with serving(Smtp()) as port:
            text = settings(port, "-nossl", LoginMethod="NoLoginMethod")
            (path.parent / "old" / path.name).write_text(text, "utf-8")
            path.write_text(text, "utf-8")
            both = dmsmtp("check", ".")
            (path.parent / "dmsmtp.toml").write_text('exclude = ["old"]\n', "utf-8")
            one = dmsmtp("check", ".")

        assert (both.code, both.out) == (2, b"")
        assert "2 files are there, and one at a time can be taken: name it" in both.err
        assert one.code == 0, one.err
        assert one.lines[0] == os.path.join(".", path.name)  # noqa: PTH118 - as shown

    def test_the_format_of_the_configuration_is_for_findings(
        self, path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(path.parent)
        (path.parent / "dmsmtp.toml").write_text('output-format = "concise"\n', "utf-8")
        with serving(Smtp()) as port:
            outcome = run("check", path, settings(port, "-nossl", LoginMethod="NoLoginMethod"), authority)
            other = run("check", path, settings(port), authority, "--output-format", "concise")

        assert outcome.code == 0, outcome.err
        assert outcome.lines[0] == str(path)
        assert other.code == 2
        assert "'concise' is not one of 'full', 'json'" in other.err
        assert "full or json." in dmsmtp("check", "--help").text

    @pytest.mark.parametrize(
        ("others", "server", "answer", "words", "code"),
        [
            ({}, Smtp(), "yes", "wants no login", 0),
            ({}, Smtp(offers=(ALL,)), "probably", "whether it takes mail without a login", 0),
            (
                {"LoginMethod": "AuthLoginMethod", "User": USER, "Password": REFERENCE},
                Smtp(offers=(ALL,)),
                "probably",
                "--login tries it",
                0,
            ),
            (
                {"LoginMethod": "CramMD5Method", "User": USER, "Password": REFERENCE},
                Smtp(),
                "no",
                "because",
                1,
            ),
            ({}, Smtp(replies={"EHLO": "550 Go away.", "HELO": "550 Go away."}), "no", "550 Go away.", 1),
            (
                {"From": "no address"},
                Smtp(replies={"EHLO": "550 Go away.", "HELO": "550 Go away."}),
                "no",
                "550 Go away (and 1 more error).",
                1,
            ),
            ({"From": "no address"}, Smtp(), "no", "because", 1),
            ({"Host": ""}, Smtp(), "no", "because Host is empty", 1),
        ],
    )
    def test_the_verdict(
        self,
        others: dict[str, str],
        server: Smtp,
        answer: str,
        words: str,
        code: int,
        path: Path,
        authority: Authority,
    ) -> None:
        with serving(server) as port:
            text = settings(port, "-nossl", **others)
            outcome = run("check", path, text, authority)
            told = json.loads(run("check", path, text, authority, "--output-format", "json").out)

        VALIDATOR.validate(told)
        last = outcome.lines[-1]
        assert last.startswith("Will mail go out? ")
        assert words in last
        assert not last.endswith("..")
        assert outcome.code == code
        assert told["verdict"] == {"answer": answer, "sentence": last}

    @pytest.mark.parametrize(
        ("options", "configured"),
        [(("--ignore", "L102"), ""), (("--select", "H"), ""), ((), '[severity]\nL102 = "warning"\n')],
    )
    def test_a_server_that_does_not_answer_is_none_whatever_is_left_out(
        self, options: tuple[str, ...], configured: str, path: Path, authority: Authority
    ) -> None:
        (path.parent / "dmsmtp.toml").write_text(configured, "utf-8")
        text = settings(1, "-nossl", LoginMethod="NoLoginMethod")
        outcome = run("check", path, text, authority, *options)
        told = json.loads(run("check", path, text, authority, *options, "--output-format", "json").out)

        sentence = (
            f"Will mail go out? No, because the dialogue with {LOOPBACK}:1 ends at the stage TCP: "
            "the connection was refused."
        )
        assert (outcome.code, outcome.lines[-1]) == (0, sentence)
        assert told["verdict"] == {"answer": "no", "sentence": sentence}

    @pytest.mark.parametrize(
        ("others", "why"),
        [
            ({"LoginMethod": "Auto"}, "there is neither User nor Password to log in with"),
            ({"LoginMethod": None}, "there is no LoginMethod that is documented"),
        ],
    )
    @pytest.mark.parametrize("options", [(), ("--login",)])
    def test_a_login_that_nothing_is_there_for(
        self,
        options: tuple[str, ...],
        others: dict[str, str | None],
        why: str,
        path: Path,
        authority: Authority,
    ) -> None:
        with serving(Smtp(offers=(ALL,))) as port:
            outcome = run("check", path, settings(port, "-nossl", **others), authority, *options)

        assert outcome.code == 0, outcome.err
        assert outcome.lines[-1].startswith("Will mail go out? Probably")
        assert outcome.lines[-1].endswith(f"is not known, because {why}.")

    def test_a_login_that_went_well(self, path: Path, authority: Authority, good: Issued) -> None:
        with serving(Smtp(implicit=good.context(), offers=(ALL,))) as port:
            outcome = run("check", path, with_login(port, "LoginPlainMethod"), authority, "--login")

        assert "Yes, as far as can be seen without sending one" in outcome.lines[-1]
        assert "takes the login" in outcome.lines[-1]
