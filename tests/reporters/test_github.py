"""Workflow commands, read back as the runner of GitHub Actions reads them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import pytest

from migrator.checking import FileReport
from migrator.diagnostic import Position, Severity, Span
from migrator.wording import counted
from tests.reporters.reports import UNWRITTEN, finding, hostile, written

if TYPE_CHECKING:
    from pathlib import Path

E, W, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


class Command(NamedTuple):
    """A workflow command."""

    name: str
    properties: dict[str, str]
    text: str


def commands(text: str) -> list[Command]:
    """The commands that the runner finds in a log; it looks at lines without white space before them."""
    return [found for line in text.split("\n") if (found := _command(line)) is not None]


def _command(line: str) -> Command | None:
    found = re.match(r"\s*::([a-z-]+)(?: (.*?))?::(.*)$", line, re.DOTALL)
    if found is None:
        assert "##[" not in line  # which is the other way to write one
        return None
    pairs = [one.split("=", 1) for one in (found[2] or "").split(",") if one]
    return Command(found[1], {key: _read(value, ":,") for key, value in pairs}, _read(found[3], ""))


def _read(text: str, also: str) -> str:
    for one in f"\r\n{also}%":
        text = text.replace(f"%{ord(one):02X}", one)
    return text


def run(*severities: Severity) -> str:
    """What is written for findings of these severities, a file each."""
    return written("github", *(FileReport("x.xml", (finding(one),)) for one in severities))


def test_a_finding() -> None:
    one = finding(W, "a,b:c%.xml", message="100% wrong: x", help="right it, soon")

    text = written("github", FileReport(one.path, (one,)))

    assert text == (
        "::warning file=a%2Cb%3Ac%25.xml,line=2,endLine=2,col=3,endColumn=7,title=H207 port-suffix-case"
        "::100%25 wrong: x; right it, soon\n"
    )
    assert commands(text)[0].properties["file"] == "a,b:c%.xml"


@pytest.mark.parametrize(("severity", "name"), [(E, "error"), (W, "warning"), (INFO, "notice")])
def test_kinds(severity: Severity, name: str) -> None:
    assert [one.name for one in commands(run(severity))] == [name]


def test_columns_are_of_one_line_alone() -> None:
    span = Span(Position(2, 3, 10), Position(4, 1, 30))

    (over_lines,) = commands(written("github", FileReport("x.xml", (finding(span=span),))))
    (nowhere,) = commands(written("github", FileReport("x.xml", (finding(span=None),))))

    assert over_lines.properties | {"title": ""} == {
        "file": "x.xml",
        "line": "2",
        "endLine": "4",
        "title": "",
    }
    assert nowhere.properties.keys() == {"file", "title"}


def test_paths_start_at_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = str(tmp_path / "agents" / ".." / "DataMiner.xml")

    (told,) = commands(written("github", FileReport(path, (finding(path=path),))))

    assert told.properties["file"] == "DataMiner.xml"


def test_a_path_that_could_not_be_checked() -> None:
    (told,) = commands(written("github", FileReport("x.xml", failure="it is gone")))

    assert told == Command(
        "error", {"file": "x.xml", "title": "not checked"}, "could not be checked: it is gone"
    )


def test_what_could_not_be_done_stands_beside_the_findings() -> None:
    one, undone, other = commands(
        written(
            "github",
            FileReport("x.xml", (finding(E), finding(W)), shortfalls=(UNWRITTEN,)),
        )
    )

    assert (one.name, one.properties["title"]) == ("warning", "H207 port-suffix-case")
    assert undone == Command("error", {"file": "x.xml", "title": "not written"}, UNWRITTEN.reason)
    assert (other.name, other.properties["title"]) == ("error", "H207 port-suffix-case")


@pytest.mark.parametrize(
    ("severities", "kinds", "more"),
    [
        ([E] * 10 + [W] * 10 + [INFO] * 10, (10, 10, 10), None),
        ([INFO] * 9 + [E] * 11, (10, 0, 10), "1 error more"),
        ([INFO] * 10 + [E] * 11, (10, 0, 10), "1 error, 1 info more"),
        ([INFO] * 11, (0, 0, 10), "2 infos more"),
        ([E] * 12 + [W] * 21 + [INFO] * 14, (10, 10, 10), "2 errors, 11 warnings, 5 infos more"),
        ([W, E] * 15, (10, 10, 1), "5 errors, 5 warnings more"),
    ],
)
def test_ten_of_a_kind(severities: list[Severity], kinds: tuple[int, int, int], more: str | None) -> None:
    text = run(*severities)

    told = commands(text)
    assert tuple(sum(one.name == kind for one in told) for kind in ("error", "warning", "notice")) == kinds
    assert (told[-1].properties == {"title": "dmsmtp"}) == (more is not None)
    assert more is None or told[-1].text.startswith(f"{more} without an annotation")
    in_log = [line for line in text.splitlines() if line.startswith("- x.xml:2:3: ")]
    assert len(in_log) + len(told) == len(severities) + (more is not None)


def test_paths_that_could_not_be_checked_count_as_errors() -> None:
    text = written("github", *(FileReport(f"{number}.xml", failure="it is gone") for number in range(12)))

    assert len(commands(text)) == 11
    assert commands(text)[-1].text.startswith("2 errors more")
    assert "\n- 11.xml: could not be checked: it is gone\n" in text


@pytest.mark.parametrize("failures", [1, 10])
def test_paths_that_could_not_be_checked_come_before_other_errors(failures: int) -> None:
    found = [FileReport("x.xml", (finding(E),)) for _ in range(12)]
    gone = [FileReport(f"{number}.xml", failure="it is gone") for number in range(failures)]

    text = written("github", *found, *gone)

    errors = [one.properties["title"] for one in commands(text) if one.name == "error"]
    assert errors == ["not checked"] * failures + ["H207 port-suffix-case"] * (10 - failures)
    assert commands(text)[-1].text.startswith(f"{counted(2 + failures, 'error')} more")
    assert sum(line.startswith("- x.xml:2:3: ") for line in text.splitlines()) == 2 + failures


def test_a_path_moves_no_terminal_and_stays_what_it_is_otherwise() -> None:
    one = finding(W, "\x1b[31m\u202ea\n\u3000\u200d.xml")

    [told] = commands(written("github", FileReport(one.path, (one,))))

    assert told.properties["file"] == "\\x1b[31m\\u202ea\n\u3000\u200d.xml"


def test_hostile_texts() -> None:
    one_each = [written("github", one) for one in hostile()]
    all_of_them = written("github", *hostile())

    for text, given in zip(one_each, hostile(), strict=True):
        told = commands(text)
        assert len(told) == len(given.diagnostics) + len(given.undone)
        assert {one.name for one in told} <= {"error", "warning", "notice"}
        assert all(one.properties.keys() <= PROPERTIES for one in told)
    assert len(commands(all_of_them)) == 30
    assert "\r" not in all_of_them


PROPERTIES = {"file", "line", "endLine", "col", "endColumn", "title"}
