"""The text of licences that goes into the single file."""

from __future__ import annotations

import os
import re
import sysconfig
from importlib.metadata import Distribution
from pathlib import Path

import pytest

from single_file import licences

SITE = Path(sysconfig.get_path("platlib"))


@pytest.fixture(name="ours")
def _ours(tmp_path: Path) -> Distribution:
    """A distribution as an unpacked wheel has it."""
    folder = tmp_path / "made_up-1.2.dist-info"
    (folder / "licenses").mkdir(parents=True)
    (folder / "METADATA").write_text("Name: made-up\nVersion: 1.2\nLicense-Expression: MIT\n", "utf-8")
    (folder / "RECORD").write_text("made_up-1.2.dist-info/licenses/LICENSE,,\n", "utf-8")
    (folder / "licenses" / "LICENSE").write_text("You may.\n", "utf-8")
    return Distribution.at(folder)


def _titles(text: str) -> list[str]:
    return re.findall(r"^={79}\n(.+)\n={79}$", text, re.MULTILINE)


def test_ours_comes_first_then_python_then_packages(ours: Distribution) -> None:
    text = licences.text(ours, [SITE / "lxml" / "__init__.py", Path(os.__file__)])
    titles = _titles(text)

    assert titles[0] == "made-up 1.2 (MIT)"
    assert [title.partition(" ")[0] for title in titles[1:]] == ["Python", "lxml", "pyinstaller"]
    assert "\nYou may.\n" in text


def test_a_library_whose_licence_is_not_known_is_named(ours: Distribution, tmp_path: Path) -> None:
    library = tmp_path / "libmade-up.so.1"
    library.touch()
    text = licences.text(ours, [library])

    assert _titles(text)[-1] == "libmade-up.so.1"
    assert "has no text of its licence" in text


def test_a_package_without_a_text_is_refused(ours: Distribution, tmp_path: Path) -> None:
    (tmp_path / "made_up-1.2.dist-info" / "RECORD").write_text("", "utf-8")

    with pytest.raises(LookupError, match="made-up brings no text"):
        licences.text(ours, [])


def test_a_file_of_no_package_is_refused(ours: Distribution) -> None:
    with pytest.raises(KeyError, match=r"nobody/knows\.py"):
        licences.text(ours, [SITE / "nobody" / "knows.py"])
