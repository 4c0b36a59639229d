"""Who the agents are: their names, which of them are Failover pairs, and what is to be said about that."""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING

from migrator import definition
from migrator.agents import OF_A_PAIR, Agent, Cluster, Pair, by_identity, with_one_identity
from migrator.cluster.meaning import hidden
from migrator.files import as_named_in
from migrator.tuples import NamedTuple
from migrator.values.secret import MASK
from migrator.wording import counted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from migrator.cluster.dms_xml import Members
    from migrator.cluster.meaning import Digest
    from migrator.cluster.reading import FileRead

_MOST_NAMED = 10  # agents in a sentence


class Known(NamedTuple):
    """An agent as the configuration names it; `path` is absolute, and that of its file or of the folder."""

    name: str
    path: str
    identity: str | None = None


class Declared(NamedTuple):
    """What was declared: agents, Failover pairs as two names each, and the agent to compare with.

    Of the pairs that are `configured`, those count whose agents are both there; of the others all. `folder`,
    absolute, is the one from which the paths of the configuration count.
    """

    agents: tuple[Known, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    configured: tuple[tuple[str, str], ...] = ()
    reference: str | None = None
    folder: str | None = None


class Topology(NamedTuple):
    """A cluster, and sentences about what was assumed, or is not known.

    `halves` are agents of a configured pair whose other one is not there, each with the name of that.
    `unread` tells of a file that could not be read, which may be that of an agent that is missed.
    """

    cluster: Cluster
    notes: tuple[str, ...]
    halves: tuple[tuple[str, str], ...] = ()
    unread: str = ""


class Unclear(NamedTuple):
    """Why what was declared cannot be understood; `is_absent` where it is about no agent that is there."""

    reason: str
    is_absent: bool = False


def topology(
    files: Sequence[FileRead], declared: Declared, digest: Digest, secrets: Collection[str] = ()
) -> Topology | Unclear:
    """The agents among the files, in their order, named and paired; the digest is that of the files.

    `secrets` come from elsewhere, and are shown no more than those of the agents.
    """
    known = {_normal(one.path): one for one in declared.agents}
    in_files = list(_without_foreign_secrets(files, digest, secrets))
    agents = _labelled(_named(one, known, declared.folder) for one in in_files)
    called = _called(agents, declared.folder)
    known_as = {*known, *(text for one in declared.agents for text in (one.name, one.identity))}
    configured = frozenset(declared.configured)
    pairs: set[Pair] = set()
    paired: set[int] = set()
    halves: list[tuple[str, str]] = []
    unknown: list[str] = []
    for names in (*declared.pairs, *declared.configured):
        pair = _declared_pair(called, names)
        if isinstance(pair, Unclear) and pair.is_absent and names in configured:
            found_halves = list(_halves(called, names))
            halves += found_halves
            unknown += [] if found_halves else _unknown(names, known_as)
            continue
        if isinstance(pair, Unclear):
            return pair
        if pair in pairs:
            continue
        if not paired.isdisjoint(pair[:2]):
            return Unclear(f"{names[0]} and {names[1]}: an agent is in one Failover pair alone")
        paired |= {pair.first, pair.second}
        pairs.add(pair)
    assumed = list(_assumed_pairs(agents, paired))
    pairs |= set(assumed)
    reference: int | None = None
    if declared.reference is not None:
        found = _find(called, declared.reference)
        if isinstance(found, Unclear):
            return found
        why_not = _why_no_reference(agents[found])
        if why_not is not None:
            return Unclear(f"{declared.reference}: this agent {why_not}")
        reference = found
    cluster = Cluster(agents, tuple(sorted(pairs)), reference)
    unread = _unread(agents)
    missed = f"whose file was not {'read' if unread else 'given'}{unread}"
    notes = (
        *_notes(cluster, assumed, files),
        *_about_identities(agents, in_files),
        *(f"{label} is in a Failover pair with {other}, {missed}" for label, other in halves),
        *unknown,
    )
    return Topology(cluster, notes, tuple(halves), unread)


def _why_no_reference(agent: Agent) -> str | None:
    """Why other agents cannot be compared with one; None where they can."""
    if agent.problem is not None:
        return f"could not be read: {agent.problem}"
    if agent.can_send:
        return None
    if agent.has_section:
        return "names no Host to compare with"
    where = f" directly under {definition.ROOT}" if agent.is_misplaced else ""
    return f"has no section{where} to compare with"


def _normal(path: str) -> str:
    return os.path.normcase(os.path.abspath(path))  # noqa: PTH100 - links stay what they are


def _without_foreign_secrets(
    files: Sequence[FileRead], digest: Digest, others: Collection[str]
) -> Iterator[Agent]:
    """The agents; what is the text of a secret on any of them, or elsewhere, is shown on none."""
    secrets = set(map(digest, others))
    for one in files:
        secrets |= one.secrets
    for one in files:
        if one.agent is None:
            continue
        values = one.agent.values
        found = {
            name: hidden(value)
            for name, value in values.items()
            if not value.is_hidden and value.digest in secrets
        }
        name, identity = (
            MASK if text is not None and digest(text) in secrets else text
            for text in (one.agent.name, one.agent.identity)
        )
        is_same = not found and (name, identity) == (one.agent.name, one.agent.identity)
        yield (
            one.agent
            if is_same
            else one.agent._replace(name=name, identity=identity, values={**values, **found})
        )


def _paths(agent: Agent, folder: str | None) -> Iterator[str]:
    """What may be said where the agent is meant: its path and its folder, also as seen from a folder."""
    path = os.path.abspath(agent.path)  # noqa: PTH100 - as above
    found = {path: None}
    if folder is not None and agent.problem is None:  # what cannot be read is not looked at again
        above = as_named_in(path, folder)
        if above != folder:
            found[os.path.join(folder, os.path.relpath(path, above))] = None  # noqa: PTH118 - as above
    for one in found:
        normal = os.path.normcase(one)
        yield from (normal, os.path.dirname(normal))  # noqa: PTH120 - as above


def _named(agent: Agent, known: Mapping[str, Known], folder: str | None) -> Agent:
    """The agent with the name and ID that the configuration gives it."""
    own = next((known[one] for one in _paths(agent, folder) if one in known), None) if known else None
    if own is None:
        return agent
    return agent._replace(name=own.name, identity=own.identity or agent.identity, name_in_file=agent.name)


def _labelled(agents: Iterable[Agent]) -> tuple[Agent, ...]:
    """The agents, each with a label of its own: name and ID, with the path where that is not enough."""
    found = [agent._replace(label=_label(agent)) for agent in agents]
    count: dict[str, int] = {}
    for agent in found:
        count[agent.label] = count.get(agent.label, 0) + 1
    return tuple(
        agent
        if count[agent.label] == 1 or agent.label == agent.path
        else agent._replace(label=f"{agent.label} in {_folder(agent.path)}")
        for agent in found
    )


def _label(agent: Agent) -> str:
    if agent.name and agent.identity:
        return f"{agent.name} (ID {agent.identity})"
    if agent.name:
        return agent.name
    return f"ID {agent.identity}" if agent.identity else agent.path


def _folder(path: str) -> str:
    """The folder where a DataMiner.xml lies, or else the file itself."""
    folder, name = os.path.split(path)
    return folder if folder and name.lower() == "dataminer.xml" else path


class _Called(NamedTuple):
    """The agents, and by each way of naming one their numbers, so that many can be found in no time."""

    agents: Sequence[Agent]
    by_label: Mapping[str, Sequence[int]]
    by_name: Mapping[str, Sequence[int]]
    by_path: Mapping[str, Sequence[int]]
    by_identity: Mapping[str, Sequence[int]]
    by_name_in_file: Mapping[str, Sequence[int]]


def _called(agents: Sequence[Agent], folder: str | None) -> _Called:
    return _Called(
        agents,
        _numbers((agent.label,) for agent in agents),
        _numbers((agent.name,) for agent in agents),
        _numbers(_paths(agent, folder) for agent in agents),
        by_identity(agents),
        _numbers((agent.name_in_file,) for agent in agents),
    )


def _numbers(names: Iterable[Iterable[str | None]]) -> dict[str, list[int]]:
    """The numbers of the agents that have each name, of which an agent may have several."""
    found: dict[str, list[int]] = {}
    for number, some in enumerate(names):
        for name in some:
            if name is not None:
                found.setdefault(name, []).append(number)
    return found


def _find(called: _Called, text: str) -> int | Unclear:
    """The agent that a label, a name, a path, a folder or an ID means."""
    agents = called.agents
    ways = (
        called.by_label.get(text),
        called.by_name.get(text),
        called.by_path.get(_normal(text)),
        called.by_identity.get(text),
        called.by_name_in_file.get(text),
    )
    for found in ways:
        if found and len(found) == 1:
            return found[0]
        if found:
            some = " or ".join(f'"{agents[number].path}"' for number in found[:_MOST_NAMED])
            return Unclear(f"{text}: several agents have this name; give its path, as in {some}")
    return Unclear(f"{text}: no agent has this name, path or ID{_unread(agents)}", is_absent=True)


def _unread(agents: Iterable[Agent]) -> str:
    return next((f"; {one.path} was not read: {one.problem}" for one in agents if one.problem), "")


def _declared_pair(called: _Called, names: tuple[str, str]) -> Pair | Unclear:
    found = [_find(called, name) for name in names]
    unclear = [one for one in found if isinstance(one, Unclear)]
    if unclear:  # that several agents have a name counts, whichever of the two is absent
        return next((one for one in unclear if not one.is_absent), unclear[0])
    numbers = [one for one in found if not isinstance(one, Unclear)]
    first, second = sorted(numbers)
    if first == second:
        return Unclear(f"{names[0]} and {names[1]}: this is one agent, and a Failover pair has two")
    return Pair(first, second)


def _halves(called: _Called, names: tuple[str, str]) -> Iterator[tuple[str, str]]:
    """The agent of a pair that is there alone, if one is, with the name of the other."""
    for name, other in (names, names[::-1]):
        found = _find(called, name)
        if not isinstance(found, Unclear):
            yield called.agents[found].label, other


def _unknown(names: tuple[str, str], known: Collection[str | None]) -> Iterator[str]:
    """What is said of a configured pair of which no agent is there, if there may be no such agents."""
    unknown = [name for name in names if name not in known and _normal(name) not in known]
    if unknown:
        who = " or ".join(unknown)
        yield (
            f"the configuration has {names[0]} and {names[1]} as a Failover pair, and no agent here has the "
            f"name, path or ID {who}"
        )


def _assumed_pairs(agents: Sequence[Agent], paired: set[int]) -> Iterator[Pair]:
    """Two files with one DataMiner ID, as the agents of a Failover pair have."""
    for _, numbers in with_one_identity(agents):
        if len(numbers) == OF_A_PAIR and paired.isdisjoint(numbers):
            yield Pair(numbers[0], numbers[1], is_assumed=True)


def _notes(cluster: Cluster, assumed: Sequence[Pair], files: Sequence[FileRead]) -> Iterator[str]:
    agents = cluster.agents
    if len(assumed) > _MOST_NAMED:
        yield f"{len(assumed)} times two files have one DataMiner ID: each taken as a Failover pair"
    else:
        for pair in assumed:
            yield (
                f"{agents[pair.first].label} and {agents[pair.second].label} have one DataMiner ID: "
                "taken as a Failover pair"
            )
    unclear = [agent.label for agent in agents if agent.is_ambiguous]
    if unclear:
        yield (
            f"{_some(unclear)}: the section, or a setting in it, is there twice and differs; the first "
            "counts here, and which DataMiner uses is not documented"
        )
    lists = _lists(files)
    yield from _about_lists(lists, cluster)


def _about_identities(agents: Iterable[Agent], in_files: Iterable[Agent]) -> Iterator[str]:
    """What is said of an agent that has another DataMiner ID in the configuration than in its file."""
    for agent, in_file in zip(agents, in_files, strict=True):
        if in_file.identity and in_file.identity != agent.identity:
            yield (
                f"{agent.label}: its ID is that of the configuration, and its file {agent.path} has "
                f"{in_file.identity}: is it that of another agent?"
            )


def _lists(files: Sequence[FileRead]) -> list[Members]:
    """The lists of agents, each once, those that were given by name first."""
    found: dict[str, Members] = {}
    for one in (*(file.members for file in files), *(file.beside for file in files)):
        if one is not None:
            found.setdefault(_normal(one.path), one)
    return list(found.values())


def _about_lists(lists: Sequence[Members], cluster: Cluster) -> Iterator[str]:
    if not lists:
        return
    here = {agent.identity for agent in cluster.agents if agent.identity}
    missing: dict[str, str] = {}
    oddities: dict[str, list[str]] = {}  # by what is odd, as the lists of one cluster are alike
    for members in lists:
        for what in _oddities(members):
            oddities.setdefault(what, []).append(members.path)
        for one in members.listed:
            if one.identity and one.identity not in here:
                missing.setdefault(one.identity, one.address)
    for what, (path, *others) in oddities.items():
        yield f"{path} and {len(others)} more list {what}" if others else f"{path} lists {what}"
    if missing:
        who = [f"{identity} ({address})" if address else identity for identity, address in missing.items()]
        verb = "read" if any(agent.problem for agent in cluster.agents) else "given"
        yield f"DMS.xml lists agents of which no file was {verb}: {_some(who)}"
    if any(members.has_failover for members in lists) and not cluster.pairs:
        path = next(members.path for members in lists if members.has_failover)
        yield (
            f"{path} speaks of Failover, and no pair is known among these files: what it says is not "
            "documented, so name the pair with --failover A=B"
        )
    names = sorted({members.cluster for members in lists if members.cluster})
    if len(names) > 1:
        yield f"the agents are of several clusters: {_some(names)}"


def _oddities(members: Members) -> Iterator[str]:
    """What a list holds that it should not."""
    if members.problem:
        yield f"nothing that can be read: {members.problem}"
    count = Counter(one.identity for one in members.listed if one.identity)
    twice = sorted(identity for identity, number in count.items() if number > 1)
    if twice:
        yield f"{_ids(twice)} more than once"
    unnamed = [one.address for one in members.listed if one.identity is None]
    if len(unnamed) > 1:  # that of the agent itself may have none
        yield f"{counted(len(unnamed), 'agent')} without an ID: {_some(unnamed)}"


def _ids(identities: Sequence[str]) -> str:
    return f"agent {identities[0]}" if len(identities) == 1 else f"agents {_some(identities)}"


def _some(words: Sequence[str]) -> str:
    shown = ", ".join(words[:_MOST_NAMED])
    return shown if len(words) <= _MOST_NAMED else f"{shown} and {len(words) - _MOST_NAMED} more"
