"""--output-file: there whole or not at all, and never one of the files that are checked."""

from __future__ import annotations

import errno
import json
import os
import stat
from typing import TYPE_CHECKING

import pytest

from tests.cli.running import CLEAN, dmsmtp, on_a_full_disk, without_privileges
from tests.disk import fail_at

if TYPE_CHECKING:
    from pathlib import Path


def test_the_report_goes_to_the_file_and_the_summary_does_not(tmp_path: Path, error: Path) -> None:
    to_screen = dmsmtp("lint", error)

    outcome = dmsmtp("lint", "-o", tmp_path / "report.txt", error)

    assert (outcome.code, outcome.out, outcome.err) == (to_screen.code, b"", to_screen.err)
    assert (tmp_path / "report.txt").read_bytes() == to_screen.out


@pytest.mark.parametrize(
    "arguments",
    [
        ["lint", "--output-format", "json"],
        ["lint", "--output-format", "concise"],
        ["validate"],
        ["describe"],
        ["describe", "--output-format", "json"],
    ],
)
def test_what_is_written_is_what_would_be_shown(arguments: list[str], tmp_path: Path, error: Path) -> None:
    dmsmtp(*arguments, "--output-file", tmp_path / "report", error)

    assert (tmp_path / "report").read_bytes() == dmsmtp(*arguments, error).out


@pytest.mark.parametrize(
    "arguments",
    [["rules"], ["rules", "--output-format", "json"], ["explain", "H207"], ["schema", "smtp.xsd"]],
)
def test_other_commands_write_files_too(arguments: list[str], tmp_path: Path) -> None:
    outcome = dmsmtp(*arguments, "--output-file", tmp_path / "page")

    assert outcome == type(outcome)(0, b"", "")
    assert (tmp_path / "page").read_bytes() == dmsmtp(*arguments).out


