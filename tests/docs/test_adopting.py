"""docs/adopting.md, followed step by step: what it says to write is written, what it shows must come out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.running import dmsmtp
from tests.docs.agents import RELAYS, SECRET, write_mixed
from tests.docs.reading import DOCS, arguments, blocks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGE = (DOCS / "adopting.md").read_text("utf-8")
NOT_RUN = ("git", "pre-commit", "python")  # they change the machine, or need a network

pytestmark = pytest.mark.posix  # paths are shown with slashes


def steps(text: str) -> Iterator[tuple[str, str]]:
    """Commands of a console block, each with what is shown below it."""
    for part in text.split("$ ")[1:]:
        command, _, shown = part.partition("\n")
        yield command, shown


def changed(diff: str, folder: Path) -> None:
    """Do what a diff shows."""
    old, new, *lines = diff.splitlines()
    assert old.removeprefix("--- a/") == new.removeprefix("+++ b/")
    path = folder / new.removeprefix("+++ b/")
    data = path.read_bytes()
    (before,) = [line[1:].encode() for line in lines if line.startswith("-")]
    (after,) = [line[1:].encode() for line in lines if line.startswith("+")]
    assert data.count(before) == 1
    path.write_bytes(data.replace(before, after))


def test_the_page_is_true(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = write_mixed(tmp_path)
    monkeypatch.chdir(tmp_path)

    for block in blocks(PAGE):
        if block.language == "console":
            for command, shown in steps(block.text):
                program, *rest = arguments(command)
                if program in NOT_RUN:
                    continue
                assert program == "dmsmtp"
                outcome = dmsmtp(*rest, "--jobs", "1")
                assert outcome.text + outcome.err == shown, command
        elif block.language == "diff":
            changed(block.text, tmp_path)
        else:
            assert block.file_name is not None
            (tmp_path / block.file_name).write_text(block.text, "utf-8")

    assert f"repository with {files} configurations" in PAGE
    assert f"{RELAYS} relays" in PAGE
    assert SECRET not in (tmp_path / "dmsmtp.baseline.json").read_text("utf-8")
    assert not list(tmp_path.rglob("*.bak"))


def test_nothing_is_skipped_that_could_be_run() -> None:
    programs = {
        arguments(command)[0]
        for block in blocks(PAGE)
        if block.language == "console"
        for command, _ in steps(block.text)
    }

    assert programs == {"dmsmtp", *NOT_RUN}
