"""Every wrong setting, and every server that misbehaves, gives the finding that names it, in time."""

from __future__ import annotations

import contextlib
import json
import ssl
import sys
import threading
import time
import tracemalloc
import warnings
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st

import migrator
from migrator.live.certificates import library
from migrator.observations import Server
from migrator.values.host_port import HostPort, Security, Suffix
from tests.cli.running import dmsmtp
from tests.live.asking import LONG, SHORT, probe, see, settings
from tests.live.servers import LOOPBACK, PASSWORD, USER, Peer, Smtp, serving

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.running import Outcome
    from tests.live.certificates import Authority, Issued

    Behaviour = Callable[[Peer], None]

_MEBIBYTE, _PIECE = 1024 * 1024, 64 * 1024
_SLACK = 5.0  # seconds that a busy machine may take beyond the time limit
_LOGINS = "AUTH PLAIN LOGIN CRAM-MD5"


class Kit(NamedTuple):
    """What servers are made of."""

    good: Issued
    authority: Authority

    def with_(self, label: str, **certificate: Any) -> ssl.SSLContext:
        """The context of a server with another certificate."""
        return self.authority.issue(label, **certificate).context()


def login(method: str, password: str = PASSWORD, **others: str | None) -> dict[str, str | None]:
    return {"LoginMethod": method, "User": USER, "Password": password, **others}


def only_up_to(version: ssl.TLSVersion, kit: Kit) -> ssl.SSLContext:
    context = kit.good.context()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # old versions are the test
        context.maximum_version = version
    return context


def wanting_a_certificate(kit: Kit) -> ssl.SSLContext:
    context = kit.good.context()
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(kit.authority.file)
    return context


# Servers that do not keep to the rules.


def silent(peer: Peer) -> None:
    peer.be_silent()


def closing(peer: Peer) -> None:
    peer.say()


def resetting(peer: Peer) -> None:
    peer.say("220 mail.example.com ESMTP")
    peer.hear()
    peer.reset()


def half_closing(peer: Peer) -> None:
    peer.say("220 mail.example.com ESMTP")
    peer.hear()
    peer.sock.shutdown(1)
    peer.be_silent()


def closing_after_hello(peer: Peer) -> None:
    peer.say("220 mail.example.com ESMTP")
    peer.hear()


def refusing_hello_and_closing(peer: Peer) -> None:
    closing_after_hello(peer)
    peer.say("550 5.7.1 this address is on a block list")


def refusing_hello_and_silent(peer: Peer) -> None:
    refusing_hello_and_closing(peer)
    peer.be_silent()


def closing_at_tls(peer: Peer) -> None:
    peer.say("220 mail.example.com ESMTP")
    peer.hear()
    peer.say("250-mail.example.com", "250 STARTTLS")
    peer.hear()
    peer.say("220 go ahead")


def resetting_at_tls(peer: Peer) -> None:
    closing_at_tls(peer)
    peer.reset()


def silent_after_hello(peer: Peer) -> None:
    closing_after_hello(peer)
    peer.be_silent()


def dripping(peer: Peer) -> None:
    """A byte now and then: never silent for long, and never done."""
    for byte in b"220 " + b"x" * 1000:
        peer.sock.sendall(bytes([byte]))
        if peer.stopping.wait(0.05):
            return


