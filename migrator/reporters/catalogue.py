"""The rules: one rule's page, or the list of all."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from migrator.rules.pages import as_text, page

if TYPE_CHECKING:
    from migrator.rules.model import Rule

VERSION = 1


def page_as_text(rule: Rule) -> str:
    """A rule's page for people."""
    return as_text(rule)


def page_as_json(rule: Rule) -> str:
    """A rule's page for programs."""
    shown = page(rule)
    return _json({**_row(rule), "sections": {section.heading: section.text for section in shown.sections}})


def rules_as_text(rules: Sequence[Rule]) -> str:
    """A line a rule: code, name, severity, fix, what it finds."""
    names = max(len(rule.name) for rule in rules)
    return "".join(
        f"{rule.code}  {rule.name.ljust(names)}  {rule.severity.value.ljust(7)}  "
        f"{'' if rule.fix.value == 'none' else 'fix'}".ljust(names + 20)
        + f"{page(rule).title}\n"
        for rule in rules
    )


def rules_as_json(rules: Sequence[Rule]) -> str:
    """The same for programs."""
    return _json({"version": VERSION, "rules": [_row(rule) for rule in rules]})


def _row(rule: Rule) -> dict[str, Any]:
    return {
        "code": rule.code,
        "name": rule.name,
        "severity": rule.severity.value,
        "fix": rule.fix.value,
        "in_validate": rule.in_validate,
        "title": page(rule).title,
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
