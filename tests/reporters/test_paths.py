from __future__ import annotations

from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.reporters.paths import address, folder_address, relative_path, working_folder

POSIX = PurePosixPath("/srv/a b")
WINDOWS = PureWindowsPath("C:\\srv\\a b")


@pytest.mark.parametrize(
    ("path", "relative", "expected"),
    [
        ("x.xml", "x.xml", "x.xml"),
        ("./x.xml", "x.xml", "x.xml"),
        ("c/../x.xml", "x.xml", "x.xml"),
        ("c d/é.xml", "c d/é.xml", "c%20d/%C3%A9.xml"),
        ("C:x.xml", "C:x.xml", "C%3Ax.xml"),
        ("a\\b.xml", "a\\b.xml", "a%5Cb.xml"),
        ("<stdin>", "<stdin>", "%3Cstdin%3E"),
        ("100%?#[].xml", "100%?#[].xml", "100%25%3F%23%5B%5D.xml"),
        ("\udcff.xml", "\udcff.xml", "%FF.xml"),
        ("\ud800.xml", "\ud800.xml", "%ED%A0%80.xml"),
        ("\U0001f600\n.xml", "\U0001f600\n.xml", "%F0%9F%98%80%0A.xml"),
        ("/srv/a b/c/x.xml", "c/x.xml", "c/x.xml"),
        ("/srv/a b", ".", "."),
        ("../x.xml", "/srv/x.xml", "file:///srv/x.xml"),
        ("/srv/a bc/x.xml", "/srv/a bc/x.xml", "file:///srv/a%20bc/x.xml"),
        ("/", "/", "file:///"),
        ("//server/x.xml", "//server/x.xml", "file:///server/x.xml"),
    ],
)
def test_paths_of_posix(path: str, relative: str, expected: str) -> None:
    assert relative_path(path, POSIX) == relative
    assert address(path, POSIX) == (expected, not expected.startswith("file:"))


@pytest.mark.parametrize(
    ("path", "relative", "expected"),
    [
        ("x.xml", "x.xml", "x.xml"),
        ("c\\d e\\x.xml", "c/d e/x.xml", "c/d%20e/x.xml"),
        ("c/x.xml", "c/x.xml", "c/x.xml"),
        ("C:\\SRV\\A B\\x.xml", "x.xml", "x.xml"),
        ("C:x.xml", "x.xml", "x.xml"),
        ("<stdin>", "<stdin>", "%3Cstdin%3E"),
        ("..\\x.xml", "C:/srv/x.xml", "file:///C:/srv/x.xml"),
        ("\\x y.xml", "C:/x y.xml", "file:///C:/x%20y.xml"),
        ("D:\\x.xml", "D:/x.xml", "file:///D:/x.xml"),
        ("\\\\server\\a b\\x.xml", "//server/a b/x.xml", "file://server/a%20b/x.xml"),
        ("\\\\?\\C:\\srv\\a b\\x.xml", "x.xml", "x.xml"),
        ("\\\\?\\D:\\x.xml", "D:/x.xml", "file:///D:/x.xml"),
        ("\\\\?\\UNC\\server\\share\\x.xml", "//server/share/x.xml", "file://server/share/x.xml"),
    ],
)
def test_paths_of_windows(path: str, relative: str, expected: str) -> None:
    assert relative_path(path, WINDOWS) == relative
    assert address(path, WINDOWS) == (expected, not expected.startswith("file:"))


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        (POSIX, "file:///srv/a%20b/"),
        (PurePosixPath("/"), "file:///"),
        (WINDOWS, "file:///C:/srv/a%20b/"),
        (PureWindowsPath("C:\\"), "file:///C:/"),
        (PureWindowsPath("\\\\server\\share"), "file://server/share/"),
        (PurePosixPath(), None),
    ],
)
def test_folders(folder: PurePath, expected: str | None) -> None:
    assert folder_address(folder) == expected


@settings(max_examples=50)
@given(st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=12))
def test_an_address_leads_back_to_its_name(name: str) -> None:
    if name in (".", ".."):
        return
    encoded, is_relative = address(name, POSIX)

    assert is_relative
    assert unquote_to_bytes(encoded).decode() == name
    assert encoded.isascii()


def test_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert working_folder() == Path.cwd()


@pytest.mark.posix
def test_links_on_the_way_to_the_working_folder_count_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "real" / "a").mkdir(parents=True)
    (tmp_path / "real" / "b").symlink_to("a")
    (tmp_path / "link").symlink_to("real")
    monkeypatch.chdir(tmp_path / "link")

    for name in ("a/x.xml", "x.xml"):
        path = str(tmp_path / "link" / name)
        assert relative_path(path, working_folder()) == name
        assert address(path, working_folder()) == (name, True)
    assert relative_path("b/x.xml", working_folder()) == "b/x.xml"
    outside = str(tmp_path / "other" / "x.xml")
    assert relative_path(outside, working_folder()) == outside


@pytest.mark.posix
def test_the_working_folder_may_be_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()

    assert not working_folder().is_absolute()
    assert address("a b.xml", working_folder()) == ("a%20b.xml", True)
    assert relative_path("/x/y.xml", working_folder()) == "/x/y.xml"
