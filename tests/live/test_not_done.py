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
UNTRIED = "no login was tried: XOAUTH2 needs a token (--token-file)"


def run(command: str, folder: Path, text: str, authority: Authority, *options: str | Path) -> Outcome:
    path = folder / "DataMiner.xml"
    path.write_text(text, "utf-8")
    return dmsmtp(command, path, "--timeout", str(LONG), "--ca-file", authority.file, *options)


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
        report = tmp_path / "report.json"
        refusing = Smtp(offers=("AUTH XOAUTH2", "SIZE 10"), implicit=good.context())
        with serving(refusing) as port:
            outcome = run(
                "probe", tmp_path, oauth(port), authority, "--login", "--report", f"gitlab={report}"
            )

        assert outcome.code == 2
        assert "login-not-tried" in {one["check_name"] for one in json.loads(report.read_bytes())}


def oauth(port: int) -> str:
    return settings(port, "-ssl", LoginMethod="XOAUTH2", User=USER, Helo="")