def send_at_length(peer: Peer, piece: bytes) -> None:
    """10 MB."""
    for _ in range(10 * _MEBIBYTE // _PIECE):
        peer.sock.sendall(piece)
    peer.be_silent()


def greeting_at_length(peer: Peer) -> None:
    peer.sock.sendall(b"220 ")
    send_at_length(peer, b"x" * _PIECE)


def rubbish_at_length(peer: Peer) -> None:
    send_at_length(peer, b"\0\xff" * (_PIECE // 2))


def greeting_in_many_lines(peer: Peer) -> None:
    while not peer.stopping.is_set():
        peer.say(*["220-and then"] * 1000)


def offering_without_end(peer: Peer) -> None:
    peer.say("220 mail.example.com ESMTP")
    peer.hear()
    while not peer.stopping.is_set():
        peer.say(*["250-X-MORE"] * 1000)


def answering_rubbish(peer: Peer) -> None:
    peer.say("220 mail.example.com ESMTP")
    peer.hear()
    peer.say("what did you say?")


def greeting_with(*lines: str) -> Behaviour:
    def behave(peer: Peer) -> None:
        peer.say(*lines)
        peer.be_silent()

    return behave


def injecting(kit: Kit) -> Behaviour:
    """As somebody on the way could: a reply in clear text behind that to STARTTLS, and TLS then."""

    def behave(peer: Peer) -> None:
        peer.say("220 mail.example.com ESMTP")
        peer.hear()
        peer.say("250-mail.example.com", "250 STARTTLS")
        peer.hear()
        peer.say("220 go ahead", "250-mail.example.com", "250 AUTH PLAIN")
        peer.encrypt(kit.good.context())

    return behave


def starttls(kit: Kit, *offers: str, **others: Any) -> Smtp:
    return Smtp(starttls=kit.good.context(), offers_in_tls=offers or (_LOGINS,), **others)


def implicit(context: ssl.SSLContext, *offers: str) -> Smtp:
    return Smtp(implicit=context, offers=offers or (_LOGINS,))


def refusing(**replies: str | list[str]) -> Smtp:
    return Smtp(offers=(_LOGINS,), replies=replies)


Row = tuple[str, "Callable[[Kit], Behaviour]", str, dict[str, "str | None"], str]

ROWS: list[Row] = [
    # which server, HostPort's suffix, other settings, codes
    ("nothing wrong, in clear text", lambda _: Smtp(), "-nossl", {}, ""),
    ("nothing wrong, STARTTLS", starttls, "-starttls", {}, ""),
    ("nothing wrong, implicit TLS", lambda kit: implicit(kit.good.context()), "-ssl", {}, ""),
    ("TLS to a port for STARTTLS", starttls, "-ssl", {}, "L104"),
    ("TLS to a port in clear text", lambda _: Smtp(), "-ssl", {}, "L104"),
    ("STARTTLS to a port for TLS", lambda kit: implicit(kit.good.context()), "-starttls", {}, "L104"),
    ("clear text to a port for TLS", lambda kit: implicit(kit.good.context()), "-nossl", {}, "L104"),
    ("clear text, no suffix, to a port for TLS", lambda kit: implicit(kit.good.context()), "", {}, "L104"),
    ("STARTTLS not offered", lambda _: Smtp(), "-starttls", {}, "L105"),
    (
        "STARTTLS refused",
        lambda _: Smtp(offers=("STARTTLS",), replies={"STARTTLS": "502 5.5.1 no"}),
        "-starttls",
        {},
        "L105",
    ),
    ("STARTTLS offered, clear text used", starttls, "-nossl", {}, "L106"),
    ("STARTTLS offered, no suffix", starttls, "", {}, "L106"),
    ("a port for TLS that speaks none", lambda _: greeting_with("220"), "-ssl", {}, "L107"),
    ("closes where TLS is to begin", lambda _: closing_at_tls, "-starttls", {}, "L107"),
    ("resets where TLS is to begin", lambda _: resetting_at_tls, "-starttls", {}, "L107"),
    (
        "a certificate of the client is wanted",
        lambda kit: implicit(wanting_a_certificate(kit)),
        "-ssl",
        {},
        "L107",
    ),
    (
        "a certificate of the client is wanted, STARTTLS",
        lambda kit: Smtp(starttls=wanting_a_certificate(kit)),
        "-starttls",
        {},
        "L107",
    ),
    ("self-signed", lambda kit: implicit(kit.with_("selfsigned", is_self_signed=True)), "-ssl", {}, "L108"),
    (
        "self-signed, STARTTLS",
        lambda kit: Smtp(starttls=kit.with_("selfsigned", is_self_signed=True)),
        "-starttls",
        {},
        "L108",
    ),
    (
        "another name",
        lambda kit: implicit(kit.with_("other", names=("mail.example.com",))),
        "-ssl",
        {},
        "L109",
    ),
    (
        "a star for another domain",
        lambda kit: implicit(kit.with_("star", names=("*.example.com",))),
        "-ssl",
        {},
        "L109",
    ),
    (
        "a name for an address",
        lambda kit: implicit(kit.with_("name", names=("localhost",))),
        "-ssl",
        {"Host": LOOPBACK},
        "L109",
    ),
    ("expired", lambda kit: implicit(kit.with_("expired", days=-2)), "-ssl", {}, "L110"),
    ("expires soon", lambda kit: implicit(kit.with_("soon", days=7)), "-ssl", {}, "L110"),
    (
        "expired, for another name",
        lambda kit: implicit(kit.with_("both", days=-2, names=("mail.example.com",))),
        "-ssl",
        {},
        "L109 L110",
    ),
    (
        "expired, another name, self-signed",
        lambda kit: implicit(kit.with_("all", days=-2, names=("mail.example.com",), is_self_signed=True)),
        "-ssl",
        {},
        "L108 L109 L110",
    ),
    ("a short key", lambda kit: implicit(kit.with_("short", rsa_bits=1024)), "-ssl", {}, "L111"),
    ("TLS 1.0 alone", lambda kit: implicit(only_up_to(ssl.TLSVersion.TLSv1, kit)), "-ssl", {}, "L111"),
    (
        "TLS 1.1 alone, STARTTLS",
        lambda kit: Smtp(starttls=only_up_to(ssl.TLSVersion.TLSv1_1, kit)),
        "-starttls",
        {},
        "L111",
    ),
    (
        "CRAM-MD5 not offered",
        lambda kit: starttls(kit, "AUTH PLAIN LOGIN"),
        "-starttls",
        login("CramMD5Method"),
        "L112",
    ),
    ("NTLM not offered", starttls, "-starttls", login("NTLM"), "L112"),
    ("XOAUTH2 not offered", starttls, "-starttls", login("XOAUTH2"), "L112"),
    ("no login offered", lambda kit: starttls(kit, "SIZE"), "-starttls", login("AuthLoginMethod"), "L112"),
    ("no login offered, Auto", lambda kit: starttls(kit, "SIZE"), "-starttls", login("Auto"), "L112"),
    (
        "a login offered after STARTTLS alone",
        lambda kit: Smtp(starttls=kit.good.context(), offers=(), offers_in_tls=(_LOGINS,)),
        "-nossl",
        login("AuthLoginMethod"),
        "L106 L112",
    ),
    ("not SMTP: IMAP", lambda _: greeting_with("* OK IMAP4rev1 ready"), "-nossl", {}, "L117"),
    ("not SMTP: POP3", lambda _: greeting_with("+OK ready"), "-starttls", {}, "L117"),
    ("not SMTP: SSH", lambda _: greeting_with("SSH-2.0-OpenSSH_9.2"), "-nossl", {}, "L117"),
    ("not SMTP: HTTP", lambda _: greeting_with("HTTP/1.1 400 Bad Request"), "-nossl", {}, "L117"),
    ("not SMTP: rubbish without end", lambda _: rubbish_at_length, "-nossl", {}, "L117"),
    ("silent", lambda _: silent, "-nossl", {}, "L103"),
    ("silent where TLS is spoken", lambda _: silent, "-ssl", {}, "L103"),
    ("silent after EHLO", lambda _: silent_after_hello, "-nossl", {}, "L103"),
    ("a byte now and then", lambda _: dripping, "-nossl", {}, "L103"),
    ("closes at once", lambda _: closing, "-nossl", {}, "L118"),
    ("resets after EHLO", lambda _: resetting, "-nossl", {}, "L118"),
    ("closes after EHLO", lambda _: closing_after_hello, "-nossl", {}, "L118"),
    ("closes its half after EHLO", lambda _: half_closing, "-nossl", {}, "L118"),
    ("a greeting of 10 MB", lambda _: greeting_at_length, "-nossl", {}, "L118"),
    ("a greeting of many lines", lambda _: greeting_in_many_lines, "-nossl", {}, "L118"),
    ("offers without end", lambda _: offering_without_end, "-nossl", {}, "L118"),
    ("no reply to EHLO", lambda _: answering_rubbish, "-nossl", {}, "L118"),
    ("a reply of two kinds", lambda _: Smtp(replies={"EHLO": "550-no\n250 yes"}), "-nossl", {}, "L118"),
    ("another one", lambda _: Smtp(replies={"EHLO": "250-yes\n550 no"}), "-nossl", {}, "L118"),
    ("a greeting that is none", lambda _: Smtp(greeting="250 hello"), "-nossl", {}, "L118"),
    ("goes on at EHLO", lambda _: Smtp(replies={"EHLO": "354 go on"}), "-nossl", {}, "L118"),
    ("greets twice", lambda _: Smtp(greeting="220 hello\r\n220 hello"), "-nossl", {}, "L118"),
    (
        "greets twice, and offers STARTTLS then",
        lambda kit: starttls(kit, greeting="220 hello\r\n220 hello"),
        "-starttls",
        {},
        "L118",
    ),
    (
        "something else at STARTTLS",
        lambda _: Smtp(offers=("STARTTLS",), replies={"STARTTLS": "250 ok"}),
        "-starttls",
        {},
        "L118",
    ),
    ("data injected after STARTTLS", injecting, "-starttls", {}, "L118"),
    ("SMTPUTF8 not offered", lambda _: Smtp(), "-nossl", {"From": "größe@example.com"}, "L119"),
    ("421 in the greeting", lambda _: refusing(GREETING="421 4.3.2 busy"), "-nossl", {}, "L120"),
    ("421 at EHLO", lambda _: refusing(EHLO="421 4.3.2 busy"), "-nossl", {}, "L120"),
    (
        "421 at STARTTLS",
        lambda _: Smtp(offers=("STARTTLS",), replies={"STARTTLS": "421 4.3.2 busy"}),
        "-starttls",
        {},
        "L120",
    ),
    (
        "454 at STARTTLS",
        lambda _: Smtp(offers=("STARTTLS",), replies={"STARTTLS": "454 4.3.0 not now"}),
        "-starttls",
        {},
        "L120",
    ),
    ("550 at EHLO, and closes", lambda _: refusing_hello_and_closing, "-nossl", {}, "L120"),
    ("550 at EHLO, and silent", lambda _: refusing_hello_and_silent, "-nossl", {}, "L103"),
    ("554 in the greeting", lambda _: refusing(GREETING="554 5.7.1 go away"), "-nossl", {}, "L120"),
    ("421 at first, then 220", lambda _: refusing(GREETING=["421 4.3.2 busy"]), "-nossl", {}, "L120"),
    ("an old server without EHLO", lambda _: Smtp(replies={"EHLO": "502 5.5.1 what?"}), "-nossl", {}, ""),
    (
        "an old server without EHLO, and a login",
        lambda _: Smtp(replies={"EHLO": "502 5.5.1 what?"}),
        "-nossl",
        login("AuthLoginMethod"),
        "L112",
    ),
    (
        "neither EHLO nor HELO",
        lambda _: Smtp(replies={"EHLO": "502 5.5.1 what?", "HELO": "502 5.5.1 what?"}),
        "-nossl",
        {},
        "L120",
    ),
    (
        "goes on at HELO",
        lambda _: Smtp(replies={"EHLO": "502 5.5.1 what?", "HELO": "354 go on"}),
        "-nossl",
        {},
        "L120",
    ),
]


WAITING = {  # those where somebody waits until the time is up
    "STARTTLS to a port for TLS",
    "clear text to a port for TLS",
    "clear text, no suffix, to a port for TLS",
    "a port for TLS that speaks none",
    "silent",
    "silent where TLS is spoken",
    "silent after EHLO",
    "550 at EHLO, and silent",
    "a byte now and then",
}
if sys.platform != "linux":  # elsewhere what was said before a reset may be lost with it
    ROWS = [row for row in ROWS if row[0] != "resets where TLS is to begin"]
if not ssl.HAS_TLSv1:
    ROWS = [row for row in ROWS if not row[0].startswith("TLS 1.0")]
if not ssl.HAS_TLSv1_1:
    ROWS = [row for row in ROWS if not row[0].startswith("TLS 1.1")]


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize(
    ("make", "suffix", "others", "codes", "timeout"),
    [pytest.param(*row[1:], SHORT if row[0] in WAITING else LONG, id=row[0]) for row in ROWS],
)
def test_the_finding_names_it(
    make: Callable[[Kit], Behaviour],
    suffix: str,
    others: dict[str, str | None],
    codes: str,
    timeout: float,
    good: Issued,
    authority: Authority,
    tmp_path: Path,
) -> None:
    with serving(make(Kit(good, authority))) as port:
        start = time.monotonic()
        text = settings(port, suffix, **others)
        found, outcome = probe(tmp_path / "DataMiner.xml", text, authority, timeout=timeout)
        taken = time.monotonic() - start

    assert sorted(found) == codes.split()
    assert "should not happen" not in outcome.err
    assert taken < timeout + _SLACK


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize("misbehave", [greeting_at_length, rubbish_at_length, offering_without_end])
def test_memory_is_bounded(misbehave: Behaviour, authority: Authority, tmp_path: Path) -> None:
    with serving(lambda peer: peer.say("220")) as port:  # what is loaded once does not count
        probe(tmp_path / "DataMiner.xml", settings(port), authority)

    def behave(peer: Peer) -> None:
        started.set()
        misbehave(peer)

    started = threading.Event()
    with serving(behave) as port:
        tracemalloc.start()
        try:
            see(settings(port), authority)
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()

    assert started.is_set()
    assert most < 2 * _MEBIBYTE


@pytest.mark.usefixtures("untraced")
def test_servers_are_asked_side_by_side_and_each_once(
    tmp_path: Path,
) -> None:
    """Ten agents, five silent servers: one after the other would take five times as long."""
    calls: list[int] = []

    def behave(peer: Peer) -> None:
        calls.append(1)
        peer.be_silent()

    start = time.monotonic()
    with contextlib.ExitStack() as stack:
        ports = [stack.enter_context(serving(behave)) for _ in range(5)]
        for number in range(10):
            (tmp_path / f"{number}.smtp.xml").write_text(settings(ports[number % 5]), "utf-8")
        outcome = dmsmtp("probe", tmp_path, "--output-format", "json", "--timeout", str(SHORT))
        taken = time.monotonic() - start
        told = json.loads(outcome.out)

    assert [one["code"] for one in told["diagnostics"]] == ["L103"] * 10
    assert [len(one["paths"]) for one in told["servers"]] == [2] * 5
    assert len(calls) <= 3 * 5  # once, and twice to see what else the port speaks
    assert outcome.code == 1
    assert taken < SHORT + _SLACK


def test_hosts_that_differ_in_case_alone_are_asked_once(tmp_path: Path) -> None:
    """What is found in each file names the host as it stands there."""
    server = Smtp(offers=("AUTH XOAUTH2",))
    hosts = ("localhost", "LOCALHOST", "LocalHost")
    with serving(server) as port:
        for number, host in enumerate(hosts):
            text = settings(port, Host=host, LoginMethod="LoginPlainMethod", User=USER, Password=PASSWORD)
            (tmp_path / f"{number}.smtp.xml").write_text(text, "utf-8")
        told = json.loads(dmsmtp("probe", tmp_path, "--output-format", "json").out)

    assert [len(one["paths"]) for one in told["servers"]] == [3]
    assert len([line for line in server.received if line.startswith("EHLO")]) == 1
    messages = [one["message"] for one in told["diagnostics"] if one["code"] == "L112"]
    assert [message.partition(":")[0] for message in messages] == list(hosts)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("smtp.example.com", "SMTP.example.COM", True),
        ("smtp.example.com", "smtp.example.com.", False),  # a name that is searched for in no domain
        ("FE80::1", "fe80::1", True),
        ("fe80::1%Eth0", "fe80::1%eth0", False),
    ],
)
def test_hosts_that_are_the_same(one: str, other: str, is_same: bool) -> None:
    first, second = (Server(host, 25, Security.CLEAR_TEXT) for host in (one, other))

    assert (first == second, first != second) == (is_same, not is_same)
    assert len({first, second}) == 2 - is_same
    assert first != first._replace(port=26)


def test_further_reports_are_of_the_same_run(tmp_path: Path) -> None:
    path, sarif, told = (tmp_path / name for name in ("DataMiner.xml", "a.sarif", "b.json"))
    path.write_text(settings(1), "utf-8")

    outcome = dmsmtp("probe", path, "--quiet", "--report", f"sarif={sarif}", "--report", f"json={told}")

    assert outcome.code == 1
    (code,) = (one["code"] for one in json.loads(told.read_text("utf-8"))["diagnostics"])
    assert f"error[{code}]" in outcome.text
    (result,) = json.loads(sarif.read_text("utf-8"))["runs"][0]["results"]
    assert result["ruleId"] == code
    assert result["partialFingerprints"]
    assert json.loads(told.read_text("utf-8"))["servers"][0]["port"] == 1
    assert "two reports would be written there" in dmsmtp("probe", path, "--report", "json=-").err


def test_what_is_less_grave_can_be_hidden(good: Issued, authority: Authority, tmp_path: Path) -> None:
    path = tmp_path / "DataMiner.xml"
    with serving(starttls(Kit(good, authority))) as port:
        found, _ = probe(path, settings(port, "-nossl"), authority, "--fail-on", "info")
        hidden, outcome = probe(
            path, settings(port, "-nossl"), authority, "--fail-on", "info", "--min-severity", "error"
        )

    assert (len(found), hidden) == (1, [])
    assert outcome.code == 1
    assert "hidden" in outcome.err


class TestFixes:
    """The HostPort that was seen to work is written, and the server is asked again with it."""

    def run(self, path: Path, text: str, authority: Authority, *options: str) -> Outcome:
        path.write_text(text, "utf-8")
        return dmsmtp("probe", path, "--timeout", str(LONG), "--ca-file", authority.file, *options)

    @pytest.mark.parametrize(
        ("make", "suffix", "right"),
        [(starttls, "-ssl", "-starttls"), (starttls, "", "-starttls"), (starttls, "-nossl", "-starttls")],
    )
    def test_written(
        self,
        make: Callable[[Kit], Behaviour],
        suffix: str,
        right: str,
        good: Issued,
        authority: Authority,
        tmp_path: Path,
    ) -> None:
        path, beside = tmp_path / "DataMiner.xml", tmp_path / "beside.json"
        with serving(make(Kit(good, authority))) as port:
            text = settings(port, suffix)
            shown = self.run(path, text, authority, "--unsafe-fixes", "--diff", "--report", f"json={beside}")
            unchanged = path.read_text("utf-8")
            outcome = self.run(path, text, authority, "--unsafe-fixes", "--fix")

        assert (shown.code, unchanged) == (1, text)
        assert f"+  <HostPort>{port}{right}</HostPort>" in shown.lines
        as_it_lies = json.loads(beside.read_bytes())
        assert [one["fix"]["safety"] for one in as_it_lies["diagnostics"] if one["fix"]] == ["unsafe"]
        assert (as_it_lies["summary"]["fixed"], as_it_lies["summary"]["fixable"]) == (0, 1)
        assert outcome.code == 0, outcome.text
        assert f"<HostPort>{port}{right}</HostPort>" in path.read_text("utf-8")
        assert len(list(tmp_path.glob("*.bak"))) == 1
        assert "dmsmtp: 1 file written\n" in outcome.err
        assert "the former content is in a .bak file beside each, with the same secrets" in outcome.err

    @pytest.mark.parametrize("mode", ["--fix", "--diff"])
    def test_the_server_is_told_as_it_answers_after_the_fix(
        self, mode: str, good: Issued, authority: Authority, tmp_path: Path
    ) -> None:
        """Beside the one that failed, which alone would contradict that nothing is found any more."""
        path, beside = tmp_path / "DataMiner.xml", tmp_path / "beside.json"
        with serving(starttls(Kit(good, authority))) as port:
            options = ("--unsafe-fixes", mode, "--report", f"json={beside}")
            outcome = self.run(path, settings(port, "-ssl"), authority, *options)
        servers = json.loads(beside.read_bytes())["servers"]

        told = [(one["security"], one["failed_at"], one["paths"]) for one in servers]
        before, after = ("implicit TLS", "TLS", [path.as_posix()]), ("STARTTLS", None, [path.as_posix()])
        assert told == ([before, after] if mode == "--fix" else [before])
        assert (f"{LOOPBACK}:{port}, STARTTLS" in outcome.text) == (mode == "--fix")

    def test_a_file_that_is_named_twice_is_mended_once(
        self, good: Issued, authority: Authority, tmp_path: Path
    ) -> None:
        path = tmp_path / "DataMiner.xml"
        with serving(starttls(Kit(good, authority))) as port:
            text = settings(port, "-ssl")
            outcome = self.run(path, text, authority, "--unsafe-fixes", "--fix", "--no-backup", str(tmp_path))

        assert outcome.code == 0, outcome.text + outcome.err
        assert "nothing found in 1 file; fixed 1" in outcome.err
        assert "dmsmtp: 1 file written\n" in outcome.err
        assert "former content" not in outcome.err

    @pytest.mark.parametrize("options", [("-o", "missing/report"), ("--report", "json=missing/report")])
    def test_nothing_is_asked_or_written_where_a_report_could_not_be(
        self, options: tuple[str, ...], authority: Authority, tmp_path: Path
    ) -> None:
        path = tmp_path / "DataMiner.xml"
        server = Smtp()
        with serving(server) as port:
            outcome = self.run(path, settings(port, "-ssl"), authority, "--unsafe-fixes", "--fix", *options)

        assert outcome.code == 2
        assert "missing/report: the report could not be written there" in outcome.err
        assert not server.received

    def test_not_without_being_asked(self, good: Issued, authority: Authority, tmp_path: Path) -> None:
        path = tmp_path / "DataMiner.xml"
        with serving(starttls(Kit(good, authority))) as port:
            text = settings(port, "-ssl")
            for options in ((), ("--fix",)):
                outcome = self.run(path, text, authority, *options)
                assert "L104" in outcome.text
                assert path.read_text("utf-8") == text

    def test_a_port_that_knows_no_encryption(self, authority: Authority, tmp_path: Path) -> None:
        path = tmp_path / "DataMiner.xml"
        with serving(Smtp()) as port:
            text = settings(port, "-ssl")
            self.run(path, text, authority, "--unsafe-fixes", "--fix")

        assert path.read_text("utf-8") == text


@pytest.mark.parametrize("behave", [closing_at_tls, pytest.param(resetting_at_tls, marks=pytest.mark.linux)])
def test_who_closes_whatever_tls_there_is_does_not_find_it_too_strict(behave: Behaviour) -> None:
    with serving(behave) as port:
        seen = see(settings(port, "-starttls"))

    assert seen.trouble is not None
    assert seen.trouble.words == "the server closes the connection, however strict TLS is"


@pytest.mark.parametrize("suffix", ["-ssl", "-starttls"])
def test_who_closes_once_has_no_weak_tls(suffix: str, good: Issued, authority: Authority) -> None:
    connections = iter(range(10))
    usual = implicit(good.context()) if suffix == "-ssl" else Smtp(starttls=good.context())

    def behave(peer: Peer) -> None:
        if next(connections):
            usual(peer)
        elif suffix == "-ssl":
            peer.sock.recv(100)
        else:
            closing_at_tls(peer)

    with serving(behave) as port:
        seen = see(settings(port, suffix), authority)

    assert seen.tls is not None
    assert (seen.trouble, seen.tls.is_verified) == (None, True)
    told = [str(one.stage) for one in seen.steps]
    assert told == [*dict.fromkeys(told), *(["EHLO"] if suffix == "-starttls" else [])]
    assert next(connections) == 2


BUSY = "421 4.3.2 busy"


class TestStagesThatAreTold:
    """Those of the last attempt, all of them, however many there were."""

    @pytest.mark.parametrize(
        ("replies", "stages"),
        [
            ({"GREETING": "554 go away"}, ["names", "TCP", "greeting"]),
            ({"GREETING": BUSY}, ["names", "TCP", "greeting"]),
            ({"EHLO": BUSY}, ["names", "TCP", "greeting", "EHLO"]),
            ({"GREETING": [BUSY], "EHLO": [BUSY]}, ["names", "TCP", "greeting", "EHLO"]),
            ({"GREETING": [BUSY]}, ["names", "TCP", "greeting", "EHLO"]),
            ({}, ["names", "TCP", "greeting", "EHLO"]),
        ],
    )
    def test_of_a_server_that_refuses(self, replies: dict[str, str | list[str]], stages: list[str]) -> None:
        with serving(Smtp(replies=replies)) as port:
            seen = see(settings(port))

        assert [one.stage for one in seen.steps] == stages

    def test_the_dialogues_of_several_connections_are_told_apart(self) -> None:
        """One behind the other they would read as one, in which the server greets twice."""
        with serving(Smtp(replies={"GREETING": [BUSY]})) as port:
            lines = [(one.is_ours, one.text) for one in see(settings(port)).transcript]

        assert lines[:3] == [
            (False, BUSY),
            (True, "(connects again)"),
            (False, "220 mail.example.com ESMTP"),
        ]

    @pytest.mark.parametrize("busy_at", [2, 3])
    def test_of_one_that_refuses_after_a_handshake_was_loosened(
        self, busy_at: int, authority: Authority
    ) -> None:
        context = authority.issue("expired", days=-1).context()
        connections = iter(range(1, 10))

        def behave(peer: Peer) -> None:
            greeting = BUSY if next(connections) == busy_at else "220 mail.example.com"
            Smtp(greeting=greeting, starttls=context)(peer)

        with serving(behave) as port:
            seen = see(settings(port, "-starttls"), authority)

        assert seen.trouble is None
        assert [one.stage for one in seen.steps] == [
            "names",
            "TCP",
            "greeting",
            "EHLO",
            "STARTTLS",
            "TLS",
            "EHLO",
        ]


def told_to_wait(peer: Peer) -> None:
    peer.say(BUSY)


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize(
    ("later", "code"),
    [(told_to_wait, "L120"), (closing, "L118"), (silent, "L103")],
    ids=["421", "closes", "silent"],
)
@pytest.mark.parametrize(
    "certificate", [{"is_self_signed": True}, {"names": ("mail.example.com",)}, {"days": -1}]
)
def test_what_is_wrong_with_a_certificate_that_nobody_may_look_at_twice(
    certificate: dict[str, Any], later: Behaviour, code: str, authority: Authority, tmp_path: Path
) -> None:
    """A server that limits connections takes the first alone, in which the certificate is refused."""
    context = authority.issue("refused", **certificate).context()
    connections = iter(range(10))

    def behave(peer: Peer) -> None:
        (later if next(connections) else Smtp(starttls=context))(peer)

    timeout = SHORT if later is silent else LONG
    with serving(behave) as port:
        text = settings(port, "-starttls")
        found, outcome = probe(tmp_path / "DataMiner.xml", text, authority, timeout=timeout)

    wrong = "L108" if "is_self_signed" in certificate else "L109" if "names" in certificate else "L110"
    assert sorted(found) == sorted([wrong, code])
    assert json.loads(outcome.out)["servers"][0]["tls"]["verified"] is False


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("<SMTP><Hostt>x</Hostt></SMTP>", "S101"),
        ("<SMTP><Host/></SMTP>", "H201"),
        ("<SMTP><Host>smtp://x</Host></SMTP>", "H203"),
        ("<SMTP><Host>localhost</Host><HostPort>x</HostPort></SMTP>", "H204"),
        ("<SMTP><Host>localhost</Host>", "D001"),
        ("<SMTP><Host>${MAIL_HOST}</Host></SMTP>", "X704"),  # as to lint
        ("<DataMiner/>", "S103"),
    ],
)
def test_a_file_that_names_no_server_says_why(
    text: str, code: str, authority: Authority, tmp_path: Path
) -> None:
    found, outcome = probe(tmp_path / "DataMiner.xml", text, authority)

    assert found == [code]
    assert outcome.code == (2 if code == "S103" else 1)  # a warning says not that nothing was asked


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--ca-file", "nowhere.pem"], "nowhere.pem"),
        (["--ca-file", ""], "--ca-file is empty: was a variable not set?"),
        (["--token-file", "", "--login"], "--token-file is empty: was a variable not set?"),
        (["--ca-file", __file__], "there is no certificate in it"),
        (["--timeout", "0"], "seconds"),
        (["--timeout", "soon"], "seconds"),
        (["--select", "H"], "`dmsmtp lint` does"),
        (["--unsafe-fixes"], "--fix"),
        (["--fix", "--diff"], "--diff"),
        (["--token-file", "nowhere", "--login"], "nowhere"),
        (["--login", "--password-stdin"], "nothing on standard input"),
        (["--password-stdin"], "--password-stdin goes with --login"),
        (["--token-file", __file__], "--token-file goes with --login"),
        (["--allow-cleartext"], "--allow-cleartext goes with --login"),
    ],
)
def test_what_cannot_be_done(options: list[str], words: str, tmp_path: Path) -> None:
    path = tmp_path / "DataMiner.xml"
    path.write_text(settings(1), "utf-8")
    outcome = dmsmtp("probe", path, *options)

    assert (outcome.code, outcome.text) == (2, "")
    assert words in outcome.err


