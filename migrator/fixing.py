"""One file mended: the fixes of its findings made in rounds, each result checked again."""

from __future__ import annotations

from bisect import bisect_left, insort
from typing import TYPE_CHECKING

from migrator.diagnostic import Safety
from migrator.document.edits import apply
from migrator.document.source import Source, decode
from migrator.rules import CRASHED, NOT_CHECKED
from migrator.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from migrator.checking import FileReport
    from migrator.diagnostic import Diagnostic, Edit

    Check = Callable[[bytes], FileReport]
    """All findings of a file with these bytes."""

MOST_ROUNDS = 10


class Outcome(NamedTuple):
    """A file after its fixes.

    `report` says what is left, with places in `data`, and what was fixed, with places as each round found it.
    """

    data: bytes
    report: FileReport


class _Round(NamedTuple):
    """A file after one round: what its fixes mended, and the findings whose fixes would have broken it."""

    data: bytes
    report: FileReport
    made: list[Diagnostic]
    harmful: list[Diagnostic]


def fix(data: bytes, check: Check, *, unsafe: bool = False) -> Outcome:
    """Make the fixes of everything that is reported, until there is nothing left to fix.

    Fixes that overlap wait for the next round; there are at most `MOST_ROUNDS`. Unsafe fixes wait for the
    safe ones, which show what the file means, and those of them that only take away wait for all others: a
    login looks unused while Host is misspelt, and no round brings it back. A fix that would leave a file
    which can no longer be read as a configuration is not made, and D007 says so.
    """
    report = check(data)
    fixed: list[Diagnostic] = []
    broken: dict[tuple[str, str | None, str], Diagnostic] = {}
    seen = {data}
    for _ in range(MOST_ROUNDS):
        wanted = [one for one in report.diagnostics if _is_allowed(one, unsafe) and _key(one) not in broken]
        first = min(map(_turn, wanted), default=0)
        after = _round(data, report, _apart(one for one in wanted if _turn(one) == first), check)
        broken.update((_key(one), one) for one in after.harmful)
        if not after.made and after.harmful:
            continue  # what had to wait for those may still be made
        if not after.made or after.data in seen:
            break
        seen.add(after.data)
        data, report = after.data, after.report
        fixed += after.made
    return Outcome(data, _with_undone(report, broken.values())._replace(fixed=tuple(fixed)))


def _round(data: bytes, report: FileReport, chosen: list[Diagnostic], check: Check) -> _Round:
    result = made(data, chosen)
    if result is not None and _is_as_readable(after := check(result), report):
        return _Round(result, after, chosen, [])
    best = _Round(data, report, [], [])
    for one in chosen:  # together they do harm: which of them does?
        result = made(data, [*best.made, one])
        if result is not None and _is_as_readable(after := check(result), report):
            best = _Round(result, after, [*best.made, one], best.harmful)
        else:
            best.harmful.append(one)
    return best


def _is_allowed(one: Diagnostic, unsafe: bool) -> bool:
    return one.fix is not None and (unsafe or one.fix.safety is Safety.SAFE)


def _turn(one: Diagnostic) -> int:
    """When a fix is made: 0 for a safe one, 1 for one that writes something, 2 for one that takes away."""
    if one.fix is None or one.fix.safety is Safety.SAFE:
        return 0
    return 1 if any(edit.content for edit in one.fix.edits) else 2


def _key(one: Diagnostic) -> tuple[str, str | None, str]:
    return one.code, one.place, one.message


def _apart(findings: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Those of the findings, in order, whose edits touch none of an earlier one."""
    chosen: list[Diagnostic] = []
    taken: list[Edit] = []
    for one in findings:
        edits = () if one.fix is None else one.fix.edits
        if edits and not any(_touches(edit, taken) for edit in edits):
            chosen.append(one)
            for edit in edits:
                insort(taken, edit)
    return chosen


def _touches(edit: Edit, others: list[Edit]) -> bool:
    """Whether an edit shares a byte with others, or meets one in a place where their order would count.

    The others are sorted and apart from each other.
    """
    place = bisect_left(others, edit)
    return any(
        other.start <= edit.end and edit.start <= other.end for other in others[max(place - 1, 0) : place + 1]
    )


def made(data: bytes, findings: Iterable[Diagnostic]) -> bytes | None:
    """The file after fixes that touch none of each other; None where they cannot be made."""
    source = decode(data)
    edits = sorted(edit for one in findings if one.fix is not None for edit in one.fix.edits)
    return apply(source, edits) if isinstance(source, Source) else None


def _is_as_readable(after: FileReport, before: FileReport) -> bool:
    """Whether nothing says now, that did not before, that the file was not read as a whole."""
    said = {one.code for one in before.diagnostics}
    return not any(one.code in NOT_CHECKED and one.code not in said for one in after.diagnostics)


def _with_undone(report: FileReport, broken: Iterable[Diagnostic]) -> FileReport:
    undone = [
        one._replace(
            code=CRASHED.code,
            name=CRASHED.name,
            severity=CRASHED.severity,
            message=f"the fix of {one.code} ({one.name}) would break the file, and was not made",
            help="please report it, and change this by hand",
            span=None,
            fix=None,
        )
        for one in broken
    ]
    if not undone:
        return report
    return report._replace(
        diagnostics=(*undone, *report.diagnostics),
        excerpts=(*(None for _ in undone), *report.excerpts) if report.excerpts else (),
    )
