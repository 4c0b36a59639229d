"""Several processes: the same bytes, and none of them left behind."""

from __future__ import annotations

import signal
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from migrator.parallel import FEWEST
from tests.cli.running import CLEAN, COMMAND, ERROR, WARNING, dmsmtp, environment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COUNT = FEWEST + 300 if FEWEST < 1_000 else 50


@pytest.fixture(name="many", scope="module")
def _many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of many files, some with findings, one that is no XML."""
    folder = tmp_path_factory.mktemp("many")
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


def test_files_are_mended_by_several_processes(many: Path, tmp_path: Path) -> None:
    for path in many.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())

    outcome = dmsmtp("lint", "--fix", "--no-backup", "--jobs", "2", "--select", "H207,S109", tmp_path)

    wrong = sum(number % 10 in (0, 3) for number in range(COUNT))
    assert f"fixed {wrong}" in outcome.err
    assert "H207" not in dmsmtp("lint", tmp_path).text


@pytest.mark.parametrize("jobs", ["0", "-1", "65", "two", ""])
def test_a_number_of_processes_is_a_number(jobs: str, many: Path) -> None:
    outcome = dmsmtp("lint", "--jobs", jobs, many)

    assert outcome.code == 2
    assert "is not a whole number from 1 to 64" in outcome.err


@pytest.fixture(name="running")
def _running(many: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A run of the command over very many files, with two more processes."""
    arguments = [*COMMAND, "lint", "--jobs", "2", *[str(many)] * 60]
    process = subprocess.Popen(
        arguments,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environment(),
        start_new_session=True,
    )
    until = time.monotonic() + 60
    while len(_children(process.pid)) < 2 and time.monotonic() < until:
        time.sleep(0.02)
    with process:
        yield process
        process.kill()


def _children(pid: int) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return [int(line) for line in found.stdout.split()]


def _are_gone(processes: list[int]) -> bool:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        alive = subprocess.run(
            ["ps", "-o", "pid=", "-p", ",".join(map(str, processes))], capture_output=True, check=False
        )
        if not alive.stdout.strip():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.posix
def test_ctrl_c_ends_all_processes(running: subprocess.Popen[bytes]) -> None:
    children = _children(running.pid)
    assert len(children) == 2
    for process in [running.pid, *children]:  # as a terminal does
        subprocess.run(["kill", "-INT", str(process)], check=True)

    _, err = running.communicate(timeout=60)

    assert running.returncode == 130
    assert b"Traceback" not in err
    assert _are_gone(children)


@pytest.mark.posix
def test_processes_end_with_the_one_that_started_them(running: subprocess.Popen[bytes]) -> None:
    children = _children(running.pid)
    assert len(children) == 2

    running.send_signal(signal.SIGKILL)

    assert _are_gone(children)
