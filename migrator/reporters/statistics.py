"""How often each code was found, the most frequent first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.diagnostic import Safety
from migrator.reporters.style import BOLD, paint
from migrator.summary import fix_option
from migrator.tuples import NamedTuple
from migrator.values.secret import json_text

if TYPE_CHECKING:
    from migrator.checking import FileReport
    from migrator.reporters import Layout
    from migrator.summary import Tally

VERSION = 1


class CodeCount(NamedTuple):
    """How often a code was found; how many of these have a safe fix, and how many an unsafe one."""

    code: str
    name: str
    found: int = 0
    safe: int = 0
    unsafe: int = 0


class _Counting:
    def __init__(self) -> None:
        self._counts: dict[str, CodeCount] = {}

    def start(self) -> str:
        """Nothing."""
        return ""

    def file(self, report: FileReport) -> str:
        """Nothing yet: the findings are counted."""
        for one in report.diagnostics:
            before = self._counts.get(one.code) or CodeCount(one.code, one.name)
            safety = None if one.fix is None else one.fix.safety
            self._counts[one.code] = before._replace(
                found=before.found + 1,
                safe=before.safe + (safety is Safety.SAFE),
                unsafe=before.unsafe + (safety is Safety.UNSAFE),
            )
        return ""

    def _sorted(self) -> list[CodeCount]:
        return sorted(self._counts.values(), key=lambda one: (-one.found, one.code))


class TextStatistics(_Counting):
    """A line a code: how often, which, and the options of `lint` that would mend some of them."""

    def __init__(self, layout: Layout) -> None:
        super().__init__()
        self._layout = layout

    def end(self, _tally: Tally) -> str:
        """The table; nothing where nothing was found."""
        counts = self._sorted()
        if not counts:
            return ""
        digits = max(len("count"), len(str(counts[0].found)))
        names = max(len(one.name) for one in counts)
        head = f"{'count':>{digits}}  code  {'name':<{names}}  fix"
        lines = [paint(head, BOLD, colour=self._layout.colour)]
        for one in counts:
            numbers = {Safety.SAFE: one.safe, Safety.UNSAFE: one.unsafe}
            fix = ", ".join(
                f"{number} with {fix_option(safety, self._layout.fixing)}"
                for safety, number in numbers.items()
                if number
            )
            lines.append(f"{one.found:>{digits}}  {one.code}  {one.name:<{names}}  {fix}".rstrip())
        return "\n".join(lines) + "\n"


class JsonStatistics(_Counting):
    """The same for programs: one JSON document, a code a line."""

    def end(self, _tally: Tally) -> str:
        """The whole document."""
        rows = [
            {
                "code": one.code,
                "name": one.name,
                "count": one.found,
                "fixable": {"safe": one.safe, "unsafe": one.unsafe},
            }
            for one in self._sorted()
        ]
        listed = ",".join(f"\n  {json_text(row)}" for row in rows)
        return f'{{"version": {VERSION}, "statistics": [{listed}]}}\n'
