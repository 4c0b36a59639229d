"""Mail addresses, as they stand in From and User.

Sources: RFC 5321 sections 4.1.2 and 4.5.3.1 for mailboxes and their lengths, RFC 6531 for addresses outside
ASCII. Whether the domain exists is not asked: single labels (`dma@corp`) and names that the Internet does not
have (`dma@company.local`) are common on premises.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from migrator.tuples import NamedTuple
from migrator.values.host import is_plain_name
from migrator.values.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Callable

_MAX_LOCAL, _MAX_ADDRESS, _MAX_TEXT = 64, 254, 1024
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LETTERS = frozenset(  # of atoms with dots between them
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+/=?^_`{|}~-."
)
# Underscores are not allowed in a domain, but found: the reading says so.
_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_NAMED = r"""(?P<name>\s*"(?:[^"\\]|\\.)*+"\s*|[^<>]*)<(?P<address>[^<>]*)>\s*"""
_PARTS_OF_IPV4 = 4
_BETWEEN_ADDRESSES = r"[\s,;]+"


class MailAddressProblem(Enum):
    """What can be wrong with the text of a mail address."""

    NOT_AN_ADDRESS = "not a mail address"
    SEVERAL = "more than one mail address"
    DISPLAY_NAME = "a mail address in angle brackets, usually with a name before it"
    UNDERSCORE = "a mail address but for an underscore in its domain"
    BARE_IP_ADDRESS = "a mail address but for the brackets around an IP address that is its domain"


class MailAddress(NamedTuple):
    """A mailbox, in the letters in which it is written."""

    local: str
    domain: str

    @property
    def is_international(self) -> bool:
        """Whether a server must offer SMTPUTF8 for it."""
        return not (self.local.isascii() and self.domain.isascii())

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"


@lru_cache(maxsize=1024)
def parse_mail_address(text: str) -> Reading[MailAddress, MailAddressProblem]:
    """Read the text of a mail address, exactly as it stands.

    The reading of `NOC <noc@example.com>` is the address in it. Several addresses have no reading.
    """
    address = _ordinary(text)
    if address is None:
        return _unusual(text)
    if "_" in address.domain:
        return Reading(address, (MailAddressProblem.UNDERSCORE,))
    numbers = address.domain.split(".")
    if len(numbers) == _PARTS_OF_IPV4 and all(map(str.isdigit, numbers)):  # no name is so (RFC 1123, 2.1)
        return Reading(address, (MailAddressProblem.BARE_IP_ADDRESS,))
    return Reading(address)


def why_no_address(text: str) -> str | None:
    """What keeps a text from being a mail address, where one thing does that can be named."""
    local, at, domain = text.rpartition("@")
    flaws = {
        "it has no @": not at,
        "it has more than one @": "@" in local,
        "it has white space in it": len(text.split()) > 1,
        "nothing stands before the @": not local,
        "nothing stands behind the @": not domain,
        "it ends with a dot": text.endswith("."),
        "two dots stand together in it": ".." in text,
        "what stands before the @ begins or ends with a dot": local != local.strip("."),
        "it is too long": len(local) > _MAX_LOCAL or len(text) > _MAX_ADDRESS,
    }
    return next((words for words, is_so in flaws.items() if is_so), None)


def is_plain_address(text: str) -> bool:
    """Whether a text is a mail address like most: quickly told, and not of every one that is valid."""
    local, _, domain = text.partition("@")
    are_atoms = _LETTERS.issuperset(local) and ".." not in f".{local}."
    return are_atoms and len(text) <= _MAX_LOCAL and is_plain_name(domain)


@cache
def _pattern() -> re.Pattern[str]:
    """Of a mail address that needs no library; compiled when there is one to read."""
    return re.compile(rf"({_ATOM}(?:\.{_ATOM})*)@({_LABEL}(?:\.{_LABEL})*)")


def _ordinary(text: str) -> MailAddress | None:
    if len(text) > _MAX_ADDRESS or (match := _pattern().fullmatch(text)) is None:
        return None
    return MailAddress(match[1], match[2]) if len(match[1]) <= _MAX_LOCAL else None


def _unusual(text: str) -> Reading[MailAddress, MailAddressProblem]:
    if len(text) > _MAX_TEXT or "@" not in text:
        return Reading(None, (MailAddressProblem.NOT_AN_ADDRESS,))
    named = re.fullmatch(_NAMED, text)
    parts = [part.strip("<>") for part in re.split(_BETWEEN_ADDRESSES, text)]
    if sum(_ordinary(part) is not None for part in parts) > 1 and not _repeats_address(named):
        return Reading(None, (MailAddressProblem.SEVERAL,))
    if named is not None:
        inner = parse_mail_address(named["address"].strip())
        if inner.value is not None:
            return Reading(inner.value, (MailAddressProblem.DISPLAY_NAME, *inner.problems))
    elif _is_address(text):
        local, _, domain = text.rpartition("@")
        return Reading(MailAddress(local, domain))
    return Reading(None, (MailAddressProblem.NOT_AN_ADDRESS,))


def _repeats_address(named: re.Match[str] | None) -> bool:
    """Whether the name before an address is that address, as some programs write it."""
    return named is not None and named["name"].strip(" \t\"'").lower() == named["address"].strip().lower()


def _is_address(text: str) -> bool:
    """Whether an address with quotes, an address literal or letters outside ASCII is one."""
    try:
        _validator()(text)
    except ValueError:  # the library's own errors are such, and those of the codecs that it uses
        return False
    return True


@cache
def _validator() -> Callable[[str], object]:
    """The library that knows the rest of the syntax; its import takes longer than a file."""
    import email_validator

    # It refuses names that only a local network has. This is how it wants to be told otherwise.
    email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()

    def validate(text: str) -> object:
        return email_validator.validate_email(
            text,
            strict=True,
            check_deliverability=False,
            globally_deliverable=False,
            allow_smtputf8=True,
            allow_quoted_local=True,
            allow_domain_literal=True,
            allow_display_name=False,
        )

    return validate
