"""Findings that are known from before, so that a run names only new ones.

A finding is known by its file, code, place and fingerprint, never by its line. Of several that are alike the
first ones are the known ones. D codes are never known: they say that a file was not checked, and everything
in it would be hidden with them.
"""

from __future__ import annotations

import json
import os.path
import re
from collections import Counter
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING
from unicodedata import normalize

from migrator.checking import read_document
from migrator.diagnostic import Quieted, Suppressed
from migrator.document.limits import Limits
from migrator.document.mapping import MappingDocument
from migrator.files import as_named_in
from migrator.rules import NOT_CHECKED
from migrator.rules.selectors import is_always_reported
from migrator.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from types import ModuleType

    from migrator.checking import FileReport
    from migrator.diagnostic import Kind

VERSION = 1
"""Of the format that `schemas/baseline.schema.json` describes."""

_CODE = re.compile("[A-Z][0-9]{3}")
_FINGERPRINT = re.compile("[0-9a-f]{32}")
_AGAIN = "write it again with --write-baseline"


@dataclass(frozen=True, slots=True)
class Entry:
    """Findings of one file that are alike, and how many of them are known.

    `path` counts from the folder of the baseline and has `/` between names; it is absolute where the file
    lies on another drive.
    """

    path: str
    code: str
    place: str | None
    fingerprint: str | None
    count: int

    def sort_key(self) -> tuple[str, str, str, str]:
        """Order in the file."""
        return (self.path, self.code, self.place or "", self.fingerprint or "")


_MEMBERS = tuple(one.name for one in fields(Entry))


class BaselineError(NamedTuple):
    """Why a baseline cannot be read: the line, where there is one, what is wrong, and what to do."""

    line: int | None
    message: str
    help: str


class Compared(NamedTuple):
    """A report without the findings that are known, and how many of those known are no longer found."""

    report: FileReport
    gone: int


@dataclass(frozen=True)
class Baseline:
    """The known findings of many files; their paths count from `folder`, which is absolute."""

    folder: str
    entries: tuple[Entry, ...] = ()

    @cached_property
    def by_path(self) -> Mapping[str, Counter[Kind]]:
        """How many are known of each kind, by path as this system compares paths."""
        known: dict[str, Counter[Kind]] = {}
        for one in self.entries:
            of_file = known.setdefault(_comparable(one.path), Counter())
            of_file[one.code, one.place, one.fingerprint] += one.count
        return known


def apply(report: FileReport, baseline: Baseline, wanted: Collection[str]) -> Compared:
    """Take the known findings out of a report; they are among its `suppressed` then.

    `wanted` are the codes that this run looks for: of others, and of a file that could not be checked, nobody
    knows whether they are gone. What is found, and left to another finding or kept quiet by an ignore
    comment, is not gone either. Apply it before less grave findings are hidden, to reports whose findings
    have fingerprints.
    """
    known = baseline.by_path.get(_comparable(relative(report.path, baseline.folder)))
    if known is None or report.failure is not None:
        return Compared(report, 0)
    rest = Counter(known)
    new: list[int] = []
    quiet: list[Suppressed] = []
    for place, one in enumerate(report.diagnostics):
        if rest[one.kind] > 0 and not is_always_reported(one.code):
            rest[one.kind] -= 1
            quiet.append(Suppressed(one, Quieted.BASELINE))
        else:
            new.append(place)
    rest -= Counter(report.yielding)
    rest -= Counter(one.diagnostic.kind for one in report.suppressed)
    certain = looked_for(report, wanted)
    gone = sum(number for (code, _, _), number in rest.items() if code in certain)
    if not quiet:
        return Compared(report, gone)
    left = report._replace(
        diagnostics=tuple(report.diagnostics[place] for place in new),
        excerpts=tuple(report.excerpts[place] for place in new) if report.excerpts else (),
        suppressed=(*report.suppressed, *quiet),
    )
    return Compared(left, gone)


def looked_for(report: FileReport, wanted: Collection[str]) -> Collection[str]:
    """The codes of which a report says whether the file has them, of those that were wanted."""
    is_checked = report.failure is None and all(one.code not in NOT_CHECKED for one in report.diagnostics)
    return wanted if is_checked else ()


def passed_over(known: Baseline, certain: Mapping[str, Collection[str]]) -> int:
    """How many known findings of files that are there still a run did not look for.

    `certain` are the codes that it looked for in each file, by its path in the baseline.
    """
    by_path = {_comparable(path): codes for path, codes in certain.items()}
    return sum(
        one.count
        for one in known.entries
        if one.code not in by_path.get(_comparable(one.path), ())
        and _is_there(os.path.join(known.folder, one.path))  # noqa: PTH118 - as given
    )


def collect(reports: Iterable[FileReport], folder: str) -> Baseline:
    """The baseline, to lie in a folder, for what these reports find or have as known already."""
    found: Counter[tuple[str, str, str | None, str | None]] = Counter()
    for report in reports:
        path = relative(report.path, folder)
        known = (one.diagnostic for one in report.suppressed if one.by is Quieted.BASELINE)
        for one in (*report.diagnostics, *known):
            if not is_always_reported(one.code):
                found[path, *one.kind] += 1
    return _sorted(folder, (Entry(*kind, count) for kind, count in found.items()))


