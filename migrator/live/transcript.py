"""The dialogue as it may be shown: nothing of a login, whoever says it."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

from migrator.observations import Line
from migrator.values.secret import MASK, mask, printable

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST = 300  # characters of a line that are shown
_MOST_LINES = 400
_SHORTEST = 4  # characters of a part of a login that is looked for in what the server says


class Transcript:
    """Keeps what was said, and what must not be shown of it.

    Texts of the server are masked where they hold a secret, its base64, or anything that was sent to log in:
    a server may send back what it was sent.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._lines: list[Line] = []
        self._secrets: set[str] = set()
        for secret in secrets:
            self.conceal(secret)

    def conceal(self, secret: str) -> None:
        """From now on this text, and its base64, is masked."""
        encoded = base64.b64encode(secret.encode("utf-8", "surrogatepass")).decode("ascii")
        self._secrets |= {secret, encoded, encoded.rstrip("=")} - {""}

    def conceal_sent(self, line: str) -> None:
        """From now on what was sent to log in is masked, whole and in part."""
        self._secrets |= {part for part in line.split() if len(part) >= _SHORTEST}

    def shown(self, text: str) -> str:
        """A text as it may be shown: on one line, not too long, without secrets."""
        masked = mask(text, self._secrets)
        masked = re.sub(f"(?:{MASK})+", MASK, masked)
        told = printable(masked)
        return told if len(told) <= _LONGEST else told[: _LONGEST - 1] + "…"

    def add(self, text: str, *, is_ours: bool) -> None:
        """A line was sent or received; `text` is masked already where it is a part of a login."""
        if len(self._lines) < _MOST_LINES:
            self._lines.append(Line(is_ours, self.shown(text)))

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines so far."""
        return tuple(self._lines)
