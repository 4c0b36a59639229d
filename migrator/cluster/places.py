"""What was found on an agent, with its place in the agent's file, which is read once more for that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.checking import FileReport, configuration_in, place_of, report_on
from migrator.cluster.meaning import digest_of
from migrator.cluster.read_timeout import read_within
from migrator.files import InputFile, Missing
from migrator.rules import BY_CODE
from migrator.rules.model import Finding, at_name, at_value
from migrator.tuples import NamedTuple

if TYPE_CHECKING:
    from migrator.checking import CheckSettings
    from migrator.diagnostic import Related, Span
    from migrator.document.model import Target
    from migrator.loading import SettingsOf
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
        settings = self.settings_of(wanted.file.path)
        configuration = None if isinstance(settings, str) else self._read(wanted.file, settings)
        if not isinstance(configuration, tuple):
            return {}
        found = {}
        for name in wanted.settings:
            target = _target(configuration[0], name)
            span = configuration[0].document.span(target)
            found[name] = Place(wanted.file.shown, place_of(target, configuration[0]), span)
        return found

    def report_on(self, one: OnAgent) -> FileReport:
        """The findings of one agent, as a report on its file."""
        try:
            return self._report(one)
        except Exception as error:  # noqa: BLE001 - the other agents still count
            from migrator import crash

            return FileReport(one.file.shown, failure=crash.sentence(error))

    def _report(self, one: OnAgent) -> FileReport:
        settings = self.settings_of(one.file.path)
        if isinstance(settings, str):
            return FileReport(one.file.shown, failure=settings)
        read_again = self._read(one.file, settings)
        if isinstance(read_again, str):
            return FileReport(one.file.shown, failure=read_again)
        configuration, digest = read_again
        if digest != one.digest:
            return FileReport(one.file.shown, failure=_CHANGED)
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

    def _read(self, file: InputFile, settings: CheckSettings) -> tuple[Configuration, bytes] | str:
        data = read_within(file, self.max_size, self.timeout)
        if isinstance(data, Missing):
            return data.reason
        configuration = configuration_in(file.shown, data, settings.limits)
        if configuration is None:
            return _CHANGED
        return configuration, digest_of(data, self.key)


def _target(configuration: Configuration, setting: str | None) -> Target:
    """A setting's value; where it is missing the name of the section, or else of the root."""
    section = configuration.section
    if section is None:
        return at_name(configuration.root)
    found = None if setting is None else section.get(setting)
    return at_name(section.node) if found is None else at_value(found)
