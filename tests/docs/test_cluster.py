"""docs/cluster.md shows what compare really writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.running import dmsmtp
from tests.docs.reading import DOCS, REPOSITORY, arguments, blocks

if TYPE_CHECKING:
    import pytest

PAGE = (DOCS / "cluster.md").read_text("utf-8")


def test_what_is_shown_is_what_comes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(REPOSITORY)
    shown = [block.text for block in blocks(PAGE) if "fixtures/cluster" in block.text]

    assert len(shown) == 2
    for text in shown:
        command, _, output = text.partition("\n")
        outcome = dmsmtp(*arguments(command.removeprefix("$ dmsmtp ")))
        assert output in (outcome.text, outcome.text + outcome.err)
