"""What is told of a mistake of ours: its kind and its place, nothing that it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from migrator import crash

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize(
    "path",
    [
        "/srv/dmsmtp/migrator/rules/server.py",
        r"C:\Python\Lib\site-packages\migrator\rules\server.py",
        "migrator/rules/server.py",  # as PyInstaller's single file has it
        r"migrator\rules\server.py",
    ],
)
def test_the_deepest_place_of_ours_is_named_wherever_the_package_lies(path: str) -> None:
    ours = compile("\n\nint(secret)", path, "exec")
    error = _raised(lambda: exec(ours, {"secret": "plain-Text#4711"}))  # noqa: S102

    assert crash.words(error) == "ValueError in rules/server.py:3"
    assert (
        crash.sentence(error) == "this should not happen (ValueError in rules/server.py:3); please report it"
    )


def test_a_place_of_others_is_not_named() -> None:
    error = _raised(lambda: int("plain-Text#4711"))

    assert crash.words(error) == "ValueError"


def _raised(work: Callable[[], object]) -> BaseException:
    with pytest.raises(ValueError, match="plain-Text#4711") as caught:
        work()
    return caught.value
