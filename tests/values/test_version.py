from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator import definition
from migrator.values.version import Train, Version, VersionProblem, all_of, parse_version, since

MAIN, FEATURE, BEFORE = Train.MAIN, Train.FEATURE, Train.BEFORE


@pytest.mark.parametrize(
    ("text", "version", "written"),
    [
        ("10.5.0", Version(MAIN, 10, 5), "10.5.0"),
        ("10.5.0 CU13", Version(MAIN, 10, 5, 13), "10.5.0 CU13"),
        ("10.5.0 [CU13]", Version(MAIN, 10, 5, 13), "10.5.0 CU13"),
        ("10.5.0[CU13]", Version(MAIN, 10, 5, 13), "10.5.0 CU13"),
        ("10.5.0-CU13", Version(MAIN, 10, 5, 13), "10.5.0 CU13"),
        ("10.5.0 cu13", Version(MAIN, 10, 5, 13), "10.5.0 CU13"),
        ("10.5.0 CU0", Version(MAIN, 10, 5), "10.5.0"),
        ("10.6.4", Version(FEATURE, 10, 6, 4), "10.6.4"),
        ("10.1.12", Version(FEATURE, 10, 1, 12), "10.1.12"),
        ("4.2", Version(BEFORE, 4, 2), "4.2"),
        ("5.0", Version(BEFORE, 5, 0), "5.0"),
        (" 10.6.4\n", Version(FEATURE, 10, 6, 4), "10.6.4"),
        ("10.2.0.0-11897-CU4", Version(MAIN, 10, 2, 4), "10.2.0 CU4"),
        ("10.5.4.0-15588-20250319-release", Version(FEATURE, 10, 5, 4), "10.5.4"),
        ("10.5.4.0-15588", Version(FEATURE, 10, 5, 4), "10.5.4"),
        ("10.5.0 [cu13]", Version(MAIN, 10, 5, 13), "10.5.0 CU13"),
        ("10.2.0.0-11897-cu4", Version(MAIN, 10, 2, 4), "10.2.0 CU4"),
        ("10.5.4.0-15588-20250319", Version(FEATURE, 10, 5, 4), "10.5.4"),
        ("10.5.4.0-15588-20250319-RC", Version(FEATURE, 10, 5, 4), "10.5.4"),
        ("999.999.999", Version(FEATURE, 999, 999, 999), "999.999.999"),
        ("10.5.0 CU999", Version(MAIN, 10, 5, 999), "10.5.0 CU999"),
    ],
)
def test_read_and_written(text: str, version: Version, written: str) -> None:
    reading = parse_version(text)
    assert reading.is_valid
    assert reading.value == version
    assert str(version) == written


@pytest.mark.parametrize("text", ["10.2.0.0-11897", "10.2.0.0-11897-20220101-release"])
def test_a_main_build_without_its_update_is_taken_as_cu0(text: str) -> None:
    reading = parse_version(text)
    assert reading.value == Version(MAIN, 10, 2)
    assert reading.problems == (VersionProblem.UNKNOWN_UPDATE,)


@pytest.mark.parametrize("text", ["10.6", "10.5", "9.0", "11.0", "7.0"])
def test_two_numbers_stand_in_no_train(text: str) -> None:
    reading = parse_version(text)
    assert (reading.value, reading.problems) == (None, (VersionProblem.AMBIGUOUS,))


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "10", "ten", "10.", "10.5.", ".5", "v10.5.0", "10,5,0", "-10.5.0", "10.5.0.0", "10.5.0.1"),
        *("10.5.0 CU", "10.5.0 CU1.2", "10.5.0 [CU13", "10.5.0 CU13]", "10.5.0 13", "10.5.0  CU13"),
        *("10.6.4 CU1", "10.6.4 [CU1]", "10.5.0 CU13 CU14", "10.5.0 or 10.6.4", "1000.5.0", "10.5.0\0"),
        *("10.1000.4", "10.5.1000", "10.5.0 CU1000", "10.5.0 [CU1000]", "1000.5.4.0-15588"),
        *("10.1000.4.0-15588", "10.5.1000.0-15588", "10.5.0.0-15588-CU1000", "10.5.4.-15588"),
        *("10.5.4.0-", "10.5.4.0-15588-20250319-", "10.5.4.0-15588-2025"),
        *("10.5.0-15588", "10.5.4.0-15588-CU2", "\u0661\u0660.5.0", "latest", "main"),
    ],
)
def test_not_a_version(text: str) -> None:
    reading = parse_version(text)
    assert (reading.value, reading.problems) == (None, (VersionProblem.NOT_A_VERSION,))


