"""`lint --fix` and its kin: what is written, what is shown, and how it ends."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.cli.running import (
    CLEAN,
    COMMAND,
    ERROR,
    WARNING,
    dmsmtp,
    environment,
    in_process_of_its_own,
    unmeasured,
)

if TYPE_CHECKING:
    from pathlib import Path

    from migrator.files import InputFile, Missing
    from migrator.loading import Loaded, SettingsOf

CRLF = ERROR.replace("\n", "\r\n").encode("utf-16")
CHOICE = CLEAN.replace("587-starttls", "587")  # H208, whose fix is unsafe
UNREADABLE = "<SMTP><Host>"
SECRET = "hunter2-canary"
ADVICE = "DataMiner is stopped while its file changes"


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_mended_and_the_former_one_kept(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xml", CRLF)

    outcome = dmsmtp("lint", "--fix", path)

    assert (outcome.code, outcome.text) == (0, "")
    assert path.read_bytes() == CLEAN.replace("\n", "\r\n").encode("utf-16")
    (backup,) = tmp_path.glob("a.xml.*.bak")
    assert backup.read_bytes() == CRLF
    assert "nothing found in 1 file; fixed 1" in outcome.err
    assert ADVICE in outcome.err
    assert "same secrets" in outcome.err


def test_no_backup_is_kept_where_none_is_wanted(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xml", ERROR)

    outcome = dmsmtp("lint", "--fix", "--no-backup", path)

    assert names(tmp_path) == ["a.xml"]
    assert path.read_text("utf-8") == CLEAN
    assert ".bak" not in outcome.err


@pytest.mark.parametrize("content", [CLEAN, CHOICE, UNREADABLE, b"\xff"])
def test_a_file_with_nothing_to_mend_is_not_touched(tmp_path: Path, content: str | bytes) -> None:
    path = write(tmp_path / "a.xml", content)
    before = (path.read_bytes(), path.stat().st_mtime_ns)

    outcome = dmsmtp("lint", "--fix", path)

    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert names(tmp_path) == ["a.xml"]
    assert ADVICE not in outcome.err


def test_what_is_a_choice_is_mended_when_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xml", CHOICE)

    assert "(--unsafe-fixes)" in dmsmtp("lint", path).text
    assert dmsmtp("lint", "--fix", "--unsafe-fixes", path).code == 0
    assert path.read_text("utf-8") == CLEAN


def test_unsafe_fixes_alone_would_do_nothing(error: Path) -> None:
    outcome = dmsmtp("lint", "--unsafe-fixes", error)

    assert outcome.code == 2
    assert "--unsafe-fixes goes with --fix" in outcome.err


def test_a_fix_does_not_depend_on_what_is_shown(warning: Path) -> None:
    outcome = dmsmtp("lint", "--fix", "--min-severity", "error", warning)

    assert warning.read_text("utf-8") == CLEAN
    assert outcome.code == 0


def test_only_selected_rules_are_mended(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xml", ERROR.replace("<Host>", "<Host> "))

    dmsmtp("lint", "--fix", "--select", "S109", path)

    assert path.read_text("utf-8") == ERROR


@pytest.mark.parametrize(
    ("options", "code"),
    [([], 0), (["--exit-non-zero-on-fix"], 1), (["--exit-non-zero-on-fix", "--fail-on", "never"], 1)],
)
def test_the_exit_code_of_a_mended_file(error: Path, options: list[str], code: int) -> None:
    assert dmsmtp("lint", "--fix", *options, error).code == code
    assert dmsmtp("lint", "--fix", *options, error).code == 0  # nothing was left to mend


def test_what_is_left_decides(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xml", ERROR.replace("<Host>smtp.example.com</Host>", "<Host>a b</Host>"))

    outcome = dmsmtp("lint", "--fix", path)

    assert outcome.code == 1
    assert "H202" in outcome.text
    assert "H207" not in outcome.text


# Standard input


@pytest.mark.parametrize(("content", "code"), [(CRLF, 0), (UNREADABLE.encode(), 1), (CLEAN.encode(), 0)])
def test_standard_input_is_passed_on_mended(content: bytes, code: int) -> None:
    outcome = dmsmtp("lint", "--fix", "-", stdin=content)

    assert outcome.code == code
    assert outcome.out == (CLEAN.replace("\n", "\r\n").encode("utf-16") if content == CRLF else content)
    assert ("D001" in outcome.err) == (code == 1)


def test_a_report_on_standard_input_goes_to_standard_error() -> None:
    outcome = dmsmtp("lint", "--fix", "--output-format", "json", "-q", "-", stdin=CHOICE.encode())

    assert outcome.out == CHOICE.encode()
    assert [one["code"] for one in json.loads(outcome.err)["diagnostics"]] == ["H208"]


@pytest.mark.parametrize("option", [[], ["--statistics"], ["--output-format", "json"]])
def test_it_does_so_where_standard_output_is_named_for_it(option: list[str]) -> None:
    outcome = dmsmtp("lint", "--fix", *option, "-o", "-", "-", stdin=CHOICE.encode())

    assert outcome.out == CHOICE.encode()
    assert "H208" in outcome.err


def test_no_further_report_stands_beside_the_document() -> None:
    outcome = dmsmtp("lint", "--fix", "--report", "json=-", "-", stdin=CHOICE.encode())

    assert (outcome.code, outcome.out) == (2, b"")
    assert "the mended file goes to standard output, so name a file for the report" in outcome.err


@pytest.mark.posix
@pytest.mark.parametrize(
    "command",
    [
        ["lint", "--fix", "-o", "/dev/stdout"],
        ["lint", "--fix", "--report", "json=/dev/fd/1"],
        ["migrate", "--to", "10.6.4", "--write", "-o", "/dev/stdout"],
    ],
)
def test_nor_does_one_that_goes_there_by_a_path(command: list[str]) -> None:
    outcome = in_process_of_its_own(*command, "-", stdin=CHOICE.encode())

    assert (outcome.code, outcome.out) == (2, b"")
    assert "the mended file goes to standard output, so name a file for the report" in outcome.err


@pytest.mark.posix
@pytest.mark.parametrize("path", ["/dev/stderr", "/dev/fd/2"])
def test_one_may_go_to_standard_error_by_its_path_where_that_is_the_same(path: str) -> None:
    """As at a terminal."""
    result = subprocess.run(
        [*COMMAND, "lint", "--fix", "-q", "-o", path, "-"],
        input=CHOICE.encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment(),
        check=False,
    )

    assert result.returncode == 0
    assert b"<SMTP>" in result.stdout


@pytest.mark.posix
def test_the_document_can_be_piped() -> None:
    result = subprocess.run(
        [*COMMAND, "lint", "--fix", "-"], input=CRLF, capture_output=True, env=environment(), check=True
    )

    assert result.stdout == CLEAN.replace("\n", "\r\n").encode("utf-16")


# Diff


def test_a_diff_shows_and_writes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xml", CRLF)

    outcome = dmsmtp("lint", "--diff", path)

    assert outcome.code == 1
    assert path.read_bytes() == CRLF
    assert names(tmp_path) == ["a.xml"]
    assert outcome.lines == [
        f"--- {path}",
        f"+++ {path}",
        "@@ -1,6 +1,6 @@",
        " <SMTP>",
        "   <Host>smtp.example.com</Host>",
        "-  <HostPort>587-STARTTLS</HostPort>",
        "+  <HostPort>587-starttls</HostPort>",
        "   <LoginMethod>NoLoginMethod</LoginMethod>",
        "   <From>dma@example.com</From>",
        " </SMTP>",
    ]
    assert "would fix 1" in outcome.err


def test_an_empty_diff_ends_as_the_findings_want(clean: Path, tmp_path: Path) -> None:
    wrong = write(tmp_path / "a.xml", CLEAN.replace("smtp.example.com", "a b"))

    assert (dmsmtp("lint", "--diff", clean).code, dmsmtp("lint", "--diff", clean).text) == (0, "")
    assert (dmsmtp("lint", "--diff", wrong).code, dmsmtp("lint", "--diff", wrong).text) == (1, "")


def test_a_diff_shows_no_secret(tmp_path: Path) -> None:
    text = ERROR.replace(
        "</SMTP>", f"  <User>dma</User>\n  <Password>{SECRET}</Password>\n  <!-- {SECRET} -->\n</SMTP>"
    )
    path = write(tmp_path / "a.xml", text)

    outcome = dmsmtp("lint", "--diff", "--unsafe-fixes", path)

    assert "-  <Password>••••</Password>" in outcome.lines
    assert "for reading, not for `patch`" in outcome.lines[0]
    assert SECRET not in outcome.text + outcome.err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--diff", "--fix"], "give one of them"),
        (["--diff", "--output-format", "json"], "--report FORMAT=FILE"),
        (["--diff", "--statistics"], "--report FORMAT=FILE"),
        (["--fix", "--write-baseline", "x"], "mend first"),
        (["--write-baseline", "x", "--report", "json=y"], "the baseline alone"),
        (["--write-baseline", "x", "-o", "y"], "the baseline alone"),
        (["--statistics", "--output-format", "sarif"], "--statistics has full and json"),
        (["--report", "sarif"], "write it as FORMAT=FILE"),
        (["--report", "sarfi=x"], 'did you mean "sarif"?'),
    ],
)
def test_what_cannot_be_meant_together(error: Path, options: list[str], words: str) -> None:
    outcome = dmsmtp("lint", *options, error)

    assert outcome.code == 2
    assert words in outcome.err
    assert error.read_text("utf-8") == ERROR


@pytest.mark.parametrize("hidden", [[], ["--min-severity", "error"]])
def test_a_report_beside_a_diff_tells_of_the_file_as_it_lies_on_disk(
    error: Path, tmp_path: Path, hidden: list[str]
) -> None:
    beside, alone = tmp_path / "beside.json", tmp_path / "alone.json"
    error.write_text(ERROR.replace("</SMTP>", "  <Helo />\n  </SMTP>"), "utf-8")

    outcome = dmsmtp("lint", "--diff", "--report", f"json={beside}", *hidden, error)
    dmsmtp("lint", "--report", f"json={alone}", *hidden, error)

    assert outcome.code == 1
    assert outcome.text.startswith("--- ")
    assert "would fix 1" in outcome.err
    assert beside.read_bytes() == alone.read_bytes()
    summary = json.loads(beside.read_bytes())["summary"]
    assert summary["errors"] == summary["infos"] == 1
    assert (summary["fixed"], summary["fixable"]) == (0, 2)


# Where it cannot be written


@pytest.mark.posix
def test_a_link_stays_one(tmp_path: Path, error: Path) -> None:
    link = tmp_path / "link.xml"
    link.symlink_to(error.name)

    assert dmsmtp("lint", "--fix", "--no-backup", link).code == 0
    assert link.is_symlink()
    assert error.read_text("utf-8") == CLEAN


def test_a_file_that_cannot_be_written_keeps_its_findings(
    error: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from migrator import writing

    monkeypatch.setattr(
        writing, "replace_file", lambda path, *_, **__: writing.NotWritten(path, "the disk is full")
    )

    outcome = dmsmtp("lint", "--fix", error)

    assert outcome.code == 2
    assert "H207" in outcome.text
    assert f"{error}: it was not mended: the disk is full" in outcome.err
    assert "1 error in 1 file; fixable: 1 with --fix; 1 file could not be written" in outcome.err
    assert error.read_text("utf-8") == ERROR


@pytest.mark.posix
def test_further_reports_have_the_findings_of_a_file_that_cannot_be_written(
    error: Path, tmp_path: Path
) -> None:
    (tmp_path / "twin.xml").hardlink_to(error)
    gitlab, junit = tmp_path / "g.json", tmp_path / "j.xml"

    outcome = dmsmtp("lint", "--fix", error, "--report", f"gitlab={gitlab}", "--report", f"junit={junit}")

    assert outcome.code == 2
    assert [one["check_name"] for one in json.loads(gitlab.read_bytes())] == ["not-written", "H207"]
    assert 'name="write"' in junit.read_text("utf-8")
    assert 'name="H207 port-suffix-case SMTP/HostPort"' in junit.read_text("utf-8")


@pytest.mark.parametrize(("command", "option"), [("lint", "--fix"), ("validate", "lint --fix")])
def test_counts_name_the_command_that_mends(command: str, option: str, error: Path) -> None:
    assert dmsmtp(command, "--statistics", error).lines[1].endswith(f"  1 with {option}")


def test_one_file_that_cannot_be_written_does_not_stop_the_others(tmp_path: Path) -> None:
    first = write(tmp_path / "a.xml", ERROR)
    second = write(tmp_path / "b.xml", WARNING)

    outcome = dmsmtp("lint", "--fix", "--no-backup", first, tmp_path / "missing.xml", second)

    assert outcome.code == 2
    assert first.read_text("utf-8") == second.read_text("utf-8") == CLEAN
    assert "fixed 2" in outcome.err


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_file_that_is_named_in_several_ways_is_mended_once(
    tmp_path: Path, jobs: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "a.smtp.xml", ERROR)
    monkeypatch.chdir(tmp_path)

    outcome = dmsmtp("lint", "--fix", "--jobs", jobs, "a.smtp.xml", "./a.smtp.xml", path, tmp_path)

    assert outcome.code == 0
    assert "nothing found in 1 file; fixed 1" in outcome.err
    assert len(list(tmp_path.glob("*.bak"))) == 1


@pytest.mark.parametrize("option", ["-o", "--report"])
@pytest.mark.parametrize("target", ["b.xml", "missing/report"])
def test_nothing_is_mended_where_a_report_could_not_be_written(
    tmp_path: Path, option: str, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = write(tmp_path / "a.xml", ERROR), write(tmp_path / "b.xml", ERROR)
    monkeypatch.chdir(tmp_path)
    value = f"json={target}" if option == "--report" else target

    outcome = dmsmtp("lint", "--fix", "--jobs", "1", first, second, option, value)

    assert outcome.code == 2
    assert first.read_text("utf-8") == second.read_text("utf-8") == ERROR


@pytest.mark.posix
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_where_nobody_reads_the_report_all_are_mended_and_it_is_said(jobs: str, tmp_path: Path) -> None:
    text = ERROR.replace("smtp.example.com", "a b")  # which only a person can mend
    files = [write(tmp_path / f"{number:03}.smtp.xml", text) for number in range(300)]
    (tmp_path / "another name").hardlink_to(files[7])
    reading, writing = os.pipe()
    os.close(reading)
    outcome = subprocess.run(
        [*COMMAND, "lint", "--fix", "--jobs", jobs, "--output-format", "concise", tmp_path],
        stdout=writing,
        stderr=subprocess.PIPE,
        env=unmeasured(),
        check=False,
    )
    os.close(writing)

    assert outcome.returncode == 141
    assert [path for path in files if b"STARTTLS" in path.read_bytes()] == [files[7]]
    said = outcome.stderr.decode()
    assert f"{files[7]}: it was not mended" in said
    assert "dmsmtp: 299 files written\n" in said
    assert ".bak" in said


@pytest.mark.parametrize("fault", [OSError(11, "Try again"), RuntimeError("a bug")])
def test_whatever_ends_the_run_what_was_written_is_said(
    fault: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from migrator.loading import load

    first, second = write(tmp_path / "a.xml", ERROR), write(tmp_path / "b.xml", ERROR)

    def failing(file: InputFile, settings_of: SettingsOf, max_size: int) -> Loaded | Missing:
        if file.path == str(second):
            raise fault
        return load(file, settings_of, max_size)

    monkeypatch.setattr("migrator.linting.load", failing)
    outcome = dmsmtp("lint", "--fix", first, second)

    assert outcome.code == 2
    assert first.read_text("utf-8") == CLEAN
    assert outcome.err.startswith("dmsmtp: 1 file written\n")
    assert ".bak" in outcome.err


def test_a_file_that_may_be_mended_is_read_when_it_is_its_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from migrator.loading import load

    files = [write(tmp_path / f"{name}.xml", ERROR) for name in "abc"]
    mended = []

    def looking(file: InputFile, settings_of: SettingsOf, max_size: int) -> Loaded | Missing:
        mended.append(sum(one.read_text("utf-8") == CLEAN for one in files))
        return load(file, settings_of, max_size)

    monkeypatch.setattr("migrator.linting.load", looking)
    dmsmtp("lint", "--fix", *files)

    assert mended == [0, 1, 2]


def test_standard_input_that_a_list_names_is_passed_on_alone(tmp_path: Path) -> None:
    names = write(tmp_path / "list", "-\n")

    outcome = dmsmtp("lint", "--fix", "--files-from", names, stdin=CHOICE.encode())

    assert outcome.out == CHOICE.encode()
    assert "H208" in outcome.err


def test_what_is_left_to_do_is_told_beside_standard_input(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xml", ERROR)

    outcome = dmsmtp("lint", "--fix", "-", path, stdin=CLEAN.encode())

    assert ADVICE in outcome.err
    assert "same secrets" in outcome.err


@pytest.mark.parametrize("command", [["lint", "--fix"], ["migrate", "--to", "10.6.4", "--write"]])
def test_what_was_not_read_to_its_end_is_not_passed_on(command: list[str]) -> None:
    data = CHOICE.encode()

    cut_short = dmsmtp(*command, "--max-size", str(len(data) - 1), "-", stdin=data)
    whole = dmsmtp(*command, "--max-size", str(len(data)), "-", stdin=data)

    assert (cut_short.code, cut_short.out) == (2, b"")
    assert "is larger than" in cut_short.err
    assert whole.code == 0
    assert b"</SMTP>" in whole.out


def test_a_diff_says_which_file_could_not_be_looked_through(tmp_path: Path) -> None:
    cut = write(tmp_path / "cut.smtp.xml", f"<SMTP><Host>{SECRET}")
    write(tmp_path / "right.smtp.xml", CLEAN)

    outcome = dmsmtp("lint", "--diff", tmp_path)

    (told,) = outcome.lines
    assert told.startswith(f"# {cut}:1:")
    assert "error[D001] not-well-formed: the file ends inside <Host>" in told
    assert (outcome.code, SECRET in told) == (1, False)
