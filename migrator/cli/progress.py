"""A line on the terminal that shows that work goes on."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, TypeVar

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
    if stream is None or not _shows_lines(stream):
        yield from items
        return
    yield from _counted(items, done, stream)


def clear() -> None:
    """Take the line away for what is said before the next item comes."""
    stream = sys.stderr
    if stream is not None and _shows_lines(stream):
        stream.write(_BACK_AND_CLEAR)


def _shows_lines(stream: TextIO) -> bool:
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def _counted(items: Iterable[_Item], done: str, stream: TextIO) -> Iterator[_Item]:
    shown_next = time.monotonic() + _PATIENCE
    is_shown = False
    try:
        for count, item in enumerate(items, 1):
            if is_shown:
                stream.write(_BACK_AND_CLEAR)
                stream.flush()
                is_shown = False
            yield item
            if time.monotonic() >= shown_next:
                stream.write(f"{_BACK_AND_CLEAR}{done} {count:,}")
                stream.flush()
                is_shown = True
                shown_next = time.monotonic() + _PAUSE
    finally:
        if is_shown:
            stream.write(_BACK_AND_CLEAR)
            stream.flush()
