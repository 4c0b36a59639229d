"""Which files are meant by what somebody typed, and why some cannot be checked."""

from __future__ import annotations

import errno
import io
import os
import sys
import time
from threading import Thread
from typing import TYPE_CHECKING
from unittest.mock import Mock

import pytest

from migrator import files
from migrator.files import InputFile, Missing, Selection, find, read, why_unreadable
from tests.disk import fail_at

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NO_SUCH_FILE = "there is no such file or folder"
NOTHING_LEFT = "--exclude, or exclude in the configuration, leaves nothing to check"


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def make(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("<SMTP />", "utf-8")


def found(*paths: str, **options: object) -> list[str]:
    """Paths of the files found, with slashes."""
    results = list(find(Selection(paths, **options)))  # type: ignore[arg-type]
    assert all(isinstance(one, InputFile) for one in results), results
    return [one.shown.replace(os.sep, "/") for one in results]


def reason(*paths: str, **options: object) -> str:
    """Why the first of the paths leads nowhere."""
    first = next(find(Selection(paths, **options)))  # type: ignore[arg-type]
    assert isinstance(first, Missing), first
    return first.reason


def test_files_come_as_given_and_in_the_order_given(tmp_path: Path) -> None:
    make(tmp_path, "b.xml", "a.xml", "c/d.xml")

    assert found("b.xml", "./a.xml", "c/../a.xml", "b.xml") == ["b.xml", "./a.xml", "c/../a.xml", "b.xml"]


def test_a_folder_is_searched_sorted(tmp_path: Path) -> None:
    make(
        tmp_path,
        "x/DataMiner.xml",
        "x/b/dataminer.XML",
        "x/a/DATAMINER.xml",
        "x/c.smtp.xml",
        "x/G.SMTP.XML",
        "x/other.xml",
        "x/DataMiner.xml.bak",
        "x/smtp.xml",
        "x/d.smtp.json",
        "x/e.smtp.yaml",
        "x/f.smtp.YML",
        "x/dataminer.json",
    )

    assert found("x") == [
        "x/DataMiner.xml",
        "x/G.SMTP.XML",
        "x/a/DATAMINER.xml",
        "x/b/dataminer.XML",
        "x/c.smtp.xml",
        "x/d.smtp.json",
        "x/e.smtp.yaml",
        "x/f.smtp.YML",
    ]


def test_a_deep_folder_is_searched_to_its_end(tmp_path: Path) -> None:
    folder = tmp_path
    for _ in range(100):
        folder /= "x"
    make(folder, "DataMiner.xml")

    assert len(found("x")) == 1


@pytest.mark.parametrize(
    ("include", "expected"),
    [
        (("*.xml",), ["x/DataMiner.xml", "x/a/other.xml", "x/b/agent-7.xml"]),
        (("agent-?.xml",), ["x/DataMiner.xml", "x/b/agent-7.xml"]),
        (("a/*.xml",), ["x/DataMiner.xml", "x/a/other.xml"]),
        (("**/other.xml",), ["x/DataMiner.xml", "x/a/other.xml"]),
        (("b",), ["x/DataMiner.xml"]),  # names a folder, no file
    ],
)
def test_include_adds_files_to_those_of_a_folder(
    include: tuple[str, ...], expected: list[str], tmp_path: Path
) -> None:
    make(tmp_path, "x/DataMiner.xml", "x/a/other.xml", "x/b/agent-7.xml", "x/b/notes.txt")

    assert found("x", include=include) == expected


@pytest.mark.parametrize(
    ("exclude", "expected"),
    [
        (("b",), ["x/DataMiner.xml", "x/a/old.smtp.xml"]),
        (("*.smtp.xml",), ["x/DataMiner.xml", "x/b/DataMiner.xml"]),
        (("x/b/*",), ["x/DataMiner.xml", "x/a/old.smtp.xml"]),
        (("b/",), ["x/DataMiner.xml", "x/a/old.smtp.xml"]),
        (("./x/b",), ["x/DataMiner.xml", "x/a/old.smtp.xml"]),
        (("**/old.smtp.xml",), ["x/DataMiner.xml", "x/b/DataMiner.xml"]),
        (("a", "b"), ["x/DataMiner.xml"]),
        (("x",), ["x/DataMiner.xml", "x/a/old.smtp.xml", "x/b/DataMiner.xml"]),  # that one was asked for
        (("ld.smtp.xml",), ["x/DataMiner.xml", "x/a/old.smtp.xml", "x/b/DataMiner.xml"]),
    ],
)
def test_exclude_leaves_files_and_folders_out(
    exclude: tuple[str, ...], expected: list[str], tmp_path: Path
) -> None:
    make(tmp_path, "x/DataMiner.xml", "x/a/old.smtp.xml", "x/b/DataMiner.xml")

    assert found("x", exclude=exclude) == expected


@pytest.mark.parametrize(
    "pattern", ["agents [old]", "agents [old]/", "x/agents [old]/*", "*[old]", "x/agents*]"]
)
def test_a_folder_with_brackets_in_its_name_is_left_out_by_its_name(pattern: str, tmp_path: Path) -> None:
    make(tmp_path, "x/agents [old]/DataMiner.xml", "x/agents/DataMiner.xml", "x/agents/a [1].conf")

    assert found("x", exclude=(pattern,)) == ["x/agents/DataMiner.xml"]
    assert found("x", include=("a [1].conf",), exclude=(pattern,)) == [
        "x/agents/DataMiner.xml",
        "x/agents/a [1].conf",
    ]


def test_a_file_given_by_name_is_excluded_by_force_only(tmp_path: Path) -> None:
    make(tmp_path, "old/a.xml", "b.xml")

    assert found("old/a.xml", "b.xml", exclude=("old",)) == ["old/a.xml", "b.xml"]
    assert found("old/a.xml", "b.xml", exclude=("old",), force_exclude=True) == ["b.xml"]


@pytest.mark.parametrize("pattern", ["old", "a/old", "./a/old/", "**/old", "a/o??"])
@pytest.mark.parametrize(
    "path", ["a/old/7/DataMiner.xml", "a/old/7", "a/old", "./a/old/", "a/*/7", "a/old/*/*.xml"]
)
def test_an_excluded_folder_is_left_out_by_force_whatever_in_it_is_named(
    pattern: str, path: str, tmp_path: Path
) -> None:
    make(tmp_path, "a/old/7/DataMiner.xml", "a/new/DataMiner.xml")

    assert found(path, "a/new", exclude=(pattern,), force_exclude=True) == ["a/new/DataMiner.xml"]


@pytest.mark.parametrize("exclude", ["a.xml", "*.xml", "old"])
def test_where_all_is_excluded_that_is_said(exclude: str, tmp_path: Path) -> None:
    make(tmp_path, "old/a.xml", "old/b.xml")

    options = {"exclude": (exclude,), "force_exclude": True}

    assert reason("old/a.xml", **options) == NOTHING_LEFT


def test_a_folder_with_excluded_folders_alone_is_not_said_to_hold_nothing(tmp_path: Path) -> None:
    make(tmp_path, "x/old/DataMiner.xml")

    assert reason("x", exclude=("old",)) == (
        "this folder holds, beside what --exclude or the configuration leaves out, "
        "no DataMiner.xml and no *.smtp.xml, .json or .yaml"
    )


def test_a_folder_without_files_says_so_even_beside_others(tmp_path: Path) -> None:
    make(tmp_path, "a/DataMiner.xml")
    (tmp_path / "b").mkdir()

    assert [type(one) for one in find(Selection(("a", "b")))] == [InputFile, Missing]


@pytest.mark.parametrize(
    ("names", "says"),
    [
        ((), "this folder holds no DataMiner.xml and no *.smtp.xml, .json or .yaml"),
        (("x/readme.txt",), "this folder holds no DataMiner.xml and no *.smtp.xml, .json or .yaml"),
        (
            ("x/agent 7.xml",),
            (
                "this folder holds no DataMiner.xml and no *.smtp.xml, .json or .yaml; "
                'to check the XML file that it holds, type "x/agent 7.xml"'
            ),
        ),
        (
            ("x/2.xml", "x/1.xml", "x/y/3.xml"),
            (
                "this folder holds no DataMiner.xml and no *.smtp.xml, .json or .yaml but 3 other XML files, "
                'such as "x/1.xml": name them, or add --include "*.xml"'
            ),
        ),
    ],
)
def test_a_folder_of_other_names_says_what_to_type(names: tuple[str, ...], says: str, tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    make(tmp_path, *names)

    assert reason("x").replace(os.sep, "/") == says


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.xml", ["a.xml", "b.xml"]),
        ("?.xml", ["a.xml", "b.xml"]),
        ("agents/*/DataMiner.xml", ["agents/1/DataMiner.xml", "agents/2/DataMiner.xml"]),
        ("**/DataMiner.xml", ["agents/1/DataMiner.xml", "agents/2/DataMiner.xml"]),
        ("agents/**", ["agents/1/DataMiner.xml", "agents/2/DataMiner.xml"]),
        ("agents/*", ["agents/1/DataMiner.xml", "agents/2/DataMiner.xml"]),  # folders are searched
        ("ag*", ["agents/1/DataMiner.xml", "agents/2/DataMiner.xml"]),
        ("[[]x]*.xml", []),  # brackets are nothing special
        ("[x]*.xml", ["[x]1.xml"]),
    ],
)
def test_patterns_that_the_shell_left_alone(pattern: str, expected: list[str], tmp_path: Path) -> None:
    make(tmp_path, "b.xml", "a.xml", "agents/1/DataMiner.xml", "agents/2/DataMiner.xml", "[x]1.xml")
    (tmp_path / "agents/3").mkdir()

    if expected:
        assert found(pattern, exclude=("[x]1.xml",) if pattern.startswith(("*", "?")) else ()) == expected
    else:
        assert reason(pattern) == "no file matches this pattern"


