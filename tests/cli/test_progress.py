from __future__ import annotations

import errno
import io
import os
import re
import sys
import time
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from migrator.cli.progress import watched

if TYPE_CHECKING:
    from collections.abc import Iterator


class Terminal(io.StringIO):
    """A terminal that remembers what stood on it."""

    def isatty(self) -> bool:
        return True

    def shown(self) -> str:
        """What is left of a line after all that was written to it."""
        return re.split(r"\r\x1b\[K", self.getvalue())[-1]


@pytest.fixture(name="terminal")
def _terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("WT_SESSION", "for Windows")
    return Terminal()


def seen(items: Iterator[int], stream: io.StringIO | None) -> Iterator[int]:
    """The items as they pass, while this is standard error."""
    with mock.patch.object(sys, "stderr", stream):
        yield from watched(items, "checked")


@pytest.fixture(name="clock")
def _clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def slowly(clock: list[float], count: int, seconds: float) -> Iterator[int]:
    for number in range(count):
        clock[0] += seconds
        yield number


def test_work_that_takes_long_is_counted(terminal: Terminal, clock: list[float]) -> None:
    shown = []
    for number in seen(slowly(clock, 5_000, 0.001), terminal):
        assert terminal.shown() == ""  # what is written now stands alone
        shown.append(number)

    assert shown == list(range(5_000))
    assert "checked 1,000" in terminal.getvalue()
    assert "checked 999" not in terminal.getvalue()
    assert terminal.getvalue().count("checked") < 50
    assert terminal.shown() == ""


def test_quick_work_is_not(terminal: Terminal, clock: list[float]) -> None:
    assert list(seen(slowly(clock, 100, 0.001), terminal)) == list(range(100))
    assert terminal.getvalue() == ""


def test_the_line_goes_when_the_work_is_interrupted(terminal: Terminal, clock: list[float]) -> None:
    def interrupted() -> Iterator[int]:
        yield from slowly(clock, 2_000, 0.001)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(seen(interrupted(), terminal))

    assert "checked" in terminal.getvalue()
    assert terminal.shown() == ""


@pytest.mark.parametrize("stream", [io.StringIO(), None])
def test_nothing_is_shown_where_there_is_no_terminal(stream: io.StringIO | None, clock: list[float]) -> None:
    assert list(seen(slowly(clock, 3_000, 0.001), stream)) == list(range(3_000))
    assert stream is None or stream.getvalue() == ""


def test_nothing_is_shown_on_a_dumb_terminal(
    terminal: Terminal, clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "dumb")

    list(seen(slowly(clock, 3_000, 0.001), terminal))

    assert terminal.getvalue() == ""


@pytest.mark.parametrize(("session", "is_shown"), [(None, False), ("1", True)])
def test_the_old_console_of_windows_would_show_escape_sequences_as_they_are(
    session: str | None,
    is_shown: bool,
    terminal: Terminal,
    clock: list[float],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("WT_SESSION", raising=False)
    if session is not None:
        monkeypatch.setenv("WT_SESSION", session)
    monkeypatch.setattr(sys, "platform", "win32")

    list(seen(slowly(clock, 3_000, 0.001), terminal))

    assert ("checked" in terminal.getvalue()) == is_shown


def test_a_terminal_that_is_gone_does_not_stop_the_work(clock: list[float]) -> None:
    class Gone(Terminal):
        def write(self, _text: str, /) -> int:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    assert list(seen(slowly(clock, 3_000, 0.001), Gone())) == list(range(3_000))
