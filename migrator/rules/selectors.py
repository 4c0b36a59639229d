"""Which rules are meant by what people write: codes, the beginnings of codes, and names."""

from __future__ import annotations

from functools import lru_cache

from migrator.rules import BY_CODE, BY_NAME
from migrator.values.nearest import nearest

NEVER_IGNORED = "cannot be ignored: D codes say that a file was not checked"
"""What to say, behind its name, of a code that is always reported."""
_LETTERS_OF_READING = "D"


@lru_cache(maxsize=1024)
def matching(text: str) -> frozenset[str]:
    """The codes that a code, prefix or name means, in either case; none where it means no rule."""
    named = BY_NAME.get(text.lower())
    if named is not None:
        return frozenset({named.code})
    return frozenset(code for code in BY_CODE if text and code.startswith(text.upper()))


def nearest_selector(text: str) -> str | None:
    """The code or name that was probably meant by a text that means no rule."""
    return nearest(text, [*BY_NAME, *BY_CODE], limit=2)


def is_always_reported(code: str) -> bool:
    """Whether a code can neither be ignored nor be known from before: it says that a file was not checked."""
    return code.startswith(_LETTERS_OF_READING)
