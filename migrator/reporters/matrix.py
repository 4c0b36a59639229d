"""A cluster as a table, for people at a terminal, in Markdown and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from migrator.diagnostic import Severity
from migrator.files import posix_path
from migrator.reporters import Layout
from migrator.reporters.concise import headline_without_place
from migrator.reporters.full import FullReport
from migrator.reporters.json_report import JsonReport
from migrator.reporters.style import BOLD, CUT, DIM, cut, paint, severity_style, width
from migrator.rules.markdown import escaped, escaped_in_cell
from migrator.values.secret import printable
from migrator.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator.checking import FileReport
    from migrator.cluster.comparing import GroupRow, Matrix, Row
    from migrator.diagnostic import Diagnostic
    from migrator.summary import Tally

_MOST_NAMED = 5  # agents of a group that are named at the terminal
_MOST_GROUPS = 20  # of a setting that are shown at the terminal
_WIDEST_VALUE = 44
_ODD, _UNCLEAR = "*", "?"


class MatrixReport:
    """The findings as `full` has them, and below them the settings with the groups of agents that agree."""

    def __init__(self, matrix: Matrix, layout: Layout) -> None:
        self._matrix = matrix
        self._layout = layout
        self._findings = FullReport(layout._replace(hints=False))
        self._is_empty = True

    def start(self) -> str:
        """Nothing."""
        return self._findings.start()

    def file(self, report: FileReport) -> str:
        """The findings of a file; on a terminal none of those that are kept."""
        self._is_empty &= not report.diagnostics
        return self._findings.file(report)

    def end(self, tally: Tally) -> str:
        """The findings that were kept, and the table."""
        table = "\n".join(_table(self._matrix, self._layout)) + "\n"
        return self._findings.end(tally) + ("" if self._is_empty else "\n") + table


class JsonMatrixReport(JsonReport):
    """The report for programs, with the table in its member `cluster`."""

    def __init__(self, matrix: Matrix) -> None:
        super().__init__(further={"cluster": as_json(matrix)})


class MarkdownReport:
    """The table and below it the findings, for a page or the summary of a job."""

    def __init__(self, matrix: Matrix) -> None:
        self._matrix = matrix
        self._is_first = True

    def start(self) -> str:
        """The table."""
        return "".join(f"{line}\n" for line in _markdown(self._matrix))

    def file(self, report: FileReport) -> str:
        """The findings of a file, a line each."""
        told = [_item(one) for one in report.diagnostics]
        if report.failure is not None:
            told.append(f"- {escaped(printable(report.path))}: {escaped(printable(report.failure))}")
        if not told:
            return ""
        heading = "\n## Findings\n\n" if self._is_first else ""
        self._is_first = False
        return heading + "\n".join(told) + "\n"

    def end(self, tally: Tally) -> str:
        """The figures."""
        return f"\n{tally.found()}\n"


def _item(one: Diagnostic) -> str:
    where, help_ = one.agent or printable(one.path), f"; {printable(one.help)}" if one.help else ""
    return f"- {escaped(where)}: {escaped(headline_without_place(one, Layout()) + help_)}"


def said(group: GroupRow) -> str:
    """The value of a group, as it may be shown; of secrets whether they are the same."""
    if group.value is None:
        return f"not set: {group.default}" if group.default else "missing"
    if not group.is_secret:
        return group.value
    if not group.is_comparable:
        return f"{group.value} not comparable"
    if group.is_odd:
        return f"{group.value} different"
    return f"{group.value} same" if len(group.agents) > 1 else group.value


def spellings(group: GroupRow) -> str:
    """How else the value is written, in words; empty where it is not."""
    words = [*(f'"{text}"' for text in group.others)]
    if group.default and group.value is not None:
        words.append("not set")
    return f"same meaning, other text: {', '.join(words)}" if words else ""


def title(matrix: Matrix) -> str:
    """What the table is about."""
    cluster = matrix.cluster
    parts = [counted(len(cluster.agents), "agent")]
    if cluster.pairs:
        parts.append(counted(len(cluster.pairs), "Failover pair"))
    basis = "what most agents have" if cluster.reference is None else cluster.agents[cluster.reference].label
    return f"{', '.join(parts)}, compared with {basis}"


def labels(matrix: Matrix, numbers: Sequence[int]) -> list[str]:
    """What agents are called."""
    return [printable(matrix.cluster.agents[number].label) for number in numbers]


def _table(matrix: Matrix, layout: Layout) -> Iterator[str]:
    yield paint(title(matrix), BOLD, colour=layout.colour)
    names = max((len(row.setting) for row in matrix.rows), default=0)
    room = min(
        max((width(said(group)) for row in matrix.rows for group in row.groups), default=0), _WIDEST_VALUE
    )
    for row in matrix.rows:
        if _is_each_its_own(row):
            yield f"{row.setting:<{names}}   {len(row.groups)} different ones, as each machine has its own"
            continue
        groups, left_out = _shown(row)
        for group in groups:
            is_last = group is row.groups[-1]
            if is_last and left_out:
                yield f"{' ' * (names + 3)}{CUT} and {left_out:,} more: see --report html=FILE"
            name = row.setting if group is row.groups[0] else ""
            value = cut(said(group), room)
            padding = " " * (room - width(value))
            line = f"{name:<{names}} {_mark(row, group)} {value}{padding}  "
            yield _painted(line + _agents(matrix, row, group, is_last), row, group, layout).rstrip()
            others = spellings(group)
            if others:
                yield paint(f"{' ' * (names + 3)}({others})", DIM, colour=layout.colour)
    for heading, numbers in (("cannot send mail", matrix.without), ("not read", matrix.unread)):
        if numbers:
            yield f"{heading}: {_some(labels(matrix, numbers))}"
    if any(_mark(row, group) == _ODD for row in matrix.rows for group in row.groups):
        yield paint(f"{_ODD} differs from the usual, which stands last", DIM, colour=layout.colour)


def _shown(row: Row) -> tuple[tuple[GroupRow, ...], int]:
    """The groups to show, the usual one last, and how many odd ones are left out."""
    left_out = len(row.groups) - _MOST_GROUPS
    if left_out <= 1:
        return row.groups, 0
    return (*row.groups[: _MOST_GROUPS - 1], row.groups[-1]), left_out


def _is_each_its_own(row: Row) -> bool:
    """Whether a setting, as it should be, differs from agent to agent, of which there are some."""
    return row.is_own and len(row.groups) > _MOST_NAMED


def _mark(row: Row, group: GroupRow) -> str:
    if group.is_odd and not row.is_own:
        return _ODD
    return " " if group.is_comparable else _UNCLEAR


def _painted(line: str, row: Row, group: GroupRow, layout: Layout) -> str:
    if group.is_odd and not row.is_own:
        return paint(line, severity_style(Severity.WARNING), colour=layout.colour)
    return line


def _agents(matrix: Matrix, row: Row, group: GroupRow, is_last: bool) -> str:
    number = len(group.agents)
    if number == len(matrix.cluster.senders):
        return f"all {number} agents" if number > 1 else "the only agent"
    if is_last and not row.is_own and number > 1:
        return f"{number} agents"
    return _some(labels(matrix, group.agents))


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_MOST_NAMED])
    return shown if len(names) <= _MOST_NAMED else f"{shown} and {len(names) - _MOST_NAMED:,} more"


def _markdown(matrix: Matrix) -> Iterator[str]:
    yield f"# {escaped(title(matrix))}"
    yield ""
    yield "| setting | | value | agents |"
    yield "|---|---|---|---|"
    for row in matrix.rows:
        if _is_each_its_own(row):
            yield f"| {row.setting} | | | {len(row.groups)} different ones, as each machine has its own |"
            continue
        for place, group in enumerate(row.groups):
            is_odd = group.is_odd and not row.is_own
            value = _cell(said(group)) + (f" ({_cell(spellings(group))})" if spellings(group) else "")
            is_last = place == len(row.groups) - 1
            agents = _cell(_agents(matrix, row, group, is_last))
            name = row.setting if place == 0 else ""
            yield f"| {name} | {'differs' if is_odd else ''} | {value} | {agents} |"
    for heading, numbers in (("Cannot send mail", matrix.without), ("Not read", matrix.unread)):
        if numbers:
            yield ""
            yield f"{heading}: {escaped(', '.join(labels(matrix, numbers)))}"
    for note in matrix.notes:
        yield ""
        yield escaped(printable(note))


def _cell(text: str) -> str:
    return escaped_in_cell(text)


def as_json(matrix: Matrix) -> dict[str, Any]:
    """The table for programs; agents are told by their number among `agents`, from 0."""
    cluster = matrix.cluster
    return {
        "agents": [
            {
                "label": agent.label,
                "name": agent.name,
                "id": agent.identity,
                "path": posix_path(agent.path),
                "problem": agent.problem,
            }
            for agent in cluster.agents
        ],
        "pairs": [
            {"agents": [pair.first, pair.second], "assumed": pair.is_assumed} for pair in cluster.pairs
        ],
        "reference": cluster.reference,
        "settings": [
            {
                "setting": row.setting,
                "own": row.is_own,
                "differs": row.differs,
                "groups": [_group_json(group) for group in row.groups],
            }
            for row in matrix.rows
        ],
        "without": list(matrix.without),
        "unread": list(matrix.unread),
        "notes": list(matrix.notes),
    }


def _group_json(group: GroupRow) -> dict[str, Any]:
    return {
        "value": group.value,
        "others": list(group.others),
        "default": group.default,
        "secret": group.is_secret,
        "odd": group.is_odd,
        "comparable": group.is_comparable,
        "agents": list(group.agents),
    }