def test_several_stars_for_folders_in_a_row_mean_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "a/DataMiner.xml", "a/b/c/DataMiner.xml")
    scans = Mock(wraps=os.scandir)
    monkeypatch.setattr(os, "scandir", scans)

    assert found(f"{'**/' * 8}c/**/**/*.xml") == ["a/b/c/DataMiner.xml"]
    assert scans.call_count < 20


def test_a_pattern_from_the_root(tmp_path: Path) -> None:
    make(tmp_path, "a.xml")

    assert found(str(tmp_path / "*.xml")) == [(tmp_path / "a.xml").as_posix()]


@pytest.mark.posix
def test_a_file_whose_name_looks_like_a_pattern_is_that_file(tmp_path: Path) -> None:
    make(tmp_path, "*.xml", "a.xml")

    assert found("*.xml") == ["*.xml"]


@pytest.mark.parametrize("pattern", ["*.smtp.xml", "nothing/**/x.xml", "**/*.smtp.xml", "no?hing"])
def test_a_pattern_without_a_match(pattern: str, tmp_path: Path) -> None:
    make(tmp_path, "a.xml")

    assert reason(pattern) == "no file matches this pattern"


def test_what_matches_a_pattern_can_be_excluded(tmp_path: Path) -> None:
    make(tmp_path, "a.xml", "b.xml")

    assert found("*.xml", exclude=("a.xml",)) == ["b.xml"]
    assert reason("*.xml", exclude=("*.xml",)) == NOTHING_LEFT


