"""Exit codes: 0 done, 1 found, 2 it could not be done; never a silent 0."""

from __future__ import annotations

import errno
import json
import os
from typing import TYPE_CHECKING

import pytest

from tests.cli.running import CLEAN, dmsmtp, without_privileges
from tests.disk import fail_at

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("command", ["lint", "validate"])
def test_nothing_found_is_0_and_says_so_on_standard_error(command: str, clean: Path) -> None:
    outcome = dmsmtp(command, clean)

    assert (outcome.code, outcome.out) == (0, b"")
    assert outcome.err == "dmsmtp: nothing found in 1 file\n"


@pytest.mark.parametrize("command", ["lint", "validate"])
def test_an_error_is_1(command: str, error: Path) -> None:
    assert dmsmtp(command, error).code == 1


@pytest.mark.parametrize(
    ("fail_on", "codes"),
    [
        ("error", {"error": 1, "warning": 0, "info": 0, "clean": 0}),
        ("warning", {"error": 1, "warning": 1, "info": 0, "clean": 0}),
        ("info", {"error": 1, "warning": 1, "info": 1, "clean": 0}),
        ("never", {"error": 0, "warning": 0, "info": 0, "clean": 0}),
    ],
)
def test_fail_on(
    fail_on: str, codes: dict[str, int], error: Path, warning: Path, info: Path, clean: Path
) -> None:
    found = {
        path.stem: dmsmtp("lint", "--fail-on", fail_on, path).code for path in (error, warning, info, clean)
    }

    assert found == codes


def test_what_is_hidden_still_counts_and_the_summary_says_so(warning: Path) -> None:
    outcome = dmsmtp("lint", "--min-severity", "error", "--fail-on", "warning", warning)

    assert (outcome.code, outcome.out) == (1, b"")
    assert outcome.err == (
        "dmsmtp: 1 warning in 1 file (1 hidden by --min-severity); fixable: 1 with --fix\n"
    )


def test_what_is_ignored_does_not_count(error: Path) -> None:
    outcome = dmsmtp("lint", "--ignore", "H207", error)

    assert (outcome.code, outcome.err) == (0, "dmsmtp: nothing found in 1 file\n")


def test_a_file_that_is_not_well_formed_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "DataMiner.xml").write_text("<SMTP><Host>", "utf-8")

    outcome = dmsmtp("lint", tmp_path)

    assert outcome.code == 1
    assert "error[D001]" in outcome.text


def test_a_file_without_content_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "DataMiner.xml").touch()

    outcome = dmsmtp("lint", tmp_path / "DataMiner.xml")

    assert outcome.code == 1
    assert "the file is empty" in outcome.text


@pytest.mark.parametrize("position", [0, 1, 2])
def test_a_path_that_fails_does_not_stop_the_others_and_its_2_wins(
    position: int, tmp_path: Path, error: Path, warning: Path
) -> None:
    paths = [error, warning]
    paths.insert(position, tmp_path / "missing.xml")

    outcome = dmsmtp("lint", "--output-format", "concise", *paths)

    assert outcome.code == 2
    assert [line.partition(".xml:")[0] for line in outcome.lines] == [
        str(path.with_suffix("")) for path in (error, warning)
    ]
    assert f"dmsmtp: {tmp_path / 'missing.xml'}: there is no such file or folder\n" in outcome.err
    assert outcome.err.endswith(
        "1 error, 1 warning in 2 files; fixable: 2 with --fix; 1 path could not be checked\n"
    )


def test_a_path_that_fails_is_in_the_json_report_too(tmp_path: Path, clean: Path) -> None:
    outcome = dmsmtp("lint", "--output-format", "json", tmp_path / "missing.xml", clean)

    report = json.loads(outcome.out)
    assert outcome.code == 2
    assert report["failures"] == [
        {
            "path": (tmp_path / "missing.xml").as_posix(),
            "kind": "not-checked",
            "reason": "there is no such file or folder",
        }
    ]
    assert report["summary"]["files"] == 1


