"""A migration as one HTML file that needs no other: to be read on a phone, and to be printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.migrations.result import State
from migrator.migrations.worksheet import label
from migrator.reporters.html import escaped, head
from migrator.reporters.migration import (
    MEANINGS,
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

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from migrator.migrations.report import Report
    from migrator.migrations.result import Item, Migration
    from migrator.migrations.worksheet import Task, Worksheet

_STYLE = """
:root { color-scheme: light; --failed: #b3261e; --pending: #8a5a00; --manual: #0b57a4; --done: #1b6e35;
  --line: #c9ced6; --soft: #f4f6f8; --text: #1a1c1e; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; color: var(--text); background: #fff;
  font: 16px/1.45 system-ui, "Segoe UI", sans-serif; overflow-wrap: break-word; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; }
h2 { font-size: 1.25rem; margin: 1.75rem 0 .5rem; border-bottom: 2px solid var(--line); }
h3 { font-size: 1.05rem; margin: 1.25rem 0 .25rem; }
h4 { font-size: .95rem; margin: .75rem 0 .25rem; }
p, ul { margin: .25rem 0; }
ul { padding-left: 1.25rem; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .5rem; border-bottom: 1px solid var(--line); }
td:first-child, li { overflow-wrap: anywhere; }
td.number, th.number { text-align: right; }
td.state { white-space: nowrap; }
pre { margin: .25rem 0; padding: .4rem .5rem; background: var(--soft); font-size: .85rem;
  white-space: pre-wrap; }
del { color: var(--failed); text-decoration: none; display: block; }
ins { color: var(--done); text-decoration: none; display: block; }
.figures { display: flex; flex-wrap: wrap; gap: .5rem; margin: .75rem 0; }
.figure { flex: 1 1 8rem; border: 1px solid var(--line); border-left-width: .4rem; border-radius: .3rem;
  padding: .4rem .6rem; }
.figure b { display: block; font-size: 1.6rem; line-height: 1.1; }
.figure small { display: block; color: #4a4f55; }
.failed { border-left-color: var(--failed); } .pending { border-left-color: var(--pending); }
.manual { border-left-color: var(--manual); } .done { border-left-color: var(--done); }
b.failed { color: var(--failed); } b.pending { color: var(--pending); }
b.manual { color: var(--manual); } b.done { color: var(--done); }
.deadline { font-weight: 600; }
.tasks > li { margin-bottom: .75rem; }
.tick { list-style: none; padding-left: 0; }
.tick li { padding-left: 1.6rem; text-indent: -1.6rem; }
.tick li::before { content: "\\2610"; display: inline-block; width: 1.6rem; text-indent: 0; }
.place { color: #4a4f55; font-size: .9rem; }
@media (max-width: 34rem) { body { padding: .6rem; } ol, ul { padding-left: 1.1rem; }
  th, td { padding: .25rem .2rem; font-size: .85rem; } }
@media print { body { max-width: none; padding: 0; font-size: 10pt; } a { color: inherit; }
  .agents-at-a-glance { font-size: 8pt; line-height: 1.15; }
  .agents-at-a-glance td { padding: .05rem .3rem; }
  .agents-at-a-glance a { text-decoration: none; }
  .worksheet, .agents { break-before: page; } .agent, tr, .figure { break-inside: avoid; }
  h2, h3, h4 { break-after: avoid; } }
@page { margin: 15mm; }
"""


def as_html(report: Report) -> Iterator[str]:
    """The cluster on one page, the worksheet, and each agent."""
    yield head(title(report), _STYLE)
    yield f"<p>As of {report.goal.as_of.isoformat()}.</p>\n"
    yield from _overview(report)
    if report.worksheet is not None:
        yield from _worksheet(report.worksheet)
    yield '<section class="agents">\n<h2>Agent by agent</h2>\n'
    for number, one in enumerate(report.migrations, 1):
        yield from _agent(one, number, report)
    yield "</section>\n</body>\n</html>\n"


def _overview(report: Report) -> Iterator[str]:
    for sentence in overview(report):
        yield f"<p>{escaped(sentence)}.</p>\n"
    yield '<div class="figures">\n'
    for state, number in reversed(report.states.items()):
        if number or state is not State.FAILED:
            yield (
                f'<div class="figure {state}"><b class="{state}">{number}</b>{escaped(STATES[state])}'
                f"<small>{escaped(MEANINGS[state])}</small></div>\n"
            )
    yield (
        '</div>\n<table class="agents-at-a-glance">\n<tr><th>Agent</th><th>State</th>'
        '<th class="number">Changes</th><th class="number">Waiting</th><th class="number">By hand</th></tr>\n'
    )
    for number, one in enumerate(report.migrations, 1):
        cells = "".join(
            f'<td class="number">{len(items)}</td>' for items in (one.changes, one.waiting, one.manual)
        )
        yield (
            f'<tr><td><a href="#agent-{number}">{escaped(label(one))}</a></td>'
            f'<td class="state"><b class="{one.state}">{escaped(STATES[one.state])}</b></td>{cells}</tr>\n'
        )
    yield "</table>\n"


def _worksheet(sheet: Worksheet) -> Iterator[str]:
    yield f'<section class="worksheet">\n<h2>Worksheet: {escaped(sheet.title)}</h2>\n'
    if sheet.agents:
        yield f'<p class="deadline">A login with a password {escaped(until(sheet))}.</p>\n'
    yield '<ol class="tasks">\n'
    for task in sheet.tasks:
        yield from _task(task)
    yield "</ol>\n</section>\n"


def _task(task: Task) -> Iterator[str]:
    yield f"<li><b>{escaped(task.title)}</b>\n"
    if task.sentences:
        yield _list(task.sentences, "tick")
    if task.table:
        rows = "".join(
            f"<tr><td>{escaped(one)}</td><td>{escaped(value)}</td></tr>\n" for one, value in task.table
        )
        yield f"<table>\n{rows}</table>\n"
    yield "</li>\n"


def _agent(one: Migration, number: int, report: Report) -> Iterator[str]:
    yield (
        f'<section class="agent" id="agent-{number}">\n<h3>{escaped(label(one))}: '
        f'<b class="{one.state}">{escaped(STATES[one.state])}</b></h3>\n'
    )
    yield _list(remarks(one, report))
    for heading, items in groups(one):
        yield f"<h4>{escaped(heading)}</h4>\n<ul>\n{''.join(map(_item, items))}</ul>\n"
    yield "</section>\n"


def _item(item: Item) -> str:
    lines = [f"<del>- {escaped(line)}</del>" for line in item.before]
    lines += [f"<ins>+ {escaped(line)}</ins>" for line in item.after]
    changed = f"<pre>{''.join(lines)}</pre>" if lines else ""
    return (
        f'<li><span class="place">{escaped(where(item))}</span> <b>{escaped(name(item))}</b>: '
        f"{escaped(item.message)}<br>→ {escaped(told(item))}{changed}</li>\n"
    )


def _list(sentences: Iterable[str], kind: str = "") -> str:
    mark = f' class="{kind}"' if kind else ""
    items = "\n".join(f"<li>{escaped(one)}</li>" for one in sentences)
    return f"<ul{mark}>\n{items}\n</ul>\n"
