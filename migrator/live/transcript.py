"""The dialogue as it may be shown: nothing of a login, whoever says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.live.concealing import Concealment
from migrator.observations import Line
from migrator.values.secret import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST = 300  # characters of a line that are shown
_MOST_LINES = 400


class Transcript:
    """Keeps what was said, and what must not be shown of it.

    Texts of the server are masked where they hold a secret, or anything that was sent to log in, in whole or
    in part, in any form: a server may send back what it was sent.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._lines: list[Line] = []
        self._concealed = Concealment()
        for secret in secrets:
            self.conceal(secret)

    def conceal(self, secret: str) -> None:
        """From now on this text is masked."""
        self._concealed.add(secret)

    def conceal_sent(self, line: str) -> None:
        """From now on what was sent to log in is masked."""
        self._concealed.add_sent(line)

    def shown(self, text: str) -> str:
        """A text as it may be shown: on one line, not too long, without secrets."""
        told = printable(self._concealed.masked(text))
        return told if len(told) <= _LONGEST else told[: _LONGEST - 1] + "…"

    def add(self, text: str, *, is_ours: bool) -> None:
        """A line was sent or received; `text` is masked already where it is a part of a login."""
        if len(self._lines) < _MOST_LINES:
            self._lines.append(Line(is_ours, self.shown(text)))

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines so far."""
        return tuple(self._lines)
