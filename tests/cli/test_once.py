"""A file that is named by several paths is taken once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from migrator.cli.reporting import once
from migrator.files import InputFile

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folders with files, one of which is the working folder."""
    for name in ("a/b/x.xml", "a/b/y.xml", "c/x.xml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("<SMTP/>", "utf-8")
    monkeypatch.chdir(tmp_path / "a")
    return tmp_path


def _taken(*paths: object) -> list[str]:
    found = once(iter([InputFile(str(path), str(path)) for path in paths]))
    return [str(file.path) for file in found if isinstance(file, InputFile)]


@pytest.mark.parametrize("other", ["b/../b/x.xml", "./b/x.xml", "../a/b/x.xml", "b//x.xml", "../a/./b/x.xml"])
def test_by_another_path(tree: Path, other: str) -> None:
    assert _taken("b/x.xml", other, tree / "a" / "b" / "x.xml") == ["b/x.xml"]


@pytest.mark.usefixtures("tree")
def test_of_another_folder_it_is_another_file() -> None:
    paths = ["b/x.xml", "b/y.xml", "../c/x.xml"]

    assert _taken(*paths) == paths


@pytest.mark.posix
@pytest.mark.parametrize("linked", ["a/b", "a", "a/b/x.xml"])
def test_through_a_link(tree: Path, linked: str) -> None:
    link = tree / "link"
    link.symlink_to(tree / linked)
    rest = "a/b/x.xml"[len(linked) :].lstrip("/")

    assert _taken("b/x.xml", link / rest if rest else link) == ["b/x.xml"]


@pytest.mark.posix
def test_a_link_upwards_counts_from_where_it_leads(tree: Path) -> None:
    """`link/..` is the folder above the one that the link leads to."""
    (tree / "d").mkdir()
    (tree / "d" / "link").symlink_to(tree / "a" / "b")

    assert _taken("b/x.xml", tree / "d" / "link" / ".." / "b" / "x.xml") == ["b/x.xml"]
