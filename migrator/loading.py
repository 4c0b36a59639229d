"""A file as the commands take it: its bytes, with the settings that count for it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import takewhile
from typing import TYPE_CHECKING, TypeVar

from migrator.files import InputFile, Missing
from migrator.files import read as read_bytes
from migrator.parallel import is_stopped
from migrator.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from migrator.checking import CheckSettings

_Item = TypeVar("_Item")

CUT_SHORT = "it was not passed on: it is too large, and was not read to its end"
"""What is said of standard input of which there is more than what was read."""
AT_ONCE = 64
"""Files that are well read at a time; by turns with work on them, reading takes longer."""
_MOST_BYTES = 1024 * 1024  # of files that wait, beside those of the last one

SettingsOf = Callable[[str | None], "CheckSettings | str"]
"""The settings for a file (None: nameless input), or why there are none."""


class Loaded(NamedTuple):
    """A file that was read."""

    file: InputFile
    settings: CheckSettings
    data: bytes


def load(
    file: InputFile | Missing,
    settings_of: SettingsOf,
    max_size: int,
    read: Callable[[InputFile, int], bytes | Missing] = read_bytes,
) -> Loaded | Missing:
    """The file, or why there is nothing to work on; a mistake of ours is this one file's failure."""
    if isinstance(file, Missing):
        return file
    try:
        settings = settings_of(file.configured_as)
        if isinstance(settings, str):
            return Missing(file.shown, settings)
        data = read(file, max_size)
    except Exception as error:  # noqa: BLE001 - the other files still count
        from migrator import crash

        return Missing(file.shown, crash.sentence(error))
    return data if isinstance(data, Missing) else Loaded(file, settings, data)


def load_ahead(
    items: Iterable[_Item], load_one: Callable[[_Item], Loaded | Missing], at_once: int = AT_ONCE
) -> Iterator[tuple[_Item, Loaded | Missing]]:
    """Each item with its file; up to `at_once` are read before the first of them is worked on.

    Where the process is to stop, what was read ahead is left. Ctrl-C while a file does not come lets those
    be worked on that did.
    """
    waiting: list[tuple[_Item, Loaded | Missing]] = []
    size = 0
    for item in items:
        try:
            loaded = load_one(item)
        except KeyboardInterrupt:
            yield from waiting
            raise
        waiting.append((item, loaded))
        size += 0 if isinstance(loaded, Missing) else len(loaded.data)
        if len(waiting) == at_once or size > _MOST_BYTES:
            yield from takewhile(_goes_on, waiting)
            waiting, size = [], 0
    yield from takewhile(_goes_on, waiting)


def _goes_on(_: object) -> bool:
    return not is_stopped()
