"""What several formats say of a finding."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from migrator.checking import fingerprint
from migrator.diagnostic import Undone
from migrator.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.checking import FileReport
    from migrator.diagnostic import Diagnostic, Shortfall, Suppressed


class Numbered(NamedTuple):
    """A finding with a name of its own within its file, and what keeps it quiet, if anything does."""

    diagnostic: Diagnostic
    suppressed: Suppressed | None
    mark: str
    ordinal: int


def numbered(report: FileReport) -> Iterator[Numbered]:
    """All findings of a file in order, suppressed ones too; those of one fingerprint count from 1.

    Lines that move change neither the fingerprint nor, as long as their order stays, the number.
    """
    found: list[tuple[Diagnostic, Suppressed | None]] = [(one, None) for one in report.diagnostics]
    if report.suppressed:
        found += [(quiet.diagnostic, quiet) for quiet in report.suppressed]
        found.sort(key=lambda pair: pair[0].sort_key())
    counts: Counter[str] = Counter()
    for one, quiet in found:
        mark = one.fingerprint or fingerprint(one.code, one.place or "", None)
        counts[mark] += 1
        yield Numbered(one, quiet, mark, counts[mark])


def why_undone(one: Shortfall) -> str:
    """What could not be done, and why; the reasons of all but a check say themselves what they are about."""
    return f"could not be checked: {one.reason}" if one.kind is Undone.CHECK else one.reason


def told(one: Diagnostic) -> str:
    """What is wrong, and what to do."""
    return one.message if not one.help else f"{one.message}; {one.help}"
