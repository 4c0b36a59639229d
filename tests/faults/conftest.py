from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.faults.cases import Case
from tests.faults.running import Runner
from tests.faults.writes import WRITES, of_tokens
from tests.live.provider import Provider, providing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    MakeCase = Callable[[str], Case]


@pytest.fixture(autouse=True)
def _unmeasured(untraced: None) -> None:
    """What they try runs in other processes; measuring what watches those takes longer than they do."""
    assert untraced is None


@pytest.fixture(scope="session")
def runner() -> Iterator[Runner]:
    """What runs the command, system call by system call."""
    with Runner() as one:
        try:
            one.run("--version", within=Path.cwd())
        except OSError as error:
            pytest.skip(f"system calls cannot be held up here: {error}")
        yield one


@pytest.fixture(scope="session")
def issuer() -> Iterator[str]:
    """The address of a provider of tokens."""
    with providing(provider := Provider()):
        yield provider.issuer


@pytest.fixture
def case_of(runner: Runner, issuer: str, tmp_path: Path) -> MakeCase:
    """A command by its name, in a folder of its own."""
    writes = {one.name: one for one in (*WRITES, *of_tokens(issuer))}
    return lambda name: Case(writes[name], runner, tmp_path / "work")
