"""What a check leaves behind goes at once: looking for garbage is left to very long runs."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from migrator.checking import CheckSettings, check

FIXTURES = Path(__file__).parents[1] / "fixtures"
FILES = [
    FIXTURES / "clean" / "DataMiner.xml",
    FIXTURES / "broken" / "DataMiner.xml",
    *sorted((FIXTURES / "together").glob("*.xml")),
]


@pytest.fixture(scope="module")
def _without_what_was_there() -> None:
    """Have garbage looked for among what is made from now on: what is there takes far longer."""
    gc.collect()
    gc.freeze()


@pytest.mark.usefixtures("_without_what_was_there")
@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_check_leaves_no_circles_behind(path: Path) -> None:
    data, settings = path.read_bytes(), CheckSettings(excerpts=True)
    check("x.xml", data, settings)  # what is kept from the first one on is no garbage
    gc.collect()
    gc.disable()
    try:
        check("x.xml", data, settings)
        left = gc.collect()
    finally:
        gc.enable()

    assert left == 0
