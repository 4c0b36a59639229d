"""A whole run: the files of one cluster, and what is left to do in it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from migrator.migrations.result import State
from migrator.migrations.worksheet import worksheet
from migrator.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from migrator.migrations.model import Goal
    from migrator.migrations.result import Migration
    from migrator.migrations.worksheet import Worksheet


class Report(NamedTuple):
    """What became of the files of a cluster, in the order in which they were given, and its worksheet.

    `is_written` says that the files were to be written, and not only shown.
    """

    goal: Goal
    migrations: tuple[Migration, ...]
    worksheet: Worksheet | None
    is_written: bool

    @property
    def states(self) -> dict[State, int]:
        """How many files there are of each state, the gravest first."""
        counts = Counter(one.state for one in self.migrations)
        return {state: counts[state] for state in State}

    def origin(self, one: Migration) -> str:
        """Where a file comes from: the version that was given, or what the file itself tells."""
        origin, oldest = self.goal.origin, None if one.agent is None else one.agent.oldest
        if origin is not None and oldest is not None and not oldest.includes(origin):
            return f"from DataMiner {origin} by --from, but the file tells another version: at least {oldest}"
        if origin is not None:
            return f"from DataMiner {origin}"
        if oldest is None:
            return "from a version that nothing in the file tells"
        return f"from a version that the file tells: at least {oldest}"


def report(migrations: Sequence[Migration], goal: Goal, *, is_written: bool) -> Report:
    """The report on the files of one cluster."""
    return Report(goal, tuple(migrations), worksheet(migrations, goal), is_written)