@given(
    st.one_of(
        st.text(),
        st.from_regex(r"\A[0-9]{1,3}(\.[0-9]{1,3}){1,2}( ?\[?CU[0-9]{1,3}\]?)?\Z"),
        st.from_regex(r"\A[0-9]{1,2}\.[0-9]\.[0-9]\.0-[0-9]{5}(-CU[0-9]{1,2}|-[0-9]{8}-release)?\Z"),
    )
)
def test_a_version_written_down_is_read_as_itself(text: str) -> None:
    reading = parse_version(text)
    if reading.is_valid:
        again = parse_version(str(reading.value))
        assert again.is_valid
        assert again.value == reading.value


OAUTH = since({"main": ["10.5.0 CU13", "10.6.0 CU1"], "feature": "10.6.4"})


@pytest.mark.parametrize(
    ("text", "is_included"),
    [
        ("10.4.0 CU30", False),
        ("10.5.0", False),
        ("10.5.0 CU12", False),
        ("10.5.0 CU13", True),
        ("10.5.0 CU14", True),
        ("10.6.0", False),
        ("10.6.0 CU1", True),
        ("10.6.0 CU2", True),
        ("10.7.0", True),
        ("10.7.0 CU1", True),
        ("11.0.0", True),
        ("9.6.0 CU99", False),
        ("10.4.12", False),
        ("10.5.12", False),
        ("10.5.13", False),
        ("10.6.1", False),
        ("10.6.3", False),
        ("10.6.4", True),
        ("10.6.5", True),
        ("10.7.1", True),
        ("11.0.1", True),
        ("10.2.0.0-11897-CU4", False),
        ("10.5.0.0-17000-CU13", True),
        ("10.6.4.0-17000-20260319-release", True),
        ("5.0", False),
    ],
)
def test_each_train_has_its_own_bound(text: str, is_included: bool) -> None:
    version = parse_version(text).value
    assert version is not None
    assert OAUTH.includes(version) == is_included


@pytest.mark.parametrize(
    ("text", "ntlm", "auto"),
    [
        ("4.1", False, False),
        ("4.2", True, False),
        ("4.9", True, False),
        ("5.0", True, True),
        ("6.5", True, True),
        ("7.0.0", True, True),
        ("7.5.3", True, True),
        ("10.5.0", True, True),
        ("10.6.4", True, True),
    ],
)
def test_what_is_older_than_the_trains(text: str, ntlm: bool, auto: bool) -> None:
    version = parse_version(text).value
    assert version is not None
    bounds = {name: method.since for name, method in definition.login_methods().items()}
    for name, expected in (("NTLM", ntlm), ("Auto", auto)):
        bound = bounds[name]
        assert bound is not None
        assert since(bound).includes(version) == expected


def test_one_train_alone() -> None:
    main, feature = Version(MAIN, 10, 0, 20), Version(FEATURE, 10, 1, 12)
    assert since({"main": ["10.0.0 CU20"]}).includes(main)
    assert not since({"main": ["10.0.0 CU20"]}).includes(feature)
    assert since({"feature": "10.1.12"}).includes(feature)
    assert not since({"feature": "10.1.12"}).includes(main)
    assert not since({}).includes(main)


def test_a_branch_between_two_that_are_named_is_not_newer_than_all() -> None:
    bounds = since({"main": ["10.5.0 CU13", "10.7.0"]})
    assert not bounds.includes(Version(MAIN, 10, 6, 20))
    assert bounds.includes(Version(MAIN, 10, 8))


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        (
            {"main": ["10.5.0 CU13", "10.6.0 CU1"], "feature": "10.6.4"},
            "main release 10.5.0 CU13, main release 10.6.0 CU1, feature release 10.6.4",
        ),
        ({"main": ["4.2"], "feature": "4.2"}, "version 4.2"),
        ({"feature": "10.0.8"}, "feature release 10.0.8"),
        ({"main": ["10.0.0 CU20"]}, "main release 10.0.0 CU20"),
    ],
)
def test_bounds_in_words(bounds: dict[str, object], words: str) -> None:
    assert str(since(bounds)) == words


