"""What is known of an agent from its file, as far as the worksheet of its cluster needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.describe import oldest_for
from migrator.rules.provider import provider_of_login
from migrator.tuples import NamedTuple
from migrator.values.secret import mask, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.section import Configuration, Section
    from migrator.values.version import Since

SHARED = ("Host", "HostPort", "LoginMethod", "User", "From", "MaxSubjectLength")
"""The settings that Cube writes alike to all agents, secrets left out; Helo is each machine's own."""


class AgentFacts(NamedTuple):
    """An agent: its name, its settings as they may be shown, its provider.

    `name` has its DataMiner ID with it, as in `Agent 7 (ID 7)`, and is None where the file has neither.
    `settings` holds what is in the file of `SHARED` and Helo, spelled as DataMiner does where that is known,
    and `meant` what those of `SHARED` mean, which is the same for agents that are alike. `server` is Host
    without a port or scheme that stands in it. `oldest` are the first versions that understand the file, None
    where nothing in it needs one.
    """

    name: str | None
    identity: str | None = None
    settings: tuple[tuple[str, str], ...] = ()
    provider: str | None = None
    has_section: bool = False
    oldest: Since | None = None
    meant: tuple[str, ...] = ()
    server: str = ""

    def get(self, name: str) -> str:
        """A setting as it may be shown; empty where it is missing."""
        return dict(self.settings).get(name, "")


def facts_of(configuration: Configuration) -> AgentFacts:
    """What a configuration says of its agent."""
    name, identity = (
        None if text is None else printable(mask(text, configuration.secrets))
        for text in (configuration.agent_label, configuration.agent_id)
    )
    section = configuration.section
    if section is None:
        return AgentFacts(name, identity)
    provider = provider_of_login(section)
    return AgentFacts(
        name,
        identity,
        tuple((one, value) for one in (*SHARED, "Helo") if (value := _value(section, one))),
        None if provider is None else provider.name,
        has_section=True,
        oldest=oldest_for(section),
        meant=tuple(_meanings(section)),
        server=_server(section),
    )


def _meanings(section: Section) -> Iterator[str]:
    """What the shared settings mean, as `compare` tells; empty where one is missing."""
    from migrator.cluster.meaning import digest_with, values_of

    values = values_of(section, digest_with(b""))
    for name in SHARED:
        value = values.get(name)
        yield "" if value is None else value.meaning


def _value(section: Section, name: str) -> str:
    if name == "HostPort" and section.transport is not None:
        return str(section.transport)
    if name == "LoginMethod" and section.method is not None:
        return str(section.method)
    return printable(mask(section.text(name), section.secrets))


def _server(section: Section) -> str:
    host = section.host
    if host is None or host.value is None:
        return _value(section, "Host")
    return printable(mask(host.value.name, section.secrets))