def _nothing_to_check(folder: Path) -> dict[str, tuple[list[str], str]]:
    (folder / "empty").mkdir()
    (folder / "full").mkdir()
    (folder / "full" / "DataMiner.xml").write_text(CLEAN, "utf-8")
    (folder / "list").write_text("\n  \n", "utf-8")
    return {
        "an empty folder": (
            ["empty"],
            "empty: this folder holds no DataMiner.xml and no *.smtp.xml, .json or .yaml",
        ),
        "a pattern without a match": (["*.nothing"], "*.nothing: no file matches this pattern"),
        "an empty standard input": (["-"], "<stdin>: standard input is empty: there is nothing to check"),
        "a missing path": (["missing"], "missing: there is no such file or folder"),
        "an empty path": ([""], '"": this path is empty: was a variable not set?'),
        "all excluded": (
            ["full", "--exclude", "DataMiner.xml"],
            "full: --exclude, or exclude in the configuration, leaves nothing to check",
        ),
        "all excluded by force": (
            ["full/DataMiner.xml", "--exclude", "full", "--force-exclude"],
            "full/DataMiner.xml: --exclude, or exclude in the configuration, leaves nothing to check",
        ),
        "an empty list": (
            ["--files-from", "list"],
            "--files-from list: the list is empty, so there is nothing to check",
        ),
        "no path": (
            [],
            (
                "no path given, and there is no C:\\Skyline DataMiner\\DataMiner.xml: "
                "name a DataMiner.xml or a folder, or - for standard input"
            ),
        ),
    }


@pytest.mark.posix
@pytest.mark.parametrize("command", ["lint", "validate", "describe"])
def test_nothing_to_check_is_2_with_a_sentence(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, (arguments, sentence) in _nothing_to_check(tmp_path).items():
        if command == "describe" and any(one.startswith("--") for one in arguments):
            continue

        outcome = dmsmtp(command, *arguments, stdin=b" \r\n")

        assert (outcome.code, outcome.out) == (2, b""), name
        assert outcome.err.splitlines()[0] == f"dmsmtp: {sentence}", name


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["lnt"], "No such command 'lnt'. Did you mean 'lint'?"),
        (["lint", "--ignor", "H"], "--ignore"),
        (["lint", "--output-format", "jsn", "x"], "'full', 'concise', 'json'"),
        (["lint", "--fail-on", "fatal", "x"], "'error', 'warning', 'info', 'never'"),
        (["lint", "--max-size", "0", "x"], "0 is not a whole number from 1"),
        (["lint", "--max-depth", "many", "x"], "many is not a whole number from 1 to 2,000"),
        (["lint", "--max-depth", "2001", "x"], "2001 is not a whole number from 1 to 2,000"),
        (["lint", "--select", "H999", "x"], '--select: there is no code "H999"'),
        (["lint", "--select", "port-sufix-case", "x"], 'did you mean "port-suffix-case"?'),
        (["lint", "--select", "", "x"], "--select names no rule, so nothing would be found"),
        (["lint", "--select", " , ", "x"], "was a variable not set?"),
        (["lint", "--extend-select", "Q", "x"], '--extend-select: there is no code "Q"'),
        (["lint", "--ignore", "H27", "x"], '--ignore: there is no code "H27"; `dmsmtp rules` lists them'),
        (["lint", "--ignore", "D001", "x"], "--ignore: D codes cannot be ignored"),
        (["lint", "--ignore", "D", "x"], "--ignore: D codes cannot be ignored"),
        (["lint", "--select", "S113", "x"], "--select: S113 is found with --whole-file only"),
        (["validate", "--select", "H201", "x"], "does not report H201; `dmsmtp lint` does"),
        (["lint", "-", "-"], "standard input can be read once: give - once"),
        (["lint", "-", "--files-from", "-"], "standard input can be read once: give - once"),
        (["lint", "x", "--stdin-filename", "y"], "--stdin-filename names standard input"),
        (["lint", "--files-from", "missing"], "--files-from missing: it cannot be read: No such file"),
        (["lint", "--isolated", "--config", "y", "x"], "give one of them"),
        (["describe", "--isolated", "--config", "y", "x"], "give one of them"),
        (["explain", "H27"], 'there is no rule "H27"'),
        (["explain", "missing-hots"], 'did you mean "missing-host"?'),
        (["explain"], "CODE"),
        (["schema", "smpt.xsd"], 'there is no schema "smpt.xsd"; did you mean "smtp.xsd"?'),
        (["schema", "nothing"], 'there is no schema "nothing"; there are: '),
        (["describe", "x", "y"], "(y)"),
    ],
)
def test_wrong_use_is_2_and_says_what_is_right(arguments: list[str], says: str) -> None:
    outcome = dmsmtp(*arguments)

    assert (outcome.code, outcome.out) == (2, b"")
    assert says in outcome.err
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize(
    ("settings", "arguments"),
    [
        ('select = ["S112"]', ["lint", "DataMiner.xml"]),
        ('select = ["S112"]', ["validate", "DataMiner.xml"]),
        ('select = ["V"]', ["lint", "DataMiner.xml"]),
    ],
)
def test_rules_that_can_find_nothing_are_2(
    settings: str, arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "DataMiner.xml").write_text(f"<DataMiner>{CLEAN}</DataMiner>", "utf-8")
    (tmp_path / "dmsmtp.toml").write_text(f"{settings}\n", "utf-8")

    outcome = dmsmtp(*arguments)

    assert outcome.code == 2
    assert "DataMiner.xml: nothing could be found: what select in " in outcome.err
    assert f"{tmp_path / 'dmsmtp.toml'} names is found with --target-version or --whole-file" in outcome.err


