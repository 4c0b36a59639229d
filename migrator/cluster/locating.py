"""From what is found on agents side by side to reports on their files, with the places on other agents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.checking import FileReport
from migrator.cluster.comparing import findings
from migrator.cluster.places import OnAgent, Wanted
from migrator.diagnostic import Related
from migrator.files import InputFile
from migrator.parallel import in_order
from migrator.values.secret import MASK

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator.agents import Agent, Cluster
    from migrator.cluster.comparing import Found
    from migrator.cluster.places import Place, Placer
    from migrator.cluster.reading import FileRead
    from migrator.rules.model import AgentFinding


def reports_on(
    files: Sequence[FileRead], cluster: Cluster, placer: Placer, processes: int
) -> Iterator[FileReport]:
    """What there is to say of each agent, in the order of the files; these are read once more for it."""
    agents = cluster.agents
    by_agent: dict[int, list[Found]] = {}
    for found in findings(cluster):
        by_agent.setdefault(found.finding.agent, []).append(found)
    of_agents = [file for file in files if file.agent is not None]
    places = _places(of_agents, by_agent, placer, processes)
    located = in_order(
        placer.report_on,
        (
            _on_agent(of_agents[number], agents, number, by_agent[number], places)
            for number in sorted(by_agent)
        ),
        processes,
    )
    for number, file in enumerate(of_agents):
        if number in by_agent:
            yield next(located)
        else:
            yield file.report or FileReport(file.file.shown)


def _places(
    files: list[FileRead], by_agent: dict[int, list[Found]], placer: Placer, processes: int
) -> dict[tuple[int, str | None], Place]:
    """The places on other agents to which findings refer."""
    wanted: dict[int, set[str | None]] = {}
    for some in by_agent.values():
        for _, finding in some:
            for number, setting, _ in finding.related:
                wanted.setdefault(number, set()).add(setting)
    asked = [
        Wanted(number, file, frozenset(wanted[number]))
        for number in sorted(wanted)
        if isinstance(file := files[number].file, InputFile)
    ]
    found = in_order(placer.places, asked, processes)
    return {
        (one.number, setting): place
        for one, places in zip(asked, found, strict=True)
        for setting, place in places.items()
    }


def _on_agent(
    read: FileRead,
    agents: tuple[Agent, ...],
    number: int,
    found: list[Found],
    places: dict[tuple[int, str | None], Place],
) -> OnAgent:
    assert isinstance(read.file, InputFile)  # noqa: S101 - nothing is found on what was not read
    own = agents[number]
    return OnAgent(
        read.file,
        own.label,
        read.digest,
        tuple((code, finding, _related(finding, agents, places)) for code, finding in found),
        has_foreign_secret=read.agent is not None and _hides_more(own, read.agent),
    )


def _hides_more(one: Agent, than: Agent) -> bool:
    """Whether an agent hides what its file alone would not: the text of a secret on another agent."""
    return MASK in (one.name, one.identity) or one.values != than.values


def _related(
    finding: AgentFinding, agents: tuple[Agent, ...], places: dict[tuple[int, str | None], Place]
) -> tuple[Related, ...]:
    return tuple(
        Related(f"{agents[number].label}: {message}", place.place, place.span, place.path)
        for number, setting, message in finding.related
        if (place := places.get((number, setting))) is not None
    )
