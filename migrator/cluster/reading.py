"""One file of a cluster, from its bytes to an agent, or to the list of agents that it is."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from migrator.agents import Agent
from migrator.checking import FileReport, check, configuration_in, read_document
from migrator.cluster.dms_xml import NAME, ROOT, Members, read_members
from migrator.cluster.meaning import digest_of, digest_with, values_of
from migrator.cluster.read_timeout import load_within
from migrator.document.source import Unreadable
from migrator.files import InputFile, Missing, read
from migrator.loading import AT_ONCE, load_ahead
from migrator.section import read_configuration, read_section
from migrator.tuples import NamedTuple
from migrator.values.secret import mask, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from migrator.checking import CheckSettings
    from migrator.loading import Loaded, SettingsOf
    from migrator.section import Configuration, Section

_MOST_SHOWN = 60  # characters of a name


class FileRead(NamedTuple):
    """What a file was found to be.

    An `agent`, with the digest of its bytes and those of its `secrets`; or `members`, where it is a DMS.xml.
    `report` says what is wrong where it could not be read. `beside` is the DMS.xml in the agent's folder.
    """

    file: InputFile | Missing
    agent: Agent | None = None
    digest: bytes = b""
    secrets: frozenset[bytes] = frozenset()
    members: Members | None = None
    beside: Members | None = None
    report: FileReport | None = None


class AgentReader(NamedTuple):
    """How files are read; it can be handed to another process.

    `key` is that of the run's digests, `timeout` says for how many seconds a file is waited for.
    """

    settings_of: SettingsOf
    max_size: int
    key: bytes
    timeout: int | None = None

    def read_all(self, files: Iterable[InputFile | Missing]) -> Iterator[FileRead]:
        """What each file is; a mistake of ours is one file's failure, and not the end of the run."""
        # What may never come is waited for by itself, so that others are told of meanwhile
        at_once = AT_ONCE if self.timeout is None else 1
        lists: dict[str, Members | None] = {}  # by folder, each read once for all its agents
        for file, loaded in load_ahead(files, self.load, at_once):
            yield _failed(file, loaded.reason) if isinstance(loaded, Missing) else self._read(loaded, lists)

    def load(self, file: InputFile | Missing) -> Loaded | Missing:
        """The bytes of a file and the settings that count for it; why not, where they do not come."""
        return load_within(file, self.settings_of, self.max_size, self.timeout)

    def _read(self, loaded: Loaded, lists: dict[str, Members | None]) -> FileRead:
        try:
            return self._interpreted(loaded, lists)
        except Exception as error:  # noqa: BLE001 - the other files still count
            from migrator import crash

            return _failed(loaded.file, crash.sentence(error))

    def _interpreted(self, loaded: Loaded, lists: dict[str, Members | None]) -> FileRead:
        file, settings, data = loaded
        found = interpret(file, data, settings, self.key)
        if found.agent is None or file.path is None:
            return found
        folder = os.path.dirname(file.path)  # noqa: PTH120 - a folder many times
        if folder not in lists:
            lists[folder] = _members_in(folder, settings)
        beside = lists[folder]
        if beside is None:
            return found
        return found._replace(agent=found.agent._replace(cluster=beside.cluster), beside=beside)


def interpret(file: InputFile, data: bytes, settings: CheckSettings, key: bytes) -> FileRead:
    """What a file with these bytes is; `key` is that of the run's digests."""
    document = read_document(file.shown, data, settings.limits)
    if not isinstance(document, Unreadable):
        members = read_members(file.shown, document)
        if members is not None:
            return FileRead(file, members=members)
        configuration = read_configuration(document)
        if configuration is not None:
            return _agent(file, data, configuration, key)
    report = check(file.shown, data, settings)
    first = next((f"{one.code} {one.name}" for one in report.diagnostics), "it is no configuration")
    return FileRead(file, Agent(file.shown, file.shown, problem=first), report=report)


def section_in(path: str, data: bytes, settings: CheckSettings) -> Section | None:
    """The section of a file with these bytes; None where there is none, or nobody can read it."""
    found = configuration_in(path, data, settings.limits)
    return None if found is None else found.section


def _agent(file: InputFile, data: bytes, configuration: Configuration, key: bytes) -> FileRead:
    digest = digest_with(key)
    # One in another place is not the agent's, as far as the documentation tells
    section = configuration.section if configuration.sections else None
    secrets = configuration.secrets
    name, identity = (
        None if text is None else shown_name(text, configuration)
        for text in (configuration.agent_name, configuration.agent_id)
    )
    agent = Agent(
        file.shown,
        file.shown,
        name,
        identity,
        {} if section is None else values_of(section, digest),
        has_section=section is not None,
        is_misplaced=section is None and bool(configuration.misplaced),
        is_ambiguous=section is not None and _is_ambiguous(configuration, section),
    )
    return FileRead(file, agent, digest_of(data, key), frozenset(map(digest, secrets)))


def _is_ambiguous(configuration: Configuration, section: Section) -> bool:
    """Whether the section, or a setting in it, is there once more and says something else."""
    others = (read_section(configuration.document, node) for node in configuration.sections[1:])
    if any(other.values != section.values for other in others):
        return True
    if len(section.values) == section.entry_count:
        return False
    from migrator.rules.structure import repeated_settings

    return any(one.text() != other.text() for one, other in repeated_settings(section))


def shown_name(text: str, configuration: Configuration) -> str:
    """The name or ID of an agent as it may be shown: nothing secret, nor long, nor what moves a terminal."""
    return printable(mask(text, configuration.secrets))[:_MOST_SHOWN]


def _failed(file: InputFile | Missing, reason: str) -> FileRead:
    return FileRead(
        file, Agent(file.shown, file.shown, problem=reason), report=FileReport(file.shown, failure=reason)
    )


def _members_in(folder: str, settings: CheckSettings) -> Members | None:
    """The DMS.xml in a folder; None where there is none."""
    beside = os.path.join(folder, NAME)  # noqa: PTH118 - a folder many times
    if not os.path.isfile(beside):  # noqa: PTH113 - likewise
        return None
    data = read(InputFile(beside, beside), settings.limits.size)
    if isinstance(data, Missing):
        return Members(beside, problem=data.reason)
    document = read_document(beside, data, settings.limits)
    if isinstance(document, Unreadable):
        return Members(beside, problem=f"line {document.span.start.line}: {document.message}")
    return read_members(beside, document) or Members(beside, problem=f"its root is not {ROOT}")
