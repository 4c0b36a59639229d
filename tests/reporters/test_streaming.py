"""Reports are written a file at a time: what is kept does not grow with the number of files."""

from __future__ import annotations

import tracemalloc

import pytest

from migrator.checking import FileReport
from migrator.reporters import FORMATS, reporter
from tests.reporters.reports import finding


def _found() -> FileReport:
    return FileReport("x.xml", tuple(finding(message="wrong" * 100) for _ in range(10)))


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize("name", FORMATS)
def test_memory_does_not_grow_with_the_files(name: str) -> None:
    chosen, length = reporter(name), 0
    chosen.start()
    chosen.file(_found())
    tracemalloc.start()
    for _ in range(100):
        length += len(chosen.file(_found()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert length > 400_000
    assert peak < length / 4
