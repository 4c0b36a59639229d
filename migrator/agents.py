"""The agents of a cluster as they were read: facts alone. The C rules say what is wrong with them.

Nothing here holds a secret: of one there is a digest that tells it from others, and no text.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from migrator.tuples import Identity, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

OWN = frozenset({"Helo"})
"""Settings that each machine has for itself."""
OF_A_PAIR = 2
"""So many agents have one DataMiner ID at most: those of a Failover pair."""


class Value(NamedTuple):
    """What a setting of an agent means.

    `meaning` is the same for values that mean the same, `text` the value as it stands in the file, empty
    where a default was filled in. Of a value that may not be shown `text` is a mask, and `is_hidden` says so;
    `is_reference` says that it looks like a reference which its own agent alone can read, `is_variable` that
    it names a variable of the environment, which nobody looked up. `digest` tells whether the text is the
    same as another one.
    """

    meaning: str
    text: str
    digest: bytes = b""
    is_hidden: bool = False
    is_reference: bool = False
    is_variable: bool = False

    @property
    def is_opaque(self) -> bool:
        """Whether what it stands for is not known."""
        return self.is_reference or self.is_variable


_NO_VALUES: Mapping[str, Value] = {}


class Agent(NamedTuple):
    """One agent.

    `label` names it among the others. `name` and `identity` are its name and DataMiner ID, where they are
    known. `values` holds its settings that are there with a value, and HostPort in any case. `problem` says
    why nothing is known of it: the file could not be read, or is no configuration. `name_in_file` is its name
    there, where the configuration gives it another one. `is_misplaced` says that its section stands elsewhere
    than directly under DataMiner, `is_ambiguous` that a section or setting is there twice, and differs.
    `cluster` is what the DMS.xml beside it, if there is one, calls its cluster.
    """

    path: str
    label: str
    name: str | None = None
    identity: str | None = None
    values: Mapping[str, Value] = _NO_VALUES
    has_section: bool = False
    problem: str | None = None
    name_in_file: str | None = None
    is_misplaced: bool = False
    is_ambiguous: bool = False
    cluster: str | None = None

    @property
    def can_send(self) -> bool:
        """Whether it has a section that names a server."""
        return "Host" in self.values


class Pair(NamedTuple):
    """Two agents, by their number, that are a Failover pair; `is_assumed` where nobody declared it."""

    first: int
    second: int
    is_assumed: bool = False


class Group(NamedTuple):
    """Agents, by their number and in order, whose values mean the same; `value` is that of the first.

    Without a value, the setting is missing. `texts` are the ways in which the value is written, the most
    usual first; a default that was filled in is empty.
    """

    value: Value | None
    agents: tuple[int, ...]
    texts: tuple[str, ...] = ()


class _Cluster(NamedTuple):
    agents: tuple[Agent, ...]
    pairs: tuple[Pair, ...] = ()
    reference: int | None = None


class Cluster(Identity, _Cluster):
    """Agents side by side, Failover pairs among them, and the agent to compare with, if there is one."""

    @cached_property
    def senders(self) -> tuple[int, ...]:
        """The agents that can send mail; these are compared."""
        return tuple(number for number, agent in enumerate(self.agents) if agent.can_send)

    @cached_property
    def partners(self) -> dict[int, int]:
        """The other agent of its Failover pair, for each that is in one."""
        return {one: other for pair in self.pairs for one, other in (pair[:2], (pair.second, pair.first))}

    def groups(self, setting: str) -> tuple[Group, ...]:
        """The agents by what the setting means there, the odd ones first and the usual ones last.

        Usual is what the reference has, or else most agents have (of as many, the first). References that
        differ are in one group, as nobody can tell what is behind them.
        """
        found = self._groups.get(setting)
        if found is None:
            found = self._groups[setting] = self._grouped(setting)
        return found

    @cached_property
    def _groups(self) -> dict[str, tuple[Group, ...]]:
        return {}

    def _grouped(self, setting: str) -> tuple[Group, ...]:
        agents = self.agents
        same: dict[int, list[int]] = {}  # by the identity of a value, of which many agents have the same
        values: dict[int, Value | None] = {}
        for number in self.senders:
            value = agents[number].values.get(setting)
            values[id(value)] = value
            same.setdefault(id(value), []).append(number)
        alike: dict[str | None, list[int]] = {}
        for identity, value in values.items():
            alike.setdefault(_key(value), []).append(identity)
        found = [_group([(values[one], same[one]) for one in identities]) for identities in alike.values()]
        if not found:
            return ()
        usual = max(found, key=lambda one: (self.reference in one.agents, len(one.agents), -one.agents[0]))
        return tuple(sorted(found, key=lambda one: (one is usual, len(one.agents), one.agents[0])))


def _group(parts: Sequence[tuple[Value | None, Sequence[int]]]) -> Group:
    """Agents that have one of these values, which mean the same; the first one is that of the first."""
    texts: Counter[str] = Counter()
    for value, numbers in parts:
        texts["" if value is None else value.text] += len(numbers)
    agents = sorted(chain.from_iterable(numbers for _, numbers in parts))
    return Group(parts[0][0], tuple(agents), tuple(text for text, _ in texts.most_common()))


def by_identity(agents: Iterable[Agent]) -> dict[str, list[int]]:
    """The agents, by number, that have each DataMiner ID."""
    found: dict[str, list[int]] = {}
    for number, agent in enumerate(agents):
        if agent.identity:
            found.setdefault(agent.identity, []).append(number)
    return found


def with_one_identity(agents: Sequence[Agent]) -> Iterator[tuple[str, list[int]]]:
    """Each DataMiner ID with the agents, by number, that have it; agents of two clusters are told apart."""
    for identity, numbers in by_identity(agents).items():
        clusters = dict.fromkeys(agents[number].cluster for number in numbers)
        if len(clusters.keys() - {None}) <= 1:
            yield identity, numbers
            continue
        for cluster in clusters:
            yield identity, [number for number in numbers if agents[number].cluster == cluster]


def _key(value: Value | None) -> str | None:
    if value is None:
        return None
    return "reference" if value.is_opaque else f"={value.meaning}"


def are_comparable(one: Value | None, other: Value | None) -> bool:
    """Whether anybody can tell if two values mean the same; of a reference, only its own agent can."""
    if one is None or other is None:
        return True
    return not (one.is_opaque or other.is_opaque)


def are_alike(one: Value | None, other: Value | None) -> bool:
    """Whether two values mean the same, or nobody can tell."""
    return _key(one) == _key(other) or not are_comparable(one, other)
