"""The pages of the migration steps, and their index: from their docstrings, the rest from the registry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from docs.parts import Neighbour, fact_table, foot, joined, remark, table, with_languages
from migrator.migrations import STEPS
from migrator.migrations.pages import by_train, page, taken, versions
from migrator.rules.markdown import as_markdown, escaped

if TYPE_CHECKING:
    from migrator.migrations.model import Step

_INDEX: Final = Neighbour("all steps", "README.md")
_REMARK: Final = remark("the steps' docstrings")
_INTRODUCTION: Final = (
    "What [`dmsmtp migrate`](../migrate.md) does, by the DataMiner versions that a step belongs to; "
    "`dmsmtp migrate --list` shows the same. Most steps are rules of `lint` with their fixes. The others "
    "find what a rule finds, and know more to do about it."
)


def pages() -> dict[str, str]:
    """Give the text of every page by its file's name in docs/steps/."""
    steps = by_train(STEPS)
    return {_INDEX.file: _index(steps)} | {
        _neighbour(step).file: _page(step, before, after)
        for before, step, after in zip((None, *steps), steps, (*steps[1:], None), strict=False)
    }


def _neighbour(step: Step) -> Neighbour:
    return Neighbour(step.name, f"{step.name}.md")


def _page(step: Step, before: Step | None, after: Step | None) -> str:
    title, _, sections = as_markdown(page(step)).partition("\n\n")
    facts = {
        "versions": versions(step),
        "taken": taken(step),
        "rule": _rule(step) or "none: the step is one of its own",
    }
    return joined(
        (
            _REMARK,
            f"# {step.name}",
            title,
            fact_table(facts),
            with_languages(sections).rstrip("\n"),
            foot(before and _neighbour(before), _INDEX, after and _neighbour(after)),
        )
    )


def _index(steps: list[Step]) -> str:
    rows = (
        (
            f"[{step.name}]({_neighbour(step).file})",
            _rule(step),
            versions(step),
            taken(step),
            escaped(page(step).title),
        )
        for step in steps
    )
    head = ("step", "rule", "versions", "taken", "what it finds")
    return joined((_REMARK, "# Migration steps", _INTRODUCTION, table(head, rows)))


def _rule(step: Step) -> str:
    return "" if step.rule is None else f"[{step.rule.code}](../rules/{step.rule.code}.md)"
