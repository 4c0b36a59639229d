"""Streams as the system has them: pipes, terminals, full disks, code pages, Ctrl-C."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.running import (
    CLEAN,
    COMMAND,
    ERROR,
    dmsmtp,
    environment,
    in_process_of_its_own,
    on_a_full_disk,
    unmeasured,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


def test_findings_go_to_standard_output_and_the_summary_to_standard_error(error: Path) -> None:
    outcome = in_process_of_its_own("lint", error)

    assert outcome.code == 1
    assert outcome.lines[0].startswith(f"{error}:3:13: error[H207] port-suffix-case: ")
    assert outcome.err.replace("\r\n", "\n") == "dmsmtp: 1 error in 1 file; fixable: 1 with --fix\n"


def test_standard_input_and_what_it_is_called(error: Path) -> None:
    unnamed = dmsmtp("lint", "-", stdin=error.read_bytes())
    named = dmsmtp("lint", "--stdin-filename", "agent 7/DataMiner.xml", "-", stdin=error.read_bytes())
    by_name = dmsmtp("lint", error)

    assert unnamed.code == named.code == 1
    assert unnamed.lines[0].startswith("<stdin>:3:13: error[H207]")
    assert named.text == by_name.text.replace(str(error), "agent 7/DataMiner.xml")


@pytest.mark.parametrize("command", ["lint", "validate", "describe"])
def test_standard_input_has_the_configuration_of_the_file_that_it_is_called(
    command: str, tmp_path: Path, error: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dmsmtp.toml").write_text('[per-file-ignores]\n"lab" = ["H207"]\n', "utf-8")
    (tmp_path / "agent").mkdir()
    (tmp_path / "agent" / "dmsmtp.toml").write_text('ignore = ["H207"]', "utf-8")

    def err(*name: str) -> str:
        return dmsmtp(command, *name, "-", stdin=error.read_bytes()).err

    assert "1 error" in err()
    assert "1 error" in err("--stdin-filename", "other/DataMiner.xml")
    assert "1 error" not in err("--stdin-filename", "lab/DataMiner.xml")
    assert "1 error" not in err("--stdin-filename", "agent/DataMiner.xml")


@pytest.mark.posix
def test_links_that_are_not_followed_are_told_once_on_standard_error(tmp_path: Path, clean: Path) -> None:
    folder = tmp_path / "agents"
    folder.mkdir()
    (folder / "DataMiner.xml").write_bytes(clean.read_bytes())
    (folder / "a.smtp.xml").symlink_to(clean)
    told = f"dmsmtp: a link leads out of the folder that is searched, {folder / 'a.smtp.xml'}: not followed; "

    one = dmsmtp("lint", "--quiet", folder)
    (folder / "more").symlink_to(tmp_path)
    two = dmsmtp("lint", "--output-format", "json", folder)

    assert (one.code, one.out, one.err) == (0, b"", f"{told}to check what is there, name it\n")
    assert two.err.count("2 links lead out of the folder that is searched, such as ") == 1
    assert json.loads(two.out)["summary"]["files"] == 1


def test_standard_input_beside_files(error: Path, clean: Path) -> None:
    outcome = dmsmtp("lint", "--output-format", "concise", error, "-", clean, stdin=error.read_bytes())

    assert [line.partition(":3:")[0] for line in outcome.lines] == [str(error), "<stdin>"]
    assert "in 3 files" in outcome.err


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_machine_formats_are_utf_8_everywhere(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "DataMiner.xml"
    path.write_text(ERROR.replace("smtp.example.com", "smtp.b\u00fccher.中文"), "utf-8")

    outcome = in_process_of_its_own(
        "lint", "--output-format", "json", path, env=environment(PYTHONIOENCODING=encoding)
    )

    messages = " ".join(one["message"] for one in json.loads(outcome.out)["diagnostics"])
    assert "b\u00fccher.中文" in messages
    assert "中文".encode() in outcome.out
    assert b"\r" not in outcome.out
    assert outcome.out.endswith(b"\n")


def test_text_that_a_code_page_lacks_is_written_out(tmp_path: Path) -> None:
    path = tmp_path / "DataMiner.xml"
    path.write_text(ERROR.replace("smtp.example.com", "smtp.b\u00fccher.中文"), "utf-8")

    for command in ("lint", "describe"):
        outcome = in_process_of_its_own(command, path, env=environment(PYTHONIOENCODING="cp1252"))

        assert outcome.code == {"lint": 1, "describe": 0}[command]
        assert "b\u00fccher.\\u4e2d\\u6587" in outcome.out.decode("cp1252")
        assert "Traceback" not in outcome.err


def test_a_list_of_paths_that_look_like_something_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names = ["{0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77}", "SMTP", "[a]", "DataMiner, SMTP"]
    for name in names:
        (tmp_path / name).mkdir()
        (tmp_path / name / "DataMiner.xml").write_text(CLEAN, "utf-8")

    outcome = dmsmtp("lint", "--files-from", "-", stdin="\n".join(names).encode())

    assert (outcome.code, outcome.err) == (0, "dmsmtp: nothing found in 4 files\n")


def test_a_list_of_paths_from_a_file(tmp_path: Path, error: Path, clean: Path) -> None:
    text = f"{clean}\n\n{error}\r\n  \n"
    lists = {
        "utf-8": text.encode(),
        "utf-8 with a mark": b"\xef\xbb\xbf" + text.encode(),
        "as Windows PowerShell writes it": text.encode("utf-16"),
    }
    for name, data in lists.items():
        (tmp_path / "list").write_bytes(data)

        from_file = dmsmtp("lint", "--files-from", tmp_path / "list", "--output-format", "concise", clean)
        from_input = dmsmtp("lint", "--files-from", "-", "--output-format", "concise", clean, stdin=data)

        assert (from_file.code, len(from_file.lines)) == (1, 1), name
        assert "in 2 files" in from_file.err, name  # one of them is named twice, and counts once
        assert from_input == from_file, name


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\xff\xfe\x00", "the list is not UTF-8"),
        (b"a\0b", "this is no list of paths: it holds a zero byte"),
    ],
)
def test_a_list_that_is_none(data: bytes, says: str, tmp_path: Path) -> None:
    (tmp_path / "list").write_bytes(data)

    outcome = dmsmtp("lint", "--files-from", tmp_path / "list")

    assert outcome.code == 2
    assert says in outcome.err


@pytest.mark.parametrize(
    "text",
    [
        "<DataMiner>\n<SMTP>\n<Password>plain-Text#4711</Password>\n",
        "\n <?xml version='1.0'?>\n<SMTP><Password>plain-Text#4711</Password></SMTP>\n",
        '{\n"SMTP": {\n"Password": "plain-Text#4711"\n}\n}\n',
        "# an agent\nSMTP:\n  Password: plain-Text#4711\n",
        '---\n"DataMiner" :\n  SMTP: {Password: plain-Text#4711}\n',
        "smtp: {Password: plain-Text#4711}",
        '{"@x": 1,"SMTP":{"Password":"plain-Text#4711"}}',
        "? SMTP\n: Host: smtp.example.com\n  Password: plain-Text#4711\n",
        '{\n"Host":"smtp.example.com",\n"Password":"plain-Text#4711"\n}\n',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_to_check_is_no_list_whose_lines_are_shown(text: str, encoding: str) -> None:
    outcome = dmsmtp("lint", "--files-from", "-", stdin=text.encode(encoding))

    assert outcome.code == 2
    assert outcome.err.startswith("dmsmtp: --files-from -: this is a file to check, no list of paths: ")
    assert outcome.err.count("\n") == 1


@pytest.mark.posix
def test_file_names_cannot_steer_a_terminal(tmp_path: Path) -> None:
    names = [b"\x1b[2Jcleared.xml", b"two\nlines.xml", b"\xff\xfe.xml", "\u202elmx.txt.xml".encode()]
    for name in names:
        (tmp_path / os.fsdecode(name)).write_text(ERROR, "utf-8")
    paths = [os.fsencode(tmp_path) + b"/" + name for name in names]
    missing = os.fsencode(tmp_path) + b"/\x1b[31mmissing\xff.xml"

    full = in_process_of_its_own("lint", *paths, missing)
    described = in_process_of_its_own("describe", paths[0])
    report = in_process_of_its_own("lint", "--output-format", "json", *paths, missing)

    for output in (full.text, full.err, described.text, described.err, report.err):
        assert all(one.isprintable() for line in output.split("\n") for one in line), output
    assert [line.partition(":3:")[0].rpartition("/")[2] for line in full.lines if "H207" in line] == [
        "\\x1b[2Jcleared.xml",
        "two\\nlines.xml",
        "\\udcff\\udcfe.xml",
        "\\u202elmx.txt.xml",
    ]
    assert "\\x1b[31mmissing\\udcff.xml: there is no such file or folder" in full.err
    found = [one["path"].rpartition("/")[2] for one in json.loads(report.out)["diagnostics"]]
    assert found == ["\x1b[2Jcleared.xml", "two\nlines.xml", "\\udcff\\udcfe.xml", "\u202elmx.txt.xml"]


@pytest.mark.posix
def test_a_list_may_hold_names_that_are_not_utf_8(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/\xff.xml"
    with open(path, "w", encoding="utf-8") as stream:  # noqa: PTH123
        stream.write(ERROR)

    outcome = in_process_of_its_own("lint", "--files-from", "-", stdin=path + b"\n")

    assert outcome.code == 1
    assert "\\udcff.xml:3:13: error[H207]" in outcome.text


@pytest.mark.posix
@pytest.mark.parametrize("output_format", ["full", "concise", "json"])
def test_a_closed_pipe_ends_quietly(output_format: str, tmp_path: Path, error: Path) -> None:
    for number in range(1500):
        (tmp_path / f"{number}.smtp.xml").write_bytes(error.read_bytes())
    command: list[str | Path] = [*COMMAND, "lint", "--output-format", output_format, tmp_path]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=unmeasured(), cwd=tmp_path
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        first = process.stdout.readline()
        process.stdout.close()
        complaint = process.stderr.read()

    assert first
    assert complaint == b""
    assert process.returncode == 141


@pytest.mark.posix
@pytest.mark.parametrize(
    "arguments", [["rules"], ["--help"], ["lint", "-h"], ["--version"], ["schema", "dataminer.xsd"]]
)
def test_a_pipe_that_nobody_reads_ends_quietly(arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    outcome = subprocess.run(
        [*COMMAND, *arguments], stdout=writing, stderr=subprocess.PIPE, env=environment(), check=False
    )
    os.close(writing)

    assert outcome.stderr == b""
    assert outcome.returncode == 141


@pytest.mark.posix
def test_standard_error_that_nobody_reads_changes_nothing(error: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    outcome = subprocess.run(
        [*COMMAND, "lint", error], stdout=subprocess.PIPE, stderr=writing, env=environment(), check=False
    )
    os.close(writing)

    assert outcome.returncode == 1
    assert b"H207" in outcome.stdout


def _closed(*descriptors: int) -> Sequence[str]:
    """A command line that closes these streams, then runs the rest."""
    closing = "; ".join(f"os.close({one})" for one in descriptors)
    return [sys.executable, "-c", f"import os, sys; {closing}; os.execv(sys.argv[1], sys.argv[1:])", *COMMAND]


@pytest.mark.posix
def test_streams_that_are_closed_from_the_beginning(error: Path) -> None:
    def run(descriptor: int, *arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
        command = [*_closed(descriptor), *arguments]
        return subprocess.run(command, capture_output=True, env=environment(), check=False, timeout=60)

    no_input, no_output, no_errors = run(0, "lint", "-"), run(1, "lint", error), run(2, "lint", error)

    assert (no_input.returncode, no_output.returncode, no_errors.returncode) == (2, 2, 1)
    assert b"standard input is closed: there is nothing to check" in no_input.stderr
    assert no_output.stderr == b"dmsmtp: standard output is closed: there is nowhere to write to\n"
    assert b"H207" in no_errors.stdout


@pytest.mark.posix
@pytest.mark.parametrize("arguments", [["lint"], ["lint", "--output-format", "json"], ["describe"]])
def test_a_full_disk_is_2_with_a_sentence(arguments: list[str], tmp_path: Path, error: Path) -> None:
    code, complaint = on_a_full_disk(*arguments, error, out=tmp_path / "out")

    assert code == 2
    assert complaint == "dmsmtp: standard output could not be written: File too large\n"


@pytest.mark.posix
@pytest.mark.parametrize("arguments", [["lint", "x.xml"], ["compare", "x.xml", "y.xml"], ["check", "."]])
def test_a_working_folder_that_is_gone_is_told(arguments: list[str], tmp_path: Path) -> None:
    script = "import os, sys; os.rmdir(sys.argv[1]); os.execv(sys.argv[2], sys.argv[2:])"
    (tmp_path / "gone").mkdir()
    outcome = subprocess.run(
        [sys.executable, "-c", script, tmp_path / "gone", *COMMAND, *arguments],
        cwd=tmp_path / "gone",
        env=environment(PYTHONPATH=str(Path(__file__).parents[2])),
        capture_output=True,
        check=False,
    )

    assert (outcome.returncode, outcome.stdout) == (2, b"")
    assert outcome.stderr == b"dmsmtp: the working folder is gone: change to another one, and try again\n"


def test_what_nobody_expected_names_its_file(clean: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error", str(clean))

    monkeypatch.setattr("migrator.cli.lint.together_in_order", failing)
    outcome = dmsmtp("lint", clean)

    assert outcome.code == 2
    assert outcome.err == f"dmsmtp: {clean}: this could not be done: Input/output error\n"


@pytest.mark.posix
def test_help_on_a_full_disk(tmp_path: Path) -> None:
    code, complaint = on_a_full_disk("--help", out=tmp_path / "out")

    assert code == 2
    assert complaint == "dmsmtp: standard output could not be written: File too large\n"


@pytest.mark.posix
@pytest.mark.parametrize("source", ["pipe", "-"])
def test_ctrl_c_ends_at_130_without_a_traceback(source: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with subprocess.Popen(
        [*COMMAND, "lint", "-o", "report", source],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
        cwd=tmp_path,
    ) as process:
        _wait_for_reading(process, tmp_path)
        time.sleep(1.5)  # it is a wait then, and no look at a file that came
        process.send_signal(signal.SIGINT)
        output, complaint = process.communicate(timeout=30)

    name = source if source == "pipe" else "<stdin>"
    sentence = f"dmsmtp: {name}: it had not come when the run was interrupted: is what it comes from there?"
    assert process.returncode == 130
    assert (output, complaint.decode().splitlines()) == (b"", [sentence])
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]


def _wait_for_reading(process: subprocess.Popen[bytes], folder: Path) -> None:
    """Until the command has begun its report, and so waits for its input."""
    until = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < until:
        if any(path.name.startswith(".dmsmtp-") for path in folder.iterdir()):
            return
        time.sleep(0.01)
    raise AssertionError("it did not begin")


def _on_a_terminal(*arguments: str | Path, columns: int = 80, **env: str) -> str:
    """What the command shows on a terminal."""
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with subprocess.Popen(
        [*COMMAND, *arguments], stdin=theirs, stdout=theirs, stderr=theirs, env=environment(**env)
    ) as process:
        os.close(theirs)
        shown = b""
        with contextlib.suppress(OSError):  # Linux has an error where the other side is closed
            while chunk := os.read(ours, 4096):
                shown += chunk
    os.close(ours)
    assert process.returncode in (0, 1)
    return shown.decode().replace("\r\n", "\n")


@pytest.mark.posix
def test_colour_is_for_terminals_and_as_the_environment_wants_it(error: Path) -> None:
    assert "\x1b[1;31merror[H207]\x1b[0m" in _on_a_terminal("lint", error, TERM="xterm")
    assert "\x1b" not in _on_a_terminal("lint", "--no-color", error, TERM="xterm")
    assert "\x1b" not in _on_a_terminal("lint", error, TERM="xterm", NO_COLOR="1")
    assert "\x1b" not in _on_a_terminal("lint", error, TERM="dumb")
    assert "\x1b" in _on_a_terminal("lint", error, TERM="xterm", NO_COLOR="")  # an empty one does not count


@pytest.mark.posix
def test_a_terminal_sets_the_width(tmp_path: Path) -> None:
    path = tmp_path / "DataMiner.xml"
    path.write_text("<SMTP>" + "<!-- -->" * 40 + ERROR[6:].replace("\n", ""), "utf-8")

    shown = _on_a_terminal("lint", "--no-color", path, columns=60, TERM="xterm").splitlines()

    excerpt = next(line for line in shown if line.startswith("  1 | "))
    assert len(excerpt) <= 60
    carets = shown[shown.index(excerpt) + 1]
    start, end = carets.index("^"), carets.rindex("^") + 1
    assert excerpt[start:end] == "587-STARTTLS"


@pytest.mark.parametrize(
    ("env", "options", "is_coloured"),
    [
        ({}, [], False),
        ({"FORCE_COLOR": "1"}, [], True),
        ({"FORCE_COLOR": "0"}, [], False),
        ({"FORCE_COLOR": ""}, [], False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, [], False),
        ({"FORCE_COLOR": "1", "NO_COLOR": ""}, [], True),
        ({"FORCE_COLOR": "1"}, ["--no-color"], False),
        ({"FORCE_COLOR": "1"}, ["--output-format", "json"], False),
    ],
)
def test_colour_away_from_terminals(
    env: dict[str, str], options: list[str], is_coloured: bool, error: Path
) -> None:
    changes = {"NO_COLOR": "", "FORCE_COLOR": "", **env}

    assert (b"\x1b" in dmsmtp("lint", *options, error, env=changes).out) == is_coloured


@pytest.mark.parametrize("arguments", [["rules"], ["explain", "H207"], ["describe"]])
def test_colour_of_other_commands(arguments: list[str], clean: Path) -> None:
    paths = [clean] if arguments == ["describe"] else []

    plain = dmsmtp(*arguments, *paths).text
    coloured = dmsmtp(*arguments, *paths, env={"FORCE_COLOR": "1"}).text
    refused = dmsmtp(*arguments, *paths, "--no-color", env={"FORCE_COLOR": "1"}).text

    assert "\x1b[1m" in coloured
    assert refused == plain
    assert "\x1b" not in plain