@pytest.mark.posix
def test_links_are_not_followed_out_of_a_folder(tmp_path: Path) -> None:
    make(tmp_path, "outside/DataMiner.xml", "x/real/DataMiner.xml", "x/DataMiner.xml")
    (tmp_path / "x/out.smtp.xml").symlink_to(tmp_path / "outside/DataMiner.xml")
    (tmp_path / "x/folder").symlink_to(tmp_path / "outside")
    (tmp_path / "x/loop").symlink_to(tmp_path / "x")
    (tmp_path / "x/in.smtp.xml").symlink_to("real/DataMiner.xml")

    assert found("x") == ["x/DataMiner.xml", "x/in.smtp.xml", "x/real/DataMiner.xml"]
    assert found("x/**/DataMiner.xml") == ["x/DataMiner.xml", "x/real/DataMiner.xml"]
    assert found("x/folder", "x/out.smtp.xml") == ["x/folder/DataMiner.xml", "x/out.smtp.xml"]  # by name


@pytest.mark.posix
def test_links_that_are_not_followed_are_put_on_a_list(tmp_path: Path) -> None:
    make(tmp_path, "outside/DataMiner.xml", "x/DataMiner.xml", "x/real/DataMiner.xml")
    for name in ("sub", ".git", "old"):
        (tmp_path / "x" / name).symlink_to(tmp_path / "outside")
    for name in ("a.smtp.xml", "b.txt"):
        (tmp_path / "x" / name).symlink_to(tmp_path / "outside/DataMiner.xml")
    (tmp_path / "x/inside").symlink_to("real")

    links: list[str] = []
    list(find(Selection(("x", "outside"), exclude=("old",)), links))

    assert [path.replace(os.sep, "/") for path in links] == ["x/a.smtp.xml", "x/sub"]