@pytest.mark.parametrize("settings", ['select = ["H", "A301"]', 'select = ["D", "S", "H"]'])
def test_a_select_for_lint_leaves_out_nothing_of_compare(
    settings: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, port in (("a.xml", "25"), ("b.xml", "465")):
        (tmp_path / name).write_text(f"<SMTP><Host>x.y</Host><HostPort>{port}</HostPort></SMTP>", "utf-8")
    (tmp_path / "dmsmtp.toml").write_text(f"{settings}\n", "utf-8")

    outcome = dmsmtp("compare", "a.xml", "b.xml")

    assert (outcome.code, outcome.out.count(b"[C901]")) == (1, 1)


@pytest.mark.parametrize(
    ("settings", "arguments"),
    [
        ('select = ["C", "H201"]', ["lint", "clean.xml"]),
        ('select = ["C"]\nextend-select = ["H201"]', ["lint", "clean.xml"]),
        ('select = ["C"]', ["lint", "--select", "H", "clean.xml"]),
        ('select = ["C"]', ["lint", "--isolated", "clean.xml"]),
        ('select = ["C"]', ["describe", "clean.xml"]),
        ('select = ["C"]', ["convert", "--format", "json", "clean.xml"]),
        ('select = ["C"]', ["lint", "clean.xml"]),
        ('select = ["X"]', ["validate", "clean.xml"]),
        ('select = ["D"]', ["lint", "clean.xml"]),
        ('select = ["H"]\nignore = ["H"]', ["lint", "clean.xml"]),
        ('select = ["V"]\ntarget-version = "10.6.4"', ["lint", "clean.xml"]),
        ('select = ["V"]\n[per-file-target-version]\n"*.xml" = "10.6.4"', ["lint", "clean.xml"]),
        ('select = ["S112"]\nwhole-file = true', ["lint", "clean.xml"]),
    ],
)
def test_rules_that_could_find_something_are_not(
    settings: str, arguments: list[str], clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(clean.parent)
    (clean.parent / "dmsmtp.toml").write_text(f"{settings}\n", "utf-8")

    assert dmsmtp(*arguments).code == 0


def test_versions_alone_are_not_asked_for_without_one(clean: Path) -> None:
    outcome = dmsmtp("lint", "--select", "V", clean)

    assert outcome.code == 2
    assert "what --select names is found with --target-version or --whole-file only" in outcome.err
    assert dmsmtp("lint", "--select", "V", "--target-version", "10.6.4", clean).code == 0


@pytest.mark.posix
def test_a_file_without_permission(public_folder: Path, clean: Path) -> None:
    secret = public_folder / "DataMiner.xml"
    secret.write_text(CLEAN, "utf-8")
    secret.chmod(0)
    dmsmtp("lint", clean)  # loads what might be unreadable later

    with without_privileges():
        outcome = dmsmtp("lint", secret)

    assert outcome.code == 2
    assert f"{secret}: it may not be read: you lack the permission\n" in outcome.err


@pytest.mark.parametrize("name", ["dmsmtp.toml", "pyproject.toml"])
def test_a_configuration_that_a_failing_disk_hides_is_told(
    name: str, clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_at(clean.parent / name, monkeypatch)
    outcome = dmsmtp("lint", clean)

    assert outcome.code == 2
    assert f"{clean.parent / name}: it cannot be read: {os.strerror(errno.EIO)}" in outcome.err


def test_what_is_above_and_may_not_be_looked_into_hides_no_configuration(
    clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("dmsmtp.toml", "pyproject.toml"):
        fail_at(clean.parent.parent / name, monkeypatch, fault=errno.EACCES)

    assert dmsmtp("lint", clean).code == 0


@pytest.mark.posix
def test_a_folder_without_permission_hides_no_files_silently(public_folder: Path, clean: Path) -> None:
    for name in ("a", "b"):
        (public_folder / name).mkdir()
        (public_folder / name / "DataMiner.xml").write_text(CLEAN, "utf-8")
    (public_folder / "a").chmod(0)
    dmsmtp("lint", clean)

    with without_privileges():
        outcome = dmsmtp("lint", public_folder)
        alone = dmsmtp("lint", public_folder / "a")

    assert (outcome.code, alone.code) == (2, 2)
    assert f"{public_folder / 'a'}: it may not be read: you lack the permission\n" in outcome.err
    assert "in 1 file;" in outcome.err
    assert f"{public_folder / 'a'}: it may not be read: you lack the permission\n" in alone.err


def test_quiet_leaves_out_the_summary_and_nothing_else(tmp_path: Path, error: Path) -> None:
    loud = dmsmtp("lint", error, tmp_path / "missing")
    quiet = dmsmtp("lint", "-q", error, tmp_path / "missing")

    assert quiet.out == loud.out
    assert quiet.err == f"dmsmtp: {tmp_path / 'missing'}: there is no such file or folder\n"
    assert loud.err.startswith(quiet.err)


@pytest.mark.parametrize(
    ("command", "option"),
    [
        *(
            ("lint", one)
            for one in (
                "--config",
                "--output-file",
                "--files-from",
                "--baseline",
                "--write-baseline",
                "--include",
                "--exclude",
                "--stdin-filename",
            )
        ),
        *(("convert --format json", one) for one in ("--output-file", "--output-dir", "--into")),
        *(("new custom --host a.b", one) for one in ("--output-file", "--into")),
        ("schema smtp.xsd", "--output-file"),
        ("compare", "--reference"),
        *(("probe --login", one) for one in ("--ca-file", "--token-file")),
        ("retrieve-tokens", "--token-file"),
    ],
)
def test_a_file_without_a_name_is_refused(command: str, option: str, clean: Path) -> None:
    paths = [] if command.startswith(("new", "schema")) else [clean]
    outcome = dmsmtp(*command.split(), option, "", *paths)

    assert (outcome.code, outcome.out) == (2, b"")
    assert outcome.err == f"dmsmtp: {option} is empty: was a variable not set?\n"


def test_the_exit_code_of_an_unforeseen_mistake_is_2_without_its_text(
    clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("hunter2-in-the-error")

    monkeypatch.setattr("migrator.linting.check", fail)

    outcome = dmsmtp("lint", clean)

    assert outcome.code == 2
    assert "this should not happen (ValueError in linting" in outcome.err.replace(os.sep, "/")
    assert "hunter2" not in outcome.err
    assert "Traceback" not in outcome.err
