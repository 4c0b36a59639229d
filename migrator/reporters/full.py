"""For people at a terminal: the finding, the line it is about, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.reporters.concise import headline, place_of
from migrator.reporters.style import DIM, beginning, ending, paint, severity_style, width
from migrator.values.secret import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from migrator.checking import FileReport
    from migrator.diagnostic import Diagnostic, Severity
    from migrator.document.model import Excerpt
    from migrator.reporters import Layout
    from migrator.summary import Tally

_CUT = "…"
_TAB = 4
_INDENT = "    "
_NARROWEST = 24  # columns that an excerpt takes at least, on a terminal however narrow


def write(reports: Iterable[FileReport], _tally: Tally, layout: Layout, /) -> Iterator[str]:
    """The findings, a block each."""
    for report in reports:
        excerpts = report.excerpts or (None,) * len(report.diagnostics)
        for one, excerpt in zip(report.diagnostics, excerpts, strict=True):
            yield "\n".join(_block(one, excerpt, layout)) + "\n"


def _block(one: Diagnostic, excerpt: Excerpt | None, layout: Layout) -> Iterator[str]:
    yield headline(one, colour=layout.colour)
    help_ = printable(one.help or "")
    if excerpt is not None:
        yield from _excerpt(excerpt, one.severity, help_, layout)
    elif help_:
        yield f"{_INDENT}{help_}"
    for related in one.related:
        yield f"{_INDENT}{place_of(related.path or one.path, related.span)}: {printable(related.message)}"


def _excerpt(excerpt: Excerpt, severity: Severity, help_: str, layout: Layout) -> Iterator[str]:
    """The line with its number, and carets under the mark, the help behind them or, where too long, below."""
    number = str(excerpt.line)
    margin = f"  {' ' * len(number)} | "
    before, marked, after = _window(excerpt, max(layout.width - len(margin), _NARROWEST))
    carets = "^" * max(width(marked), 1)
    column = len(margin) + width(before) + len(carets) + 1
    is_beside = column + width(help_) <= layout.width
    bar = paint(margin.rstrip(), DIM, colour=layout.colour)
    yield f"{paint(f'  {number} |', DIM, colour=layout.colour)} {before}{marked}{after}".rstrip()
    underline = f"{bar} {' ' * width(before)}{paint(carets, severity_style(severity), colour=layout.colour)}"
    yield f"{underline} {help_}" if help_ and is_beside else underline
    if help_ and not is_beside:
        yield f"{_INDENT}{help_}"


def _window(excerpt: Excerpt, columns: int) -> tuple[str, str, str]:
    """The line in three parts (before, at, behind the mark), cut so that the mark can be seen."""
    before = _plain(excerpt.text[: excerpt.start])
    marked = _plain(excerpt.text[excerpt.start : excerpt.end])
    after = _plain(excerpt.text[excerpt.end :])
    if width(marked) > columns // 2:
        marked = beginning(marked, columns // 2 - 1) + _CUT
    room = columns - width(marked)
    if width(before) + width(after) > room:
        before = _ending(before, max(room // 2, room - width(after)))
        after = _beginning(after, room - width(before))
    return before, marked, after


def _beginning(text: str, columns: int) -> str:
    return text if width(text) <= columns else beginning(text, columns - 1) + _CUT


def _ending(text: str, columns: int) -> str:
    return text if width(text) <= columns else _CUT + ending(text, columns - 1)


def _plain(text: str) -> str:
    """Tabs as spaces, everything else that would move the cursor written out."""
    return printable(text.replace("\t", " " * _TAB))
