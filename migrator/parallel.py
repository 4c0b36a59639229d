"""Work on many things in several processes, with the results in their order."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections import deque
from functools import partial
from itertools import chain, islice, takewhile
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

# A process is made in no time where it is a copy of this one; elsewhere it starts anew, which takes a second.
_IS_COPY = sys.platform == "linux"
FEWEST = 256 if _IS_COPY else 4_000  # that pay for another process
_AT_ONCE = 64  # handed to a process at a time
_AHEAD = 4  # of them for each process


class LostProcessError(Exception):
    """A process ended in the middle of its work, by a signal or for lack of memory."""


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_order(work: Callable[[_Item], _Result], items: Iterable[_Item], processes: int) -> Iterator[_Result]:
    """The result for each item, in their order, whatever the number of processes.

    Other processes are started where there are enough items to pay for them; `work`, items and results then
    go from one to the other, and at most a few hundred results wait for their turn.
    """
    return together_in_order(partial(map, work), items, processes)


def together_in_order(
    work: Callable[[Iterable[_Item]], Iterable[_Result]], items: Iterable[_Item], processes: int
) -> Iterator[_Result]:
    """As `in_order`, for work that is better done on several items at once.

    It is given as many as there are, or some of them; it takes them one by one, and gives a result for each.
    """
    remaining = iter(items)
    first = list(islice(remaining, FEWEST)) if processes > 1 else []
    if len(first) < FEWEST:
        yield from work(chain(first, remaining))
        return
    yield from _in_processes(work, chain(first, remaining), processes)


def _in_processes(
    work: Callable[[Iterable[_Item]], Iterable[_Result]], items: Iterator[_Item], processes: int
) -> Iterator[_Result]:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    context = multiprocessing.get_context("fork" if _IS_COPY else "spawn")
    pool = ProcessPoolExecutor(processes, context, _begin, (work,))
    waiting: deque[Future[list[_Result]]] = deque()
    try:
        with _interrupts_held_up():  # until the processes have their own way of taking them
            if some := list(islice(items, _AT_ONCE)):
                waiting.append(pool.submit(_work_on, some))
        while True:
            while len(waiting) < processes * _AHEAD and (some := list(islice(items, _AT_ONCE))):
                waiting.append(pool.submit(_work_on, some))
            if not waiting:
                break
            yield from waiting.popleft().result()
    except BrokenProcessPool as error:
        raise LostProcessError from error
    except KeyboardInterrupt:  # nobody waits for the rest, but what is done by now counts
        _stop_all()
        with contextlib.suppress(BrokenProcessPool):
            while waiting:
                yield from waiting.popleft().result()
        raise
    except BaseException:
        _stop_all()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


@contextlib.contextmanager
def _interrupts_held_up() -> Iterator[None]:
    """Ctrl-C comes when this is over; processes that are made meanwhile go on holding it up."""
    if sys.platform == "win32":
        yield
        return
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _stop_all() -> None:
    """Ask the processes to stop behind what they are at."""
    import multiprocessing

    for process in multiprocessing.active_children():
        if process.pid is not None and sys.platform != "win32":
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGINT)


_work: Callable[[Iterable[Any]], Iterable[Any]] | None = None
_is_stopped = False


def _begin(work: Callable[[Iterable[Any]], Iterable[Any]]) -> None:
    """Prepare a process: it ends with the one that started it, and stops behind an item on Ctrl-C."""
    import threading

    global _work  # noqa: PLW0603 - handed over once, not with each item
    _work = work
    signal.signal(signal.SIGINT, _stop)
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    from multiprocessing import parent_process

    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _stop(_signal: int, _frame: object) -> None:
    global _is_stopped  # noqa: PLW0603 - all that a signal can do
    _is_stopped = True


def _work_on(items: list[Any]) -> list[Any]:
    assert _work is not None  # noqa: S101 - _begin has run
    return list(_work(takewhile(lambda _: not _is_stopped, items)))
