"""Files with their settings: each in its turn, however many are read at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import pytest

from migrator.checking import CheckSettings
from migrator.files import InputFile, Missing
from migrator.loading import Loaded, load, load_ahead

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SETTINGS = CheckSettings()
_MEBIBYTE = 1024 * 1024


def test_a_file_comes_with_its_settings_and_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(b"<a/>\r\n")
    asked = []

    def settings_of(name: str | None) -> CheckSettings:
        asked.append(name)
        return _SETTINGS

    file = InputFile("shown", str(path))

    assert load(file, settings_of, 100) == Loaded(file, _SETTINGS, b"<a/>\r\n")
    assert asked == [str(path)]


def test_what_cannot_be_read_is_named_as_it_was_typed(tmp_path: Path) -> None:
    missing = Missing("typed", "there is no such file")

    assert load(missing, lambda _: _SETTINGS, 100) == missing
    assert load(InputFile("a", "a"), lambda _: "no settings", 100) == Missing("a", "no settings")
    gone = load(InputFile("shown", str(tmp_path / "gone")), lambda _: _SETTINGS, 100)
    assert isinstance(gone, Missing)
    assert gone.shown == "shown"
    assert gone.reason.startswith("it cannot be read")


@pytest.mark.parametrize("is_reading", [False, True])
def test_a_mistake_of_ours_is_told_of_one_file(is_reading: bool) -> None:
    def fail(*_: object) -> NoReturn:
        raise ValueError("a secret")

    def settings_of(_path: str | None) -> CheckSettings:
        return _SETTINGS if is_reading else fail()

    failed = load(InputFile("a", "a"), settings_of, 100, fail)

    assert isinstance(failed, Missing)
    assert "this should not happen (ValueError" in failed.reason
    assert "a secret" not in failed.reason


@pytest.mark.parametrize("count", [0, 1, 63, 64, 65, 200])
def test_each_item_comes_once_and_in_its_order(count: int) -> None:
    found = list(load_ahead(range(count), lambda number: _of_size(number, number)))

    assert [number for number, _ in found] == list(range(count))
    assert [len(one.data) for _, one in found if isinstance(one, Loaded)] == list(range(count))


def test_few_files_wait_and_fewer_large_ones() -> None:
    assert _most_ahead([1] * 500) == 64
    assert _most_ahead([_MEBIBYTE] * 20) == 2
    assert _most_ahead([_MEBIBYTE // 10] * 50) == 11
    assert _most_ahead([3 * _MEBIBYTE] * 5) == 1


def test_files_that_cannot_be_read_take_their_turn() -> None:
    missing = Missing("a", "gone")

    assert [one for _, one in load_ahead([1, 2, 3], lambda _: missing)] == [missing] * 3


def _most_ahead(sizes: list[int]) -> int:
    """How many files of these sizes were read, and not yet handed on, at most."""
    ahead = most = 0

    def load_one(size: int) -> Loaded:
        nonlocal ahead, most
        ahead += 1
        most = max(most, ahead)
        return _of_size(0, size)

    def items() -> Iterator[int]:
        yield from sizes

    for _ in load_ahead(items(), load_one):
        ahead -= 1
    return most


def _of_size(number: int, size: int) -> Loaded:
    return Loaded(InputFile(str(number), str(number)), _SETTINGS, bytes(size))
