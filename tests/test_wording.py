from __future__ import annotations

import pytest

from migrator.wording import counted, days_left, listed


@pytest.mark.parametrize(("number", "said"), [(0, "0 files"), (1, "1 file"), (2, "2 files")])
def test_a_number_with_its_noun(number: int, said: str) -> None:
    assert counted(number, "file") == said


@pytest.mark.parametrize(
    ("names", "said"), [("A", "A"), ("AB", "A and B"), ("ABC", "A, B and C"), ("ABCD", "A, B, C and D")]
)
def test_a_list(names: str, said: str) -> None:
    assert listed(names) == said


@pytest.mark.parametrize(("days", "said"), [(0, "the last day"), (1, "1 day left"), (2, "2 days left")])
def test_days_up_to_the_last(days: int, said: str) -> None:
    assert days_left(days) == said
