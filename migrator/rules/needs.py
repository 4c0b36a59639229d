"""What must be there before a rule can find anything, so that most rules need not be asked about most files.

A need is a bit, and needs are some together. Each is met wherever a rule that has it finds something, and in
few other sections, as far as that can be told at little cost: a rule still looks for itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from migrator.document.xml import XmlDocument
from migrator.rules.message import MANY_DIGITS, USUAL_LENGTHS
from migrator.rules.secrets import PARTS_OF_EXAMPLES
from migrator.rules.transport import UNUSUAL_PORTS
from migrator.values.host import is_named_for_reading, is_plain_name
from migrator.values.host_port import OTHER_SERVICES
from migrator.values.login_method import LoginMethod
from migrator.values.mail_address import is_plain_address
from migrator.values.secret import is_reference

if TYPE_CHECKING:
    from migrator.rules.model import Circumstances
    from migrator.section import Configuration, Section

NOTHING: Final = 0
"""The rule is always asked."""
MAPPING: Final = 1 << 0
"""JSON or YAML, whose keys may be there twice."""
UNUSUAL_OUTLINE: Final = 1 << 1
"""Other than one SMTP section, where it belongs, with known settings, all of it in one namespace."""
TARGET: Final = 1 << 2
"""A target version."""
PROVIDER: Final = 1 << 3
"""A Host of a known mail provider."""
UNUSUAL_HOST: Final = 1 << 4
"""No Host, one that is an address, or one with something wrong with it."""
CLEAR_TEXT: Final = 1 << 5
"""A port, or none, for which no TLS is documented."""
UNUSUAL_PORT: Final = 1 << 6
"""Port 465 or 587 with TLS, by another suffix than usual."""
OTHER_SERVICE: Final = 1 << 7
"""The port of something that takes no mail, or a Host that is named like one."""
INCOMPLETE_LOGIN: Final = 1 << 8
"""A login without a User or a Password, or one of these without a login."""
ADVISED_METHOD: Final = 1 << 9
"""A LoginMethod that there is something to say of, or none."""
READABLE_SECRET: Final = 1 << 10
"""A secret that is no reference in the form of a GUID."""
OAUTH: Final = 1 << 11
"""XOAUTH2."""
INCOMPLETE_OAUTH: Final = 1 << 12
"""XOAUTH2 without a client ID, a client secret or a token endpoint."""
KNOWN_ISSUER: Final = 1 << 13
"""XOAUTH2 with a known mail provider, or with one that is known to give out tokens."""
UNUSED_OAUTH: Final = 1 << 14
"""Settings of OAuth beside another method than XOAUTH2."""
UNUSUAL_FROM: Final = 1 << 15
"""No From, or one that is more or less than an ordinary mail address."""
UNUSUAL_HELO: Final = 1 << 16
"""A Helo that is no full host name."""
UNUSUAL_LENGTH: Final = 1 << 17
"""A MaxSubjectLength that is very short, or longer than Microsoft 365 keeps."""
EMPTY_VALUE: Final = 1 << 18
"""A setting without a value."""
WHITE_SPACE: Final = 1 << 19
"""White space around a value."""
PLACEHOLDER: Final = 1 << 20
"""A sign of a placeholder in a value."""
EXAMPLE: Final = 1 << 21
"""A part of an example of the DataMiner documentation in a value."""

_ADVISED_METHODS = frozenset({LoginMethod.CRAM_MD5, LoginMethod.NTLM, LoginMethod.AUTO})


def needs_met(configuration: Configuration, section: Section, circumstances: Circumstances) -> int:
    """The needs that are met; `section` is the one of the configuration that is checked."""
    return (
        _of_outline(configuration, section)
        | (NOTHING if circumstances.target is None else TARGET)
        | _of_server(section)
        | _of_login(section)
        | _of_oauth(section)
        | _of_message(section)
        | _of_any_value(section)
    )


def _of_outline(configuration: Configuration, section: Section) -> int:
    met = NOTHING if isinstance(configuration.document, XmlDocument) else MAPPING
    if (
        len(configuration.sections) != 1
        or configuration.misplaced
        or section.entry_count != len(section.values)
        or section.node.namespace != configuration.root.namespace
    ):
        met |= UNUSUAL_OUTLINE
    return met


def _of_server(section: Section) -> int:
    met = NOTHING if section.provider is None else PROVIDER
    reading, transport = section.host, section.transport
    host = None if reading is None else reading.value
    if reading is None or reading.problems or host is None or host.address is not None:
        met |= UNUSUAL_HOST
    if host is not None and is_named_for_reading(host.name):
        met |= OTHER_SERVICE
    if section.is_clear_text:
        met |= CLEAR_TEXT
    if transport is not None:
        if transport in UNUSUAL_PORTS:
            met |= UNUSUAL_PORT
        if transport.port in OTHER_SERVICES:
            met |= OTHER_SERVICE
    return met


def _of_login(section: Section) -> int:
    met = NOTHING
    method, texts = section.method, section.texts
    user, password = texts.get("User"), texts.get("Password")
    client_secret = texts.get("OAuthClientSecret")
    if method is LoginMethod.NONE:
        if user or password:
            met |= INCOMPLETE_LOGIN
    elif not user or not (password or method is LoginMethod.XOAUTH2):
        met |= INCOMPLETE_LOGIN
    if method in _ADVISED_METHODS or "LoginMethod" not in texts:
        met |= ADVISED_METHOD
    if (password and not is_reference(password)) or (client_secret and not is_reference(client_secret)):
        met |= READABLE_SECRET
    return met


def _of_oauth(section: Section) -> int:
    if section.method is not LoginMethod.XOAUTH2:
        return UNUSED_OAUTH if section.uses_oauth else NOTHING
    met, texts = OAUTH, section.texts
    if not (
        texts.get("OAuthClientID") and texts.get("OAuthClientSecret") and texts.get("OAuthTokenEndpoint")
    ):
        met |= INCOMPLETE_OAUTH
    if section.provider is not None or section.token_issuer is not None:
        met |= KNOWN_ISSUER
    return met


def _of_message(section: Section) -> int:
    met, texts = NOTHING, section.texts
    sender, helo, length = texts.get("From"), texts.get("Helo"), texts.get("MaxSubjectLength")
    if not sender or not is_plain_address(sender):
        met |= UNUSUAL_FROM
    if helo and not ("." in helo and is_plain_name(helo)):
        met |= UNUSUAL_HELO
    if length and length.isdecimal() and int(length[:MANY_DIGITS]) not in USUAL_LENGTHS:
        met |= UNUSUAL_LENGTH
    return met


def _of_any_value(section: Section) -> int:
    met, texts = NOTHING, section.texts
    if "" in texts.values():
        met |= EMPTY_VALUE
    if section.values != texts:
        met |= WHITE_SPACE
    together = "\n".join(texts.values()).lower()
    if "$" in together or "%" in together or "{" in together:
        met |= PLACEHOLDER
    for part in PARTS_OF_EXAMPLES:
        if part in together:
            return met | EXAMPLE
    return met
