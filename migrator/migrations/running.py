"""One file of a run, from its path to what became of it: read, migrated, and written where asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.files import Missing
from migrator.loading import CUT_SHORT, load
from migrator.migrations.migrating import migrate
from migrator.migrations.result import Migration
from migrator.tuples import NamedTuple

if TYPE_CHECKING:
    from migrator.files import InputFile
    from migrator.loading import Loaded, SettingsOf
    from migrator.migrations.model import Goal


class MigrationRun(NamedTuple):
    """What to do with each file; it can be handed to another process."""

    settings_of: SettingsOf
    max_size: int
    goal: Goal
    write: bool
    backup: bool

    def result_of(self, file: InputFile | Missing) -> Migration:
        """What became of one file; a mistake of ours is one file's failure, and not the end of the run."""
        loaded = load(file, self.settings_of, self.max_size)
        if isinstance(loaded, Missing):
            return Migration(loaded.shown, failure=loaded.reason)
        try:
            return self._result(loaded)
        except Exception as error:  # noqa: BLE001 - the other files still count
            from migrator import crash

            return Migration(file.shown, failure=crash.sentence(error))

    def _result(self, loaded: Loaded) -> Migration:
        file, settings, data = loaded
        after, migration = migrate(file.shown, data, self.goal, settings)
        if file.path is None:
            if self.write and len(data) > self.max_size:
                return migration._replace(failure=CUT_SHORT)
            return migration._replace(document=after, is_written=self.write and after != data)
        if not self.write or after == data:
            return migration
        return self._written(file.path, data, after, migration)

    def _written(self, path: str, data: bytes, after: bytes, migration: Migration) -> Migration:
        from migrator.writing import NotWritten, replace_file

        outcome = replace_file(path, after, old=data, backup=self.backup)
        if isinstance(outcome, NotWritten):
            return migration._replace(failure=f"it was not migrated: {outcome.reason}")
        return migration._replace(is_written=True, backup=outcome.backup)