@pytest.mark.posix
def test_a_folder_with_nothing_but_a_link_out_of_it_says_what_to_type(tmp_path: Path) -> None:
    make(tmp_path, "outside/DataMiner.xml")
    (tmp_path / "x").mkdir()
    (tmp_path / "x/DataMiner.xml").symlink_to(tmp_path / "outside/DataMiner.xml")

    assert reason("x").endswith(
        'a link that leads out of it; to check what it leads to, type "x/DataMiner.xml"'
    )


@pytest.mark.posix
def test_a_link_that_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x/DataMiner.xml").symlink_to("gone.xml")

    assert reason("x") == "it is a link, and what it leads to does not exist"
    assert reason("x/DataMiner.xml") == "it is a link, and what it leads to does not exist"


@pytest.mark.posix
def test_a_link_to_itself(tmp_path: Path) -> None:
    (tmp_path / "DataMiner.xml").symlink_to("DataMiner.xml")

    assert reason("DataMiner.xml") == "it is a link, and what it leads to does not exist"


@pytest.mark.posix
def test_links_to_themselves_in_a_folder_end_no_search(tmp_path: Path) -> None:
    make(tmp_path, "x/a.smtp.xml", "x/sub/DataMiner.xml")
    for name in ("DataMiner.xml", "other.xml", "loop"):
        (tmp_path / "x" / name).symlink_to(name)

    assert list(find(Selection(("x",)))) == [
        Missing("x/DataMiner.xml", "it is a link, and what it leads to does not exist"),
        InputFile("x/a.smtp.xml", "x/a.smtp.xml"),
        InputFile("x/sub/DataMiner.xml", "x/sub/DataMiner.xml"),
    ]


@pytest.mark.posix
def test_a_link_through_a_barred_folder_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "x/a.smtp.xml", "x/sub/y")
    (tmp_path / "x/DataMiner.xml").symlink_to("sub/barred/DataMiner.xml")
    look = os.stat

    def barred(path: str, *rest: object, **named: bool) -> os.stat_result:
        if path == "x/DataMiner.xml":
            raise PermissionError(errno.EACCES, "Permission denied")
        return look(path, *rest, **named)

    monkeypatch.setattr(os, "stat", barred)

    assert list(find(Selection(("x",)))) == [
        Missing("x/DataMiner.xml", "it may not be read: you lack the permission"),
        InputFile("x/a.smtp.xml", "x/a.smtp.xml"),
    ]


