"""One line a finding: place, severity, code, name, message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.reporters.style import BOLD, paint, severity_style
from migrator.values.secret import printable

if TYPE_CHECKING:
    from migrator.checking import FileReport
    from migrator.diagnostic import Diagnostic, Span
    from migrator.reporters import Layout
    from migrator.summary import Tally


class ConciseReport:
    """The findings, a line each."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    def start(self) -> str:
        """Nothing."""
        return ""

    def file(self, report: FileReport) -> str:
        """The findings of a file."""
        return "".join(f"{headline(one, self._layout)}\n" for one in report.diagnostics)

    def end(self, _tally: Tally) -> str:
        """Nothing."""
        return ""


def headline(one: Diagnostic, layout: Layout) -> str:
    """`path:line:column: severity[code] name: message`."""
    place = paint(place_of(one.path, one.span), BOLD, colour=layout.colour)
    return f"{place}: {headline_without_place(one, layout)}"


def headline_without_place(one: Diagnostic, layout: Layout) -> str:
    """`severity[code] name: message`."""
    label = paint(f"{one.severity}[{one.code}]", severity_style(one.severity), colour=layout.colour)
    return f"{label} {one.name}: {printable(one.message)}"


def place_of(path: str, span: Span | None) -> str:
    """`path:line:column`, or the path alone."""
    shown = printable(path)
    return shown if span is None else f"{shown}:{span.start.line}:{span.start.column}"
