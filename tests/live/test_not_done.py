"""What was asked for and not done is told apart from what was found: neither hides the other."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from migrator.definition import schema_path
from tests.cli.running import dmsmtp
from tests.live.asking import LONG, settings
from tests.live.servers import USER, Smtp, serving

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.running import Outcome
    from tests.live.certificates import Authority, Issued

VALIDATOR = Draft202012Validator(json.loads(schema_path("report.schema.json").read_text("utf-8")))
NO_SECTION = "<DataMiner><DMA><DMAName>x</DMAName></DMA></DataMiner>"
NO_HOST = "<SMTP><HostPort>25</HostPort></SMTP>"
UNTRIED = "no login was tried: XOAUTH2 needs a token (--token-file)"


def run(command: str, folder: Path, text: str, authority: Authority, *options: str | Path) -> Outcome:
    path = folder / "DataMiner.xml"
    path.write_text(text, "utf-8")
    return dmsmtp(command, path, "--timeout", str(LONG), "--ca-file", authority.file, *options)


def asked_nobody(folder: Path, text: str, command: str, *options: str) -> Outcome:
    path = folder / "DataMiner.xml"
    path.write_text(text, "utf-8")
    return dmsmtp(command, path, "--isolated", *options)


def oauth(port: int) -> str:
    return settings(port, "-ssl", LoginMethod="XOAUTH2", User=USER, Helo="")


class TestLoginsThatAreNotTried:
    """XOAUTH2 without a token, in a file that has something else to be found: an empty Helo."""

    @pytest.mark.parametrize("command", ["check", "probe"])
    def test_the_file_counts_as_checked(
        self, command: str, tmp_path: Path, authority: Authority, good: Issued
    ) -> None:
        with serving(Smtp(implicit=good.context(), offers=("AUTH XOAUTH2",))) as port:
            outcome = run(command, tmp_path, oauth(port), authority, "--login")

        assert outcome.code == 2
        assert f": {UNTRIED}\n" in outcome.err
        assert "nothing was checked" not in outcome.err
        assert "in 1 file; " in outcome.err
        assert "1 login could not be tried\n" in outcome.err

    def test_json_counts_the_findings(self, tmp_path: Path, authority: Authority, good: Issued) -> None:
        with serving(Smtp(implicit=good.context(), offers=("AUTH XOAUTH2",))) as port:
            outcome = run("check", tmp_path, oauth(port), authority, "--login", "--output-format", "json")

        told = json.loads(outcome.out)
        VALIDATOR.validate(told)
        assert "S108" in {one["code"] for one in told["diagnostics"]}
        assert [(one["kind"], one["reason"]) for one in told["failures"]] == [("login-not-tried", UNTRIED)]
        figures = told["summary"]
        assert figures["files"] == 1
        assert figures["errors"] + figures["warnings"] + figures["infos"] == len(told["diagnostics"])

    def test_further_reports_have_both(self, tmp_path: Path, authority: Authority, good: Issued) -> None:
        """In clear text, which the server could do without, is the warning L106."""
        report = tmp_path / "report.json"
        server = Smtp(offers=("AUTH XOAUTH2",), starttls=good.context())
        with serving(server) as port:
            text = settings(port, "-nossl", LoginMethod="XOAUTH2", User=USER)
            outcome = run("probe", tmp_path, text, authority, "--login", "--report", f"gitlab={report}")

        assert outcome.code == 2
        told = [one["check_name"] for one in json.loads(report.read_bytes())]
        assert told == ["login-not-tried", "L106"]


class TestFilesThatNameNoServer:
    @pytest.mark.parametrize("text", [NO_SECTION, NO_HOST], ids=["no section", "no Host"])
    @pytest.mark.parametrize(
        "command", [["probe"], ["check"], ["send-test-email", "--to", "noc@example.com"]], ids=str
    )
    def test_nothing_was_asked(self, command: list[str], text: str, tmp_path: Path) -> None:
        outcome = asked_nobody(tmp_path, text, *command)

        assert outcome.code in (1, 2)
        assert "with the TLS of OpenSSL" not in outcome.err

    @pytest.mark.parametrize(
        "command", [["probe"], ["check"], ["send-test-email", "--to", "noc@example.com"]], ids=str
    )
    def test_a_warning_alone_is_no_success(self, command: list[str], tmp_path: Path) -> None:
        outcome = asked_nobody(tmp_path, NO_SECTION, *command)

        assert outcome.code == 2
        assert "S103" in outcome.text
        assert "DataMiner.xml: it names no server to connect to\n" in outcome.err
        assert "1 warning in 1 file; 1 server could not be asked\n" in outcome.err

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            (NO_SECTION, "there is no SMTP section: this agent sends no mail"),
            ("<DataMiner><Smtp /></DataMiner>", "Smtp is not read as the SMTP section"),
        ],
    )
    def test_what_keeps_from_asking_is_the_verdict(self, text: str, why: str, tmp_path: Path) -> None:
        """The finding beside it says that no mail goes out: "Nobody knows" would contradict it."""
        outcome = asked_nobody(tmp_path, text, "check")

        assert outcome.code == 2
        assert outcome.lines[-1] == f"Will mail go out? No, because {why}."

    def test_nothing_is_known_of_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        outcome = dmsmtp("check", tmp_path / "DataMiner.xml")

        assert outcome.code == 2
        assert outcome.lines[-1] == "Will mail go out? Nobody knows, because no server could be asked."

    def test_an_error_says_it_all(self, tmp_path: Path) -> None:
        outcome = asked_nobody(tmp_path, NO_HOST, "probe")

        assert outcome.code == 1
        assert "it names no server" not in outcome.err

    def test_json_has_both(self, tmp_path: Path) -> None:
        told = json.loads(asked_nobody(tmp_path, NO_SECTION, "probe", "--output-format", "json").out)

        VALIDATOR.validate(told)
        assert [one["code"] for one in told["diagnostics"]] == ["S103"]
        assert [one["kind"] for one in told["failures"]] == ["server-not-asked"]
        assert told["servers"] == []

    def test_a_server_that_was_asked_is_seen_from_this_machine(
        self, tmp_path: Path, authority: Authority
    ) -> None:
        with serving(Smtp()) as port:
            outcome = run("probe", tmp_path, settings(port), authority)

        assert "with the TLS of OpenSSL; which one DataMiner uses" in outcome.err


@pytest.mark.parametrize(
    "command",
    [
        ["probe", "--login", "-o", "{}"],
        ["probe", "--login", "--report", "json={}"],
        ["check", "--login", "-o", "{}"],
        ["send-test-email", "--to", "noc@example.com", "-o", "{}"],
    ],
    ids=str,
)
@pytest.mark.parametrize(("name", "holds"), [("token", "tokens"), ("ca.pem", "the certificates to trust")])
def test_no_report_takes_the_place_of_what_is_used(
    name: str, holds: str, command: list[str], tmp_path: Path, authority: Authority
) -> None:
    contents = {"token": b"a-token", "ca.pem": authority.file.read_bytes()}
    for file, content in contents.items():
        (tmp_path / file).write_bytes(content)
    (tmp_path / "DataMiner.xml").write_text(settings(1), "utf-8")
    arguments = [one.format(tmp_path / name) for one in command]
    keys = ("--token-file", tmp_path / "token", "--ca-file", tmp_path / "ca.pem")

    outcome = dmsmtp(*arguments, *keys, tmp_path / "DataMiner.xml")

    assert (outcome.code, outcome.text) == (2, "")
    assert f"{name}: the report would overwrite this file, which holds {holds}" in outcome.err
    assert {file: (tmp_path / file).read_bytes() for file in contents} == contents
