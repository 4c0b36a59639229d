"""For people at a terminal: the finding, the line it is about, what to do."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from migrator.reporters.concise import headline
from migrator.reporters.style import DIM, TAB, paint, severity_style, width
from migrator.values.secret import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from migrator.checking import FileReport
    from migrator.diagnostic import Diagnostic
    from migrator.document.model import Excerpt
    from migrator.reporters import Layout
    from migrator.summary import Tally

_CUT = "…"


def write(reports: Iterable[FileReport], _tally: Tally, layout: Layout) -> Iterator[str]:
    """The findings, a block each."""
    for report in reports:
        excerpts = report.excerpts or (None,) * len(report.diagnostics)
        for one, excerpt in zip(report.diagnostics, excerpts, strict=True):
            yield "\n".join(_block(one, excerpt, layout)) + "\n"


def _block(one: Diagnostic, excerpt: Excerpt | None, layout: Layout) -> Iterator[str]:
    colour = layout.colour
    yield headline(one, colour=colour)
    help_ = one.help or ""
    if excerpt is None:
        if help_:
            yield f"    {help_}"
    else:
        number = str(excerpt.line)
        gutter = " " * len(number)
        before, marked, after = _window(excerpt, max(layout.width - len(number) - 5, 20))
        yield f"  {paint(f'{number} |', DIM, colour=colour)} {before}{marked}{after}"
        carets = paint("^" * max(width(marked), 1), severity_style(one.severity), colour=colour)
        yield f"  {paint(f'{gutter} |', DIM, colour=colour)} {' ' * width(before)}{carets} {help_}".rstrip()
    for related in one.related:
        place = related.path or one.path
        if related.span is not None:
            place += f":{related.span.start.line}:{related.span.start.column}"
        yield f"    {printable(place)}: {related.message}"


def _window(excerpt: Excerpt, columns: int) -> tuple[str, str, str]:
    """The line in three parts (before, at, behind the mark), cut so that the mark can be seen."""
    text = excerpt.text
    before = _plain(text[: excerpt.start])
    marked = _plain(text[excerpt.start : excerpt.end])
    after = _plain(text[excerpt.end :])
    if width(marked) > columns // 2:
        marked = marked[: columns // 2 - 1] + _CUT
    room = columns - width(marked)
    if width(before) > room // 2 and width(before) + width(after) > room:
        keep = max(room // 2, room - width(after)) - 1
        before = _CUT + before[len(before) - keep :]
    room -= width(before)
    if width(after) > room:
        after = after[: max(room - 1, 0)] + _CUT
    return before, marked, after


def _plain(text: str) -> str:
    """Tabs as spaces, everything else that would move the cursor written out."""
    text = text.replace("\t", " " * TAB)
    if text.isprintable():
        return text
    return "".join(one if unicodedata.combining(one) else printable(one) for one in text)
