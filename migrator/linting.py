"""One file of a run, from its path to its report: read, checked, and mended where that is asked for."""

from __future__ import annotations

from enum import Enum
from functools import partial
from typing import TYPE_CHECKING

from migrator.checking import FileReport, Rewrite, check
from migrator.diagnostic import Shortfall, Undone
from migrator.files import Missing
from migrator.loading import AT_ONCE, CUT_SHORT, Loaded, load, load_ahead
from migrator.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from migrator.baseline import Baseline
    from migrator.checking import CheckSettings
    from migrator.document.limits import Limits
    from migrator.files import InputFile
    from migrator.loading import SettingsOf


class Mending(Enum):
    """What happens to the fixes of findings."""

    NONE = "nothing is mended"
    WRITE = "files are mended; standard input is passed on, mended"
    SHOW = "a diff shows what would be mended"


class Lint(NamedTuple):
    """What to do with each file; it can be handed to another process.

    With `unsafe`, fixes count that may change what a file means. `backup` keeps the former content of a file
    that is written.
    """

    settings_of: SettingsOf
    max_size: int
    baseline: Baseline | None = None
    mending: Mending = Mending.NONE
    unsafe: bool = False
    backup: bool = True

    def reports_on(self, files: Iterable[InputFile | Missing]) -> Iterator[FileReport]:
        """The report on each file; a mistake of ours is one file's failure, and not the end of the run.

        A file that may be mended is read when it is its turn.
        """
        at_once = AT_ONCE if self.mending is Mending.NONE else 1
        return (self._report_on(loaded) for _, loaded in load_ahead(files, self._load, at_once))

    def _load(self, file: InputFile | Missing) -> Loaded | Missing:
        return load(file, self.settings_of, self.max_size)

    def _report_on(self, loaded: Loaded | Missing) -> FileReport:
        if isinstance(loaded, Missing):
            return FileReport(loaded.shown, failure=loaded.reason)
        file, settings, data = loaded
        try:
            return self.mend(file, data, settings.limits, partial(self._look, file.shown, settings))
        except Exception as error:  # noqa: BLE001 - the other files still count
            from migrator import crash

            return FileReport(file.shown, failure=crash.sentence(error))

    def _look(self, path: str, settings: CheckSettings, data: bytes) -> FileReport:
        report = check(path, data, settings)
        if self.baseline is None:
            return report
        from migrator.baseline import apply

        left, gone = apply(report, self.baseline, settings.asked)
        return left._replace(gone=gone)

    def mend(
        self, file: InputFile, data: bytes, limits: Limits, look: Callable[[bytes], FileReport]
    ) -> FileReport:
        """The report on a file, whose fixes are made or shown where that is asked for.

        `look` finds what there is to find in its bytes; it is asked again for every state of them.
        """
        if self.mending is Mending.NONE:
            return look(data)
        from migrator.fixing import fix

        before = look(data)
        if self.mending is Mending.WRITE and file.path is None and len(data) > self.max_size:
            return before._replace(shortfalls=(*before.shortfalls, Shortfall(Undone.WRITE, CUT_SHORT)))
        mended, report = fix(data, lambda state: before if state is data else look(state), unsafe=self.unsafe)
        if self.mending is Mending.WRITE and file.path is None:
            return report._replace(rewrite=Rewrite(document=mended))
        if mended == data:
            return report
        if self.mending is Mending.WRITE and file.path is not None:
            return self._write(file.path, data, mended, report, before)
        from migrator.diff import masked_diff

        shown = masked_diff(file.shown, data, mended, limits)
        return report._replace(rewrite=Rewrite(shown, before=before))

    def _write(
        self, path: str, data: bytes, mended: bytes, report: FileReport, before: FileReport
    ) -> FileReport:
        from migrator.writing import NotWritten, replace_file

        outcome = replace_file(path, mended, old=data, backup=self.backup)
        if isinstance(outcome, NotWritten):
            unwritten = Shortfall(Undone.WRITE, f"it was not mended: {outcome.reason}")
            return before._replace(shortfalls=(*before.shortfalls, unwritten))
        return report._replace(rewrite=Rewrite(backup=outcome.backup, is_written=True))
