"""One module a format. Each turns the same results into text, a piece at a time, and decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from migrator.checking import FileReport
    from migrator.summary import Tally

    Reporter = Callable[[Iterable[FileReport], Tally, "Layout"], Iterator[str]]


class Layout(NamedTuple):
    """How a person will read it: in colour or not, how many columns there are, and whether on a terminal."""

    colour: bool = False
    width: int = 100
    is_terminal: bool = False


def reporter(name: str) -> Reporter:
    """The reporter of a format: full, concise or json."""
    if name == "json":
        from migrator.reporters.json_report import write
    elif name == "concise":
        from migrator.reporters.concise import write
    else:
        from migrator.reporters.full import write
    return write
