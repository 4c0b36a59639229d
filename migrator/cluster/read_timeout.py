"""Reading files that may never come, as on a share that is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.files import Missing, read

if TYPE_CHECKING:
    from migrator.files import InputFile


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
