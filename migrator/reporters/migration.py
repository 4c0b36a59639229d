"""What a migration did, would do, and leaves to people: as text, and the words that other formats share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.migrations.result import State
from migrator.migrations.worksheet import label
from migrator.reporters.style import BOLD, paint, painted_diff, width, wrapped
from migrator.values.secret import printable
from migrator.wording import counted, days_left

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.migrations.report import Report
    from migrator.migrations.result import Item, Migration
    from migrator.migrations.worksheet import Task, Worksheet
    from migrator.reporters import Layout

STATES = {
    State.FAILED: "could not be migrated",
    State.PENDING: "pending",
    State.MANUAL: "manual",
    State.DONE: "done",
}
MEANINGS = {
    State.FAILED: "the file could not be read or written",
    State.PENDING: "the program can change something, once told so",
    State.MANUAL: "a person has to do something",
    State.DONE: "nothing is left",
}
_STYLES = {State.FAILED: "1;31", State.PENDING: "1;33", State.MANUAL: "1;36", State.DONE: "1;32"}
_WIDEST = 100  # columns of prose


def title(report: Report) -> str:
    """What the report is."""
    return f"Migration to DataMiner {report.goal.target}"


def overview(report: Report) -> Iterator[str]:
    """The figures of a cluster at a glance: agents by state, and until when."""
    figures = ", ".join(
        f"{number} {STATES[state]}" for state, number in reversed(report.states.items()) if number
    )
    yield f"{counted(len(report.migrations), 'agent')}: {figures}"
    sheet = report.worksheet
    if sheet is not None and sheet.agents:
        number = len(sheet.agents)
        verb = "logs" if number == 1 else "log"
        yield f"{counted(number, 'agent')} {verb} in with a password where that ends; it {until(sheet)}"


def until(sheet: Worksheet) -> str:
    """What becomes of logins with a password, and when."""
    over = "has ended, or may end on any day"
    if sheet.deadline is None or sheet.days_left is None:
        return over
    others = f"; for {counted(sheet.undated, 'agent')} it {over}" if sheet.undated else ""
    if sheet.days_left < 0:
        return f"is off by default since the end of {sheet.deadline}{others}"
    return f"works by default until the end of {sheet.deadline} ({days_left(sheet.days_left)}){others}"


def groups(one: Migration) -> Iterator[tuple[str, tuple[Item, ...]]]:
    """What there is to tell of a file, under headings."""
    found = (
        ("Changed" if one.is_written else "Would be changed with --write", one.changes),
        ("Waits for --unsafe-fixes, as it is a choice or may change what the file means", one.waiting),
        ("By hand", one.manual),
    )
    return ((heading, items) for heading, items in found if items)


def remarks(one: Migration, report: Report) -> Iterator[str]:
    """Sentences about a file beside its items."""
    if one.reason is not None:
        yield one.reason
        return
    yield report.origin(one)
    if one.backup is not None:
        yield f"its former content, secrets included, is in {one.backup}"
    if one.suppressed:
        yield f"ignore comments in the file keep {counted(one.suppressed, 'finding')} out"
    if one.others:
        codes = ", ".join(code if number == 1 else f"{code} ({number})" for code, number in one.others)
        yield f"lint finds more, which no step is about: {codes}"


def where(item: Item) -> str:
    """The place of an item: line and column, and the path in the document."""
    spot = "" if item.line is None else f"{item.line}:{item.column}"
    return " ".join(part for part in (spot, printable(item.place or "")) if part)


def name(item: Item) -> str:
    """The step that an item is about, with the code of its rule."""
    return item.step if item.code is None else f"{item.step} ({item.code})"


def told(item: Item) -> str:
    """What is done or to be done about an item."""
    return item.change or item.help


def as_text(report: Report, layout: Layout, *, diffs: bool) -> Iterator[str]:
    """The diffs, where they are wanted, the cluster at a glance, each agent, and the worksheet."""
    colour = layout.colour
    if diffs:
        for one in report.migrations:
            yield painted_diff(one.diff, colour=colour)
        if any(one.diff for one in report.migrations):
            yield "\n"
    yield paint(title(report), BOLD, colour=colour) + "\n"
    for sentence in overview(report):
        yield _wrapped(sentence, layout)
    for one in report.migrations:
        yield "\n"
        yield from _agent(one, report, layout)
    if report.worksheet is not None:
        yield "\n"
        yield from _worksheet(report.worksheet, layout)


def diffs_as_text(report: Report, layout: Layout) -> Iterator[str]:
    """The diffs alone."""
    for one in report.migrations:
        yield painted_diff(one.diff, colour=layout.colour)


def _agent(one: Migration, report: Report, layout: Layout) -> Iterator[str]:
    state = paint(STATES[one.state], _STYLES[one.state], colour=layout.colour)
    yield f"{paint(printable(label(one)), BOLD, colour=layout.colour)}: {state}\n"
    for remark in remarks(one, report):
        yield _wrapped(printable(remark), layout, "  ")
    for heading, items in groups(one):
        yield f"  {heading}\n"
        for item in items:
            yield _wrapped(f"{where(item)} {name(item)}: {printable(item.message)}", layout, "    ")
            yield _wrapped(f"→ {printable(told(item))}", layout, "      ")


def _worksheet(sheet: Worksheet, layout: Layout) -> Iterator[str]:
    yield paint(f"Worksheet: {sheet.title}", BOLD, colour=layout.colour) + "\n"
    if sheet.agents:
        yield _wrapped(f"A login with a password {until(sheet)}", layout)
    for number, task in enumerate(sheet.tasks, 1):
        yield f"\n{paint(f'{number}. {task.title}', BOLD, colour=layout.colour)}\n"
        yield from _task(task, layout)


def _task(task: Task, layout: Layout) -> Iterator[str]:
    for sentence in task.sentences:
        yield _wrapped(printable(sentence), layout, "   ")
    names = max((width(printable(one)) for one, _ in task.table), default=0)
    for one, value in task.table:
        shown = printable(one)
        padding = " " * (names - width(shown))
        yield f"     {shown}{padding}  {printable(value)}".rstrip() + "\n"


def _wrapped(sentence: str, layout: Layout, indent: str = "") -> str:
    return wrapped(sentence, min(layout.width, _WIDEST), indent, f"{indent}  ")
