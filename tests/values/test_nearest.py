from __future__ import annotations

from typing import TYPE_CHECKING, SupportsIndex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.values.nearest import distance, hint, may_mean, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = ("Host", "HostPort", "LoginMethod", "User", "Password", "Helo", "MaxSubjectLength", "From")


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [
        ("", "", 0),
        ("host", "host", 0),
        ("", "abc", 3),
        ("host", "hots", 1),
        ("host", "hos", 1),
        ("host", "hosts", 1),
        ("host", "hoss", 1),
        ("host", "Host", 1),
        ("ab", "ba", 1),
        ("ca", "abc", 3),  # no part is edited twice, so not 2
        ("kitten", "sitting", 3),
        ("smtp", "snmp", 2),
        ("aaa", "a", 2),
    ],
)
def test_distance(one: str, other: str, edits: int) -> None:
    assert distance(one, other, 5) == edits
    assert distance(other, one, 5) == edits


@pytest.mark.parametrize("limit", [0, 1, 2])
def test_distance_stops_at_its_limit(limit: int) -> None:
    assert distance("kitten", "sitting", limit) == limit + 1
    assert distance("a", "a" * 1000, limit) == limit + 1
    assert distance("abcd", "acdxy", limit) == limit + 1


class Counted(str):
    """A text that counts how often one of its characters is looked at."""

    __slots__ = ("looks",)
    looks: int

    def __getitem__(self, index: SupportsIndex | slice) -> str:
        self.looks += 1
        return super().__getitem__(index)

    def __iter__(self) -> Iterator[str]:
        for character in super().__iter__():
            self.looks += 1
            yield character


def test_of_long_words_that_are_near_only_the_near_places_are_compared() -> None:
    word = Counted("abcdefghij" * 20)
    word.looks = 0
    assert distance("abcdefghij" * 19 + "abcdefgjjj", word, 2) == 2
    assert word.looks < 200 * 5 * 3


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("Host", "Host"),
        ("host", "Host"),
        ("Hots", "Host"),
        ("Hosts", "Host"),
        ("HostPrt", "HostPort"),
        ("Hostprots", "HostPort"),
        ("LogingMethode", "LoginMethod"),
        ("Usr", "User"),
        ("Pasword", "Password"),
        ("Passwrod", "Password"),
        ("MaxSubjectLenght", "MaxSubjectLength"),
        ("Form", "From"),
        ("Hello", "Helo"),
        # not near
        ("", None),
        ("X", None),
        ("Port", None),
        ("Us", None),
        ("Uesrs", None),
        ("Hosst1", None),
        ("LoginMeth", "LoginMethod"),
        ("Login", None),
        ("Word", None),
        ("Method", None),
        ("x" * 10_000, None),
    ],
)
def test_nearest(word: str, name: str | None) -> None:
    assert nearest(word, NAMES) == name


def test_two_equally_near_are_none() -> None:
    assert nearest("bat", ("cat", "hat")) is None
    assert nearest("cat", ("cat", "hat")) == "cat"
    assert nearest("hello", ("hellp", "hells", "helloo")) is None


def test_a_name_given_twice_is_no_tie() -> None:
    assert nearest("hots", ("Host", "Host")) == "Host"


def test_a_nearer_one_ends_a_tie() -> None:
    assert nearest("catsy", ("cotsi", "catso", "catsz", "catsyy", "catsy")) == "catsy"


def test_the_limit_can_be_given() -> None:
    assert nearest("snmp", ("smtp",)) is None
    assert nearest("snmp", ("smtp",), limit=2) == "smtp"
    assert nearest("smpt", ("smtp",), limit=0) is None


def test_two_edits_are_near_from_five_characters_on() -> None:
    assert nearest("hxllx", ("hello",)) == "hello"
    assert nearest("hxlx", ("helo",)) is None


WORDS = st.text("abH\u00e4\u0130\0 ", max_size=8)


@given(st.text(), st.lists(st.text()), st.none() | st.integers(0, 3))
def test_never_an_exception(word: str, names: list[str], limit: int | None) -> None:
    assert nearest(word, names, limit) in {None, *names}


@given(WORDS, WORDS)
def test_distance_is_symmetric_and_zero_for_equal_words(one: str, other: str) -> None:
    edits = distance(one, other, 20)
    assert edits == distance(other, one, 20)
    assert (edits == 0) == (one == other)
    assert abs(len(one) - len(other)) <= edits <= max(len(one), len(other))


@given(WORDS, WORDS, st.integers(0, 5))
def test_the_limit_only_cuts(one: str, other: str, limit: int) -> None:
    assert distance(one, other, limit) == min(distance(one, other, 20), limit + 1)


@pytest.mark.parametrize(
    ("word", "is_no", "expected"),
    [("nossl", True, True), ("nostarttls", False, False), ("starttls", False, True), ("plain", True, True)],
)
def test_what_says_no_never_means_yes(word: str, is_no: bool, expected: bool) -> None:
    assert may_mean(word, is_no=is_no) is expected


@pytest.mark.parametrize(
    ("word", "expected"), [("Help", 'did you mean "Helo"?'), ("Subject", "there are: Helo, From")]
)
def test_the_name_that_was_meant_is_told_or_all_there_are(word: str, expected: str) -> None:
    assert hint(word, ["Helo", "From"]) == expected
