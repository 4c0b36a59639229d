"""What Windows has and other systems lack, as far as it can be had elsewhere, and what it alone can show."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.cli.running import CLEAN, ERROR, dmsmtp, environment, in_process_of_its_own

if TYPE_CHECKING:
    from pathlib import Path

FOREIGN = ERROR.replace("smtp.example.com", "smtp.b\u00fccher.中文").replace("dma@", "\u0434\u043c\u0430@")
CODE_PAGES = ("cp1252", "cp437", "cp850", "cp932", "cp1251", "ascii")
HELD = "another program, such as DataMiner, holds it open"


@pytest.mark.parametrize("encoding", CODE_PAGES)
def test_no_console_is_given_what_it_cannot_show(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    path, other = tmp_path / "DataMiner.xml", tmp_path / "b" / "DataMiner.xml"
    path.write_text(FOREIGN, "utf-8")
    other.write_text(CLEAN, "utf-8")
    runs: list[list[str | Path]] = [
        ["lint", path],
        ["lint", "--diff", path],
        ["lint", "--output-format", "concise", path],
        ["validate", path],
        ["describe", path],
        ["migrate", path, "--to", "10.6.4"],
        ["compare", path, other],
        ["apply", other, path],
        ["convert", "--force", path, "--format", "yaml"],
        ["explain", "H207"],
        ["explain", "535 5.7.139 Authentication unsuccessful"],
        ["rules"],
        ["lint", tmp_path / "\u0434\u043c\u0430.xml"],
        ["--help"],
    ]
    for arguments in runs:
        outcome = dmsmtp(*arguments, encoding=encoding)

        document = arguments[0] == "convert"  # whose bytes are its own
        text = outcome.out.decode("utf-8" if document else encoding) + outcome.err
        assert outcome.code in (0, 1, 2), (arguments, text)
        assert "Traceback" not in text, (arguments, text)
        assert "should not happen" not in text, (arguments, text)


@pytest.mark.parametrize(
    "changes",
    [
        {"PYTHONUTF8": "0", "PYTHONIOENCODING": "cp437"},
        {"PYTHONUTF8": "1"},
        {"PYTHONUTF8": "0", "LC_ALL": "C"},
    ],
)
def test_a_console_of_its_own(changes: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "DataMiner.xml"
    path.write_text(FOREIGN, "utf-8")

    outcome = in_process_of_its_own("lint", path, env=environment(**changes))

    assert outcome.code == 1
    assert b"H207" in outcome.out
    assert "Traceback" not in outcome.err


@pytest.mark.windows
def test_a_file_that_is_open_elsewhere_stays_as_it_is(error: Path) -> None:
    with error.open("rb"):
        outcome = dmsmtp("lint", "--fix", error)

    assert outcome.code == 2
    assert HELD in outcome.err
    assert error.read_text("utf-8") == ERROR
    assert [path.name for path in error.parent.iterdir()] == [error.name]


@pytest.mark.windows
def test_a_file_by_its_name_in_capitals_and_by_a_long_one_is_the_same(error: Path) -> None:
    outcome = dmsmtp("lint", "--fix", "--no-backup", error, str(error).upper())

    assert outcome.code == 0
    assert "fixed 1" in outcome.err
    assert dmsmtp("lint", "--fix", f"\\\\?\\{error}").code == 0


@pytest.mark.windows
@pytest.mark.parametrize("name", ["NUL.smtp.xml", "COM1.smtp.xml", "a<b.smtp.xml", "a|b.smtp.xml", "con"])
def test_a_name_that_windows_keeps_for_itself(name: str, tmp_path: Path) -> None:
    before = sorted(os.listdir(tmp_path))  # noqa: PTH208 - names

    outcome = dmsmtp("new", "custom", "--no-input", "--host", "a.example.com", "-o", tmp_path / name)

    assert outcome.code in (0, 2)
    assert "should not happen" not in outcome.err
    left = [one for one in os.listdir(tmp_path) if one.startswith(".dmsmtp-")]  # noqa: PTH208 - names
    assert left == [], (before, outcome.err)


@pytest.mark.windows
def test_a_path_longer_than_windows_takes_by_itself(tmp_path: Path) -> None:
    folder = f"\\\\?\\{tmp_path}\\" + "\\".join(["x" * 100] * 3)
    os.makedirs(folder)  # noqa: PTH103 - such a path is text
    path = f"{folder}\\DataMiner.xml"
    with open(path, "w", encoding="utf-8", newline="") as stream:  # noqa: PTH123 - likewise
        stream.write(ERROR)

    long, plain = dmsmtp("lint", "--fix", "--no-backup", path), dmsmtp("lint", path.removeprefix("\\\\?\\"))

    assert long.code == 0, long.err
    assert plain.code in (0, 2)
    assert "should not happen" not in plain.err
