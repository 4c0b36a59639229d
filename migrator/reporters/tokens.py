"""Whether a provider gave tokens, for people or as members of a JSON report; never the tokens themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from migrator.files import posix_path
from migrator.live.oauth import Failed, Tokens
from migrator.reporters.style import BOLD, paint, wrapped
from migrator.tuples import NamedTuple
from migrator.values.secret import MASK, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.reporters import Layout

_NAMES = 15  # columns of what a row is about
_MINUTE = 60


class Told(NamedTuple):
    """What came of asking: whom, as which registration, by which way, and where the tokens are kept."""

    provider: str
    client_id: str
    way: str
    given: Tokens | Failed
    kept_in: str | None


def as_text(told: Told, now: float, layout: Layout) -> Iterator[str]:
    """A title, then a line for each thing to know; `now` is in seconds since 1970."""
    given = told.given
    verb = "gave no tokens" if isinstance(given, Failed) else "gave tokens"
    title = printable(f"{told.provider or 'the provider'} {verb}")
    yield f"{paint(title, BOLD, colour=layout.colour)} ({printable(told.client_id)}, by {told.way})\n"
    if isinstance(given, Failed):
        rows = {"why": given.reason, "what to do": given.help or ""}
    else:
        lasts = "" if given.expires_at is None else f", good for {_minutes(given.expires_at - now)}"
        rows = {
            "access token": f"{MASK}{lasts}",
            "refresh token": MASK if given.refresh_token else "none: the login is needed again after that",
            "permissions": ", ".join(given.scopes),
            "kept": f"in {told.kept_in}"
            if told.kept_in is not None
            else "nowhere (--token-file FILE keeps them)",
        }
    for name, words in rows.items():
        if words:
            yield wrapped(printable(words), layout.width, f"  {name:<{_NAMES}}", " " * (2 + _NAMES))


def _minutes(seconds: float) -> str:
    minutes = max(round(seconds / _MINUTE), 0)
    return f"{minutes:,} minute{'' if minutes == 1 else 's'}"


def as_members(told: Told, now: float) -> dict[str, Any]:
    """The same for programs."""
    given = told.given
    tokens = given if isinstance(given, Tokens) else None
    failed = given if isinstance(given, Failed) else Failed("")
    expires_at = None if tokens is None else tokens.expires_at
    return {
        "provider": told.provider,
        "client_id": told.client_id,
        "way": told.way,
        "retrieved": tokens is not None,
        "refreshable": tokens is not None and tokens.refresh_token is not None,
        "expires_in": None if expires_at is None else max(round(expires_at - now), 0),
        "scopes": [] if tokens is None else list(tokens.scopes),
        "kept_in": None if told.kept_in is None else posix_path(told.kept_in),
        "error": failed.code,
        "reason": failed.reason or None,
        "help": failed.help,
    }
