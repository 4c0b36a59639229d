"""A line on the terminal that shows that work goes on."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, TypeVar

from migrator.cli.output import try_to_write, understands_escapes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TextIO

_Item = TypeVar("_Item")
_PATIENCE, _PAUSE = 1.0, 0.1  # seconds until the line appears, and between two states of it
_BACK_AND_CLEAR = "\r\x1b[K"


def watched(items: Iterable[_Item], done: str) -> Iterator[_Item]:
    """Hand items on; while they take long to come, count them on standard error, where that is a terminal.

    The line is gone whenever an item is handed on, so that what is written then stands alone. `done` says
    what happens to the items, as in "checked".
    """
    stream = sys.stderr
    if stream is None or not understands_escapes(stream):
        yield from items
        return
    yield from _counted(items, done, stream)


def clear() -> None:
    """Take the line away for what is said before the next item comes."""
    if understands_escapes(sys.stderr):
        try_to_write(sys.stderr, _BACK_AND_CLEAR)


def _counted(items: Iterable[_Item], done: str, stream: TextIO) -> Iterator[_Item]:
    shown_next = time.monotonic() + _PATIENCE
    is_shown = False
    try:
        for count, item in enumerate(items, 1):
            if is_shown:
                try_to_write(stream, _BACK_AND_CLEAR)
                is_shown = False
            yield item
            if time.monotonic() >= shown_next:
                try_to_write(stream, f"{_BACK_AND_CLEAR}{done} {count:,}")
                is_shown = True
                shown_next = time.monotonic() + _PAUSE
    finally:
        if is_shown:
            try_to_write(stream, _BACK_AND_CLEAR)
