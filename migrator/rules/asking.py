"""Which rules can find something in a file: those whose needs are met."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from migrator.document.xml import XmlDocument
from migrator.rules import FILE_RULES, SECTION_RULES, SHORT_FILE_RULES, needs
from migrator.rules.secrets import PARTS_OF_EXAMPLES
from migrator.values.host import is_named_for_reading, is_plain_name
from migrator.values.host_port import OTHER_SERVICES, UNUSUAL_PORTS
from migrator.values.login_method import LoginMethod
from migrator.values.mail_address import is_plain_address
from migrator.values.secret import is_reference

if TYPE_CHECKING:
    from migrator.rules.model import Circumstances, Rule
    from migrator.section import Configuration, Section

_ADVISED_METHODS = frozenset({LoginMethod.CRAM_MD5, LoginMethod.NTLM, LoginMethod.AUTO})


def rules_to_ask(
    configuration: Configuration, circumstances: Circumstances, *, whole_file: bool, is_accepted: bool
) -> tuple[Rule, ...]:
    """The rules that can find something in a configuration, whose section the schema accepts or not."""
    section = configuration.section
    if section is None:
        return FILE_RULES if whole_file else SHORT_FILE_RULES
    met = needs_met(configuration, section, circumstances)
    if not (is_accepted or section.node.holds_texts_alone()):
        met |= needs.MARKUP
    return _rules_with(met, whole_file=whole_file)


@lru_cache(maxsize=1024)
def _rules_with(met: int, *, whole_file: bool) -> tuple[Rule, ...]:
    """The rules whose needs are among those met."""
    return tuple(
        rule
        for rule in (*(FILE_RULES if whole_file else SHORT_FILE_RULES), *SECTION_RULES)
        if rule.need & met == rule.need
    )


def needs_met(configuration: Configuration, section: Section, circumstances: Circumstances) -> int:
    """The needs that are met; `section` is the one of the configuration that is checked."""
    return (
        _of_outline(configuration, section)
        | (needs.NOTHING if circumstances.target is None else needs.TARGET)
        | _of_server(section)
        | _of_login(section)
        | _of_oauth(section)
        | _of_message(section)
        | _of_any_value(section)
    )


def _of_outline(configuration: Configuration, section: Section) -> int:
    met = needs.NOTHING if isinstance(configuration.document, XmlDocument) else needs.MAPPING
    if (
        len(configuration.sections) != 1
        or configuration.misplaced
        or section.entry_count != len(section.values)
        or section.node.namespace != configuration.root.namespace
    ):
        met |= needs.UNUSUAL_OUTLINE
    return met


def _of_server(section: Section) -> int:
    met = needs.NOTHING if section.provider is None else needs.PROVIDER
    reading, transport = section.host, section.transport
    host = None if reading is None else reading.value
    if reading is None or reading.problems or host is None or host.address is not None:
        met |= needs.UNUSUAL_HOST
    if host is not None and is_named_for_reading(host.name):
        met |= needs.OTHER_SERVICE
    if section.is_clear_text:
        met |= needs.CLEAR_TEXT
    if section.host_port is not None and section.host_port.problems:
        met |= needs.INVALID_PORT
    if transport is not None:
        if transport in UNUSUAL_PORTS:
            met |= needs.UNUSUAL_PORT
        if transport.port in OTHER_SERVICES:
            met |= needs.OTHER_SERVICE
    return met


def _of_login(section: Section) -> int:
    met = needs.NOTHING
    method, texts = section.method, section.texts
    user, password = texts.get("User"), texts.get("Password")
    client_secret = texts.get("OAuthClientSecret")
    if method is LoginMethod.NONE:
        if user or password:
            met |= needs.INCOMPLETE_LOGIN
    elif not user or not (password or method is LoginMethod.XOAUTH2):
        met |= needs.INCOMPLETE_LOGIN
    if section.login_method is not None and section.login_method.problems:
        met |= needs.INVALID_METHOD
    if method in _ADVISED_METHODS or "LoginMethod" not in texts:
        met |= needs.ADVISED_METHOD
    if (password and not is_reference(password)) or (client_secret and not is_reference(client_secret)):
        met |= needs.READABLE_SECRET
    return met


def _of_oauth(section: Section) -> int:
    if section.method is not LoginMethod.XOAUTH2:
        return needs.UNUSED_OAUTH if section.uses_oauth else needs.NOTHING
    met, texts = needs.OAUTH, section.texts
    if not (
        texts.get("OAuthClientID") and texts.get("OAuthClientSecret") and texts.get("OAuthTokenEndpoint")
    ):
        met |= needs.INCOMPLETE_OAUTH
    if section.provider is not None or section.token_issuer is not None:
        met |= needs.KNOWN_ISSUER
    return met


def _of_message(section: Section) -> int:
    met, texts = needs.NOTHING, section.texts
    sender, helo, length = texts.get("From"), texts.get("Helo"), texts.get("MaxSubjectLength")
    if not sender or not is_plain_address(sender):
        met |= needs.UNUSUAL_FROM
    if helo and not ("." in helo and is_plain_name(helo)):
        met |= needs.UNUSUAL_HELO
    if length is not None:
        if not (_is_plain_number(length) and isinstance(section.document, XmlDocument)):
            met |= needs.INVALID_LENGTH
        if length.isdecimal() and int(length[: needs.MANY_DIGITS]) not in needs.USUAL_LENGTHS:
            met |= needs.UNUSUAL_LENGTH
    return met


def _is_plain_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and (text[0] != "0" or text == "0")


def _of_any_value(section: Section) -> int:
    met, texts = needs.NOTHING, section.texts
    if "" in texts.values():
        met |= needs.EMPTY_VALUE
    if section.values != texts:
        met |= needs.WHITE_SPACE
    together = " ".join(texts.values()).lower()
    if not together.isprintable():
        met |= needs.INVISIBLE
    if "$" in together or "%" in together or "{" in together:
        met |= needs.PLACEHOLDER
    for part in PARTS_OF_EXAMPLES:
        if part in together:
            return met | needs.EXAMPLE
    return met
