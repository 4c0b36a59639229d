"""The SMTP section of a document, in any format: its settings, and what their values say."""

from __future__ import annotations

import re
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING

from migrator import definition
from migrator.document.model import Literal
from migrator.providers import issuer_of_token_endpoint, provider_of
from migrator.tuples import Identity, NamedTuple
from migrator.values.host import Host, HostProblem, parse_host
from migrator.values.host_port import DEFAULT_PORT, HostPort, HostPortProblem, Security, parse_host_port
from migrator.values.login_method import LoginMethod, LoginMethodProblem, parse_login_method
from migrator.values.secret import is_secret_name, mask, quote

if TYPE_CHECKING:
    from migrator.document.model import Attribute, Document, Node
    from migrator.providers import Issuer, Provider
    from migrator.values.reading import Reading

# What comes along when a value is copied from a page, or, as marks of direction, from a window of Windows.
_INVISIBLE = (
    "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)


def trim(text: str) -> str:
    """The text without white space, and invisible characters, at its ends."""
    if text and (text[0] <= " " or text[-1] <= " " or not text.isascii()):
        stripped = text.strip().strip(_INVISIBLE)
        while stripped != text:
            text, stripped = stripped, stripped.strip().strip(_INVISIBLE)
    return text


class Setting(NamedTuple):
    """A known setting as it stands in the section.

    `value` is its exact text, `text` the same without white space at its ends.
    """

    name: str
    node: Node
    value: str
    text: str
    is_secret: bool


class _Section(NamedTuple):
    document: Document
    node: Node
    entry_count: int
    values: dict[str, str]
    texts: dict[str, str]
    places: dict[str, int]
    host: Reading[Host, HostProblem] | None
    host_port: Reading[HostPort, HostPortProblem] | None
    login_method: Reading[LoginMethod, LoginMethodProblem] | None
    transport: HostPort | None
    method: LoginMethod | None
    provider: Provider | None


class Section(Identity, _Section):
    """One SMTP section.

    `values` holds the value of each known setting that is in the section's own namespace, the first where
    there are several, `texts` the same without white space at its ends, and `places` which of the `entries`
    it is. These are all its children in file order, known or not, `entry_count` of them.

    `host`, `host_port` and `login_method` are what these settings say, None where they are missing (Host: or
    empty). From them follow `method`, the login method as far as one can tell, where one that is only spelled
    otherwise counts; and `transport`, the port and its security, where the documented default is filled in
    and one that is only spelled wrongly (case, leading zeros) counts. `provider` is the mail provider that
    Host belongs to, None where none is known.
    """

    @cached_property
    def entries(self) -> tuple[Node, ...]:
        """All children of the section in file order."""
        return tuple(self.node.children())

    @cached_property
    def settings(self) -> dict[str, Setting]:
        """The known settings by name, in file order."""
        known, entries, texts = definition.settings(), self.entries, self.texts
        return {
            name: Setting(name, entries[self.places[name]], value, texts[name], known[name].is_secret)
            for name, value in self.values.items()
        }

    def get(self, name: str) -> Setting | None:
        """The setting, if it is there, even empty."""
        return self.settings[name] if name in self.texts else None

    def given(self, name: str) -> Setting | None:
        """The setting, if it is there with a value other than white space."""
        return self.settings[name] if self.texts.get(name) else None

    def text(self, name: str) -> str:
        """The trimmed value of a setting; empty where it is missing."""
        return self.texts.get(name, "")

    @property
    def is_loopback(self) -> bool:
        """Whether Host is this machine itself."""
        return self.host is not None and self.host.value is not None and self.host.value.is_loopback

    @property
    def uses_oauth(self) -> bool:
        """Whether the method is XOAUTH2, or a setting of OAuth is there."""
        return self.method is LoginMethod.XOAUTH2 or not definition.oauth_settings().isdisjoint(self.texts)

    @property
    def has_credentials(self) -> bool:
        """Whether there is a User or a Password."""
        return bool(self.texts.get("User") or self.texts.get("Password"))

    @property
    def is_clear_text(self) -> bool:
        """Whether no TLS is documented for the port, as far as there is one."""
        return self.transport is not None and self.transport.security is Security.CLEAR_TEXT

    @cached_property
    def token_issuer(self) -> Issuer | None:
        """Who gives out the tokens of OAuthTokenEndpoint; None where it is not known."""
        endpoint = self.text("OAuthTokenEndpoint")
        return issuer_of_token_endpoint(endpoint) if endpoint else None

    @cached_property
    def secrets(self) -> frozenset[str]:
        """Every text of the document that must not be shown."""
        return _secrets(self.document)

    def quote(self, text: str) -> str:
        """A value for a message, with nothing secret in it."""
        return quote(text, self.secrets)

    def name(self, text: str) -> str:
        """A name from the file for a message, with nothing secret in it."""
        return mask(text, self.secrets)

    def has_secret_in(self, text: str) -> bool:
        """Whether a secret stands in a text, which another form of the text might show."""
        return self.name(text) != text


class _Configuration(NamedTuple):
    document: Document
    root: Node
    sections: tuple[Node, ...]
    misplaced: tuple[Node, ...]
    section: Section | None


class Configuration(Identity, _Configuration):
    """A document that is a DataMiner configuration: where its SMTP sections are.

    `sections` are those directly under DataMiner (or the root itself), `misplaced` those elsewhere.
    `section` is the one that is checked: the first of them, None where there is none.
    """

    @property
    def secrets(self) -> frozenset[str]:
        """Every text of the document that must not be shown."""
        return self._secrets if self.section is None else self.section.secrets

    @cached_property
    def _secrets(self) -> frozenset[str]:
        return _secrets(self.document)

    @property
    def agent_id(self) -> str | None:
        """The agent's DataMiner ID as the file has it; None where it has none."""
        attributes = self.root.attributes()
        found = next((one.value for one in attributes if one.name == "id" and not one.namespace), "")
        return found.strip() or None

    @property
    def agent_name(self) -> str | None:
        """The agent's name as the file has it; None where it has none."""
        for leaf in self.document.find("DMAName"):
            around = leaf.parent()
            if around is not None and around.name == "DMA" and around.parent() == self.root:
                return leaf.text().strip() or None
        return None

    @property
    def agent_label(self) -> str | None:
        """Name and ID, as in `Agent 7 (ID 7)`, or the one that there is."""
        name, identity = self.agent_name, self.agent_id
        if name and identity:
            return f"{name} (ID {identity})"
        return name or (f"ID {identity}" if identity else None)

    @cached_property
    def shown_values(self) -> dict[tuple[Node, Attribute | None], str | None]:
        """What reports may tell of values, by place; whoever places findings keeps it here, to look once."""
        return {}


def read_configuration(document: Document) -> Configuration | None:
    """Find the SMTP sections of a document; None where its root is no DataMiner configuration."""
    root = _root(document.root)
    if root is None or root.namespace not in (None, definition.NAMESPACE):
        return None
    around = root.parent() if root.name == definition.SECTION else root
    sections: list[Node] = []
    misplaced: list[Node] = []
    for node in document.find(definition.SECTION):
        (sections if node.parent() == around else misplaced).append(node)
    first = next(iter((*sections, *misplaced)), None)
    section = None if first is None else read_section(document, first)
    return Configuration(document, root, tuple(sections), tuple(misplaced), section)


def _root(top: Node) -> Node | None:
    """DataMiner or SMTP: the root element of XML, the one of them that the top of a mapping holds."""
    roots = (definition.ROOT, definition.SECTION)
    if top.name:
        return top if top.name in roots else None
    if top.literal() is not Literal.MAPPING:
        return None
    found = [node for node in top.children() if node.name in roots]
    if len({node.name for node in found}) != 1 or found[0].literal() is not Literal.MAPPING:
        return None
    return found[0]


def read_section(document: Document, node: Node) -> Section:
    """The section that a node of a document holds."""
    known, own_namespace = definition.settings(), node.namespace
    contents = node.contents()
    values: dict[str, str] = {}
    texts: dict[str, str] = {}
    places: dict[str, int] = {}
    for place, (name, namespace, value) in enumerate(contents):
        if name in known and name not in values and namespace == own_namespace:
            values[name] = value
            texts[name] = trim(value)
            places[name] = place
    host, host_port, login_method = texts.get("Host"), texts.get("HostPort"), texts.get("LoginMethod")
    host_reading = parse_host(host) if host else None
    named = None if host_reading is None else host_reading.value
    port_reading = None if host_port is None else parse_host_port(host_port)
    method_reading = None if login_method is None else parse_login_method(login_method)
    return Section(
        document,
        node,
        len(contents),
        values,
        texts,
        places,
        host_reading,
        port_reading,
        method_reading,
        _transport(port_reading),
        _method(method_reading),
        None if named is None else provider_of(named),
    )


def _transport(reading: Reading[HostPort, HostPortProblem] | None) -> HostPort | None:
    if reading is None:
        return HostPort(DEFAULT_PORT)
    return None if HostPortProblem.NOT_A_HOST_PORT in reading.problems else reading.value


def _method(reading: Reading[LoginMethod, LoginMethodProblem] | None) -> LoginMethod | None:
    return None if reading is None or LoginMethodProblem.UNKNOWN in reading.problems else reading.value


def _secrets(document: Document) -> frozenset[str]:
    """Texts of secret entries, exactly and trimmed, and of what in other settings is a secret.

    That is a login in a Host or in an address, a value that is named like a secret, and a User that is one.
    """
    found = set()
    for value in document.values_of(is_secret_entry):
        found |= {value, trim(value)}
    sections: dict[tuple[Node | None, str], None] = {
        (one.parent(), one.text()): None for one in document.find("Host")
    }
    for section in document.find(definition.SECTION):
        for _, _, text in section.contents():
            found |= _inner_secrets(text)
    users: dict[Node, tuple[str, ...]] = {}
    for around, text in sections:
        found |= _login_parts(text)
        host = parse_host(trim(text)).value
        provider = None if host is None else provider_of(host)
        if provider is None or around is None:
            continue
        if around not in users:
            users[around] = tuple({entry.text() for entry in around.children() if entry.name == "User"})
        for user in users[around]:
            if provider.user_is_secret or provider.user not in (None, trim(user)):  # an API key, perhaps
                found |= {user, trim(user)}
    return frozenset(found - {""})


@lru_cache(maxsize=1024)
def is_secret_entry(name: str) -> bool:
    """Whether the value of an entry of this name is or may be a secret."""
    known = definition.settings().get(name)
    return is_secret_name(name) if known is None else known.is_secret


def _inner_secrets(text: str) -> set[str]:
    """What must not be shown of a text that holds an address with a login, or a value named like a secret."""
    if "=" not in text and ":" not in text:
        return set()
    login = _address_login(text)
    parts = [login, *login.split(":", 1)] if login else []
    for name, value, other_name, other_value in _named().findall(text):
        if is_secret_name(name or other_name):
            parts.append(value or other_value)
    return {text, trim(text), *parts} if parts else set()


@cache
def _named() -> re.Pattern[str]:
    """Names with values as queries and JSON have them; compiled where a text may hold one."""
    return re.compile(r"""(?:^|[?&;#,\s])([\w.-]+)=([^&;#,\s]+)|"([\w.-]+)"\s*:\s*"([^"]+)\"""")


def _address_login(text: str) -> str:
    """The login in an address, from the first // to the last @; empty where there is none."""
    start, end = text.find("//") + len("//"), text.rfind("@")
    return text[start:end] if len("//") <= start < end else ""


def _login_parts(host: str) -> set[str]:
    """What must not be shown of a Host that holds a login: all of it, and the login's parts."""
    text = trim(host)
    if not text or not any(problem.extras.has_login for problem in parse_host(text).problems):
        return set()
    login = (text.partition("://")[2] or text).rpartition("@")[0]
    return {host, text, login, *login.split(":", 1)}
