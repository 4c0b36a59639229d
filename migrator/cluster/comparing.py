"""Agents side by side: what is found on each, and the matrix of settings and of groups that agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator import definition
from migrator.agents import OWN, are_comparable
from migrator.rules import CLUSTER_RULES, CRASHED
from migrator.rules.model import AgentFinding
from migrator.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.agents import Cluster, Group


class Found(NamedTuple):
    """A finding and the code of its rule."""

    code: str
    finding: AgentFinding


class GroupRow(NamedTuple):
    """Agents that agree on a setting: the value, where it may be shown, and its other spellings.

    `value` is None where the setting is missing; `default` says what counts then, as far as that is known.
    `is_odd` says that it differs from what is usual, `is_comparable` that somebody can tell.
    """

    value: str | None
    agents: tuple[int, ...]
    others: tuple[str, ...] = ()
    default: str | None = None
    is_secret: bool = False
    is_odd: bool = False
    is_comparable: bool = True


class Row(NamedTuple):
    """A setting over all agents that can send mail, the odd ones first; `is_own`: each has its own."""

    setting: str
    groups: tuple[GroupRow, ...]
    is_own: bool = False

    @property
    def differs(self) -> bool:
        """Whether agents differ that should not."""
        return not self.is_own and any(group.is_odd for group in self.groups)


class Matrix(NamedTuple):
    """A cluster as a table; `without` are agents that cannot send mail, `unread` those not read."""

    cluster: Cluster
    rows: tuple[Row, ...]
    without: tuple[int, ...]
    unread: tuple[int, ...]
    notes: tuple[str, ...] = ()


def findings(cluster: Cluster) -> Iterator[Found]:
    """What the rules find on the agents; that a rule failed is said of the first of them."""
    for rule in CLUSTER_RULES:
        if rule.check_cluster is None:
            continue
        try:
            for finding in rule.check_cluster(cluster):
                yield Found(rule.code, finding)
        except Exception as error:  # noqa: BLE001 - the other rules still count
            from migrator import crash

            readable = (number for number, agent in enumerate(cluster.agents) if agent.problem is None)
            words = crash.of_rule(rule.code, rule.name, error)
            yield Found(CRASHED.code, AgentFinding(next(readable, 0), None, *words))


def matrix(cluster: Cluster, notes: tuple[str, ...] = ()) -> Matrix:
    """The settings that any agent has, in the documented order."""
    rows = tuple(
        Row(setting, tuple(_group_rows(cluster, setting)), setting in OWN)
        for setting in definition.settings()
        if any(group.value is not None for group in cluster.groups(setting))
    )
    numbered = list(enumerate(cluster.agents))
    return Matrix(
        cluster,
        rows,
        tuple(number for number, agent in numbered if agent.problem is None and not agent.can_send),
        tuple(number for number, agent in numbered if agent.problem is not None),
        notes,
    )


def _group_rows(cluster: Cluster, setting: str) -> Iterator[GroupRow]:
    groups = cluster.groups(setting)
    usual = groups[-1]
    is_secret = definition.settings()[setting].is_secret
    for group in groups:
        value = group.value
        is_comparable = are_comparable(value, usual.value) and not _is_unclear(cluster, setting, group)
        texts = () if value is None or value.is_hidden else group.texts
        shown = [text for text in texts if text]
        if value is not None and value.is_hidden:
            shown = [value.text]
        yield GroupRow(
            shown[0] if shown else None,
            group.agents,
            tuple(shown[1:]),
            value.meaning if value is not None and "" in texts else None,
            is_secret or (value is not None and value.is_hidden),
            group is not usual and is_comparable,
            is_comparable,
        )


def _is_unclear(cluster: Cluster, setting: str, group: Group) -> bool:
    """Whether nobody can tell if the agents of a group have the same: several references are among them."""
    if group.value is None or not group.value.is_opaque:
        return False
    return len({cluster.agents[number].values[setting].meaning for number in group.agents}) > 1