@pytest.mark.parametrize("bounds", [{"main": ["10.6"]}, {"feature": "soon"}])
def test_a_bound_that_is_no_version(bounds: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="not a version"):
        since(bounds)


def test_every_bound_of_the_schema_is_a_version() -> None:
    bounds = [setting.since for setting in definition.settings().values()]
    bounds += [method.since for method in definition.login_methods().values()]
    for bound in bounds:
        assert bound is None or (str(since(bound)) and bound.keys() <= set(Train))


VERSIONS = st.builds(
    Version, st.sampled_from([MAIN, FEATURE]), st.integers(9, 11), st.integers(0, 9), st.integers(0, 30)
)


@given(VERSIONS, st.integers(0, 30))
def test_what_a_version_knows_the_next_one_of_its_branch_knows(version: Version, more: int) -> None:
    later = Version(version.train, version.major, version.minor, version.number + more)
    assert OAUTH.includes(later) >= OAUTH.includes(version)


XOAUTH2_SINCE = {"main": ["10.5.0 CU13", "10.6.0 CU1"], "feature": "10.6.4"}


@pytest.mark.parametrize(
    "bounds",
    [
        [XOAUTH2_SINCE],
        [XOAUTH2_SINCE, XOAUTH2_SINCE],
        [{"main": ["4.2"], "feature": "4.2"}],
        [{"main": ["4.2"], "feature": "4.2"}, {"main": ["5.0"], "feature": "5.0"}],
        [{"main": ["5.0"], "feature": "5.0"}, XOAUTH2_SINCE],
        [{"main": ["10.5.0 CU20"], "feature": "10.6.8"}, XOAUTH2_SINCE],
        [{"main": ["10.4.0 CU1", "10.5.0 CU3"], "feature": "10.5.9"}, XOAUTH2_SINCE],
        [{"main": ["10.7.0"], "feature": "10.6.2"}, XOAUTH2_SINCE],
    ],
)
def test_all_of_them_know_it_in_the_versions_that_all_bounds_include(bounds: list[dict[str, object]]) -> None:
    known = [since(one) for one in bounds]
    oldest = all_of(known)
    texts = [f"10.{minor}.0 CU{update}" for minor in (3, 4, 5, 6, 7, 8) for update in range(25)]
    texts += [f"10.{minor}.{third}" for minor in (4, 5, 6, 7) for third in range(1, 13)] + [
        "4.1",
        "4.2",
        "5.0",
    ]

    for text in texts:
        version = parse_version(text).value
        assert version is not None
        assert oldest.includes(version) == all(bound.includes(version) for bound in known), text


@pytest.mark.parametrize(
    ("bounds", "oldest"),
    [
        (
            [{"main": ["10.5.0 CU13", "10.6.0 CU1"], "feature": "10.6.4"}, {"main": ["10.5.0 CU3"]}],
            {"main": ["10.5.0 CU13", "10.6.0 CU1"]},
        ),
        ([{"main": ["10.5.0 CU2"]}, {"main": ["10.5.0 CU9"]}], {"main": ["10.5.0 CU9"]}),
        (
            [{"main": ["10.4.0"], "feature": "10.3.12"}, {"main": ["10.6.0"], "feature": "10.5.2"}],
            {"main": ["10.6.0"], "feature": "10.5.2"},
        ),
        (
            [{"main": ["10.6.0"], "feature": "10.5.11"}, {"main": ["10.6.0"], "feature": "10.5.2"}],
            {"main": ["10.6.0"], "feature": "10.5.11"},
        ),
    ],
)
def test_the_first_versions_that_know_all_of_it(
    bounds: list[dict[str, object]], oldest: dict[str, object]
) -> None:
    assert all_of([since(one) for one in bounds]) == since(oldest)
