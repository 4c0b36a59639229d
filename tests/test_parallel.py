from __future__ import annotations

import multiprocessing
import os
import signal
import time
from itertools import islice
from threading import Timer
from typing import TYPE_CHECKING

import pytest

from migrator import parallel
from migrator.parallel import LostProcessError, in_order

if TYPE_CHECKING:
    from collections.abc import Iterator


def slow_where_even(number: int) -> tuple[int, int]:
    if number % 100 == 0:
        time.sleep(0.01)
    return number, os.getpid()


def end_the_process(number: int) -> int:
    if number == 300:
        os._exit(1)
    return number


def fail(number: int) -> int:
    if number == 300:
        raise ValueError(number)
    return number


@pytest.mark.parametrize("processes", [1, 2, 3])
@pytest.mark.parametrize("count", [0, 1, parallel.FEWEST - 1, parallel.FEWEST, 2 * parallel.FEWEST + 37])
def test_results_come_in_the_order_of_the_items(count: int, processes: int) -> None:
    results = list(in_order(slow_where_even, iter(range(count)), processes))

    assert [number for number, _ in results] == list(range(count))
    is_here = {process for _, process in results} == {os.getpid()}
    assert is_here == (processes == 1 or count < parallel.FEWEST) or count == 0


def test_items_are_taken_as_they_are_needed() -> None:
    taken = 0

    def items() -> Iterator[int]:
        nonlocal taken
        for number in range(1_000_000):
            taken = number
            yield number

    results = in_order(slow_where_even, items(), 2)
    list(islice(results, 10))
    results.close()

    assert taken < 10_000


def test_a_process_that_is_lost_is_told() -> None:
    with pytest.raises(LostProcessError):
        list(in_order(end_the_process, range(1_000), 2))


def test_an_error_reaches_whoever_waits_for_the_result() -> None:
    with pytest.raises(ValueError, match="300"):
        list(in_order(fail, range(1_000), 2))


def interrupt_this_process(number: int) -> int:
    if number == 300:
        os.kill(os.getpid(), signal.SIGINT)
    return number


@pytest.mark.posix
def test_a_process_that_is_stopped_alone_is_no_end_of_the_work() -> None:
    found: list[int] = []
    with pytest.raises(LostProcessError):
        found.extend(in_order(interrupt_this_process, range(2 * parallel.FEWEST), 2))

    assert found == list(range(len(found)))
    assert len(found) < 2 * parallel.FEWEST


@pytest.mark.posix
def test_a_signal_that_is_ignored_here_is_ignored_by_all() -> None:
    former = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        found = list(in_order(interrupt_this_process, range(2 * parallel.FEWEST), 2))
    finally:
        signal.signal(signal.SIGINT, former)

    assert found == list(range(2 * parallel.FEWEST))


@pytest.mark.parametrize("taken", [1, 70, 200])
def test_what_was_done_and_not_taken_is_told(taken: int) -> None:
    left: list[int] = []
    results = in_order(abs, range(10 * parallel.FEWEST), 2, left.append)
    found = list(islice(results, taken))
    results.close()

    behind = -taken % 64  # of the lot that was being taken
    assert found == list(range(taken))
    assert left[:behind] == list(range(taken, taken + behind))
    assert left == sorted(set(left))  # with gaps: what one process was stopped before


def test_what_was_done_before_a_process_was_lost_is_told() -> None:
    left: list[int] = []
    found: list[int] = []
    with pytest.raises(LostProcessError):
        found.extend(in_order(end_the_process, range(2 * parallel.FEWEST), 2, left.append))

    assert not set(found) & set(left)
    assert 300 not in found + left


def never_end(number: int) -> int:
    while number == 300:
        time.sleep(0.1)
    return number


@pytest.mark.posix
@pytest.mark.parametrize("interruptions", [1, 2])
def test_a_process_that_does_not_stop_is_ended(interruptions: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "_LONGEST_ITEM", 0.5 if interruptions == 1 else 60.0)
    for delay in range(1, interruptions + 1):
        Timer(delay, os.kill, (os.getpid(), signal.SIGINT)).start()
    found: list[int] = []
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        found.extend(in_order(never_end, range(2 * parallel.FEWEST), 2))

    assert time.monotonic() - began < 30
    assert found[:256] == list(range(256))
    assert not multiprocessing.active_children()
