"""A migration for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from migrator.files import posix_path
from migrator.values.secret import json_text

if TYPE_CHECKING:
    from migrator.migrations.report import Report
    from migrator.migrations.result import Item, Migration
    from migrator.migrations.worksheet import Worksheet

VERSION = 1


def as_json(report: Report) -> str:
    """One JSON document; secrets are masked in all of it."""
    goal = report.goal
    document = {
        "version": VERSION,
        "to": str(goal.target),
        "from": None if goal.origin is None else str(goal.origin),
        "as_of": goal.as_of.isoformat(),
        "written": report.is_written,
        "summary": {
            "agents": len(report.migrations),
            **{state.value: number for state, number in report.states.items()},
        },
        "agents": [_agent(one, report) for one in report.migrations],
        "worksheet": None if report.worksheet is None else _worksheet(report.worksheet),
    }
    return json_text(document, indent=2) + "\n"


def _agent(one: Migration, report: Report) -> dict[str, Any]:
    return {
        "path": posix_path(one.path),
        "name": None if one.agent is None else one.agent.name,
        "state": one.state.value,
        "origin": report.origin(one),
        "written": one.is_written,
        "backup": None if one.backup is None else posix_path(one.backup),
        "changes": [_item(item) for item in one.changes],
        "waiting": [_item(item) for item in one.waiting],
        "manual": [_item(item) for item in one.manual],
        "others": dict(one.others),
        "suppressed": one.suppressed,
        "unreadable": None if one.unreadable is None else _item(one.unreadable),
        "failure": one.failure,
        "diff": one.diff,
    }


def _item(item: Item) -> dict[str, Any]:
    return {
        "step": item.step,
        "code": item.code,
        "severity": item.severity.value,
        "message": item.message,
        "help": item.help,
        "place": item.place,
        "line": item.line,
        "column": item.column,
        "change": item.change,
        "before": list(item.before),
        "after": list(item.after),
        "related": list(item.related),
    }


def _worksheet(sheet: Worksheet) -> dict[str, Any]:
    return {
        "title": sheet.title,
        "deadline": None if sheet.deadline is None else sheet.deadline.isoformat(),
        "days_left": sheet.days_left,
        "agents": [posix_path(path) for path in sheet.agents],
        "tasks": [
            {
                "title": task.title,
                "sentences": list(task.sentences),
                "table": [{"name": name, "value": value} for name, value in task.table],
            }
            for task in sheet.tasks
        ],
    }
