"""DataMiner versions: two release trains, never one ordered list.

Main releases are `10.5.0` and its cumulative updates, `10.5.0 CU13`; feature releases have a third number
other than 0, `10.6.4`. Versions before the trains have two numbers, `5.0`.
"""

from __future__ import annotations

import re
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, Any

from migrator.tuples import NamedTuple
from migrator.values.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

_TRAINS_FROM = 7  # versions of two numbers below this are from before the trains
_NAME = (
    r"(?P<major>[0-9]{1,3})\.(?P<minor>[0-9]{1,3})(?:\.(?P<third>[0-9]{1,3}))?"
    r"(?:[ -]?(?:\[[Cc][Uu](?P<bracketed>[0-9]{1,3})\]|[Cc][Uu](?P<update>[0-9]{1,3})))?"
)
_BUILD = (
    r"(?P<major>[0-9]{1,3})\.(?P<minor>[0-9]{1,3})\.(?P<third>[0-9]{1,3})\.[0-9]+-[0-9]+"
    r"(?:-[Cc][Uu](?P<update>[0-9]{1,3})|-[0-9]{8}(?:-[A-Za-z]+)?)?"
)


class Train(StrEnum):
    """Which releases a version stands in line with."""

    MAIN = "main"
    FEATURE = "feature"
    BEFORE = "before the trains"


class VersionProblem(Enum):
    """What can be wrong with the text of a version."""

    NOT_A_VERSION = "not a DataMiner version"
    AMBIGUOUS = "could be a main or a feature release"
    UNKNOWN_UPDATE = "a build without its cumulative update, taken as CU0"


class Version(NamedTuple):
    """A release: `number` is the third number of a feature release, the cumulative update of a main one."""

    train: Train
    major: int
    minor: int
    number: int = 0

    @property
    def branch(self) -> tuple[int, int]:
        """Major and minor number."""
        return self.major, self.minor

    def __str__(self) -> str:
        if self.train is Train.BEFORE:
            return f"{self.major}.{self.minor}"
        if self.train is Train.FEATURE:
            return f"{self.major}.{self.minor}.{self.number}"
        return f"{self.major}.{self.minor}.0" + (f" CU{self.number}" if self.number else "")


def parse_version(text: str) -> Reading[Version, VersionProblem]:
    """Read a version as people and DataMiner write it.

    `10.5.0`, `10.5.0 CU13`, `10.5.0 [CU13]`, `10.5.0-CU13`, `10.6.4`, `5.0`, and build strings such as
    `10.2.0.0-11897-CU4`. `10.6` has no reading: 10.6.0 and 10.6.4 stand in different trains.
    """
    stripped = text.strip()
    build = re.fullmatch(_BUILD, stripped)
    match = build or re.fullmatch(_NAME, stripped)
    if match is None:
        return Reading(None, (VersionProblem.NOT_A_VERSION,))
    major, minor = int(match["major"]), int(match["minor"])
    update = match["update"] if build else match["bracketed"] or match["update"]
    if match["third"] is None:
        if update is not None:
            return Reading(Version(Train.MAIN, major, minor, int(update)), (VersionProblem.NOT_A_VERSION,))
        if major < _TRAINS_FROM:
            return Reading(Version(Train.BEFORE, major, minor))
        return Reading(None, (VersionProblem.AMBIGUOUS,))
    third = int(match["third"])
    if third:
        if update is not None:
            return Reading(None, (VersionProblem.NOT_A_VERSION,))
        return Reading(Version(Train.FEATURE, major, minor, third))
    problems = (VersionProblem.UNKNOWN_UPDATE,) if build and update is None else ()
    return Reading(Version(Train.MAIN, major, minor, int(update or 0)), problems)


class Since(NamedTuple):
    """The first versions that know something: one for each main branch named, and one feature release."""

    main: tuple[Version, ...]
    feature: Version | None

    def includes(self, version: Version) -> bool:
        """Whether a version knows it.

        A main version does where its branch's bound is met, or its branch is newer than every branch named.
        """
        if version.train is Train.FEATURE:
            bound = self.feature
            return bound is not None and (version.branch, version.number) >= (bound.branch, bound.number)
        for bound in self.main:
            if bound.branch == version.branch:
                return version.number >= bound.number
        return bool(self.main) and all(version.branch > bound.branch for bound in self.main)

    def __str__(self) -> str:
        parts = [f"main release {bound}" for bound in self.main if bound.train is Train.MAIN]
        parts += [f"version {bound}" for bound in self.main if bound.train is Train.BEFORE]
        if self.feature is not None and self.feature.train is Train.FEATURE:
            parts.append(f"feature release {self.feature}")
        return ", ".join(parts)


def all_of(bounds: Collection[Since]) -> Since:
    """The first versions that know all of it: of each main branch that matters, and of the feature train."""
    branches = sorted({version.branch for bound in bounds for version in bound.main})
    trains = {version.branch: version.train for bound in bounds for version in bound.main}
    updates = sorted({version.number for bound in bounds for version in bound.main})
    main: list[Version] = []
    for branch in branches:
        candidates = [Version(trains[branch], *branch, number) for number in updates]
        main += [one for one in candidates if all(bound.includes(one) for bound in bounds)][:1]
    features = [bound.feature for bound in bounds if bound.feature is not None]
    feature = max(features) if len(features) == len(bounds) else None
    return Since(tuple(main), feature)


def since(bounds: Mapping[str, Any]) -> Since:
    """Read an `x-since` of the schema; a bound that is no version is a ValueError."""
    main: Sequence[str] = bounds.get("main", ())
    feature: str | None = bounds.get("feature")
    return Since(tuple(_bound(text) for text in main), None if feature is None else _bound(feature))


def _bound(text: str) -> Version:
    version = parse_version(text).value
    if version is None:
        raise ValueError(f"not a version: {text}")
    return version
