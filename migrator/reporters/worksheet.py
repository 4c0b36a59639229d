"""What is to be done in Cube and at a provider, for people."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from migrator.values.secret import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from migrator.conversion.presets import Step

_WIDTH = 100
_YOURS = "(yours)"


def as_text(steps: Iterable[Step]) -> Iterator[str]:
    """The steps, numbered; a field whose value only its user knows says so."""
    for number, step in enumerate(steps, 1):
        yield _wrapped(step.what, f"{number}. ")
        for detail in step.details:
            yield _wrapped(detail, "   ")
        width = max((len(one.name) for one in step.fields), default=0)
        for one in step.fields:
            value = _YOURS if one.value is None else printable(one.value)
            yield f"     {one.name.ljust(width)}  {value}\n"


def _wrapped(text: str, first: str) -> str:
    lines = wrap(printable(text), _WIDTH, initial_indent=first, subsequent_indent=" " * len(first))
    return "".join(f"{line}\n" for line in lines)
