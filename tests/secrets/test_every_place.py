"""What is found in a file is the same, whatever its secrets are: in every place, however the file is broken.

All reports are made of a `FileReport`, and descriptions of what is compared here; so what is the same here
cannot differ in any format.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from migrator.checking import CheckSettings, check_document, read_document
from migrator.describe import describe
from migrator.document.limits import Limits
from tests.secrets.canaries import WORLDS, filled, leaks, names_in
from tests.secrets.files import (
    COPIES,
    ENCODINGS,
    EVERYTHING,
    EVERYTHING_TWICE,
    FOR_TOKENS,
    PLACES,
    SPICES,
    damages,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from migrator.checking import FileReport

_USUAL = CheckSettings(excerpts=True, fingerprints=True, fix_spans=True)
_WHOLE = _USUAL._replace(whole_file=True)
ALL = {**PLACES, **COPIES, **EVERYTHING, **EVERYTHING_TWICE, **FOR_TOKENS}


def told(path: str, data: bytes, settings: CheckSettings = _USUAL) -> tuple[FileReport, object]:
    """All that could be told of a file: the findings in it, and its description."""
    report, configuration = check_document(path, read_document(path, data, settings.limits), settings)
    assert not any(one.code == "D007" for one in report.diagnostics), report
    section = None if configuration is None else configuration.section
    if configuration is None or section is None:
        return report, None
    return report, describe(path, configuration, section)


def assert_alike(
    path: str,
    template: str,
    spice: str = "",
    about: object = "",
    encoding: str = "utf-8",
    change: Callable[[bytes], bytes] = bytes,
    settings: CheckSettings = _USUAL,
) -> None:
    one, other = (
        told(path, change(filled(template, world, spice).encode(encoding, "xmlcharrefreplace")), settings)
        for world in WORLDS
    )
    assert one == other, about


def test_no_place_is_seen() -> None:
    for name, (path, template) in ALL.items():
        assert_alike(path, template, about=name)
        shown = told(path, filled(template, "one").encode())
        assert not leaks(repr(shown), names_in(template), ["one"]), name


def test_no_place_is_seen_where_the_whole_file_is_checked() -> None:
    for name, (path, template) in list(ALL.items())[::2]:
        assert_alike(path, template, about=name, settings=_WHOLE)


@pytest.mark.parametrize("encoding", ENCODINGS[1:])
def test_no_place_is_seen_in_another_encoding(encoding: str) -> None:
    for name, (path, template) in list(ALL.items())[ENCODINGS.index(encoding) % 2 :: 2]:
        assert_alike(path, template.replace('encoding="utf-8"', ""), about=name, encoding=encoding)


def test_no_place_is_seen_however_the_file_is_broken() -> None:
    for number, (name, (path, template)) in enumerate(ALL.items()):
        for place, (damage, broken) in enumerate(damages(path).items()):
            if (number + place) % 4 == 0:  # all with all take a minute
                assert_alike(path, broken(template), about=(name, damage))


def test_no_place_is_seen_whatever_the_secret_holds() -> None:
    for number, (name, (path, template)) in enumerate(ALL.items()):
        for place, spice in enumerate(SPICES):
            if spice == "?>" and "an instruction in" in name:
                continue  # the rest of it is the value of that setting then
            if spice.isspace() and name in COPIES:
                continue  # XML has a blank in its place in an attribute, which is another text
            if (number + place) % 9 == 0:
                assert_alike(path, template, spice, (name, spice))


@pytest.mark.parametrize(
    "limits", [Limits(size=100), Limits(depth=2), Limits(nodes=3)], ids=["size", "depth", "nodes"]
)
def test_no_place_is_seen_where_the_file_is_too_large(limits: Limits) -> None:
    for name, (path, template) in list(ALL.items())[::3]:
        assert_alike(path, template, about=name, settings=_USUAL._replace(limits=limits))


@pytest.mark.parametrize("name", EVERYTHING)
def test_no_cut_shows_anything(name: str) -> None:
    path, template = EVERYTHING[name]
    for end in range(len(filled(template, "one").encode())):
        assert_alike(path, template, about=end, change=lambda data, end=end: data[:end])  # type: ignore[misc]


@pytest.mark.parametrize("name", EVERYTHING)
def test_nothing_that_is_put_in_shows_anything(name: str) -> None:
    path, template = EVERYTHING[name]
    for number, text in enumerate(SPICES[1:]):
        for start in range(number % 7, len(filled(template, "one").encode()), 131):

            def change(data: bytes, start: int = start, text: str = text) -> bytes:
                return data[:start] + text.encode() + data[start:]

            assert_alike(path, template, about=(start, text), change=change)
