"""Work on many things in several processes, with the results in their order."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections import deque
from functools import partial
from itertools import chain, islice, takewhile
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from migrator.tuples import NamedTuple
from migrator.waiting import awaited_here, is_waiting, note_elsewhere

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator
    from concurrent.futures import Future

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

# A process is made in no time where it is a copy of this one; elsewhere it starts anew, which takes a second.
_IS_COPY = sys.platform == "linux"
FEWEST = 256 if _IS_COPY else 4_000  # that pay for another process
_AT_ONCE = 64  # handed to a process at a time
_AHEAD = 4  # of them for each process
_MOMENT, _PATIENCE = 0.2, 2.0  # seconds
_LONGEST_ITEM = 10.0  # seconds that a process has to end what it is at, once it is asked to stop


class LostProcessError(Exception):
    """A process ended in the middle of its work, by a signal or for lack of memory."""


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_order(
    work: Callable[[_Item], _Result],
    items: Iterable[_Item],
    processes: int,
    left: Callable[[_Result], object] | None = None,
) -> Generator[_Result, None, None]:
    """The result for each item, in their order, whatever the number of processes.

    Other processes are started where there are enough items to pay for them; `work`, items and results then
    go from one to the other, and at most a few hundred results wait for their turn. Where the run is cut
    short and this is closed, `left` gets the results that nobody has taken.
    """
    return together_in_order(partial(map, work), items, processes, left)


def together_in_order(
    work: Callable[[Iterable[_Item]], Iterable[_Result]],
    items: Iterable[_Item],
    processes: int,
    left: Callable[[_Result], object] | None = None,
) -> Generator[_Result, None, None]:
    """As `in_order`, for work that is better done on several items at once.

    It is given as many as there are, or some of them; it takes them one by one, and gives a result for each.
    """
    remaining = iter(items)
    first = list(islice(remaining, FEWEST)) if processes > 1 else []
    if len(first) < FEWEST:
        yield from work(chain(first, remaining))
        return
    yield from _in_processes(work, chain(first, remaining), processes, left)


def _in_processes(
    work: Callable[[Iterable[_Item]], Iterable[_Result]],
    items: Iterator[_Item],
    processes: int,
    left: Callable[[_Result], object] | None,
) -> Generator[_Result, None, None]:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    context = multiprocessing.get_context("fork" if _IS_COPY else "spawn")
    pool = ProcessPoolExecutor(processes, context, _begin, (work,))
    queue: _Queue[_Result] = _Queue(lambda some: pool.submit(_work_on, some), items)
    try:
        with _interrupts_held_up():  # until the processes, made one by one, have their own way of taking them
            queue.hand_over(processes)
        yield from queue.results(processes * _AHEAD)
    except BrokenProcessPool as error:
        queue.leave(left)
        raise LostProcessError from error
    except KeyboardInterrupt:  # nobody waits for the rest, but what is done by now counts
        _stop_all()
        try:
            yield from queue.rest()
        except BrokenProcessPool:
            pass
        except (TimeoutError, KeyboardInterrupt):  # it does not stop, or nobody waits for that
            _end_all()
        raise
    except BaseException:
        _stop_all()
        queue.leave(left)
        raise
    finally:
        pool.shutdown(cancel_futures=True)


class _Done(NamedTuple):
    """What a process made of items: a result for each, or fewer where it was to stop.

    `awaited` is what it waited for then.
    """

    results: list[Any]
    awaited: str | None = None


class _Queue(Generic[_Result]):
    """Items that were handed to processes, some at a time, and results that came and were not taken yet."""

    def __init__(self, submit: Callable[[list[Any]], Future[_Done]], items: Iterator[Any]) -> None:
        self._submit = submit
        self._items = items
        self._waiting: deque[tuple[int, Future[_Done]]] = deque()
        self._results: deque[_Result] = deque()

    def hand_over(self, most: int) -> None:
        """Submit as many lots of items as may wait."""
        while len(self._waiting) < most and (some := list(islice(self._items, _AT_ONCE))):
            self._waiting.append((len(some), self._submit(some)))

    def results(self, most: int) -> Iterator[_Result]:
        """All results, in the order of the items."""
        self.hand_over(most)
        while self._waiting:
            count, future = self._waiting[0]
            self._take(future.result())
            self._waiting.popleft()
            missing = count - len(self._results)
            yield from self._taken()
            if missing:  # a signal stopped that process; one that came to all of them ends this one now
                time.sleep(_MOMENT)
                raise LostProcessError
            self.hand_over(most)

    def rest(self) -> Iterator[_Result]:
        """The results of what was handed over; TimeoutError where a process does not stop."""
        yield from self._taken()
        while self._waiting:
            self._take(self._waiting.popleft()[1].result(_LONGEST_ITEM))
            yield from self._taken()

    def leave(self, left: Callable[[_Result], object] | None) -> None:
        """Tell of results that nobody took: what is done by now, and what comes within a moment."""
        if left is None:
            return
        from concurrent.futures import wait

        futures = [future for _, future in self._waiting]
        for future in futures:
            future.cancel()
        with _interrupts_held_up():
            wait(futures, _PATIENCE)
        for result in self._results:
            left(result)
        for future in futures:
            if future.done() and not future.cancelled() and future.exception() is None:
                for result in future.result().results:
                    left(result)

    def _take(self, done: _Done) -> None:
        self._results.extend(done.results)
        note_elsewhere(done.awaited)

    def _taken(self) -> Iterator[_Result]:
        while self._results:
            yield self._results.popleft()


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


def _end_all() -> None:
    """End the processes, whatever they are at."""
    import multiprocessing

    for process in multiprocessing.active_children():
        process.kill()


_work: Callable[[Iterable[Any]], Iterable[Any]] | None = None
_is_stopped = _is_interrupted = False


def _begin(work: Callable[[Iterable[Any]], Iterable[Any]]) -> None:
    """Prepare a process: it ends with the one that started it, and stops behind an item on Ctrl-C."""
    import threading

    global _work  # noqa: PLW0603 - handed over once, not with each item
    _work = work
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # as in the background of a script
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
    global _is_stopped, _is_interrupted  # noqa: PLW0603 - all that a signal can do
    _is_stopped = True
    if is_waiting() and not _is_interrupted:  # the signal may come twice
        _is_interrupted = True
        raise KeyboardInterrupt


def is_stopped() -> bool:
    """Whether this process was asked to stop behind the item that it is at."""
    return _is_stopped


def _work_on(items: list[Any]) -> _Done:
    assert _work is not None  # noqa: S101 - _begin has run
    results: list[Any] = []
    try:
        for result in _work(takewhile(lambda _: not _is_stopped, items)):
            results.append(result)  # noqa: PERF402 - what came before an interruption counts
    except KeyboardInterrupt:
        return _Done(results, awaited_here())
    return _Done(results)