def test_lint_names_the_command_that_has_the_rule(tmp_path: Path) -> None:
    assert "`dmsmtp probe` does" in dmsmtp("lint", tmp_path, "--select", "L104").err


@pytest.mark.parametrize(
    "missing",
    [("cryptography", "cryptography.x509"), ("cryptography.x509",)],
    ids=["not installed", "broken"],
)
def test_without_the_extra(
    missing: tuple[str, ...],
    good: Issued,
    authority: Authority,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All works but reading certificates that are not in order, and NTLM; it is said what to install."""
    monkeypatch.delattr("cryptography.x509")
    for name in (*missing, "spnego"):
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setattr("migrator.live.certificates.library", cache(library.__wrapped__))
    path = tmp_path / "DataMiner.xml"
    with serving(implicit(good.context(), "AUTH PLAIN NTLM")) as port:
        plain = probe(path, settings(port, "-ssl", **login("LoginPlainMethod")), authority, "--login")
        ntlm = probe(path, settings(port, "-ssl", **login("NTLM")), authority, "--login")
    with serving(implicit(authority.issue("unread", names=("mail.example.com",)).context())) as port:
        misnamed = probe(path, settings(port, "-ssl"), authority)

    assert (plain[0], plain[1].code) == ([], 0)
    told = plain if "cryptography" in missing else misnamed  # one that is broken is noticed when it is needed
    assert f'pip install "dmsmtp-{migrator.__version__}-py3-none-any.whl[live]"' in told[1].err
    assert (ntlm[0], ntlm[1].code) == ([], 2)
    assert "NTLM needs the extra" in ntlm[1].err
    assert misnamed[0] == ["L109"]


def test_a_usual_port_that_works_is_named(
    good: Issued, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(starttls(Kit(good, authority))) as port, serving(Smtp()) as clear:
        usual = (
            HostPort(clear, Suffix.STARTTLS),
            HostPort(port, Suffix.STARTTLS),
            HostPort(port, Suffix.SSL),
        )
        monkeypatch.setattr("migrator.live.protocol_detection.USUAL", usual)
        found, outcome = probe(tmp_path / "DataMiner.xml", settings(1, "-starttls"), authority)
        told = json.loads(outcome.out)

    assert found == ["L102"]
    assert told["servers"][0]["answers_elsewhere"] == [f"{port}-starttls"]
    assert f'on this host "{port}-starttls" was seen to work' in told["diagnostics"][0]["help"]


@given(st.lists(st.binary(max_size=60), max_size=4), st.sampled_from(["-nossl", "-starttls", "-ssl"]))
@settings_of_hypothesis(max_examples=30)
def test_whatever_a_server_says(said: list[bytes], suffix: str) -> None:
    """It ends in time and without a fault of ours, and every text is printable."""

    def behave(peer: Peer) -> None:
        for one in said:
            peer.sock.sendall(one)
            if peer.hear() is None:
                return

    with serving(behave) as port:
        seen = see(settings(port, suffix), timeout=0.1)

    assert seen.trouble is not None or seen.offers is not None
    assert all(step.words.isprintable() for step in seen.steps)
    assert all(line.text.isprintable() for line in seen.transcript)
