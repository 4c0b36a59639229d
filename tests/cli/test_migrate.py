"""`migrate`: what is shown, what is written, and how it ends."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.running import CLEAN, ERROR, dmsmtp
from tests.migrations.agents import PASSWORD, write_agents

if TYPE_CHECKING:
    from pathlib import Path

TO = ("--to", "10.6.4", "--as-of", "2026-11-23")
CHOICE = CLEAN.replace("587-starttls", "587-tls")
MANUAL = CLEAN.replace("NoLoginMethod", "AuthLoginMethod").replace("smtp.example.com", "smtp.office365.com")
UNREADABLE = "<SMTP><Host>"


def write(path: Path, content: str) -> Path:
    path.write_text(content, "utf-8")
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_run_shows_a_diff_and_a_report_and_writes_nothing(error: Path) -> None:
    before = error.read_bytes()

    outcome = dmsmtp("migrate", error, *TO)

    assert outcome.code == 1
    assert outcome.lines[0].startswith("--- ")
    assert "Migration to DataMiner 10.6.4" in outcome.lines
    assert "1 agent: 1 pending" in outcome.lines
    assert "nothing was written: --write makes the changes" in outcome.err
    assert error.read_bytes() == before
    assert names(error.parent) == ["error.xml"]


def test_write_changes_the_file_and_keeps_the_former_one(error: Path) -> None:
    before = error.read_bytes()

    outcome = dmsmtp("migrate", error, *TO, "--write")

    assert outcome.code == 0
    assert "--- " not in outcome.text
    assert error.read_text("utf-8") == CLEAN
    (backup,) = error.parent.glob("error.xml.*.bak")
    assert backup.read_bytes() == before
    assert backup.name in outcome.text.replace("\n    ", " ")
    assert "DataMiner is stopped while its file changes" in outcome.err
    assert dmsmtp("migrate", error, *TO, "--check").code == 0
    assert dmsmtp("lint", error, "--target-version", "10.6.4").code == 0


def test_a_file_that_needs_no_step_is_not_written(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xml", CLEAN)
    before = path.stat()

    outcome = dmsmtp("migrate", path, *TO, "--write")

    assert (outcome.code, names(tmp_path)) == (0, ["a.xml"])
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert "DataMiner is stopped" not in outcome.err


def test_no_backup_is_kept_where_none_is_wanted(error: Path) -> None:
    outcome = dmsmtp("migrate", error, *TO, "--write", "--no-backup")

    assert names(error.parent) == ["error.xml"]
    assert ".bak" not in outcome.err


@pytest.mark.parametrize(
    ("content", "options", "code"),
    [
        (CLEAN, (), 0),
        (CLEAN, ("--check",), 0),
        (ERROR, (), 1),
        (ERROR, ("--check",), 1),
        (ERROR, ("--diff",), 1),
        (CHOICE, (), 0),  # there is no diff
        (CHOICE, ("--check",), 1),
        (CHOICE, ("--write",), 0),
        (CHOICE, ("--unsafe-fixes",), 1),
        (MANUAL, (), 0),
        (MANUAL, ("--check",), 0),
        (UNREADABLE, (), 1),
        (UNREADABLE, ("--write",), 1),
    ],
)
def test_exit_codes(tmp_path: Path, content: str, options: tuple[str, ...], code: int) -> None:
    path = write(tmp_path / "a.xml", content)

    assert dmsmtp("migrate", path, *TO, *options).code == code


@pytest.mark.parametrize(("options", "number"), [((), 0), (("--diff",), 1)])
def test_why_a_file_is_not_migrated_is_said_once(
    tmp_path: Path, options: tuple[str, ...], number: int
) -> None:
    path = write(tmp_path / "a.xml", UNREADABLE)

    outcome = dmsmtp("migrate", path, *TO, *options)

    assert outcome.err.count(f"{path}: D001 at line 1: ") == number
    assert ("D001 at line 1: " in outcome.text) is (number == 0)


@pytest.mark.parametrize(("code", "is_told"), [("C901", False), ("L105", False), ("H208", True)])
def test_what_lint_finds_besides_is_what_lint_finds(tmp_path: Path, code: str, is_told: bool) -> None:
    path = write(tmp_path / "a.xml", CLEAN.replace("<Host>", f"<!-- dmsmtp: ignore[{code}] meant --><Host>"))

    migrated = dmsmtp("migrate", path, *TO)

    assert ("D008" in dmsmtp("lint", path).text) is is_told
    assert ("which no step is about: D008" in migrated.text) is is_told


@pytest.mark.parametrize("target", ["missing/report", "."])
def test_nothing_is_written_where_the_report_could_not_be(target: str, error: Path) -> None:
    before = error.read_bytes()

    outcome = dmsmtp("migrate", error, *TO, "--write", "-o", error.parent / target)

    assert (outcome.code, outcome.out) == (2, b"")
    assert "the report could not be written there" in outcome.err
    assert error.read_bytes() == before


@pytest.mark.parametrize(("option", "said"), [("--check", "1 pending"), ("--write", "1 done")])
def test_a_file_that_is_named_in_several_ways_counts_once(
    option: str, said: str, error: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(error.parent)

    outcome = dmsmtp("migrate", error.name, f"./{error.name}", error, *TO, option)

    assert f"1 agent: {said}" in outcome.lines
    assert len(list(error.parent.glob("*.bak"))) == (option == "--write")


def test_one_that_fails_does_not_stop_the_others(tmp_path: Path, error: Path) -> None:
    broken = write(tmp_path / "broken.xml", UNREADABLE)

    outcome = dmsmtp("migrate", tmp_path / "gone.xml", broken, error, *TO, "--write")

    assert outcome.code == 2
    assert "gone.xml" in outcome.err
    assert error.read_text("utf-8") == CLEAN
    assert "3 files: 1 done, 2 failed" in outcome.err


@pytest.mark.parametrize("command", [("migrate", "--to"), ("lint", "--target-version")])
def test_says_what_a_build_without_its_update_is_taken_for(error: Path, command: tuple[str, str]) -> None:
    name, option = command

    told = dmsmtp(name, error, option, "10.5.0.0-15588").err

    assert f"{option} 10.5.0.0-15588: no cumulative update (CU) is named, so this is taken for 10.5.0" in told
    for clear in ("10.5.0", "10.5.0.0-15588-CU13", "10.6.4.0-15588"):
        assert "no cumulative update" not in dmsmtp(name, error, option, clear).err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "say which DataMiner version the files shall suit"),
        (("--to", "10.6"), "--to 10.6: the main release 10.6.0, or a feature release such as 10.6.4?"),
        (("--to", "soon"), "--to soon: no DataMiner version"),
        ((*TO, "--from", "10"), "--from 10: no DataMiner version"),
        (("--to", "10.6.4", "--as-of", "x"), "--as-of x: no date"),
        ((*TO, "--write", "--check"), "--check changes nothing, and --write does"),
        ((*TO, "--write", "--diff"), "--diff changes nothing, and --write does"),
        ((*TO, "--check", "--diff"), "give one of them"),
        ((*TO, "--diff", "--output-format", "json"), "leave out --output-format"),
        (("--to", "10.0.7", "--namespace", "add"), "--namespace add: DataMiner 10.0.7 sets none"),
        (("--list", "--output-format", "html"), "--list: there is no list as html"),
    ],
)
def test_what_cannot_be_meant_is_refused(error: Path, options: tuple[str, ...], said: str) -> None:
    before = error.read_bytes()

    outcome = dmsmtp("migrate", error, *options)

    assert (outcome.code, outcome.out) == (2, b"")
    assert said in outcome.err
    assert error.read_bytes() == before


def test_the_report_does_not_overwrite_a_file(error: Path) -> None:
    outcome = dmsmtp("migrate", error, *TO, "-o", error)

    assert outcome.code == 2
    assert error.read_text("utf-8") == ERROR


@pytest.mark.parametrize("name", ["json", "markdown", "html"])
def test_formats_go_to_a_file(error: Path, name: str) -> None:
    report = error.parent / "report"

    outcome = dmsmtp("migrate", error, *TO, "--output-format", name, "-o", report)

    assert (outcome.code, outcome.out) == (1, b"")
    assert "10.6.4" in report.read_text("utf-8")


@pytest.mark.parametrize("named", [(), ("-o", "-")])
def test_standard_input_is_passed_on(named: tuple[str, ...]) -> None:
    outcome = dmsmtp("migrate", "-", *TO, "--write", *named, stdin=ERROR.encode())

    assert (outcome.code, outcome.text) == (0, CLEAN)
    assert "Migration to DataMiner 10.6.4" in outcome.err
    assert "  Changed\n" in outcome.err
    assert "1 file: 1 done" in outcome.err
    assert "with --write" not in outcome.err
    assert "DataMiner is stopped" not in outcome.err
    shown = dmsmtp("migrate", "-", *TO, stdin=ERROR.encode())
    assert shown.code == 1
    assert "Migration to DataMiner 10.6.4" in shown.text
    assert "Would be changed with --write" in shown.text


def yaml(password: str, name: str = "Password") -> str:
    login = "LoginMethod: AuthLoginMethod\n  User: a@example.com"
    return f"SMTP:\n  Host: a.example.com\n  HostPort: '465'\n  {login}\n  {name}: '{password}'\n"


def test_one_variable_for_secrets_that_differ_is_told(tmp_path: Path) -> None:
    contents = {"a": yaml(PASSWORD), "b": yaml(PASSWORD), "c": yaml("another+canary", "password")}
    paths = [write(tmp_path / f"{name}.yaml", content) for name, content in contents.items()]

    outcome = dmsmtp("migrate", *paths, *TO, "--secrets", "env", "--output-format", "json")
    alike = dmsmtp("migrate", *paths[:2], *TO, "--secrets", "env", "--output-format", "json")
    kept = dmsmtp("migrate", *paths, *TO, "--output-format", "json")

    assert "DMSMTP_PASSWORD stands for 2 secrets that differ" in outcome.err
    (task,) = json.loads(outcome.text)["worksheet"]["tasks"]
    assert [(row["name"], row["value"].count(".yaml")) for row in task["table"]] == [
        ("DMSMTP_PASSWORD, value 1", 2),
        ("DMSMTP_PASSWORD, value 2", 1),
    ]
    assert "c.yaml" in task["table"][1]["value"]
    assert "canary" not in outcome.text + outcome.err
    for other in (alike, kept):
        assert json.loads(other.text)["worksheet"] is None
        assert "differ" not in other.err


def test_steps_are_listed() -> None:
    outcome = dmsmtp("migrate", "--list")

    assert outcome.code == 0
    assert outcome.lines[0] == "every version"
    assert "from main release 10.0.0 CU3, feature release 10.0.8 on" in outcome.lines
    steps = json.loads(dmsmtp("migrate", "--list", "--output-format", "json").text)["steps"]
    assert {"name": "port-suffix-case", "kind": "safe"}.items() <= next(
        step for step in steps if step["codes"] == ["H207"]
    ).items()
    assert {step["kind"] for step in steps} == {"safe", "unsafe", "safe or unsafe", "manual"}


def test_the_configuration_counts(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xml", ERROR)
    write(tmp_path / "dmsmtp.toml", 'ignore = ["H207"]\n')

    assert dmsmtp("migrate", path, *TO, "--check").code == 0
    assert dmsmtp("migrate", path, *TO, "--check", "--isolated").code == 1


def test_a_folder_of_mixed_agents_is_left_with_the_worksheet_alone(tmp_path: Path) -> None:
    paths = write_agents(tmp_path, 50)

    assert dmsmtp("migrate", tmp_path, *TO, "--check").code == 1
    written = dmsmtp("migrate", tmp_path, *TO, "--write", "--unsafe-fixes", "--output-format", "json")
    assert written.code == 0
    assert PASSWORD not in written.text + written.err
    document = json.loads(written.text)
    assert document["summary"]["pending"] == document["summary"]["failed"] == 0
    assert dmsmtp("migrate", tmp_path, *TO, "--check", "--unsafe-fixes").code == 0
    contents = [path.read_bytes() for path in paths]
    again = dmsmtp("migrate", tmp_path, *TO, "--write", "--unsafe-fixes")
    assert again.code == 0
    assert [path.read_bytes() for path in paths] == contents

    linted = dmsmtp(
        "lint", tmp_path, "--target-version", "10.6.4", "--as-of", "2026-11-23", "--output-format", "json"
    )
    assert linted.code == 0
    left = {one["code"] for one in json.loads(linted.text)["diagnostics"] if one["severity"] != "info"}
    assert left == {"P501", "P502", "A305"}  # A305 where a comment would go along
    manual = {item["code"] for agent in document["agents"] for item in agent["manual"]}
    assert manual == left
    sheet = document["worksheet"]
    assert len(sheet["agents"]) == 12
    settle = sheet["tasks"][0]
    assert settle["title"] == "Settle in the files what no program can"
    assert all(", or remove " in row["value"] for row in settle["table"])