@pytest.mark.posix
def test_a_pipe_in_a_folder_is_left_alone(tmp_path: Path) -> None:
    make(tmp_path, "x/a.smtp.xml")
    os.mkfifo(tmp_path / "x/DataMiner.xml")

    assert found("x") == ["x/a.smtp.xml"]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Skyline DataMiner/DataMiner.xml", ["Skyline", "DataMiner/DataMiner.xml"]),
        ("my own agent 7.xml", ["my", "own", "agent", "7.xml"]),
    ],
)
def test_a_path_cut_at_its_spaces_is_put_together(name: str, typed: list[str], tmp_path: Path) -> None:
    make(tmp_path, name, "other.xml")

    results = list(find(Selection((*typed, "other.xml"))))

    assert results == [
        Missing(typed[0], f'there is no such file; the path holds a space, so put it in quotes: "{name}"'),
        InputFile("other.xml", "other.xml"),
    ]


def test_paths_that_are_missing_are_not_put_together_with_others(tmp_path: Path) -> None:
    make(tmp_path, "first second.xml", "agent.xml")

    assert list(find(Selection(("second.xml", "agent.xml", "third.xml")))) == [
        Missing("second.xml", NO_SUCH_FILE),
        InputFile("agent.xml", "agent.xml"),
        Missing("third.xml", NO_SUCH_FILE),
    ]


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("DataMinr.xml", '; did you mean "DataMiner.xml"?'),
        ("x/DataMiner.xlm", '; did you mean "x/DataMiner.xml"?'),
        ("x/nothing.txt", ""),
        ("nowhere/DataMiner.xml", ""),
        ("DataMiner.xml/", ""),
    ],
)
def test_a_missing_path_and_what_was_probably_meant(path: str, hint: str, tmp_path: Path) -> None:
    make(tmp_path, "DataMiner.xml", "x/DataMiner.xml")

    assert reason(path).replace(os.sep, "/") == NO_SUCH_FILE + hint


@pytest.mark.posix
def test_a_path_of_windows_elsewhere(tmp_path: Path) -> None:
    make(tmp_path, "old agents/x/DataMiner.xml")

    for path in (
        r"old agents\x\DataMiner.xml",
        r".\old agents\x\DataMiner.xml",
        r"old agents/x\DataMiner.xml",
    ):
        meant = path.replace("\\", "/")
        assert reason(path) == f'{NO_SUCH_FILE}; did you mean "{meant}"?'
    assert reason(r"x\DataMiner.xml") == NO_SUCH_FILE
    meant = '; did you mean "old agents/*/DataMiner.xml"?'
    assert reason(r"old agents\*\DataMiner.xml") == f"no file matches this pattern{meant}"
    assert reason(r"x\*") == "no file matches this pattern"


def test_a_quote_that_the_prompt_of_windows_left_in_the_path() -> None:
    assert reason('C:\\Skyline DataMiner"') == (
        "there is no such file; leave out the backslash before the closing quote, which hides it"
    )


def test_a_name_as_git_lists_it() -> None:
    assert reason('"agents/\\303\\274/DataMiner.xml"') == (
        "there is no such file; the quotes count as part of the name: if the list is one of git, "
        "have it written by git -c core.quotePath=false"
    )


def test_reading_stops_behind_the_limit(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"0123456789")

    assert read(InputFile("x", "x"), 10) == b"0123456789"
    assert read(InputFile("x", "x"), 9) == b"0123456789"  # one more than the limit tells that it is passed
    assert len(_bytes(InputFile("x", "x"), 4)) == 5


@pytest.mark.posix
def test_a_folder_is_no_file_to_read(tmp_path: Path) -> None:
    assert read(InputFile("x", str(tmp_path)), 10) == Missing("x", "it is a folder: name a file in it")


