"""What one section asks of many agents: which settings they are to hold, and which stay their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator import definition
from migrator.agents import OWN
from migrator.cluster.meaning import digest_with, values_of
from migrator.document.xml import XmlDocument
from migrator.tuples import NamedTuple
from migrator.values.login_method import LoginMethod
from migrator.values.secret import is_reference
from migrator.values.variable import holds_variable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from migrator.section import Section, Setting

AGENT = "{agent}"
"""In a value that each agent has for itself: the name of the agent that it goes to."""

_NO_VARIABLES: Mapping[str, str] = {}


class DesiredSection(NamedTuple):
    """What the section of an agent is to hold.

    Settings in `keep` stay each agent's own, there or not. `entered` are secrets of the source that only its
    own agent can read: agents keep theirs, and those that have none need it entered. `meanings` are those of
    the source: where an agent's setting means the same already, its text stays. With `replaces_oauth`, agents
    that log in with XOAUTH2 get it, too. `secrets` are all texts of the source that must not be shown, and
    what takes their place. `variables` are texts of the source that name variables: where an agent's file has
    the same, it keeps it.
    """

    wanted: Mapping[str, str]
    keep: frozenset[str]
    entered: frozenset[str]
    meanings: Mapping[str, str]
    replaces_oauth: bool = False
    secrets: frozenset[str] = frozenset()
    variables: Mapping[str, str] = _NO_VARIABLES


class Choice(NamedTuple):
    """Which settings of the source are meant; without `only`, all but `without`.

    `replace` may name Helo, and LoginMethod: agents that log in with XOAUTH2 get another method then.
    """

    only: frozenset[str] | None = None
    without: frozenset[str] = frozenset()
    replace: frozenset[str] = frozenset()

    def means(self, name: str) -> bool:
        """Whether a setting is applied, if the source has it."""
        stays = self.without | definition.oauth_settings() | (OWN - self.replace)
        return name not in stays and (self.only is None or name in self.only)


class Refused(NamedTuple):
    """Why the section of the source cannot be applied, with what to do."""

    reason: str


def desired_section(
    section: Section, choice: Choice, secrets: Mapping[str, str], environment: Mapping[str, str]
) -> DesiredSection | Refused:
    """What a source asks for.

    `secrets` are values that take the place of its own; `environment` is where variables stand, which JSON
    and YAML may name.
    """
    if section.method is LoginMethod.XOAUTH2:
        return Refused(
            "it logs in with XOAUTH2, which Cube alone configures, on all agents: in Cube, enter the client "
            "secret again where there is one, retrieve tokens, and apply"
        )
    known = definition.settings()
    meant = list(filter(choice.means, known))
    wanted: dict[str, str] = {}
    entered: set[str] = set()
    for name in meant:
        setting = section.get(name)
        if name in secrets:
            wanted[name] = secrets[name]
        elif setting is not None and known[name].is_secret:
            secret = _secret_of(section, setting, environment)
            if isinstance(secret, Refused):
                return secret
            if is_reference(secret):
                entered.add(name)
            else:
                wanted[name] = secret
        elif setting is not None:
            wanted[name] = setting.value
    meanings = {
        name: value.meaning
        for name, value in values_of(section, digest_with(b"")).items()
        if name in meant and not known[name].is_secret and not names_agent(name, value.text)
    }
    variables = {
        name: section.values[name]
        for name in wanted
        if known[name].is_secret and name not in secrets and names_variable(section, name)
    }
    return DesiredSection(
        wanted,
        frozenset(known) - (frozenset(meant) - entered),
        frozenset(entered),
        meanings,
        "LoginMethod" in choice.replace,
        section.secrets.union(text for name, text in wanted.items() if text and known[name].is_secret),
        variables,
    )


def names_agent(name: str, text: str) -> bool:
    """Whether the value of a setting is another one on each agent; all others are meant word for word."""
    return name in OWN and AGENT in text


def names_variable(section: Section, name: str) -> bool:
    """Whether the secret of a section is not in its file; XML has no variables."""
    return not isinstance(section.document, XmlDocument) and holds_variable(section.values.get(name, ""))


def _secret_of(section: Section, setting: Setting, environment: Mapping[str, str]) -> str | Refused:
    """The secret itself; XML has no variables, so that it holds nothing else."""
    if isinstance(section.document, XmlDocument):
        return setting.value
    from migrator.conversion.secrets import resolved_text

    found = resolved_text(setting.name, setting.value, environment)
    if not isinstance(found, str):
        return Refused(f"{found.message}: {found.help}, or enter {setting.name} with --ask-secrets")
    return found
