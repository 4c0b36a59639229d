"""For people: what fixes change, or would change, as a diff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.reporters.style import BOLD, DIM, GREEN, RED, paint

if TYPE_CHECKING:
    from migrator.checking import FileReport
    from migrator.reporters import Layout
    from migrator.summary import Tally

_STYLES = {"-": RED, "+": GREEN, "@": DIM, "#": DIM}


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
        return "".join(map(self._painted, report.rewrite.diff.splitlines(keepends=True)))

    def end(self, _tally: Tally) -> str:
        """Nothing stands behind the last one."""
        return ""

    def _painted(self, line: str) -> str:
        style = BOLD if line.startswith(("--- ", "+++ ")) else _STYLES.get(line[0])
        text = line.rstrip("\n")
        return f"{paint(text, style, colour=self._colour)}\n" if style is not None else line
