"""What the settings of a section mean, for comparing those of several agents, and how they are shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

try:
    from _blake2 import blake2b  # hashlib loads OpenSSL, too, which takes 3 ms
except ImportError:
    from hashlib import blake2b

from migrator import definition
from migrator.agents import Value
from migrator.document.model import Literal
from migrator.document.xml import XmlDocument
from migrator.values.mail_address import parse_mail_address
from migrator.values.secret import MASK, is_reference, mask, printable, shown_instead_of
from migrator.values.variable import MARK, holds_variable, unescape

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from migrator.section import Section

Digest = Callable[[str], bytes]
"""Tells texts apart without holding them."""

MOST_SHOWN = 200
"""Characters of a value that are shown."""
_DIGEST_SIZE = 16  # bytes
_CUT = "…"
_FEW = 64  # secrets


@lru_cache(maxsize=1)
def digest_with(key: bytes) -> Digest:
    """Digests that mean something within one run alone, whose key this is."""
    return lambda text: digest_of(text.encode("utf-8", "surrogatepass"), key)


def digest_of(data: bytes, key: bytes) -> bytes:
    """Tells bytes apart, within the run whose key this is."""
    return blake2b(data, key=key, digest_size=_DIGEST_SIZE).digest()


def values_of(section: Section, digest: Digest) -> Mapping[str, Value]:
    """The settings that are there with a value, by name; HostPort with its default where it is not."""
    known = definition.settings()
    found = {
        name: (
            _secret(section, section.values[name], digest)
            if known[name].is_secret
            else _value(section, name, text, digest)
        )
        for name, text in section.texts.items()
        if text
    }
    if "HostPort" not in found:
        found["HostPort"] = Value(_host_port(section, "empty"), "")
    return found


def is_as_documented(section: Section, name: str) -> bool:
    """Whether a value is spelled as DataMiner documents it: what it means is a guess otherwise."""
    text = section.texts[name]
    if text != section.values[name]:
        return False
    readings = {"Host": section.host, "HostPort": section.host_port, "LoginMethod": section.login_method}
    reading = readings.get(name)
    if reading is not None:
        return reading.is_valid
    if name != "MaxSubjectLength":
        return True
    return _number(section, text) == text and section.settings[name].node.literal() is not Literal.STRING


def hidden(value: Value) -> Value:
    """The same value, not shown: it is the text of a secret elsewhere."""
    return value._replace(text=MASK, meaning=value.digest.hex(), is_hidden=True)


def _value(section: Section, name: str, text: str, digest: Digest) -> Value:
    if _may_hold(text, section.secrets) and mask(text, section.secrets) != text:
        mark = digest(text)
        return Value(mark.hex(), MASK, mark, is_hidden=True)
    meaning = _MEANINGS.get(name, _exact)(section, text)
    return (_shown if len(text) <= MOST_SHOWN else _shown.__wrapped__)(meaning, text, digest)


def _secret(section: Section, text: str, digest: Digest) -> Value:
    meant, is_variable = text, False
    if MARK in text and not isinstance(section.document, XmlDocument):
        meant, is_variable = unescape(text), holds_variable(text)
    mark = digest(text)
    return Value(
        mark.hex() if is_variable or meant == text else digest(meant).hex(),
        shown_instead_of(text),
        mark,
        is_hidden=True,
        is_reference=is_reference(text),
        is_variable=is_variable,
    )


@lru_cache(maxsize=1024)  # agents have much in common, which goes to another process once then
def _shown(meaning: str, text: str, digest: Digest) -> Value:
    return Value(meaning, _cut(printable(text)), digest(text))


def _may_hold(text: str, secrets: Collection[str]) -> bool:
    """Whether a secret may have to be masked in a text: a quick look at most of them."""
    if len(secrets) > _FEW:
        return True
    for one in secrets:  # noqa: SIM110 - a generator takes longer than that
        if one in text:
            return True
    return False


def _cut(text: str) -> str:
    return text if len(text) <= MOST_SHOWN else text[: MOST_SHOWN - 1] + _CUT


def _exact(_section: Section, text: str) -> str:
    return text


def _host(section: Section, text: str) -> str:
    """Names do not tell cases apart (RFC 4343); a dot behind a name of several parts changes nothing."""
    host = None if section.host is None or section.host.problems else section.host.value
    if host is None:
        return text
    if host.address is not None:
        return str(host.address)
    name = host.name.lower()
    return name[:-1] if name.endswith(".") and "." in name[:-1] else name


def _host_port(section: Section, text: str) -> str:
    transport = section.transport
    return text if transport is None else f"{transport.port}, {transport.security.value}"


def _login_method(section: Section, text: str) -> str:
    return text if section.method is None else section.method.value


def _lower(_section: Section, text: str) -> str:
    return text.lower()


def _mail_address(_section: Section, text: str) -> str:
    """The domain does not tell cases apart, what stands before it may (RFC 5321, section 2.4)."""
    reading = parse_mail_address(text)
    if reading.value is None or reading.problems:
        return text
    return f"{reading.value.local}@{reading.value.domain.lower()}"


def _number(_section: Section, text: str) -> str:
    return str(int(text)) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else text


def _endpoint(_section: Section, text: str) -> str:
    """Scheme and host of a URL do not tell cases apart (RFC 3986, section 6.2.2.1)."""
    scheme, mark, rest = text.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme.lower()}{mark}{host.lower()}{slash}{path}" if mark else text


def _identifier(_section: Section, text: str) -> str:
    return text.lower() if is_reference(text) else text


_LONGEST_NUMBER = 64  # digits
_MEANINGS: dict[str, Callable[[Section, str], str]] = {
    "Host": _host,
    "HostPort": _host_port,
    "LoginMethod": _login_method,
    "OAuthClientID": _identifier,
    "OAuthTokenEndpoint": _endpoint,
    "Helo": _lower,
    "MaxSubjectLength": _number,
    "From": _mail_address,
    "User": _mail_address,
}
