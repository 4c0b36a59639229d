"""One line a finding: place, severity, code, name, message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.reporters.style import BOLD, paint, severity_style
from migrator.values.secret import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from migrator.checking import FileReport
    from migrator.diagnostic import Diagnostic, Span
    from migrator.reporters import Layout
    from migrator.summary import Tally


def write(reports: Iterable[FileReport], _tally: Tally, layout: Layout, /) -> Iterator[str]:
    """The findings, a line each."""
    for report in reports:
        for one in report.diagnostics:
            yield headline(one, colour=layout.colour) + "\n"


def headline(one: Diagnostic, *, colour: bool) -> str:
    """`path:line:column: severity[code] name: message`."""
    label = paint(f"{one.severity}[{one.code}]", severity_style(one.severity), colour=colour)
    place = paint(place_of(one.path, one.span), BOLD, colour=colour)
    return f"{place}: {label} {one.name}: {printable(one.message)}"


def place_of(path: str, span: Span | None) -> str:
    """`path:line:column`, or the path alone."""
    shown = printable(path)
    return shown if span is None else f"{shown}:{span.start.line}:{span.start.column}"
