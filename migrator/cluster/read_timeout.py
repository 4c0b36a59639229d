"""Reading files that may never come, as on a share that is gone."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from migrator.files import Missing, read
from migrator.loading import load

if TYPE_CHECKING:
    from migrator.files import InputFile
    from migrator.loading import Loaded, SettingsOf


def load_within(
    file: InputFile | Missing, settings_of: SettingsOf, max_size: int, seconds: int | None
) -> Loaded | Missing:
    """The file as `load` gives it; a reason where it does not come in time (None: wait)."""
    return load(file, settings_of, max_size, partial(read_within, seconds=seconds))


def read_within(file: InputFile, max_size: int, seconds: int | None) -> bytes | Missing:
    """The bytes of a file as `read` gives them; a reason where they do not come in time (None: wait).

    What waits for them then goes on waiting by itself, and ends with this process.
    """
    if seconds is None:
        return read(file, max_size)
    from queue import Empty, SimpleQueue
    from threading import Thread

    answer: SimpleQueue[bytes | Missing] = SimpleQueue()
    Thread(target=lambda: answer.put(read(file, max_size)), daemon=True).start()
    try:
        return answer.get(timeout=seconds)
    except Empty:
        return Missing(file.shown, f"it did not come within {seconds} s: is the share there? See --timeout")
