"""Files handed to several processes: to how many, and what is said where one of them is lost."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from migrator.cli.output import Refusal
from migrator.files import STANDARD_INPUT
from migrator.parallel import LostProcessError, processors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.files import Selection


def processes_for(chosen: Selection, wanted: int | None, *, wait_for_disk: bool = False) -> int:
    """How many processes files get; standard input is read in this one, as others have none.

    Where they wait for the disk most of the time, one more than there are processors.
    """
    return 1 if STANDARD_INPUT in chosen.paths else wanted or processors() + wait_for_disk


@contextmanager
def refused_where_lost() -> Iterator[None]:
    """Say what to do where a process was ended before its files were done."""
    try:
        yield
    except LostProcessError as error:
        raise Refusal("a process was ended from outside, perhaps for lack of memory; try --jobs 1") from error