@pytest.mark.posix
def test_a_pipe_given_by_name_is_read_to_its_end(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    writer = Thread(target=_write_with_a_pause, args=(tmp_path / "pipe",), daemon=True)
    writer.start()

    assert found("pipe") == ["pipe"]
    assert read(InputFile("pipe", "pipe"), 100) == b"<SMTP></SMTP>"
    writer.join()


def _write_with_a_pause(pipe: Path) -> None:
    with pipe.open("wb", buffering=0) as stream:
        stream.write(b"<SMTP>")
        time.sleep(0.05)
        stream.write(b"</SMTP>")


@pytest.mark.parametrize("data", [b"", b" \r\n\t"])
def test_an_empty_standard_input(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))

    assert read(InputFile("<stdin>", None), 100) == Missing(
        "<stdin>", "standard input is empty: there is nothing to check"
    )


@pytest.mark.parametrize("data", [b"x", b"\0", b" <SMTP />", b" " * 101])
def test_standard_input(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))

    assert read(InputFile("<stdin>", None), 100) == data


def test_standard_input_that_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)

    assert read(InputFile("<stdin>", None), 100) == Missing(
        "<stdin>", "standard input is closed: there is nothing to check"
    )


def test_a_file_that_vanishes_between_search_and_reading() -> None:
    assert read(InputFile("x", "x"), 100) == Missing("x", "it cannot be read: No such file or directory")


class _InvalidNameError(OSError):
    """As Python raises it on Windows for a path that no file can have."""

    winerror = 123

    def __init__(self) -> None:
        super().__init__(errno.EINVAL, "The filename, directory name, or volume label syntax is incorrect")


def test_a_path_that_windows_can_have_no_file_of_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_path: str) -> None:
        raise _InvalidNameError

    monkeypatch.setattr(os, "stat", refuse)
    monkeypatch.setattr(os, "lstat", refuse)

    assert reason('C:\\Skyline DataMiner"') == (
        "there is no such file; leave out the backslash before the closing quote, which hides it"
    )
    assert not files.is_file('a"')
    assert not files.is_there('a"')
    assert not files.may_be_there('a"')


class _WindowsError(PermissionError):
    """As Python raises it there."""

    def __init__(self, winerror: int) -> None:
        super().__init__(errno.EACCES, "Access is denied")
        self.winerror = winerror


def test_a_file_that_needs_an_administrator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")

    assert why_unreadable(_WindowsError(5)) == (
        'it may not be read: open a prompt with "Run as administrator" and type the same there'
    )
    assert why_unreadable(_WindowsError(32)) == (
        "another program holds it open: close it there, or check a copy"
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [("x", (False, True)), ("x/a", (True, False)), ("missing", (False, False)), ("x/a/b", (False, False))],
)
def test_what_a_path_leads_to(name: str, expected: tuple[bool, bool], tmp_path: Path) -> None:
    make(tmp_path, "x/a")

    assert (files.is_file(name), files.is_folder(name)) == expected


def test_no_path_leads_to_nothing() -> None:
    assert not files.is_file("a\0b")
    assert not files.is_folder("a\0b")


@pytest.mark.posix
def test_what_is_neither_file_nor_folder(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    assert not files.is_file(str(tmp_path / "pipe"))
    assert not files.is_folder(str(tmp_path / "pipe"))


@pytest.mark.parametrize("asks", [files.is_file, files.is_folder])
def test_a_failing_disk_is_no_answer(
    asks: Callable[[str], bool], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_at(tmp_path, monkeypatch)

    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        asks(str(tmp_path / "x"))


def test_the_default_path_counts_as_there_where_it_may_not_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(_path: str) -> None:
        raise PermissionError

    assert not files.is_there("missing")
    assert files.is_there(".")
    monkeypatch.setattr(os, "lstat", forbidden)
    assert files.is_there("hidden")


def _bytes(file: InputFile, limit: int) -> bytes:
    data = read(file, limit)
    assert isinstance(data, bytes)
    return data
