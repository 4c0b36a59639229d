"""The migration steps, with the versions that they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from migrator.migrations.pages import by_train, page, taken, versions
from migrator.reporters.style import BOLD, paint, wrapped
from migrator.values.secret import json_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator.migrations.model import Step
    from migrator.reporters import Layout
    from migrator.values.version import Since

VERSION = 1


def steps_as_text(steps: Sequence[Step], layout: Layout) -> Iterator[str]:
    """The steps under the versions that they belong to, sorted by train."""
    names = max(len(step.name) for step in steps)
    heading = None
    for step in by_train(steps):
        belongs_to = versions(step)
        if belongs_to != heading:
            yield ("" if heading is None else "\n") + paint(belongs_to, BOLD, colour=layout.colour) + "\n"
            heading = belongs_to
        code = "" if step.rule is None else step.rule.code
        lead = f"  {step.name:<{names}}  {code:<4}  "
        yield wrapped(f"{page(step).title} ({taken(step)})", layout.width, lead, " " * len(lead))


def steps_as_json(steps: Sequence[Step]) -> str:
    """The same for programs."""
    document = {"version": VERSION, "steps": [_row(step) for step in by_train(steps)]}
    return json_text(document, indent=2) + "\n"


def _row(step: Step) -> dict[str, Any]:
    return {
        "name": step.name,
        "kind": step.kind.value,
        "codes": list(step.codes),
        "option": None if step.wish is None else step.wish.value,
        "since": _bounds(step.since),
        "until": _bounds(step.until),
        "title": page(step).title,
    }


def _bounds(bounds: Since | None) -> dict[str, Any] | None:
    if bounds is None:
        return None
    feature = None if bounds.feature is None else str(bounds.feature)
    return {"main": [str(bound) for bound in bounds.main], "feature": feature}
