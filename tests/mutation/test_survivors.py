"""The list of survivors is about code that is there, and says why of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.mutation import survivors
from tests.mutation.configuration import Subject, subjects
from tests.mutation.mutants import ROOT, Key, module_name, names

if TYPE_CHECKING:
    from pathlib import Path

SURVIVORS = survivors.listed()
PATHS = {module_name(path): path for subject in subjects() for path in subject.paths}
KEY = Key("migrator.values.host", "_name", "a [== → !=] b")
OTHER = KEY._replace(change="a [and b → ]")


def test_every_survivor_has_a_reason() -> None:
    assert [key for key, reason in SURVIVORS.items() if len(reason.split()) < 4] == []


@pytest.mark.parametrize("module", sorted({key.module for key in SURVIVORS}))
def test_every_survivor_stands_in_code_that_is_mutated(module: str) -> None:
    assert module in PATHS
    there = names(PATHS[module])
    assert [key for key in SURVIVORS if key.module == module and key.function not in there] == []


@pytest.mark.parametrize("subject", subjects(), ids=lambda subject: subject.name)
def test_every_subject_has_modules_and_tests(subject: Subject) -> None:
    assert subject.paths
    assert [one for one in subject.tests if not (ROOT / one).exists()] == []


def test_what_survives_must_be_listed() -> None:
    found = survivors.compare([OTHER], made=[KEY, OTHER], killed=[], survived=[KEY, OTHER])
    assert (found.unlisted, found.stale) == ([KEY], [])


def test_what_is_noticed_must_not_be_listed() -> None:
    found = survivors.compare([KEY, OTHER], made=[KEY, OTHER], killed=[KEY], survived=[OTHER])
    assert (found.unlisted, found.stale) == ([], [KEY])


def test_what_is_no_mutant_any_more_must_not_be_listed() -> None:
    found = survivors.compare([KEY], made=[OTHER], killed=[OTHER], survived=[])
    assert found.stale == [KEY]


def test_what_was_not_tried_may_be_listed() -> None:
    elsewhere = KEY._replace(module="migrator.values.secret")
    found = survivors.compare([KEY, elsewhere], made=[KEY, OTHER], killed=[OTHER], survived=[])
    assert found.stale == []


def test_what_is_printed_can_be_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [KEY, KEY._replace(change="x = re.compile('[[a\\\\b → ]'\"]')"), KEY._replace(function="")]
    path = tmp_path / "survivors.toml"
    path.write_text("\n".join(map(survivors.entry, keys)), "utf-8")
    monkeypatch.setattr(survivors, "PATH", path)
    assert list(survivors.listed()) == keys


def test_nothing_is_listed_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "survivors.toml"
    path.write_text(2 * survivors.entry(KEY), "utf-8")
    monkeypatch.setattr(survivors, "PATH", path)
    with pytest.raises(ValueError, match="twice"):
        survivors.listed()
