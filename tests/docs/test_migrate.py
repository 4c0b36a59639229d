"""The page on migrations lists every step as the registry has it."""

from __future__ import annotations

from migrator.migrations import STEPS
from migrator.migrations.pages import by_train, page, taken, versions
from migrator.rules.markdown import escaped
from tests.docs.reading import DOCS


def test_every_step_has_its_row() -> None:
    rows = []
    for step in by_train(STEPS):
        rule = "" if step.rule is None else f"[{step.rule.code}](rules/{step.rule.code}.md)"
        rows.append(
            f"| `{step.name}` | {rule} | {versions(step)} | {taken(step)} | {escaped(page(step).title)} |\n"
        )

    assert "".join(rows) in (DOCS / "migrate.md").read_text("utf-8")
