"""For people: what fixes change, or would change, as a diff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.reporters.concise import headline
from migrator.reporters.style import painted_diff
from migrator.rules import NOT_CHECKED

if TYPE_CHECKING:
    from migrator.checking import FileReport
    from migrator.reporters import Layout
    from migrator.summary import Tally


class DiffReport:
    """The diff of each file that changes, and, as comments, why another one could not be looked through."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    def start(self) -> str:
        """Nothing stands before the first one."""
        return ""

    def file(self, report: FileReport) -> str:
        """The diff of a file, behind what kept it from being read, or a rule from having its say."""
        unchecked = (one for one in report.diagnostics if one.code in NOT_CHECKED)
        comments = "".join(f"# {headline(one, self._layout)}\n" for one in unchecked)
        if report.rewrite is None:
            return comments
        return comments + painted_diff(report.rewrite.diff, colour=self._layout.colour)

    def end(self, _tally: Tally) -> str:
        """Nothing stands behind the last one."""
        return ""
