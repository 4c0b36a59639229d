"""How much a document may hold before it is parsed."""

from __future__ import annotations

from migrator.tuples import NamedTuple

DEEPEST = 2048
"""Levels of elements in XML, of which libxml2 reads no more, whatever the limit."""

MOST_ATTRIBUTES = 10_000
"""Attributes of one element in XML, each of which an older libxml2 compares with all others."""


class Limits(NamedTuple):
    """Largest size in bytes (of YAML apart, which takes longer), depth of nesting, number of nodes."""

    size: int = 16 * 1024 * 1024
    depth: int = 256
    nodes: int = 200_000
    yaml_size: int = 1024 * 1024


def advice(option: str) -> str:
    """What to do about a file beyond a limit, which an option raises."""
    return f"check that this is a configuration of DataMiner; raise the limit with {option} if it is"
