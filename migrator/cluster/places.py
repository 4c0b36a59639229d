"""What was found on an agent, with its place in the agent's file, which is read once more for that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.checking import FileReport, configuration_in, place_of, report_on
from migrator.cluster.meaning import digest_of
from migrator.cluster.read_timeout import load_within
from migrator.files import InputFile, Missing
from migrator.rules import BY_CODE
from migrator.rules.model import Finding, at_name, at_value
from migrator.tuples import NamedTuple

if TYPE_CHECKING:
    from migrator.diagnostic import Related, Span
    from migrator.document.model import Target
    from migrator.loading import Loaded, SettingsOf
    from migrator.rules.model import AgentFinding
    from migrator.section import Configuration

_CHANGED = "it changed while the agents were compared: compare them again"


class Wanted(NamedTuple):
    """Settings of one agent (None: its section) whose places are asked for, by the number of the agent."""

    number: int
    file: InputFile
    settings: frozenset[str | None]


class Place(NamedTuple):
    """Where something stands in the file of an agent."""

    path: str
    place: str
    span: Span


class OnAgent(NamedTuple):
    """What was found on one agent, and the places in other files that belong to it.

    `digest` is that of the file as it was compared. `has_foreign_secret` says that the file shows a text that
    is a secret elsewhere: no line of it is shown then.
    """

    file: InputFile
    label: str
    digest: bytes
    found: tuple[tuple[str, AgentFinding, tuple[Related, ...]], ...]
    has_foreign_secret: bool = False


class Placer(NamedTuple):
    """How places are found; it can be handed to another process. `key` is that of the run's digests."""

    settings_of: SettingsOf
    max_size: int
    key: bytes
    timeout: int | None = None

    def places(self, wanted: Wanted) -> dict[str | None, Place]:
        """Where the settings stand; nothing of a file that can no longer be read."""
        loaded = self._load(wanted.file)
        configuration = None if isinstance(loaded, Missing) else _configuration(loaded)
        if configuration is None:
            return {}
        found = {}
        for name in wanted.settings:
            target = _target(configuration, name)
            span = configuration.document.span(target)
            found[name] = Place(wanted.file.shown, place_of(target, configuration), span)
        return found

    def report_on(self, one: OnAgent) -> FileReport:
        """The findings of one agent, as a report on its file."""
        try:
            return self._report(one)
        except Exception as error:  # noqa: BLE001 - the other agents still count
            from migrator import crash

            return FileReport(one.file.shown, failure=crash.sentence(error))

    def _report(self, one: OnAgent) -> FileReport:
        loaded = self._load(one.file)
        if isinstance(loaded, Missing):
            return FileReport(one.file.shown, failure=loaded.reason)
        configuration = _configuration(loaded)
        if configuration is None or digest_of(loaded.data, self.key) != one.digest:
            return FileReport(one.file.shown, failure=_CHANGED)
        settings = loaded.settings
        found = [
            (
                BY_CODE[code],
                Finding(
                    _target(configuration, finding.setting),
                    finding.message,
                    finding.help,
                    finding.severity,
                    subjects=() if finding.setting is None else (finding.setting,),
                    elsewhere=elsewhere,
                ),
            )
            for code, finding, elsewhere in one.found
        ]
        if one.has_foreign_secret:
            settings = settings._replace(excerpts=False)
        report = report_on(one.file.shown, configuration, found, settings)
        return report._replace(
            diagnostics=tuple(each._replace(agent=one.label) for each in report.diagnostics)
        )

    def _load(self, file: InputFile) -> Loaded | Missing:
        return load_within(file, self.settings_of, self.max_size, self.timeout)


def _configuration(loaded: Loaded) -> Configuration | None:
    return configuration_in(loaded.file.shown, loaded.data, loaded.settings.limits)


def _target(configuration: Configuration, setting: str | None) -> Target:
    """A setting's value; where it is missing the name of the section, or else of the root."""
    section = configuration.section
    if section is None:
        return at_name(configuration.root)
    found = None if setting is None else section.get(setting)
    return at_name(section.node) if found is None else at_value(found)
