"""Whatever the file: at most 10 seconds of a processor, and 500 MB, for a check with all that reports ask."""

from __future__ import annotations

import multiprocessing
import time
from typing import TYPE_CHECKING

import pytest

from migrator.document.limits import MOST_ATTRIBUTES
from tests.document.hostile import FILES, check_file
from tests.document.places import parsed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.pool import AsyncResult

    from tests.document.hostile import Cost

_SECONDS, _MEGABYTES = 10, 500

_FORBIDDEN = {
    "elements": "D006",
    "attributes": "D006",
    "CDATA sections": "D006",
    "open elements": "D006",
    "open quotes": "D001",
    "open comments": "D001",
    "less-than signs": "D001",
    "no text": "D003",
    "entity bomb": "D002",
}
_MANY_FINDINGS = {"findings in one line", "findings in many lines"}


@pytest.fixture(scope="module", name="costs")
def _costs() -> Iterator[dict[str, AsyncResult[Cost]]]:
    """All files are checked at the same time, each in a process of its own, whose memory is measured."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.document.hostile"])
    with context.Pool(maxtasksperchild=1) as pool:
        yield {name: pool.apply_async(check_file, (name,)) for name in FILES}


@pytest.mark.posix
@pytest.mark.parametrize("name", FILES)
def test_time_and_memory_are_bounded(name: str, costs: dict[str, AsyncResult[Cost]]) -> None:
    cost = costs[name].get(timeout=300)

    assert cost.seconds < _SECONDS
    assert cost.megabytes < _MEGABYTES
    if name in _FORBIDDEN:
        assert cost.codes == {_FORBIDDEN[name]: 1}
    if name in _MANY_FINDINGS:
        assert cost.codes["S107"] >= 100_000


@pytest.mark.usefixtures("untraced")
def test_as_many_attributes_as_are_read_take_little_time() -> None:
    data = ("<a " + " ".join(f"b{number}=''" for number in range(MOST_ATTRIBUTES)) + "/>").encode()
    started = time.process_time()

    attributes = parsed(data).root.attributes()

    assert len(attributes) == MOST_ATTRIBUTES
    assert time.process_time() - started < _SECONDS
