"""How much a document may hold before it is parsed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Largest size in bytes, depth of nesting, and number of nodes (elements, comments, instructions)."""

    size: int = 16 * 1024 * 1024
    depth: int = 256
    nodes: int = 200_000
