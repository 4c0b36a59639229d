"""Secrets of a test that are recognised wherever they come out, in whichever form, whole or in part.

A template names them as `«password»`. It is filled in twice, for two worlds that differ in nothing else: same
lengths, and the same kind of letter at each place. What is the same in both worlds cannot come from a secret.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

WORLDS = ("one", "other")
RUN = 6
"""Characters of a secret, one after the other, that count as a leak."""
# As references of XML they are of one length; and behind a backslash, which comes before a capital letter,
# none of them means anything to JSON or YAML
_KINDS = "Aa0aAa0aAaa0aA0a"
_HALF = len(_KINDS) // 2
_LETTERS = {"A": "BCDFGHJKMQRSTVWXZ", "a": "dfghjkmnpqrstvwxz", "0": "23456789"}
_PLACEHOLDER = re.compile(
    r"«(?P<is_hidden>~?)(?P<name>[^»:]+)(?::(?P<part>first|second|escaped|json|decimal))?»"
)


@lru_cache(maxsize=4096)
def canary(name: str, world: str, spice: str = "") -> str:
    """The secret of a name: 16 letters and digits, and the spice in their middle."""
    digest = hashlib.sha256(f"{name} {world}".encode()).digest()
    letters = [_LETTERS[kind] for kind in _KINDS]
    text = "".join(some[digest[place] % len(some)] for place, some in enumerate(letters))
    return text[:_HALF] + spice + text[_HALF:]


def filled(template: str, world: str, spice: str = "") -> str:
    """The template with the secrets of a world."""

    def one(match: re.Match[str]) -> str:
        text = canary(match["name"], world, spice)
        match match["part"]:
            case "first":
                return text[:_HALF]
            case "second":
                return text[-_HALF:]
            case "escaped":
                return _each(text, lambda one: f"&#x{ord(one):x};" if one.islower() else one)
            case "decimal":
                return _each(text, lambda one: f"&#{ord(one)};")
            case "json":
                return _each(text, lambda one: f"\\u{ord(one):04x}")
            case _:
                return text

    return _PLACEHOLDER.sub(one, template)


def _each(text: str, form: Callable[[str], str]) -> str:
    """A secret with each of its own characters written otherwise, and the spice as it is."""
    return "".join(map(form, text[:_HALF])) + text[_HALF:-_HALF] + "".join(map(form, text[-_HALF:]))


def names_in(*templates: str, with_hidden: bool = True) -> list[str]:
    """The names in templates; without those of texts that are not secret, but that no report shows."""
    found = (match for template in templates for match in _PLACEHOLDER.finditer(template))
    return list(dict.fromkeys(match["name"] for match in found if with_hidden or not match["is_hidden"]))


def leaks(text: str, names: Collection[str], worlds: Collection[str] = WORLDS, spice: str = "") -> list[str]:
    """Which runs of these secrets stand in a text, in any form, in any case."""
    folded = text.lower()
    return [one for world in worlds for name in names for one in _runs(name, world, spice) if one in folded]


@lru_cache(maxsize=4096)
def _runs(name: str, world: str, spice: str) -> tuple[str, ...]:
    """Each run of a secret, in each form, in lower case."""
    secret = canary(name, world, spice)
    spiced = range(_HALF, _HALF + len(spice))
    found: dict[str, None] = {}
    for start in range(len(secret) - RUN + 1):
        if sum(place in spiced for place in range(start, start + RUN)) > RUN // 2:
            continue  # it says nothing of the secret
        run = secret[start : start + RUN]
        found |= dict.fromkeys(_forms(run))
        found |= dict.fromkeys(_base64_of_part(run))
    return tuple(one.lower() for one in found)


def _forms(run: str) -> Iterator[str]:
    yield run
    yield html.escape(run)
    yield html.escape(run, quote=False)
    yield quote(run, safe="")
    yield quote_plus(run)
    yield json.dumps(run)[1:-1]
    yield json.dumps(run, ensure_ascii=False)[1:-1]
    yield "".join(f"&#{ord(one)};" for one in run)
    yield "".join(f"&#x{ord(one):x};" for one in run)
    yield "".join(f"\\u{ord(one):04x}" for one in run)
    yield "".join(f"%{one:02x}" for one in run.encode())
    yield run.encode().hex()
    yield run.encode().hex(" ")
    yield "".join(f"\\x{one:02x}" for one in run.encode())


def _base64_of_part(run: str) -> Iterator[str]:
    """What base64 makes of it wherever it begins in a longer text, such as the one that SASL PLAIN sends."""
    data = run.encode()
    for before in range(3):
        first = -(-before * 8 // 6)  # of the characters, the first one that is of the run alone
        last = (before + len(data)) * 8 // 6
        yield base64.b64encode(b"\0" * before + data).decode()[first:last]


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
"""What may be made of a secret."""
