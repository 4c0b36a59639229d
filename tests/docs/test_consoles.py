"""Every command that the documentation shows is run, and what is shown below it is what it writes."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import pytest

from tests.cli.running import CLEAN, ERROR
from tests.docs.consoles import NOT_RUN, Shell, are_alike, consoles, played, program_of, steps
from tests.docs.reading import PAGES, REPOSITORY, blocks
from tests.docs.scenes import scene_of

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = {path.relative_to(REPOSITORY).as_posix(): path.read_text("utf-8") for path in PAGES}
PLAYED = [name for name, text in TEXTS.items() if consoles(text)]
TYPED = {"sh", "bat"}  # the languages of blocks of commands that no test runs
PREPARING = {"cp", "mkdir"}  # what may stand before such a command, for it

pytestmark = pytest.mark.posix  # paths are shown with slashes


@pytest.mark.parametrize("name", PLAYED)
def test_a_page_shows_what_its_commands_write(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config
) -> None:
    folder = tmp_path / "agents"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setattr("migrator.parallel.processors", lambda: 1)
    monkeypatch.setattr("migrator.cli.processes.processors", lambda: 1)
    with scene_of(name, folder, monkeypatch) as names:
        text = played(TEXTS[name], folder, names)

    if pytestconfig.getoption("write_golden"):
        (REPOSITORY / name).write_text(text, "utf-8", newline="\n")
        return
    changes = difflib.unified_diff(
        TEXTS[name].splitlines(), text.splitlines(), "shown", "written", lineterm=""
    )
    told = "\n".join(changes)
    assert not told, told


@pytest.mark.parametrize("name", TEXTS)
def test_every_command_is_run_or_listed_with_a_reason(name: str) -> None:
    assert not {"bash", "cmd", "powershell", "pwsh", "shell", "zsh"} & {
        one.language for one in blocks(TEXTS[name])
    }
    for commands in typed(name):
        programs = [program_of(one) for one in commands]
        assert set(programs) <= {*NOT_RUN, *PREPARING}
        assert programs[-1] not in PREPARING


def test_no_program_is_listed_that_no_page_calls() -> None:
    shown = [step.command for text in TEXTS.values() for block in consoles(text) for step in steps(block)]

    listed = [command for name in TEXTS for commands in typed(name) for command in commands]
    assert {program_of(one) for one in (*shown, *listed)} >= set(NOT_RUN)
    assert all(NOT_RUN.values())


def typed(name: str) -> list[list[str]]:
    """The commands of a page that no test runs, block by block."""
    found = [block.text.splitlines() for block in blocks(TEXTS[name]) if block.language in TYPED]
    return [[line for line in lines if line and not line.startswith("#")] for lines in found]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("make test", "make"),
        (".venv/bin/python -m pytest", "python"),
        (".venv\\Scripts\\activate", "activate"),
        ("A=1 B_C=x=y git push", "git"),
        ("dmsmtp lint A=1", "dmsmtp"),
    ],
)
def test_a_program_is_told_by_its_name(command: str, expected: str) -> None:
    assert program_of(command) == expected


@pytest.mark.parametrize(
    ("shown", "written", "expected"),
    [
        ("a\nb\n", "a\nb\n", True),
        ("", "", True),
        ("a\n", "a\nb\n", False),
        ("a\nb\n", "a\n", False),
        ("a.\n", "ab\n", False),
        ("a\n…\nd\n", "a\nb\nc\nd\n", True),
        ("…\nd\n", "a\nd\n", True),
        ("a\n…\n", "a\nb\n", True),
        ("a\n…\n", "a\n", False),  # nothing is left out
        ("a\n…\nd\n", "a\nb\nc\n", False),
        ("a …\n", "a b\n", False),  # dots in a line are the program's
        ("dmsmtp 0.1.0\n", "dmsmtp 1.20.3\n", True),
        ("dmsmtp 0.1.0\n", "dmsmtp 1.20\n", False),
        ("  TCP      4 ms  connected\n", "  TCP    123 ms  connected\n", True),
        ("  TCP      4 ms  connected\n", "  TCP    123 ms  refused\n", False),
        ("port 587\n", "port 25\n", False),
    ],
)
def test_what_a_page_may_show_otherwise(shown: str, written: str, expected: bool) -> None:
    assert are_alike(shown, written) is expected


def test_what_is_not_written_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    page = (
        "With this `a.smtp.yaml`:\n\n```yaml\n{}```\n\n```console\n$ dmsmtp lint --quiet a.smtp.yaml\n{}"
        "$ echo $?\n{}\n$ git push\nnot run\n```\n\nThe end.\n"
    )
    text = "SMTP:\n  Host: smtp.example.com\n  HostPort: 587-starttls\n  LoginMethod: NoLoginMethod\n"
    good, bad = text + "  From: dma@example.com\n", text + "  From: nobody\n"

    assert played(page.format(good, "nothing found\n", 1), tmp_path, {}) == page.format(good, "", 0)
    assert played(page.format(good, "", 0), tmp_path, {}) == page.format(good, "", 0)
    assert "M601" in played(page.format(bad, "", 0), tmp_path, {})


def test_a_command_that_nothing_can_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="rm: no test can run this"):
        Shell(tmp_path, {}).run("rm -r /srv/agents")


def test_the_shell_knows_pipes_files_and_variables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "error.xml").write_text(ERROR, "utf-8")
    shell = Shell(tmp_path, {str(tmp_path): "/srv"})

    assert shell.run("cat error.xml | dmsmtp lint --fix --quiet - > clean.xml") == ""
    assert shell.run("cat clean.xml") == CLEAN
    assert shell.run("dmsmtp lint -q \\\n--output-format concise - < error.xml").startswith("<stdin>:3:13: ")
    assert shell.run("echo $?") == "1\n"
    assert shell.run("echo $?") == "0\n"
    coloured = shell.run("FORCE_COLOR=1 dmsmtp lint -q error.xml")
    assert "\x1b[" in coloured
    assert "\x1b[" not in shell.run("dmsmtp lint -q error.xml")
    assert shell.run(f"dmsmtp lint {tmp_path}/none.xml").startswith("dmsmtp: /srv/none.xml: ")
