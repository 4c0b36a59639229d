"""Several processes: the same bytes, and none of them left behind."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from migrator.parallel import FEWEST
from tests.cli.running import CLEAN, COMMAND, ERROR, WARNING, dmsmtp, unmeasured

if TYPE_CHECKING:
    from collections.abc import Iterator

COUNT = 40


@pytest.fixture(name="many")
def _many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of files enough for several processes, some with findings, some that are no XML."""
    monkeypatch.setattr("migrator.parallel.FEWEST", 8)
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(COUNT):
        text = {0: ERROR, 3: WARNING, 6: "<SMTP>"}.get(number % 10, CLEAN)
        (folder / f"{number:04}.smtp.xml").write_text(
            text.replace("smtp.example", f"a{number}.example"), "utf-8"
        )
    return folder


@pytest.mark.parametrize("format_", ["full", "json", "sarif"])
def test_the_bytes_are_the_same_for_any_number_of_processes(many: Path, format_: str) -> None:
    one, two, three = (
        dmsmtp("lint", "--jobs", jobs, "--output-format", format_, many) for jobs in ("1", "2", "3")
    )

    assert one.out == two.out == three.out
    assert one.err == two.err == three.err
    assert one.code == two.code == three.code == 1


def test_files_are_mended_by_several_processes(many: Path) -> None:
    outcome = dmsmtp("lint", "--fix", "--no-backup", "--jobs", "2", "--select", "H207,S109", many)

    wrong = sum(number % 10 in (0, 3) for number in range(COUNT))
    assert f"fixed {wrong}" in outcome.err
    assert "H207" not in dmsmtp("lint", many).text


@pytest.mark.parametrize("jobs", ["0", "-1", "65", "two", ""])
def test_a_number_of_processes_is_a_number(jobs: str, many: Path) -> None:
    outcome = dmsmtp("lint", "--jobs", jobs, many)

    assert outcome.code == 2
    assert "is not a whole number from 1 to 64" in outcome.err


@pytest.fixture(name="running")
def _running(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A run of the command over very many files, with two more processes."""
    first = tmp_path / "0.smtp.xml"
    first.write_text(WARNING, "utf-8")
    for number in range(1, 20 * FEWEST):
        (tmp_path / f"{number}.smtp.xml").hardlink_to(first)
    process = subprocess.Popen(
        [*COMMAND, "lint", "--jobs", "2", tmp_path],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=unmeasured(),
        start_new_session=True,
    )
    until = time.monotonic() + 60
    while len(_children(process.pid)) < 2 and time.monotonic() < until:
        time.sleep(0.02)
    with process:
        yield process
        process.kill()


def _children(pid: int) -> list[int]:
    """The processes that another one started and that have not ended."""
    found = ((int(path.name), _state_and_parent(path)) for path in Path("/proc").glob("[0-9]*"))
    return [child for child, (state, parent) in found if parent == pid and state != "Z"]


def _state_and_parent(process: Path) -> tuple[str, int]:
    """What Linux tells of a process; it is a zombie (Z) when it has ended and nobody asked how."""
    try:
        words = (process / "stat").read_text("utf-8").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return "Z", 0
    return words[0], int(words[1])


def _are_gone(processes: list[int]) -> bool:
    until = time.monotonic() + 30
    while any(_state_and_parent(Path("/proc") / str(process))[0] != "Z" for process in processes):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.linux
def test_ctrl_c_ends_all_processes(running: subprocess.Popen[bytes]) -> None:
    children = _children(running.pid)
    assert len(children) == 2
    for process in [running.pid, *children]:  # as a terminal does
        with contextlib.suppress(ProcessLookupError):  # the first may have ended the others by then
            os.kill(process, signal.SIGINT)

    _, err = running.communicate(timeout=60)

    assert running.returncode == 130
    assert b"Traceback" not in err
    assert _are_gone(children)


@pytest.mark.linux
def test_processes_end_with_the_one_that_started_them(running: subprocess.Popen[bytes]) -> None:
    children = _children(running.pid)
    assert len(children) == 2

    running.send_signal(signal.SIGKILL)

    assert _are_gone(children)


@pytest.mark.linux
@pytest.mark.parametrize("arguments", [["lint"], ["lint", "--fix"], ["convert", "--format", "json"]])
def test_ctrl_c_ends_a_wait_of_another_process(arguments: list[str], many: Path, tmp_path: Path) -> None:
    for number in range(COUNT, FEWEST):
        (many / f"{number:04}.smtp.xml").write_text(CLEAN, "utf-8")
    os.mkfifo(tmp_path / "pipe.smtp.xml")
    out: list[str | Path] = ["--output-dir", tmp_path / "out"] if "convert" in arguments else []
    (tmp_path / "out").mkdir()
    with subprocess.Popen(
        [*COMMAND, *arguments, "--jobs", "2", *out, "many", "pipe.smtp.xml"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=unmeasured(),
        cwd=tmp_path,
        start_new_session=True,
    ) as process:
        try:
            pipe = _opened_to_write(tmp_path / "pipe.smtp.xml")
            time.sleep(1.5)  # it is a wait then, and no look at a file that came
            children = _children(process.pid)
            os.killpg(process.pid, signal.SIGINT)
            _, complaint = process.communicate(timeout=60)
            os.close(pipe)
        finally:
            process.kill()

    assert process.returncode == 130
    assert "dmsmtp: pipe.smtp.xml: it had not come when the run was interrupted" in complaint.decode()
    assert "Traceback" not in complaint.decode()
    assert _are_gone(children)


def _opened_to_write(pipe: Path) -> int:
    """A pipe that somebody reads by now."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with contextlib.suppress(OSError):
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        time.sleep(0.02)
    raise AssertionError("nobody reads it")
