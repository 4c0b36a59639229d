"""What holds on every system: a real process ended from outside; and nothing that writes is left out."""

from __future__ import annotations

import subprocess
import time
from typing import TYPE_CHECKING

import typer

from migrator.cli.app import application
from tests.cli.running import CLEAN, COMMAND, ERROR, dmsmtp, environment
from tests.faults.writes import WRITES, of_tokens

if TYPE_CHECKING:
    from pathlib import Path

WRITING = ("-o", "--report", "--fix", "--write", "--into", "--output-dir", "--token-file")
WRITING_TOO = ("--write-baseline", "--rollback")
THE_SAME_WAY = {
    ("probe", "--fix"): "that of lint --fix, in migrator/linting.py",
    ("probe", "--token-file"): "that of retrieve-tokens, in migrator/live/token_file.py",
    ("check", "--token-file"): "likewise",
    ("send-test-email", "--token-file"): "likewise",
}
FILES = 40


def test_every_command_and_option_that_writes_is_tried() -> None:
    commands = getattr(typer.main.get_command(application()), "commands")  # noqa: B009 - which typer does not type
    there = {
        (name, option)
        for name, command in commands.items()
        for parameter in command.params
        for option in parameter.opts
        if option in WRITING + WRITING_TOO
    }
    tried = {one for write in (*WRITES, *of_tokens("")) for one in write.covered}

    assert tried | set(THE_SAME_WAY) == there
    assert not tried & set(THE_SAME_WAY)


def test_a_process_that_is_ended_from_outside_leaves_whole_files(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number:02}.smtp.xml" for number in range(FILES)]
    for delay in (0.0, 0.002, 0.005, 0.01, 0.02, None):  # the last time, until one is replaced
        for path in paths:
            path.write_text(ERROR, "utf-8", newline="")
        with subprocess.Popen(
            [*COMMAND, "lint", "--fix", tmp_path], stderr=subprocess.DEVNULL, env=environment()
        ) as process:
            until = time.monotonic() + 60
            while process.poll() is None and time.monotonic() < until:
                if delay is None and any(path.read_text("utf-8") == CLEAN for path in paths):
                    break
                if delay is not None and any(path.suffix == ".bak" for path in tmp_path.iterdir()):
                    time.sleep(delay)
                    break
                time.sleep(0.001)
            process.kill()

        assert delay is not None or any(path.read_text("utf-8") == CLEAN for path in paths)
        for path in tmp_path.iterdir():
            data = path.read_bytes()
            if path.suffix == ".bak":
                assert data == ERROR.encode()
                path.unlink()
            elif path.name.startswith(".dmsmtp-"):
                path.unlink()
            else:
                assert data in (ERROR.encode(), CLEAN.encode())
    assert dmsmtp("lint", "--fix", tmp_path).code == 0
    assert {path.read_bytes() for path in paths} == {CLEAN.encode()}
