"""Addresses of a provider of tokens, and of the page on this machine that the browser comes back to."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from migrator.tuples import NamedTuple
from migrator.values.secret import MASK, printable


class Redirect(NamedTuple):
    """Where the browser is sent in the end: a host of this machine, a port (0 for any), a path or nothing."""

    host: str = "localhost"
    port: int = 0
    path: str = ""

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}{self.path}"


def parse_redirect(text: str) -> Redirect | None:
    """The redirect address of a registration, such as http://localhost; None where it is elsewhere."""
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    is_plain = parts.scheme == "http" and not (parts.query or parts.fragment or parts.username is not None)
    if not is_plain or not host or not is_loopback(host) or not text.isascii() or not text.isprintable():
        return None
    return Redirect(host, port or 0, parts.path)


def why_not_to_ask(url: str) -> str | None:
    """Why nothing is sent to an address: HTTPS is wanted, or this machine itself; None where that is so."""
    try:
        parts = urlsplit(url)
        name, _ = parts.hostname, parts.port
    except ValueError:
        return "it is no address"
    is_plain = url.isascii() and url.isprintable() and " " not in url
    if not name or parts.username is not None or parts.fragment or not is_plain:
        return "it is no address that could be used"
    if parts.scheme == "https" or (parts.scheme == "http" and is_loopback(name)):
        return None
    return "it does not begin with https://"


def shown_address(url: str) -> str:
    """An address for a message: without a login in it, whose password it may be."""
    return printable(re.sub(r"(?s)^(.*?//)?.*@", rf"\g<1>{MASK}@", url))


def is_loopback(name: str) -> bool:
    """Whether a host is this machine itself."""
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