@pytest.mark.parametrize(
    "arguments",
    [
        ["lint", "-o", "{}/report.txt"],
        ["convert", "--format", "json", "--output-dir", "{}"],
        ["convert", "-o", "{}/a.smtp.json"],
    ],
)
def test_a_failing_disk_is_no_missing_folder(
    arguments: list[str], tmp_path: Path, clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "on the share"
    folder.mkdir()
    for name in ("report.txt", "a.smtp.json"):
        (folder / name).write_bytes(b"before")

    fail_at(folder, monkeypatch, ["stat"])
    outcome = dmsmtp(*(one.replace("{}", str(folder)) for one in arguments), clean)
    monkeypatch.undo()

    assert outcome.code == 2
    assert str(folder) in outcome.err
    assert os.strerror(errno.EIO) in outcome.err
    assert [one.read_bytes() for one in sorted(folder.iterdir())] == [b"before", b"before"]


def test_a_hyphen_is_standard_output(error: Path) -> None:
    assert dmsmtp("lint", "-o", "-", error) == dmsmtp("lint", error)


def test_a_clean_run_leaves_an_empty_report_and_not_the_old_one(tmp_path: Path, clean: Path) -> None:
    (tmp_path / "report").write_text("old", "utf-8")

    assert dmsmtp("lint", "-o", tmp_path / "report", clean).code == 0
    assert (tmp_path / "report").read_bytes() == b""


def test_a_report_is_never_coloured(tmp_path: Path, error: Path) -> None:
    dmsmtp("lint", "-o", tmp_path / "report", error, env={"FORCE_COLOR": "1"})

    assert b"\x1b" not in (tmp_path / "report").read_bytes()


@pytest.mark.posix
def test_a_new_file_has_the_usual_permissions_and_an_old_one_its_own(tmp_path: Path, clean: Path) -> None:
    (tmp_path / "old").touch(0o640)
    (tmp_path / "old").chmod(0o640)
    mask = os.umask(0o027)
    try:
        for name in ("old", "new"):
            dmsmtp("lint", "-o", tmp_path / name, clean)
    finally:
        os.umask(mask)

    assert stat.S_IMODE((tmp_path / "old").stat().st_mode) == 0o640
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640  # 0o666 but for the mask


@pytest.mark.posix
def test_a_link_stays_one(tmp_path: Path, error: Path) -> None:
    (tmp_path / "real").write_text("old", "utf-8")
    (tmp_path / "link").symlink_to("real")

    dmsmtp("lint", "-o", tmp_path / "link", error)

    assert (tmp_path / "link").is_symlink()
    assert b"H207" in (tmp_path / "real").read_bytes()


def test_it_is_refused_where_it_would_overwrite_what_is_checked(tmp_path: Path, error: Path) -> None:
    before = error.read_bytes()
    folder = tmp_path / "agents"
    folder.mkdir()
    (folder / "DataMiner.xml").write_text(CLEAN, "utf-8")

    outcomes = [
        dmsmtp("lint", "-o", error, error),
        dmsmtp("lint", "-o", error.parent / "." / error.name, tmp_path / "clean.xml", error),
        dmsmtp("lint", "-o", folder / "DataMiner.xml", folder),
        dmsmtp("describe", "-o", error, error),
    ]

    assert [one.code for one in outcomes] == [2, 2, 2, 2]
    assert all("would overwrite this file" in one.err for one in outcomes)
    assert error.read_bytes() == before
    assert (folder / "DataMiner.xml").read_text("utf-8") == CLEAN
    assert not list(tmp_path.glob(".dmsmtp-*"))


@pytest.mark.parametrize("command", ["lint", "validate", "describe", "probe"])
def test_nor_what_standard_input_is_taken_for(command: str, error: Path) -> None:
    before = error.read_bytes()

    outcome = dmsmtp(command, "--stdin-filename", error, "-o", error, "-", stdin=before)

    assert outcome.code == 2
    assert "would overwrite this file" in outcome.err
    assert error.read_bytes() == before


def _unwritable(folder: Path) -> dict[str, Path]:
    (folder / "folder").mkdir()
    return {"a missing folder": folder / "missing" / "report", "a folder": folder / "folder"}


@pytest.mark.parametrize("option", ["-o{}", "--report=json={}", "--write-baseline={}"])
def test_where_it_cannot_be_written_nothing_is_done(option: str, tmp_path: Path, error: Path) -> None:
    for name, target in _unwritable(tmp_path).items():
        outcome = dmsmtp("lint", option.format(target), error)

        assert (outcome.code, outcome.out) == (2, b""), name
        assert outcome.err.startswith(f"dmsmtp: {target}: the report could not be written there: "), name


@pytest.mark.posix
def test_a_folder_and_a_file_that_may_not_be_written(
    public_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(public_folder)
    (public_folder / "DataMiner.xml").write_text(CLEAN, "utf-8")
    (public_folder / "closed").mkdir(0o555)
    (public_folder / "kept").write_text("old", "utf-8")
    (public_folder / "kept").chmod(0o444)
    dmsmtp("lint", "-o", public_folder / "any", public_folder)  # loads what might be unreadable later

    with without_privileges():
        closed = dmsmtp("lint", "-o", public_folder / "closed/report", public_folder)
        kept = dmsmtp("lint", "-o", public_folder / "kept", public_folder)
        inside = dmsmtp("lint", "-o", "kept", public_folder)

    assert (closed.code, kept.code, inside.code) == (2, 2, 2)
    assert "closed/report was not written: its folder may not be written to" in closed.err
    assert "kept was not written: it may not be written: you lack the permission" in kept.err
    assert "kept was not written: it may not be written: you lack the permission" in inside.err
    assert (public_folder / "kept").read_text("utf-8") == "old"


def test_the_old_report_survives_a_run_that_fails(
    tmp_path: Path, error: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "report").write_text("old", "utf-8")
    monkeypatch.setattr(os, "fsync", full)

    outcome = dmsmtp("lint", "-o", tmp_path / "report", error)

    assert outcome.code == 2
    assert "was not written: the disk is full: make room on it" in outcome.err
    assert (tmp_path / "report").read_text("utf-8") == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["error.xml", "report"]


def test_the_old_report_survives_ctrl_c(tmp_path: Path, error: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    (tmp_path / "report").write_text("old", "utf-8")
    monkeypatch.setattr("migrator.linting.check", interrupt)

    assert dmsmtp("lint", "-o", tmp_path / "report", error).code == 130
    assert (tmp_path / "report").read_text("utf-8") == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["error.xml", "report"]


@pytest.mark.posix
def test_a_device_stays_a_device(error: Path) -> None:
    null = dmsmtp("lint", "-o", "/dev/null", error)

    assert (null.code, null.out) == (1, b"")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)  # noqa: PTH116


@pytest.mark.posix
def test_a_full_disk_keeps_the_old_report(tmp_path: Path, error: Path) -> None:
    (tmp_path / "report").write_text("old", "utf-8")

    code, complaint = on_a_full_disk("lint", "-o", tmp_path / "report", error, out=tmp_path / "out")

    assert code == 2
    assert complaint.endswith("/report was not written: it cannot be written: File too large\n")
    assert (tmp_path / "report").read_text("utf-8") == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["error.xml", "out", "report"]


def test_json_in_a_file_is_whole(tmp_path: Path, error: Path) -> None:
    dmsmtp("lint", "--output-format", "json", "-o", tmp_path / "report.json", error)

    assert json.loads((tmp_path / "report.json").read_bytes())["summary"]["errors"] == 1


@pytest.mark.parametrize("option", ["--show-files", "--show-settings"])
def test_what_is_shown_of_a_run_overwrites_none_of_its_files(option: str, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "DataMiner.xml").write_text(CLEAN, "utf-8")

    for paths, target in (([tmp_path / "a" / "DataMiner.xml"], "a"), ([tmp_path], "b")):
        outcome = dmsmtp("lint", option, "-o", tmp_path / target / "DataMiner.xml", *paths)

        assert outcome.code == 2
        assert "would overwrite this file" in outcome.err
        assert (tmp_path / target / "DataMiner.xml").read_text("utf-8") == CLEAN


@pytest.mark.parametrize(
    ("arguments", "used"),
    [
        (["lint", "-o", "own.toml", "--config", "own.toml", "."], "own.toml"),
        (["lint", "--report", "json=dmsmtp.toml", "."], "dmsmtp.toml"),
        (["lint", "-o", "a/dmsmtp.toml", "."], "a/dmsmtp.toml"),
        (["lint", "--report", "json=b/pyproject.toml", "a"], "b/pyproject.toml"),
        (["lint", "--show-settings", "-o", "dmsmtp.toml", "."], "dmsmtp.toml"),
        (["lint", "--write-baseline", "dmsmtp.toml", "."], "dmsmtp.toml"),
        (["lint", "-o", "known.json", "--baseline", "known.json", "."], "known.json"),
        (["lint", "--report", "sarif=./known.json", "--baseline", "known.json", "."], "known.json"),
        (["lint", "-o", "list.txt", "--files-from", "list.txt"], "list.txt"),
        (["validate", "-o", "list.txt", "--files-from", "list.txt"], "list.txt"),
        (["describe", "-o", "own.toml", "--config", "own.toml", "a/DataMiner.xml"], "own.toml"),
        (["migrate", "--to", "10.6.4", "-o", "list.txt", "--files-from", "list.txt"], "list.txt"),
        (["migrate", "--to", "10.6.4", "-o", "dmsmtp.toml", "."], "dmsmtp.toml"),
        (["compare", "-o", "known.json", "--baseline", "known.json", "."], "known.json"),
        (["compare", "--report", "html=list.txt", "--files-from", "list.txt"], "list.txt"),
        (["compare", "--write-baseline", "own.toml", "--config", "own.toml", "."], "own.toml"),
        (["apply", "a/DataMiner.xml", "-o", "list.txt", "--files-from", "list.txt"], "list.txt"),
        (["probe", "-o", "list.txt", "--files-from", "list.txt"], "list.txt"),
        (["check", "-o", "own.toml", "--config", "own.toml", "a/DataMiner.xml"], "own.toml"),
    ],
)
def test_a_report_overwrites_nothing_that_the_run_goes_by(
    arguments: list[str], used: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "DataMiner.xml").write_text(f"<DataMiner>{CLEAN}</DataMiner>", "utf-8")
    monkeypatch.chdir(tmp_path)
    dmsmtp("lint", "--write-baseline", "known.json", ".")
    (tmp_path / "list.txt").write_text("a/DataMiner.xml\nb/DataMiner.xml\n", "utf-8")
    for name in ("dmsmtp.toml", "own.toml", "a/dmsmtp.toml", "b/pyproject.toml"):
        (tmp_path / name).write_text("quiet = true\n", "utf-8")
    before = (tmp_path / used).read_bytes()

    outcome = dmsmtp(*arguments)

    assert (outcome.code, outcome.text) == (2, "")
    assert "the report would overwrite this file" in outcome.err
    assert (tmp_path / used).read_bytes() == before


@pytest.mark.posix
def test_a_device_is_no_file_that_could_be_overwritten(error: Path) -> None:
    outcome = dmsmtp("lint", "--config", os.devnull, "-o", os.devnull, error)

    assert (outcome.code, outcome.out) == (1, b"")
    assert "1 error in 1 file" in outcome.err


def test_a_baseline_is_written_again_over_the_one_that_counts(
    error: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dmsmtp.toml").write_text('baseline = "known.json"\n', "utf-8")

    for _ in range(2):
        assert dmsmtp("lint", "--write-baseline", "known.json", error).code == 0
