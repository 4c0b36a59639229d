"""What the fuzzer drives: `python -m tests.fuzz.target KIND …`, and then options and folders for libFuzzer.

It needs atheris; `python -m tests.fuzz` does it for all kinds.
"""

from __future__ import annotations

import sys
from random import Random
from typing import TYPE_CHECKING

import atheris

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

LIMITS = ("-max_len=4096", "-timeout=100", "-report_slow_units=100", "-rss_limit_mb=1024")
"""Bytes of an input; seconds by the clock, after which it does not end by itself; megabytes."""
# Ours, and that of others which reads the text.
_INSTRUMENTED = ["migrator", "tomllib", "yaml"]
_BYTE_CHANGES_IN = 3  # one of so many


def instrumented() -> AbstractContextManager[None]:
    """While this is entered, code is imported so that the fuzzer sees its branches; it takes seconds."""
    context: AbstractContextManager[None] = atheris.instrument_imports(include=_INSTRUMENTED)
    return context


def fuzz(name: str, arguments: Sequence[str]) -> None:
    """Fuzz a kind until libFuzzer ends the process."""
    from tests.fuzz.kinds import KINDS
    from tests.fuzz.mutation import mutated

    kind = KINDS[name]

    def mutate(data: bytes, most: int, seed: int) -> bytes:
        random = Random(seed)  # noqa: S311 - to be the same again
        if random.randrange(_BYTE_CHANGES_IN) == 0:
            changed: bytes = atheris.Mutate(data, most)
            return changed
        return mutated(data, kind.words, random)[:most]

    command = f"{sys.executable} -m tests.fuzz.target {name}"  # libFuzzer calls itself where it merges
    atheris.Setup([command, *LIMITS, *arguments], kind.holds, custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    with instrumented():
        fuzz(sys.argv[1], sys.argv[2:])
