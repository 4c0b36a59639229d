"""What a mail server's reply means, for people or as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.reporters.style import BOLD, paint, wrapped
from migrator.values.secret import json_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator.replies import ReplyExplanation
    from migrator.reporters import Layout

VERSION = 1
_WIDEST = 80


def as_text(explanations: Sequence[ReplyExplanation], layout: Layout) -> Iterator[str]:
    """A block an explanation: the codes, what they mean, what to do, where that is written."""
    for place, one in enumerate(explanations):
        provider = () if one.provider is None else (f"({one.provider})",)
        codes = filter(None, (one.code, one.enhanced))
        title = " ".join((*codes, *provider))
        yield ("\n" if place else "") + paint(title, BOLD, colour=layout.colour) + "\n"
        for label, text in (("Means", one.meaning), ("Do", one.help), ("Source", one.source)):
            yield wrapped(text, min(layout.width, _WIDEST), f"  {label:<8}", " " * 10)


def as_json(explanations: Sequence[ReplyExplanation]) -> str:
    """The same for programs."""
    rows = [
        {
            "code": one.code,
            "enhanced": one.enhanced,
            "provider": one.provider,
            "meaning": one.meaning,
            "help": one.help,
            "source": one.source,
        }
        for one in explanations
    ]
    return json_text({"version": VERSION, "explanations": rows}, indent=2) + "\n"