def _sorted(folder: str, entries: Iterable[Entry]) -> Baseline:
    folder = os.path.abspath(folder)  # noqa: PTH100 - links are not followed
    return Baseline(folder, tuple(sorted(entries, key=Entry.sort_key)))


def _comparable(path: str) -> str:
    """A path as this system compares paths, accents in one form: macOS may name them by two characters."""
    return normalize("NFC", os.path.normcase(path))


def _is_there(path: str) -> bool:
    """Whether there is such a file, in whichever form its name has the accents."""
    forms = (path, normalize("NFC", path), normalize("NFD", path))
    return any(map(os.path.exists, forms))


def relative(path: str, folder: str, paths: ModuleType = os.path) -> str:
    """A path as a baseline in a folder has it: links inside the folder are not followed.

    `paths` is `os.path`, or that of another system.
    """
    shown: str = paths.abspath(path)
    start: str = paths.abspath(folder)
    if paths is os.path:
        start = as_named_in(shown, start)
    with suppress(ValueError):  # on another drive
        shown = paths.relpath(shown, start)
    return shown.replace(paths.sep, "/")


def write(baseline: Baseline) -> str:
    """The text of a baseline's file: one entry a line, in order; ends with a line feed."""
    lines = [
        json.dumps(asdict(entry), ensure_ascii=not _is_unicode(entry.path)) for entry in baseline.entries
    ]
    inside = "".join(f"\n    {line}," for line in lines).removesuffix(",")
    entries = f"[{inside}\n  ]" if lines else "[]"
    return f'{{\n  "version": {VERSION},\n  "entries": {entries}\n}}\n'


def _is_unicode(text: str) -> bool:
    """Whether a path can be written: a name of Linux can hold any bytes."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


# Reading


def read(data: bytes, folder: str) -> Baseline | BaselineError:
    """The baseline that a file in a folder holds, or what is wrong with it first."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return BaselineError(_line(data, error.start), "the baseline is not UTF-8", _AGAIN)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        from migrator.document.conflict import UNFINISHED, marks_of_conflict

        conflict = marks_of_conflict(text)
        if conflict is not None:
            help_ = f"solve it, or {_AGAIN}"
            return BaselineError(text.count("\n", 0, conflict.start()) + 1, UNFINISHED, help_)
        line = error.lineno if isinstance(error, json.JSONDecodeError) else None
        return BaselineError(line, "the baseline is not well-formed JSON", _AGAIN)
    if not isinstance(value, dict) or "version" not in value or not isinstance(value.get("entries"), list):
        return BaselineError(None, "this is no baseline of dmsmtp", f"name one, or {_AGAIN}")
    version = value["version"]
    if type(version) is not int or version != VERSION:
        is_newer = type(version) is int and version > VERSION
        message = (
            "a newer dmsmtp wrote this baseline" if is_newer else "this version of a baseline is not known"
        )
        return BaselineError(_line_of(data, None), message, f"update dmsmtp, or {_AGAIN}")
    entries: list[Entry] = []
    for number, one in enumerate(value["entries"]):
        problem = _problem(one)
        if problem is not None:
            return BaselineError(_line_of(data, number), problem, f"take the entry away, or {_AGAIN}")
        entries.append(Entry(*(one[name] for name in _MEMBERS)))
    return _sorted(folder, entries)


def _problem(entry: object) -> str | None:
    """What is wrong with an entry; members that later versions may add do not count."""
    if not isinstance(entry, dict):
        return "this entry is no object"
    for name in _MEMBERS:
        if name not in entry:
            return f"{name} is missing in this entry"
        if not _CHECKS[name](entry[name]):
            return f"the value of {name} is not one that a baseline has"
    if is_always_reported(entry["code"]):
        return "D codes cannot be known from before: they say that a file was not checked"
    return None


_CHECKS: dict[str, Callable[[object], bool]] = {
    "path": lambda value: isinstance(value, str) and value != "",
    "code": lambda value: isinstance(value, str) and _CODE.fullmatch(value) is not None,
    "place": lambda value: value is None or isinstance(value, str),
    "fingerprint": lambda value: (
        value is None or (isinstance(value, str) and _FINGERPRINT.fullmatch(value) is not None)
    ),
    "count": lambda value: isinstance(value, int) and type(value) is int and value > 0,
}


def _line(data: bytes, offset: int) -> int:
    return data.count(b"\n", 0, offset) + 1


def _line_of(data: bytes, number: int | None) -> int | None:
    """The line where an entry stands, by its place in the list, or where the version does (None)."""
    size = len(data)
    document = read_document("baseline.json", data, Limits(size, size, size, size))
    if not isinstance(document, MappingDocument):
        return None
    top = {entry.key: entry for entry in document.root.entry.value.entries}
    if number is None:
        return document.source.line_and_column(top["version"].key_start)[0]
    return document.source.line_and_column(top["entries"].value.entries[number].value.start)[0]
