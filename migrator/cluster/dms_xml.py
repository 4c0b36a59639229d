"""DMS.xml: which agents the cluster has.

Source: DataMiner documentation, "DMS.xml". The entry of the agent on which the file lies may have no ID, an
agent may be listed twice, an address may be a host name, and what a Failover tag holds is not documented. The
namespace may be missing, so local names count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.tuples import NamedTuple
from migrator.values.secret import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.document.model import Document, Node

ROOT = "DMS"
NAME = "DMS.xml"
_MOST_SHOWN = 100  # characters of an address or a name


class Listed(NamedTuple):
    """An agent as DMS.xml lists it: its ID (None where it has none there) and its address or host name."""

    identity: str | None
    address: str


class Members(NamedTuple):
    """What one DMS.xml says, or in `problem` why it says nothing.

    `cluster` is the name of the cluster, None where it has none.
    """

    path: str
    cluster: str | None = None
    listed: tuple[Listed, ...] = ()
    has_failover: bool = False
    problem: str = ""


def read_members(path: str, document: Document) -> Members | None:
    """The cluster that a document lists; None where it is no DMS.xml."""
    root = document.root
    if root.name != ROOT:
        return None
    listed: list[Listed] = []
    cluster: str | None = None
    has_failover = False
    for node in _inside(root):
        if node.name == "Failover":
            has_failover = True
        elif node.name == "Cluster":
            cluster = cluster or _attribute(node, "name") or None
        elif node.name == "DMA":
            listed.append(Listed(_attribute(node, "id") or None, _attribute(node, "ip")))
    return Members(path, cluster, tuple(listed), has_failover)


def _inside(root: Node) -> Iterator[Node]:
    pending = list(reversed(root.children()))
    while pending:
        node = pending.pop()
        yield node
        pending += reversed(node.children())


def _attribute(node: Node, name: str) -> str:
    found = next((one.value for one in node.attributes() if one.name == name and not one.namespace), "")
    return printable(found.strip())[:_MOST_SHOWN]
