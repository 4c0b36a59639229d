"""What a run waits for and may never get: a file on a share that is gone, a pipe that nobody writes to."""

from __future__ import annotations

import time

_LONG = 1.0  # seconds that tell a wait from what takes its time

_awaited: str | None = None
_since = 0.0
_awaited_elsewhere: list[str] = []


def wait_for(name: str | None) -> None:
    """Note what this process waits for from now on; None: it came."""
    global _awaited, _since
    _awaited, _since = name, time.monotonic()


def is_waiting() -> bool:
    """Whether this process waits for something."""
    return _awaited is not None


def awaited_here() -> str | None:
    """What this process has waited for a while already."""
    return _awaited if time.monotonic() > _since + _LONG else None


def note_elsewhere(name: str | None) -> None:
    """Note what another process had waited for when it stopped working for this one."""
    if name is not None:
        _awaited_elsewhere.append(name)


def awaited() -> tuple[str, ...]:
    """All that was waited for in vain, by whichever process."""
    here = awaited_here()
    return tuple(_awaited_elsewhere) if here is None else (*_awaited_elsewhere, here)
