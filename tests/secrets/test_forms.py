"""The net that the other tests of secrets are made of lets nothing through."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from tests.secrets.canaries import FORMS, WORLDS, canary, filled, leaks, names_in
from tests.secrets.files import SPICES

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_a_secret_is_recognised_in_this_form(form: Callable[[str], str]) -> None:
    for spice in SPICES:
        for world in WORLDS:
            text = f"nothing «{form(canary('password', world, spice))}» else"
            assert leaks(text, ["password"], spice=spice), spice
            assert not leaks(text, ["another"], spice=spice)


def test_the_worlds_are_alike_but_for_their_secrets() -> None:
    template = "<a>«s»</a> «s:escaped» «s:decimal» «s:json» «~t:first»"
    one, other = (filled(template, world, "&") for world in WORLDS)
    kinds = [[text.isalpha() for text in canary("s", world)] for world in WORLDS]

    assert one != other
    assert len(one) == len(other)
    assert kinds[0] == kinds[1]
    assert names_in(template) == ["s", "t"]
    assert names_in(template, with_hidden=False) == ["s"]


def test_what_is_made_of_a_secret_differs_between_the_worlds() -> None:
    """So that a hash, or a form that nobody thought of, is found as well."""
    one, other = (canary("password", world) for world in WORLDS)

    assert hashlib.sha256(one.encode()).hexdigest() != hashlib.sha256(other.encode()).hexdigest()
    assert all(one[place : place + 2] != other[place : place + 2] for place in range(len(one) - 1))
