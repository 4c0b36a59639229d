"""A description of a section, for people or as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from migrator.describe import Description, Origin
from migrator.reporters.style import BOLD, DIM, paint, width
from migrator.values.secret import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.reporters import Layout

VERSION = 1


def as_text(one: Description, layout: Layout) -> Iterator[str]:
    """Sentences by subject, then each setting with where its value comes from."""
    colour = layout.colour
    title = printable(one.path) + (f", agent {printable(one.agent)}" if one.agent else "")
    yield paint(title, BOLD, colour=colour) + "\n"
    for subject, sentences in one.facts:
        yield f"\n{paint(subject, BOLD, colour=colour)}\n"
        for sentence in sentences:
            yield f"  {sentence}\n"
    if one.inferred:
        yield f"\n{paint('Inferred, not documented', BOLD, colour=colour)}\n"
        for sentence in one.inferred:
            yield f"  {sentence}\n"
    yield f"\n{paint('Settings', BOLD, colour=colour)}\n"
    names = max(width(line.name) for line in one.settings)
    values = max(width(line.value or "") for line in one.settings)
    for line in one.settings:
        origin = f"line {line.line}" if line.origin is Origin.FILE else line.origin.value
        value = (line.value or "") + " " * (values - width(line.value or ""))
        row = f"  {line.name.ljust(names)}  {value}  {origin}".rstrip()
        yield (paint(row, DIM, colour=colour) if line.origin is Origin.NOT_SET else row) + "\n"


def as_json(one: Description) -> str:
    """The same as one JSON document."""
    return (
        json.dumps(
            {
                "version": VERSION,
                "path": one.path,
                "agent": one.agent,
                "facts": {subject.lower(): list(sentences) for subject, sentences in one.facts},
                "inferred": list(one.inferred),
                "settings": [
                    {"name": line.name, "value": line.value, "origin": line.origin.value, "line": line.line}
                    for line in one.settings
                ],
            },
            ensure_ascii=False,
            indent=2,
        )
        + "\n"
    )
