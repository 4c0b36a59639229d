"""What is said after files were written, by whichever command."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, Final

from migrator.cli.output import ExitCode, say
from migrator.waiting import awaited
from migrator.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager

RESTART: Final = "on an agent, DataMiner is stopped while its file changes, and started again for it to count"


def former_content(where: str = "a .bak file beside each") -> str:
    """Where the former content of a file is, and what it holds."""
    return f"the former content is in {where}, with the same secrets"


def after_writing(files: int, *, backup: bool) -> Iterator[str]:
    """What is left to do where this many files were written."""
    if files:
        yield _written(files)
        yield RESTART
        if backup:
            yield former_content()


def told_where_cut_short(files: Callable[[], int], *, backup: bool) -> AbstractContextManager[None]:
    """Say what was written so far, and what is left to do, where a run ends before its time.

    `files` counts those that the run knows of: other processes may have written them. What this one wrote is
    known even where Ctrl-C came before the run knew.
    """
    return _told(files, lambda number: after_writing(number, backup=backup))


def count_told_where_cut_short(files: Callable[[], int]) -> AbstractContextManager[None]:
    """Say how many files were written so far, likewise."""
    return _told(files, lambda number: [_written(number)] if number else [])


@contextlib.contextmanager
def _told(files: Callable[[], int], words: Callable[[int], Iterable[str]]) -> Iterator[None]:
    before = len(_log())
    try:
        yield
    except BaseException:
        number = max(files(), told_already(before))
        told_already()  # those from before, too, which `files` counts
        for sentence in words(number):
            say(sentence)
        raise


@contextlib.contextmanager
def told_of_all() -> Iterator[None]:
    """Say of a run that is cut short what it waited for and, where nobody did, how many files it wrote."""
    before = len(_log())
    try:
        yield
    except BaseException as error:
        is_cut_short = not isinstance(error, SystemExit) or error.code == ExitCode.INTERRUPTED
        if is_cut_short:
            for name in awaited():
                say(f"{name}: it had not come when the run was interrupted: is what it comes from there?")
            if number := told_already(before):
                say(_written(number))
        raise


def _written(files: int) -> str:
    return f"{counted(files, 'file')} written"


def told_already(before: int = 0) -> int:
    """How many files this process wrote behind the first ones; they count as told from now on."""
    number = max(0, len(_log()) - before)
    del _log()[before:]
    return number


def _log() -> list[str]:
    """What this process wrote; the module that does so is loaded by then, and costs time at a start."""
    module = sys.modules.get("migrator.writing")
    return [] if module is None else module.written
