"""Secrets that gave way to the names of variables: where one name stands for secrets that differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from migrator.migrations.result import Migration


def mark(secret: str, key: bytes) -> str:
    """What tells whether two secrets are the same in one run, and nothing else of them without its key."""
    from hashlib import blake2b

    return blake2b(secret.encode("utf-8", "surrogatepass"), key=key).hexdigest()


def disputed(migrations: Iterable[Migration]) -> dict[str, list[list[Migration]]]:
    """The variables that stand for more than one secret, each with the files of one secret together."""
    found: dict[str, dict[str, list[Migration]]] = {}
    for one in migrations:
        for variable, value in one.variables:
            found.setdefault(variable, {}).setdefault(value, []).append(one)
    return {variable: list(values.values()) for variable, values in found.items() if len(values) > 1}
