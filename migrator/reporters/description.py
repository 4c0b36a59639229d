"""A description of a section, for people or as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.describe import Description, Origin
from migrator.files import posix_path
from migrator.reporters.style import BOLD, DIM, paint, width, wrapped
from migrator.values.secret import json_text, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.describe import SettingLine
    from migrator.reporters import Layout
    from migrator.values.version import Since

VERSION = 1
_INFERRED = "Inferred, or not documented"


def as_text(one: Description, layout: Layout, /) -> Iterator[str]:
    """Sentences by subject, then each setting with where its value comes from."""
    agent = f", agent {printable(one.agent)}" if one.agent else ""
    yield paint(printable(one.path) + agent, BOLD, colour=layout.colour) + "\n"
    for subject, sentences in (*one.facts, *([(_INFERRED, one.inferred)] if one.inferred else [])):
        yield f"\n{paint(subject, BOLD, colour=layout.colour)}\n"
        for sentence in sentences:
            yield wrapped(printable(sentence), layout.width, "  ", " " * 4)
    yield f"\n{paint('Settings', BOLD, colour=layout.colour)}\n"
    names = max(width(line.name) for line in one.settings)
    values = max(width(_value(line)) for line in one.settings)
    for line in one.settings:
        origin = f"line {line.line}" if line.origin is Origin.FILE else line.origin.value
        padding = " " * (values - width(_value(line)))
        row = f"  {line.name:<{names}}  {_value(line)}{padding}  {origin}"
        yield paint(row, DIM, colour=layout.colour and line.origin is Origin.NOT_SET) + "\n"


def _value(line: SettingLine) -> str:
    return "(empty)" if line.value == "" else line.value or ""


def as_json(one: Description) -> str:
    """The same as one JSON document."""
    return json_text(members(one), indent=2) + "\n"


def members(one: Description) -> dict[str, object]:
    """The members of that document."""
    return {
        "version": VERSION,
        "path": posix_path(one.path),
        "agent": one.agent,
        "facts": {subject.lower(): list(sentences) for subject, sentences in one.facts},
        "inferred": list(one.inferred),
        "oldest": None if one.oldest is None else _bounds(one.oldest),
        "settings": [
            {"name": line.name, "value": line.value, "origin": line.origin.value, "line": line.line}
            for line in one.settings
        ],
    }


def _bounds(oldest: Since) -> dict[str, object]:
    feature = None if oldest.feature is None else str(oldest.feature)
    return {"main": [str(bound) for bound in oldest.main], "feature": feature}
