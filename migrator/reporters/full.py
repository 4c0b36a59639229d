"""For people at a terminal: the finding, the line it is about, what to do."""

from __future__ import annotations

import sys
import textwrap
from typing import TYPE_CHECKING

from migrator.files import NAMELESS
from migrator.reporters.concise import headline, headline_without_place, place_of
from migrator.reporters.style import BOLD, CUT, DIM, beginning, cut, ending, paint, severity_style, width
from migrator.summary import fix_option
from migrator.tuples import NamedTuple
from migrator.values.secret import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.checking import FileReport
    from migrator.diagnostic import Diagnostic, Severity
    from migrator.document.model import Excerpt
    from migrator.reporters import Layout
    from migrator.summary import Tally

_TAB = 4
_INDENT = "    "
_NARROWEST = 24  # columns that an excerpt takes at least, on a terminal however narrow
_MOST_GROUPS = 500  # findings unlike each other that are kept to be shown together with equal ones
_PLACES = 3  # that are named of a group


class FullReport:
    """The findings, a block each; on a terminal those that are equal in several files in one block.

    For that they are kept until the end of the run. Once there are very many different ones, those that come
    new are shown at once.
    """

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._groups: dict[tuple[object, ...], _Group] = {}
        self._last = ""

    def start(self) -> str:
        """Nothing."""
        return ""

    def file(self, report: FileReport) -> str:
        """The findings of a file; on a terminal none of those that are kept."""
        self._last = report.path
        if not report.diagnostics:
            return ""
        excerpts = report.excerpts or (None,) * len(report.diagnostics)
        found = zip(report.diagnostics, excerpts, strict=True)
        shown = self._not_kept(found) if self._layout.is_terminal else found
        return "".join(_lines(_block(one, excerpt, self._layout)) for one, excerpt in shown)

    def end(self, tally: Tally) -> str:
        """The findings that were kept; after a run that found nothing in its only file, what to try next."""
        groups, self._groups = self._groups, {}
        if groups:
            return "".join(_lines(group.block(self._layout)) for group in groups.values())
        is_clean = tally.files == 1 and not tally.failures and tally.worst is None
        if is_clean and self._layout.is_terminal and self._layout.hints:
            return _lines(_next(self._last))
        return ""

    def _not_kept(
        self, found: Iterator[tuple[Diagnostic, Excerpt | None]]
    ) -> Iterator[tuple[Diagnostic, Excerpt | None]]:
        """Findings for which there is no room; one is equal to those of other files alone, not of its own."""
        seen: dict[tuple[object, ...], int] = {}
        for one, excerpt in found:
            kind = (
                one.code,
                one.severity,
                one.place,
                one.message,
                one.help,
                None if one.fix is None else one.fix.safety,
            )
            seen[kind] = ordinal = seen.get(kind, 0) + 1
            key = (*kind, ordinal)
            group = self._groups.get(key)
            if group is not None:
                self._groups[key] = group.with_one_more(place_of(one.path, one.span))
            elif len(self._groups) < _MOST_GROUPS:
                self._groups[key] = _Group(one, excerpt)
            else:
                yield one, excerpt


class _Group(NamedTuple):
    """The first finding of some that are equal, how many files have it, and where it is in a few others."""

    first: Diagnostic
    excerpt: Excerpt | None
    files: int = 1
    others: tuple[str, ...] = ()

    def with_one_more(self, place: str) -> _Group:
        others = self.others if len(self.others) + 1 >= _PLACES else (*self.others, place)
        return _Group(self.first, self.excerpt, self.files + 1, others)

    def block(self, layout: Layout) -> Iterator[str]:
        if self.files == 1:
            yield from _block(self.first, self.excerpt, layout)
            return
        files = paint(f"{self.files} files", BOLD, colour=layout.colour)
        yield f"{files}: {headline_without_place(self.first, layout)}"
        yield from _explanation(self.first, self.excerpt, layout)
        for place in (place_of(self.first.path, self.first.span), *self.others):
            yield f"{_INDENT}{place}"
        unnamed = self.files - 1 - len(self.others)
        if unnamed:
            yield f"{_INDENT}{CUT} and {unnamed:,} more"


def _lines(block: Iterator[str]) -> str:
    return "\n".join(block) + "\n"


def _next(path: str) -> Iterator[str]:
    yield "Not in this file: the default From address, which System Center sets (Agents > system > Email)."
    if path != NAMELESS:
        shown = _quoted(printable(path))
        yield f"What these settings make DataMiner do: dmsmtp describe {shown}"
        yield f"Whether the mail server takes them: dmsmtp probe {shown}"


def _quoted(path: str) -> str:
    """As the system's shell takes it."""
    if sys.platform == "win32":
        return f'"{path}"' if any(one in path for one in " &()'^;,=") else path
    from shlex import quote

    return quote(path)


def _block(one: Diagnostic, excerpt: Excerpt | None, layout: Layout) -> Iterator[str]:
    yield headline(one, layout)
    yield from _explanation(one, excerpt, layout)
    for related in one.related:
        yield f"{_INDENT}{place_of(related.path or one.path, related.span)}: {printable(related.message)}"


def _explanation(one: Diagnostic, excerpt: Excerpt | None, layout: Layout) -> Iterator[str]:
    help_ = printable(one.help or "")
    if one.fix is not None:
        help_ = f"{help_ or printable(one.fix.title)} ({fix_option(one.fix.safety, layout.fixing)})"
    if excerpt is not None:
        yield from _excerpt(excerpt, one.severity, help_, layout)
    elif help_:
        yield from _below(help_, layout)


def _below(help_: str, layout: Layout) -> Iterator[str]:
    """Help on lines of its own; on a terminal as many as its width needs."""
    columns = max(layout.width - len(_INDENT), _NARROWEST)
    lines = textwrap.wrap(help_, columns, break_long_words=False) if layout.is_terminal else [help_]
    for line in lines:
        yield f"{_INDENT}{line}"


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
        yield from _below(help_, layout)


def _window(excerpt: Excerpt, columns: int) -> tuple[str, str, str]:
    """The line in three parts (before, at, behind the mark), cut so that the mark can be seen."""
    before = _plain(excerpt.text[: excerpt.start])
    marked = _plain(excerpt.text[excerpt.start : excerpt.end])
    after = _plain(excerpt.text[excerpt.end :])
    if width(marked) > columns // 2:
        marked = beginning(marked, columns // 2 - 1) + CUT
    room = columns - width(marked)
    if width(before) + width(after) > room:
        before = _ending(before, max(room // 2, room - width(after)))
        after = cut(after, room - width(before))
    return before, marked, after


def _ending(text: str, columns: int) -> str:
    return text if width(text) <= columns else CUT + ending(text, columns - 1)


def _plain(text: str) -> str:
    """Tabs as spaces, everything else that would move the cursor written out."""
    return printable(text.replace("\t", " " * _TAB))
