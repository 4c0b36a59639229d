"""The rules: one rule's page, or the list of all."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from migrator.reporters.style import BOLD, paint, severity_style
from migrator.rules.model import Availability
from migrator.rules.pages import as_text, page
from migrator.values.secret import json_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator.reporters import Layout
    from migrator.rules.model import Rule

VERSION = 1
_WIDEST = 80  # columns of prose that are easy to read


def page_as_text(rule: Rule, layout: Layout) -> Iterator[str]:
    """A rule's page for people."""
    titles = {f"{rule.code} {rule.name}", *page(rule).headings}
    for line in as_text(rule, min(layout.width, _WIDEST)).splitlines():
        yield paint(line, BOLD, colour=layout.colour and line in titles) + "\n"


def page_as_json(rule: Rule) -> str:
    """A rule's page for programs."""
    sections = [
        {
            "heading": section.heading,
            "blocks": [{"kind": block.kind.name.lower(), "text": block.text} for block in section.blocks],
        }
        for section in page(rule).sections
    ]
    return _json({"version": VERSION, **_row(rule), "sections": sections})


def rules_as_text(rules: Sequence[Rule], layout: Layout) -> Iterator[str]:
    """A line a rule: code, name, severity, whether it has a fix, what it finds; wrapped on a terminal."""
    names = max(len(rule.name) for rule in rules)
    head = f"{'code':<4}  {'name':<{names}}  {'severity':<8}  fix  "
    columns = layout.width - len(head)
    yield paint(f"{head}finds", BOLD, colour=layout.colour) + "\n"
    for rule in rules:
        severity = paint(rule.severity.value, severity_style(rule.severity), colour=layout.colour)
        padding = " " * (len("severity") - len(rule.severity.value))
        fix = "" if rule.fix is Availability.NONE else "yes"
        title = page(rule).title
        lines = textwrap.wrap(title, columns) if layout.is_terminal and columns >= len(head) // 2 else [title]
        yield f"{rule.code}  {rule.name:<{names}}  {severity}{padding}  {fix:<3}  {lines[0]}\n"
        for line in lines[1:]:
            yield f"{' ' * len(head)}{line}\n"


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
        "whole_file_only": rule.whole_file_only,
        "title": page(rule).title,
    }


def _json(value: object) -> str:
    return json_text(value, indent=2) + "\n"
