"""One line a finding: place, severity, code, name, message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.reporters.style import BOLD, paint, severity_style
from migrator.values.secret import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from migrator.checking import FileReport
    from migrator.diagnostic import Diagnostic
    from migrator.reporters import Layout
    from migrator.summary import Tally


def write(reports: Iterable[FileReport], _tally: Tally, layout: Layout) -> Iterator[str]:
    """The findings, a line each."""
    for report in reports:
        for one in report.diagnostics:
            yield headline(one, colour=layout.colour) + "\n"


def headline(one: Diagnostic, *, colour: bool) -> str:
    """`path:line:column: severity[code] name: message`."""
    place = one.path
    if one.span is not None:
        place += f":{one.span.start.line}:{one.span.start.column}"
    label = paint(f"{one.severity}[{one.code}]", severity_style(one.severity), colour=colour)
    return f"{paint(printable(place), BOLD, colour=colour)}: {label} {one.name}: {one.message}"
