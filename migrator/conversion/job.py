"""One file of a run, from its path to the file that it is converted into."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from migrator import definition
from migrator.checking import CheckSettings, read_document
from migrator.conversion.convert import Converted, ConvertSettings, convert
from migrator.document.source import Unreadable
from migrator.files import InputFile, Missing, is_file, read, why_unreadable
from migrator.loading import load, load_ahead
from migrator.section import read_configuration
from migrator.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from migrator.loading import Loaded, SettingsOf
    from migrator.writing import NewFile, NotWritten, Written

# In what cannot be read: an element of that name, or a key
_LOOKS_WHOLE = rb"<(?:[\w.-]+:)?%(root)b[\s/>]|\b%(root)b[\"']?[ \t]*+:" % {b"root": definition.ROOT.encode()}
_TOGETHER = 64  # outcomes whose files are created together
_MOST_BYTES = 4 * 1024 * 1024  # of these files


class ToConvert(NamedTuple):
    """A file to convert, and the path of what it is converted into; None where the document is handed on."""

    file: InputFile | Missing
    target: str | None


class Outcome(NamedTuple):
    """What became of a file.

    `failure` says why a path could not be read or written: `failed`. Without one, `converted` says what was
    found and left out, and keeps the document only where it is handed on. `diff` shows what would change in
    the target; `is_written` and `is_unchanged` say what happened to it, `backup` where its former content is.
    `new` is a target that is still to be created.
    """

    shown: str
    target: str | None = None
    converted: Converted | None = None
    failed: str = ""
    failure: str | None = None
    diff: str = ""
    is_written: bool = False
    is_unchanged: bool = False
    backup: str | None = None
    new: NewFile | None = None


def _as_usual(_path: str | None) -> CheckSettings:
    return CheckSettings()


class Job(NamedTuple):
    """What to do with each file; it can be handed to another process.

    With `is_strict` nothing is written where something would be left out; with `shows_diff` nothing at all.
    `backup` keeps the former content of a file that is overwritten. `settings_of` says what to look for in a
    file.
    """

    settings: ConvertSettings
    is_strict: bool = False
    shows_diff: bool = False
    backup: bool = True
    settings_of: SettingsOf = _as_usual

    def run(self, item: ToConvert) -> Outcome:
        """Convert one file."""
        (outcome,) = self.run_all([item])
        return outcome

    def run_all(self, items: Iterable[ToConvert]) -> Iterator[Outcome]:
        """Convert files, in their order; new ones are created several at a time.

        A mistake of ours is one file's failure, and not the end of the run.
        """
        waiting: list[Outcome] = []
        size = 0
        for item, loaded in load_ahead(items, self._load):
            outcome = self._outcome(item, loaded)
            waiting.append(outcome)
            size += 0 if outcome.new is None else len(outcome.new.data)
            if len(waiting) == _TOGETHER or size > _MOST_BYTES:
                yield from _with_files(waiting)
                waiting, size = [], 0
        yield from _with_files(waiting)

    def lets_pass(self, converted: Converted) -> bool:
        """Whether there is a document, and nothing that forbids to write it."""
        return converted.document is not None and not (self.is_strict and converted.notes)

    def _load(self, item: ToConvert) -> Loaded | Missing:
        return load(item.file, self.settings_of, self.settings.limits.size)

    def _outcome(self, item: ToConvert, loaded: Loaded | Missing) -> Outcome:
        if isinstance(loaded, Missing):
            return _failed(loaded.shown, loaded)
        try:
            return self._run(loaded, item.target)
        except Exception as error:  # noqa: BLE001 - the other files still count
            return _crashed(loaded.file.shown, error)

    def _run(self, loaded: Loaded, target: str | None) -> Outcome:
        file, look, data = loaded
        converted = convert(file.shown, data, self.settings, look)
        document = converted.document
        if document is None or target is None or not self.lets_pass(converted):
            return Outcome(file.shown, target, converted)
        before = self._before(file, target)
        if isinstance(before, Missing):
            return _failed(file.shown, before)
        outcome = Outcome(file.shown, target, converted._replace(document=b"", root=None))
        if before == document:
            return outcome._replace(is_unchanged=True)
        if self.shows_diff:
            from migrator.diff import masked_diff

            limits = self.settings.limits
            return outcome._replace(diff=masked_diff(target, before, document, limits, converted.secrets))
        from migrator.writing import NewFile, replace_file

        if before is None:
            return outcome._replace(new=NewFile(target, document, converted.holds_secret))
        return _settled(outcome, replace_file(target, document, old=before, backup=self.backup))

    def _before(self, file: InputFile, target: str) -> bytes | Missing | None:
        """What the target holds now; None where it is not there; why it must stay as it is."""
        from migrator.writing import named_descriptor

        try:
            if not is_file(target):
                return None
            is_same = file.path is not None and os.path.samefile(file.path, target)  # noqa: PTH121 - as given
        except OSError as error:  # one of them went meanwhile
            return Missing(target, why_unreadable(error))
        if is_same:
            return Missing(target, "this is the file that is converted: name another one")
        if named_descriptor(target) is not None:
            reason = "another file would take the place of what is open there"
            return Missing(target, f"{reason}: name the file, or - for standard output")
        before = read(InputFile(target, target), self.settings.limits.size)
        if isinstance(before, Missing):
            return before
        if len(before) > self.settings.limits.size:
            return Missing(target, "it is larger than dmsmtp reads: name another file, or raise --max-size")
        if self.settings.whole_file or not self._is_whole_file(target, before):
            return before
        reason = "it holds a whole DataMiner.xml, and the section alone would take its place"
        return Missing(target, f"{reason}: name another file")

    def _is_whole_file(self, path: str, data: bytes) -> bool:
        """Whether a file holds more than the section, or did before it was broken."""
        document = read_document(path, data, self.settings.limits)
        if isinstance(document, Unreadable):
            return re.search(_LOOKS_WHOLE, data.replace(b"\0", b"")) is not None
        found = read_configuration(document)
        if found is None:
            return any(True for _ in document.find(definition.ROOT))
        return found.root.name == definition.ROOT


def _failed(shown: str, missing: Missing) -> Outcome:
    return Outcome(shown, failed=missing.shown, failure=missing.reason)


def _crashed(shown: str, error: Exception) -> Outcome:
    from migrator import crash

    return _failed(shown, Missing(shown, crash.sentence(error)))


def _with_files(outcomes: list[Outcome]) -> Iterator[Outcome]:
    """The same, with the files created that are still to be."""
    new = [one.new for one in outcomes if one.new is not None]
    if not new:
        yield from outcomes
        return
    from migrator.writing import create_files

    try:
        created = iter(create_files(new))
    except Exception as error:  # noqa: BLE001 - as for a single file
        yield from (one if one.new is None else _crashed(one.shown, error) for one in outcomes)
        return
    yield from (one if one.new is None else _settled(one, next(created)) for one in outcomes)


def _settled(outcome: Outcome, written: Written | NotWritten) -> Outcome:
    """What is known once a file was written, or was not."""
    from migrator.writing import NotWritten

    if isinstance(written, NotWritten):
        return outcome._replace(new=None, failed=written.path, failure=written.reason)
    return outcome._replace(new=None, is_written=True, backup=written.backup)
