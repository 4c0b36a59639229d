"""The SMTP section of a document, in any format: its settings, and what their values say."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from migrator import definition
from migrator.providers import provider_of, provider_of_token_endpoint
from migrator.values.host import Host, HostProblem, parse_host
from migrator.values.host_port import HostPort, HostPortProblem, parse_host_port
from migrator.values.login_method import LoginMethod, LoginMethodProblem, parse_login_method
from migrator.values.secret import is_secret_name, mask, quote

if TYPE_CHECKING:
    from migrator.document.model import Document, Node
    from migrator.providers import Issuer, Provider
    from migrator.values.reading import Reading

_INVISIBLE = "\u200b\u2060\ufeff"  # what comes along when a value is copied from a page


def trim(text: str) -> str:
    """The text without white space, and invisible characters, at its ends."""
    if text and (text[0] <= " " or text[-1] <= " " or not text.isascii()):
        stripped = text.strip().strip(_INVISIBLE)
        while stripped != text:
            text, stripped = stripped, stripped.strip().strip(_INVISIBLE)
    return text


@dataclass(frozen=True, slots=True)
class Setting:
    """A known setting as it stands in the section.

    `value` is its exact text, `text` the same without white space at its ends.
    """

    name: str
    node: Node
    value: str
    text: str
    is_secret: bool


@dataclass(frozen=True)
class Section:
    """One SMTP section.

    `entries` are all its children in file order, known or not; `settings` holds the first of each known
    setting that is in the section's own namespace.
    """

    document: Document
    node: Node
    entries: tuple[Node, ...]
    settings: dict[str, Setting] = field(hash=False)

    def get(self, name: str) -> Setting | None:
        """The setting, if it is there, even empty."""
        return self.settings.get(name)

    def given(self, name: str) -> Setting | None:
        """The setting, if it is there with a value other than white space."""
        setting = self.settings.get(name)
        return setting if setting is not None and setting.text else None

    def text(self, name: str) -> str:
        """The trimmed value of a setting; empty where it is missing."""
        setting = self.settings.get(name)
        return "" if setting is None else setting.text

    @cached_property
    def host(self) -> Reading[Host, HostProblem] | None:
        """What Host says; None where it is missing or empty."""
        setting = self.given("Host")
        return None if setting is None else parse_host(setting.text)

    @cached_property
    def host_port(self) -> Reading[HostPort, HostPortProblem] | None:
        """What HostPort says; None where it is missing. The documented default is not filled in."""
        setting = self.get("HostPort")
        return None if setting is None else parse_host_port(setting.text)

    @cached_property
    def login_method(self) -> Reading[LoginMethod, LoginMethodProblem] | None:
        """What LoginMethod says; None where it is missing."""
        setting = self.get("LoginMethod")
        return None if setting is None else parse_login_method(setting.text)

    @property
    def transport(self) -> HostPort | None:
        """The port and its security, as far as one can tell: the default where HostPort is missing.

        None where HostPort is no port; a port that is only spelled wrongly (case, leading zeros) counts.
        """
        reading = self.host_port
        if reading is None:
            return HostPort(25)
        is_guess = HostPortProblem.NOT_A_HOST_PORT in reading.problems
        return None if is_guess else reading.value

    @property
    def method(self) -> LoginMethod | None:
        """The login method, as far as one can tell; one that is only spelled otherwise counts."""
        reading = self.login_method
        if reading is None or LoginMethodProblem.UNKNOWN in reading.problems:
            return None
        return reading.value

    @property
    def is_loopback(self) -> bool:
        """Whether Host is this machine itself."""
        return self.host is not None and self.host.value is not None and self.host.value.is_loopback

    @cached_property
    def provider(self) -> Provider | None:
        """The mail provider that Host belongs to; None where none is known."""
        host = None if self.host is None else self.host.value
        return None if host is None else provider_of(host)

    @cached_property
    def token_issuer(self) -> Issuer | None:
        """Who gives out the tokens of OAuthTokenEndpoint; None where it is not known."""
        endpoint = self.text("OAuthTokenEndpoint")
        return provider_of_token_endpoint(endpoint) if endpoint else None

    @cached_property
    def secrets(self) -> frozenset[str]:
        """Every text of the document that must not be shown, exactly and trimmed."""
        found = set()
        for value in self.document.values_of(is_secret_entry):
            found |= {value, trim(value)}
        for node in self.document.find("Host"):
            found |= _login_parts(node.text())
        user = self.get("User")
        if user is not None and self.provider is not None and self.provider.user_is_secret:
            found |= {user.value, user.text}
        return frozenset(found - {""})

    def quote(self, text: str) -> str:
        """A value for a message, with nothing secret in it."""
        return quote(text, self.secrets)

    def name(self, text: str) -> str:
        """A name from the file for a message, with nothing secret in it."""
        return mask(text, self.secrets)


@dataclass(frozen=True)
class Configuration:
    """A document that is a DataMiner configuration: where its SMTP sections are.

    `sections` are those directly under DataMiner (or the root itself), `misplaced` those elsewhere.
    `section` is the one that is checked: the first of them.
    """

    document: Document
    root: Node
    sections: tuple[Node, ...]
    misplaced: tuple[Node, ...]

    @cached_property
    def section(self) -> Section | None:
        """The section that is checked, None where there is none."""
        for node in (*self.sections, *self.misplaced):
            return read_section(self.document, node)
        return None


def read_configuration(document: Document) -> Configuration | None:
    """Find the SMTP sections of a document; None where its root is no DataMiner configuration."""
    root = document.root
    if root.namespace not in (None, definition.NAMESPACE):
        return None
    if root.name == definition.SECTION:
        inner = tuple(node for node in document.find(definition.SECTION) if node != root)
        return Configuration(document, root, (root,), inner)
    if root.name != definition.ROOT:
        return None
    found = list(document.find(definition.SECTION))
    sections = tuple(node for node in found if node.parent() == root)
    return Configuration(document, root, sections, tuple(node for node in found if node not in sections))


def read_section(document: Document, node: Node) -> Section:
    """The section that a node of a document holds."""
    known = definition.settings()
    entries = tuple(node.children())
    settings: dict[str, Setting] = {}
    for entry in entries:
        name = entry.name
        meaning = known.get(name)
        if meaning is not None and name not in settings and entry.namespace == node.namespace:
            value = entry.text()
            settings[name] = Setting(name, entry, value, trim(value), meaning.is_secret)
    return Section(document, node, entries, settings)


def is_secret_entry(name: str) -> bool:
    """Whether the value of an entry of this name is or may be a secret."""
    known = definition.settings().get(name)
    return is_secret_name(name) if known is None else known.is_secret


def _login_parts(host: str) -> set[str]:
    """What must not be shown of a Host that holds a login: all of it, and the login's parts."""
    text = trim(host)
    if not text or not any(
        problem.extras is not None and problem.extras.has_login for problem in parse_host(text).problems
    ):
        return set()
    login = (text.partition("://")[2] or text).rpartition("@")[0]
    return {host, text, login, *login.split(":", 1)}
