"""The page of a step: its own, or that of the rule that it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.migrations.model import StepKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from migrator.migrations.model import Step
    from migrator.rules.pages import Page
    from migrator.values.version import Since, Version

_HEADINGS = {"Bad": "Before", "Good": "After", "Fix": "Safety", "See": "Source"}


def page(step: Step) -> Page:
    """Why there is the step, an example before and after it, how safe it is, and where that comes from.

    Of a rule, "after" is an example that is right; of a manual step there may be none.
    """
    from migrator.rules.pages import page_of

    own = page_of(step.page)
    if step.rule is None:
        return own
    return own._replace(
        sections=tuple(
            section._replace(heading=_HEADINGS.get(section.heading, section.heading))
            for section in own.sections
        )
    )


def versions(step: Step) -> str:
    """The versions that a step belongs to, in words."""
    parts = [
        *([f"from {step.since} on"] if step.since is not None else []),
        *([f"before {step.until}"] if step.until is not None else []),
    ]
    return " and ".join(parts) if parts else "every version"


def taken(step: Step) -> str:
    """When the program takes a step, in words."""
    words = {
        StepKind.SAFE: "with --write",
        StepKind.UNSAFE: "with --write --unsafe-fixes",
        StepKind.EITHER: "with --write, or with --unsafe-fixes too",
        StepKind.MANUAL: "by hand",
    }
    return words[step.kind] + ("" if step.wish is None else f" and {step.wish.value}")


def by_train(steps: Sequence[Step]) -> list[Step]:
    """The steps by the versions that they belong to: those of every version first, then by main train."""
    return sorted(steps, key=lambda step: (_main(step.since), _main(step.until)))


def _main(bounds: Since | None) -> tuple[Version, ...]:
    """The main releases among bounds; where there are none, it comes before all others."""
    return () if bounds is None else bounds.main
