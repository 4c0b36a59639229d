"""How long it may take: each stage, and all of it."""

from __future__ import annotations

import time

_SHARE = 3  # of the whole time, what one stage may take


class Clock:
    """Counts from its making. No stage but the last may take more than a third, so that others can follow."""

    def __init__(self, seconds: float) -> None:
        self._stage_seconds = seconds / _SHARE
        self._end = time.monotonic() + seconds
        self._stage_start = time.monotonic()
        self._stage_end = self._end

    def start_stage(self, *, is_last: bool = False) -> None:
        """A stage begins now; the last one has all the time that is left."""
        self._stage_start = time.monotonic()
        self._stage_end = self._end if is_last else min(self._stage_start + self._stage_seconds, self._end)

    @property
    def elapsed(self) -> float:
        """Seconds since the stage began."""
        return time.monotonic() - self._stage_start

    def remaining(self) -> float:
        """Seconds that the stage has left; TimeoutError where there are none."""
        left = self._stage_end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    @property
    def is_over(self) -> bool:
        """Whether all of the time is used up."""
        return time.monotonic() >= self._end
