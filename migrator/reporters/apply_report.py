"""What becomes of agents to which one section is applied, for people or as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.cluster.planning import Planned, State
from migrator.files import posix_path
from migrator.reporters.style import BOLD, paint, painted_diff
from migrator.tuples import NamedTuple
from migrator.values.secret import json_text, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from migrator.reporters import Layout

VERSION = 1
_MOST_NAMED = 8  # agents in a line
_NAMED_ALL = frozenset({State.WRITTEN, State.REFUSED, State.LEFT})  # which is to be known exactly


class ApplyReport(NamedTuple):
    """What becomes of each agent, which of them to restart together, and whether anything was written."""

    agents: tuple[Planned, ...]
    restarts: tuple[tuple[str, ...], ...]
    is_written: bool


def as_text(one: ApplyReport, layout: Layout) -> Iterator[str]:
    """A diff for each group of equal changes, then what was and what is left to do."""
    for group in _groups(one.agents):
        first = group[0]
        names = _some([agent.label for agent in group])
        heading = names if len(group) == 1 else f"{len(group)} agents, the same change: {names}"
        yield paint(heading, BOLD, colour=layout.colour)
        yield "\n"
        yield painted_diff(first.diff, colour=layout.colour) or "(what it holds cannot be shown)\n"
        yield "\n"
    for state in State:
        agents = [agent for agent in one.agents if agent.state is state]
        if agents:
            labels = [agent.label for agent in agents]
            most = len(labels) if state in _NAMED_ALL else _MOST_NAMED
            yield f"{state.value}: {_some(labels, most)}\n"
    for agent in one.agents:
        if agent.reason:
            yield f"  {printable(agent.label)}: {printable(agent.reason)}\n"
    for name, labels in _by_secret(one.agents, lambda agent: agent.enter).items():
        yield f"{name} must be entered again on: {_some(labels, len(labels))}\n"
    for name, labels in _by_secret(one.agents, lambda agent: agent.stay).items():
        yield (
            f"{name} stays, and belongs to the login before; enter what the new one has, where that is "
            f"another, on: {_some(labels, len(labels))}\n"
        )
    yield from _restarts(one)


def _restarts(one: ApplyReport) -> Iterator[str]:
    """In which order to restart what was written."""
    if not one.restarts:
        return
    verb = "Restart" if one.is_written else "To restart afterwards"
    yield f"{verb}, DataMiner being stopped while its file changes:\n"
    single = [labels[0] for labels in one.restarts if len(labels) == 1]
    if single:
        yield f"  {_some(single, most=len(single))}\n"
    for pair in one.restarts:
        if len(pair) > 1:
            words = " then ".join(map(printable, pair))
            yield f"  {words}: one after the other, that which is offline first\n"


def as_json(one: ApplyReport) -> str:
    """The same as one JSON document."""
    document = {
        "version": VERSION,
        "written": one.is_written,
        "agents": [
            {
                "agent": agent.label,
                "path": posix_path(agent.path),
                "state": agent.state.value,
                "reason": agent.reason or None,
                "backup": None if agent.backup is None else posix_path(agent.backup),
                "changes": [
                    {"setting": name, "kind": kind.value, "before": before, "after": after}
                    for name, kind, before, after in agent.changes
                ],
                "enter": list(agent.enter),
                "stay": list(agent.stay),
            }
            for agent in one.agents
        ],
        "restarts": [list(labels) for labels in one.restarts],
    }
    return json_text(document, indent=2) + "\n"


def _groups(agents: Sequence[Planned]) -> list[list[Planned]]:
    """The agents whose files change, by what changes."""
    found: dict[tuple[object, ...], list[Planned]] = {}
    for agent in agents:
        if agent.state in (State.CHANGES, State.WRITTEN):
            found.setdefault(agent.kind, []).append(agent)
    return list(found.values())


def _by_secret(
    agents: Sequence[Planned], secrets_of: Callable[[Planned], tuple[str, ...]]
) -> dict[str, list[str]]:
    """What agents are called, by secrets that there is something to say about."""
    found: dict[str, list[str]] = {}
    for agent in agents:
        for name in secrets_of(agent) if agent.state is not State.REFUSED else ():
            found.setdefault(name, []).append(agent.label)
    return found


def _some(labels: Sequence[str], most: int = _MOST_NAMED) -> str:
    named = ", ".join(map(printable, labels[:most]))
    return named if len(labels) <= most else f"{named} and {len(labels) - most:,} more"
