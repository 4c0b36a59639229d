"""For people: what fixes change, or would change, as a diff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.reporters.style import painted_diff

if TYPE_CHECKING:
    from migrator.checking import FileReport
    from migrator.reporters import Layout
    from migrator.summary import Tally


class DiffReport:
    """The diff of each file that changes."""

    def __init__(self, layout: Layout) -> None:
        self._colour = layout.colour

    def start(self) -> str:
        """Nothing stands before the first one."""
        return ""

    def file(self, report: FileReport) -> str:
        """The diff of a file."""
        if report.rewrite is None:
            return ""
        return painted_diff(report.rewrite.diff, colour=self._colour)

    def end(self, _tally: Tally) -> str:
        """Nothing stands behind the last one."""
        return ""
