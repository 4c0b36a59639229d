"""One module a format. Each turns the same results into text, a piece at a time, and decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from migrator.checking import FileReport
from migrator.summary import Tally


@dataclass(frozen=True, slots=True)
class Layout:
    """How a person will read it: in colour or not, and how many columns there are."""

    colour: bool = False
    width: int = 100


Reporter = Callable[[Iterable[FileReport], Tally, Layout], Iterator[str]]


def reporter(name: str) -> Reporter:
    """The reporter of a format: full, concise or json."""
    if name == "json":
        from migrator.reporters.json_report import write
    elif name == "concise":
        from migrator.reporters.concise import write
    else:
        from migrator.reporters.full import write
    return write
