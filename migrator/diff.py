"""What a change of a file looks like, for people: a unified diff in which nothing secret can be seen."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from migrator.checking import read_document, veil_of
from migrator.document.source import Unreadable
from migrator.section import read_configuration
from migrator.tuples import NamedTuple
from migrator.values.secret import MASK, printable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from migrator.document.excerpt import Excerpts
    from migrator.document.limits import Limits
    from migrator.document.model import Document, Veil
    from migrator.document.source import Source
    from migrator.section import Configuration

CONTEXT = 3
_MANY_LINES = 2_000  # from there on, lines that stand there often are not used to find what is alike
_LONGEST, _BEFORE = 400, 80  # characters of a long line, and how many of them before the first change
_FOR_READING = (
    f"# for reading, not for `patch`: comments, and what is or may be secret, are shown as {MASK}\n"
)
_SAME_TEXT = "# the same text, in another encoding or with another byte order mark\n"


class Content(NamedTuple):
    """What a file holds; without a document where it is not there, or cannot be read."""

    data: bytes | None
    document: Document | None = None
    configuration: Configuration | None = None


def content(path: str, data: bytes | None, limits: Limits) -> Content:
    """What a file with these bytes holds; None where it is not there."""
    document = None if data is None else read_document(path, data, limits)
    if document is None or isinstance(document, Unreadable):
        return Content(data)
    return Content(data, document, read_configuration(document))


def masked_diff(
    path: str, before: bytes | None, after: bytes, limits: Limits, secrets: Collection[str] = ()
) -> str:
    """The lines that differ, with three lines around them; empty where no byte does.

    Both are contents of the same file; None before it is there. What comes after has been read as a
    configuration; of what was there before and cannot be read, every line is masked. `secrets` are those of
    the file that the change comes from.
    """
    if before == after:
        return ""
    return masked_diff_between(path, content(path, before, limits), content(path, after, limits), secrets)


def masked_diff_between(path: str, before: Content, after: Content, secrets: Collection[str] = ()) -> str:
    """The same of contents that were read and are not alike."""
    # What is a secret on one side is none to be seen on the other
    hidden = frozenset(secrets).union(
        *(one.configuration.secrets for one in (before, after) if one.configuration is not None)
    )
    old, new = (
        _Lines(one.document, veil_of(one.configuration, hidden))
        if one.document is not None
        else _Unread(one.data or b"")
        for one in (before, after)
    )
    body = "".join(_hunks(old, new))
    note = _FOR_READING if MASK in body else ""
    if not body:
        note = _SAME_TEXT
    shown = printable(path)
    return f"{note}--- {'/dev/null' if before.data is None else shown}\n+++ {shown}\n{body}"


class _Unread:
    """The lines of a file that is no document, or not there: nothing of them may be shown."""

    def __init__(self, data: bytes) -> None:
        self.raw = [line.decode("latin-1") for line in data.splitlines(keepends=True)]

    def shown(self, _index: int) -> str:
        return MASK


class _Lines(_Unread):
    """The lines of a file: as they are, to compare them, and as they may be shown."""

    def __init__(self, document: Document, veil: Veil) -> None:
        self.raw = _with_ends(document.source)
        self._excerpts: Excerpts = document.excerpts(veil)

    def shown(self, index: int) -> str:
        return printable(self._excerpts.line(index + 1).replace("\t", "    "))


def _with_ends(source: Source) -> list[str]:
    starts = [source.line_start(line) for line in range(1, source.line_count + 1)]
    lines = [
        source.text[start:end] for start, end in zip(starts, [*starts[1:], len(source.text)], strict=True)
    ]
    return lines if lines[-1] else lines[:-1]


def _hunks(old: _Unread, new: _Unread) -> Iterator[str]:
    first, old_end, new_end = _changed_part(old.raw, new.raw)
    first = max(first - CONTEXT, 0)
    old_end, new_end = min(old_end + CONTEXT, len(old.raw)), min(new_end + CONTEXT, len(new.raw))
    is_large = max(old_end, new_end) - first > _MANY_LINES
    matcher = SequenceMatcher(None, old.raw[first:old_end], new.raw[first:new_end], autojunk=is_large)
    for group in matcher.get_grouped_opcodes(CONTEXT):
        _, old_start, _, new_start, _ = group[0]
        _, _, old_stop, _, new_stop = group[-1]
        old_range = _range(first + old_start, first + old_stop)
        new_range = _range(first + new_start, first + new_stop)
        yield f"@@ -{old_range} +{new_range} @@\n"
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                yield from _marked(" ", old, first + i1, first + i2)
            else:
                at = _first_change(old, new, first + i1, first + i2, first + j1, first + j2)
                yield from _marked("-", old, first + i1, first + i2, at)
                yield from _marked("+", new, first + j1, first + j2, at)


def _changed_part(old: list[str], new: list[str]) -> tuple[int, int, int]:
    """Where the lines begin to differ, and where in each they are alike again."""
    first = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        first += 1
    last = 0
    most = min(len(old), len(new)) - first
    while last < most and old[-1 - last] == new[-1 - last]:
        last += 1
    return first, len(old) - last, len(new) - last


def _range(start: int, stop: int) -> str:
    """Line numbers as unified diffs have them: an empty range names the line before."""
    length = stop - start
    if length == 1:
        return str(start + 1)
    return f"{start + 1 if length else start},{length}"


def _first_change(old: _Unread, new: _Unread, i1: int, i2: int, j1: int, j2: int) -> int:
    """The first character in which a replaced line differs from what replaces it, as both are shown."""
    if i1 == i2 or j1 == j2:
        return 0
    one, other = old.shown(i1), new.shown(j1)
    shortest = min(len(one), len(other))
    return next((place for place in range(shortest) if one[place] != other[place]), shortest)


def _marked(mark: str, lines: _Unread, start: int, stop: int, at: int = 0) -> Iterator[str]:
    for index in range(start, stop):
        yield f"{mark}{_window(lines.shown(index), at)}\n"


def _window(line: str, at: int) -> str:
    """A line of a file that is written in few lines, cut around the place that counts."""
    if len(line) <= _LONGEST:
        return line
    start = max(min(at - _BEFORE, len(line) - _LONGEST), 0)
    end = start + _LONGEST
    return f"{'…' if start else ''}{line[start:end]}{'…' if end < len(line) else ''}"
