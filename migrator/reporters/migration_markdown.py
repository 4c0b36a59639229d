"""A migration as Markdown (CommonMark, with tables as GitHub has them), for an issue or a wiki."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.migrations.worksheet import label
from migrator.reporters.migration import (
    STATES,
    groups,
    name,
    overview,
    remarks,
    title,
    told,
    until,
    where,
)
from migrator.rules.markdown import escaped, escaped_in_cell
from migrator.values.secret import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from migrator.migrations.report import Report
    from migrator.migrations.result import Item, Migration
    from migrator.migrations.worksheet import Worksheet


def as_markdown(report: Report) -> str:
    """The cluster at a glance, each agent, and the worksheet as a list to tick off."""
    parts = [f"# {_text(title(report))}", *map(_text, overview(report))]
    rows = [
        (label(one), STATES[one.state], *map(str, map(len, (one.changes, one.waiting, one.manual))))
        for one in report.migrations
    ]
    parts.append(_table(("agent", "state", "changes", "waiting", "by hand"), rows))
    if report.worksheet is not None:
        parts += _worksheet(report.worksheet)
    for one in report.migrations:
        parts += _agent(one, report)
    return "\n\n".join(parts) + "\n"


def _agent(one: Migration, report: Report) -> Iterator[str]:
    yield f"## {_text(label(one))}: {STATES[one.state]}"
    yield "\n".join(f"- {_text(remark)}" for remark in remarks(one, report))
    for heading, items in groups(one):
        yield f"### {_text(heading)}"
        yield "\n".join(map(_item, items))


def _item(item: Item) -> str:
    lines = [f"- {_text(where(item))} **{_text(name(item))}**: {_text(item.message)}  "]
    lines.append(f"  → {_text(told(item))}")
    if item.before or item.after:
        lines += ["", "  ```diff", *_changed("-", item.before), *_changed("+", item.after), "  ```"]
    return "\n".join(lines)


def _changed(mark: str, lines: Iterable[str]) -> Iterator[str]:
    # a fence inside would end the block
    return (f"  {mark} {printable(line).replace('```', '` ` `')}" for line in lines)


def _worksheet(sheet: Worksheet) -> Iterator[str]:
    yield f"## Worksheet: {_text(sheet.title)}"
    if sheet.agents:
        yield _text(f"A login with a password {until(sheet)}.")
    for number, task in enumerate(sheet.tasks, 1):
        yield f"### {number}. {_text(task.title)}"
        if task.sentences:
            yield "\n".join(f"- [ ] {_text(sentence)}" for sentence in task.sentences)
        if task.table:
            yield _table(("what", "value"), task.table)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(escaped_in_cell(printable(cell)) for cell in row)} |" for row in rows]
    return "\n".join(lines)


def _text(text: str) -> str:
    return escaped(printable(text))
