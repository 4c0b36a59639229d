"""The net that the other tests of secrets are made of lets nothing through."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

import pytest

from tests.secrets.canaries import WORLDS, canary, filled, leaks, names_in
from tests.secrets.files import SPICES

if TYPE_CHECKING:
    from collections.abc import Callable

FORMS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "in capitals": str.upper,
    "its first characters": lambda text: text[:6],
    "its last characters": lambda text: text[-6:],
    "XML": html.escape,
    "JSON": json.dumps,
    "JSON of ASCII": lambda text: json.dumps(json.dumps(text)),
    "references of XML": lambda text: "".join(f"&#{ord(one)};" for one in text),
    "an address": lambda text: quote(text, safe=""),
    "an address with slashes": quote,
    "a form": quote_plus,
    "percent signs": lambda text: "".join(f"%{one:02X}" for one in text.encode()),
    "hexadecimal": lambda text: text.encode().hex(),
    "hexadecimal in capitals": lambda text: text.encode().hex().upper(),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 without padding": lambda text: base64.b64encode(text.encode()).decode().rstrip("="),
    "base64 of an address": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
    **{
        f"SASL PLAIN, {user}": lambda text, user=user: base64.b64encode(f"\0{user}\0{text}".encode()).decode()  # type: ignore[misc]
        for user in ("a", "ab", "abc")
    },
}


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
