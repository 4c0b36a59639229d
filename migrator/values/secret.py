"""Which values are secret, and how a text is shown without them. Everything that prints goes through here."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from migrator.values.guid import GUID

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

MASK = "••••"
REFERENCE_SHOWN = f"reference {MASK}"
"""What is shown in the place of a secret that looks like a reference."""
_MOST_SECRETS = 256  # more than in any real file: everything is masked then
_CERTAIN_LENGTH = 4  # a shorter secret is masked only where it is the whole text
SECRET_WORDS = (
    r"pas+w?o?r?d|pass?wort|passphrase|pwd|\bpass\b|kennwort|secret|token|credential"
    r"|api[-_]?key|private[-_]?key|access[-_]?key|community"
)
"""A pattern of the words that tell the name of a secret, in whatever case."""
_PARTS = ("pas", "pwd", "kennwort", "secret", "token", "credential", "key", "community")  # one in each word
_SECRET_NAMES = ("Password", "OAuthClientSecret", "Passwd", "Secret")
_REFERENCE = rf"\{{?{GUID}\}}?"
_FOR_PROGRAMS = ("dmsmtp:", "gitleaks:allow", "trufflehog:ignore", "pragma: allowlist")  # comments
_MAX_SHOWN = 60
_BESIDE_PLAIN = r"[^\n -~]"  # of what JSON leaves as it is


@lru_cache(maxsize=1024)
def is_secret_name(name: str) -> bool:
    """Whether an element, attribute or key of this name, misspelt or foreign, should be taken as secret.

    `OAuthTokenEndpoint` is the one documented setting with such a word that is none; callers ask the
    definition first.
    """
    from migrator.values.nearest import nearest

    folded = name.casefold()
    may_hold_word = any(part in folded for part in _PARTS)  # quickly told, without a pattern to compile
    if may_hold_word and re.search(SECRET_WORDS, name, flags=re.IGNORECASE) is not None:
        return True
    return nearest(name, _SECRET_NAMES) is not None


def is_reference(secret: str) -> bool:
    """Whether a secret looks like a reference to a value that DataMiner keeps elsewhere: a GUID."""
    return re.fullmatch(_REFERENCE, secret.strip()) is not None


def shown_instead_of(secret: str) -> str:
    """What is shown in a secret's place."""
    return REFERENCE_SHOWN if is_reference(secret) else MASK


def mask(text: str, secrets: Collection[str]) -> str:
    """The text with every secret in it masked."""
    if text in secrets or text.strip() in secrets or len(secrets) > _MOST_SECRETS:
        return MASK
    for secret in certain(secrets):
        text = text.replace(secret, MASK)
    return text


def certain(secrets: Iterable[str]) -> list[str]:
    """The secrets that are masked inside other texts too, longest first; shorter ones may stand anywhere."""
    return sorted((one for one in secrets if len(one) >= _CERTAIN_LENGTH), key=len, reverse=True)


def quote(text: str, secrets: Collection[str]) -> str:
    """A value for a message: quoted, on one line, not too long, with nothing secret in it."""
    shown = printable(mask(text, secrets))
    if len(shown) > _MAX_SHOWN:
        shown = shown[: _MAX_SHOWN - 1] + "…"
    return f'"{shown}"'


def shown_name(name: str, secrets: Collection[str]) -> str:
    """A name for a message: as it is, but a key of JSON or YAML may be empty or of any length."""
    return mask(name, secrets) if 0 < len(name) <= _MAX_SHOWN else quote(name, secrets)


def printable(text: str) -> str:
    r"""The text with everything that would move or colour a terminal written out, as in `\n` or `\u202e`."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
        for character in text
    )


def json_text(value: object, indent: int | None = None) -> str:
    r"""JSON in which what would move or colour a terminal stands as an escape, such as `\u202e`."""
    import json

    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return re.sub(_BESIDE_PLAIN, lambda match: _as_json_escape(match[0]), text)


def _as_json_escape(character: str) -> str:
    if character.isprintable():
        return character
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def may_belong_to_value(comment: str) -> bool:
    """Whether a comment behind a value looks like the rest of it: nothing sets it apart from its `#`.

    One for this program does not, nor one for a program that looks for secrets in repositories.
    """
    text = comment.lstrip("#")
    return text != "" and not text[0].isspace() and not text.startswith(_FOR_PROGRAMS)
