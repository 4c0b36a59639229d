"""The command `describe`; what it says is tested with `migrator.describe`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.running import CLEAN, ERROR, dmsmtp

if TYPE_CHECKING:
    from pathlib import Path


def test_a_clean_file(clean: Path) -> None:
    outcome = dmsmtp("describe", clean)

    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.lines[0] == str(clean)
    assert "  DataMiner connects to smtp.example.com on port 587." in outcome.lines


def test_what_lint_finds_is_said_on_standard_error_unless_quiet(error: Path) -> None:
    loud, quiet = dmsmtp("describe", error), dmsmtp("describe", "--quiet", error)

    assert (loud.code, quiet.code) == (0, 0)
    assert loud.err == "dmsmtp: 1 error in 1 file: `dmsmtp lint` shows what\n"
    assert quiet.err == ""
    assert quiet.out == loud.out


def test_the_findings_that_are_counted_are_those_of_lint(error: Path) -> None:
    error.with_name("dmsmtp.toml").write_text('ignore = ["H207"]\n', "utf-8")

    assert dmsmtp("describe", error).err == ""
    assert "1 error" in dmsmtp("describe", "--isolated", error).err


def test_a_broken_configuration_is_told_as_by_lint(error: Path) -> None:
    error.with_name("dmsmtp.toml").write_text('ignroe = ["H207"]\n', "utf-8")

    outcome = dmsmtp("describe", error)

    assert (outcome.code, outcome.out) == (2, b"")
    assert outcome.err == dmsmtp("lint", "--quiet", error).err
    assert "dmsmtp.toml:1: " in outcome.err


def test_a_file_without_a_section_is_told_though_the_configuration_does_not_want_it(clean: Path) -> None:
    clean.write_text("<DataMiner />", "utf-8")
    clean.with_name("dmsmtp.toml").write_text('ignore = ["S"]\n', "utf-8")

    outcome = dmsmtp("describe", clean)

    assert (outcome.code, outcome.out) == (1, b"")
    assert outcome.err == f"dmsmtp: {clean}: there is no SMTP section to describe\n"


def test_json(error: Path) -> None:
    told = json.loads(dmsmtp("describe", "--output-format", "json", error).out)

    assert told["path"] == error.as_posix()
    assert set(told) == {"version", "path", "agent", "facts", "inferred", "oldest", "settings"}
    assert told["settings"][0] == {"name": "Host", "value": "smtp.example.com", "origin": "file", "line": 2}


def test_standard_input() -> None:
    outcome = dmsmtp("describe", "--stdin-filename", "agent.xml", "-", stdin=CLEAN.encode())

    assert (outcome.code, outcome.lines[0]) == (0, "agent.xml")


def test_a_folder_with_one_file(tmp_path: Path) -> None:
    (tmp_path / "DataMiner.xml").write_text(CLEAN, "utf-8")

    assert dmsmtp("describe", tmp_path).lines[0] == str(tmp_path / "DataMiner.xml")


def test_a_folder_with_several_files_is_refused(tmp_path: Path) -> None:
    for name in ("DataMiner.xml", "a.smtp.xml"):
        (tmp_path / name).write_text(CLEAN, "utf-8")

    outcome = dmsmtp("describe", tmp_path)

    assert (outcome.code, outcome.out) == (2, b"")
    assert (
        outcome.err == f"dmsmtp: {tmp_path}: 2 files are there, and one at a time can be described: name it\n"
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("<SMTP><Host>", ":1:13: error[D001] "),
        ("<Other />", ":1:2: error[D005] "),
        ("<DataMiner />", ":1:2: warning[S103] there is no SMTP section"),
    ],
)
@pytest.mark.parametrize("output_format", ["full", "json"])
def test_without_a_section_there_is_nothing_to_describe_and_that_is_1(
    output_format: str, text: str, says: str, tmp_path: Path
) -> None:
    (tmp_path / "DataMiner.xml").write_text(text, "utf-8")

    outcome = dmsmtp("describe", "--output-format", output_format, tmp_path / "DataMiner.xml")

    assert (outcome.code, outcome.out) == (1, b"")
    assert outcome.err.startswith(f"dmsmtp: {tmp_path / 'DataMiner.xml'}{says}")


def test_findings_do_not_make_it_fail(tmp_path: Path) -> None:
    (tmp_path / "DataMiner.xml").write_text(ERROR, "utf-8")

    assert dmsmtp("describe", tmp_path).code == 0
