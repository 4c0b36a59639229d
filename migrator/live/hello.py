"""What a server says of itself: that it is ready, and what it offers (RFC 5321, section 4.1.1.1)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from migrator.observations import Offers
from migrator.values.login_method import MECHANISMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from migrator.observations import Reply

READY = 220
"""The code of a greeting, and of the reply to STARTTLS, after which there is more to say."""
ACCEPTED = 250
"""The code of a reply to EHLO or HELO that takes the name, and to EHLO says what is offered."""

_SIZE = "[0-9]{1,18}"  # RFC 1870 has 20 digits


def offers_of(reply: Reply, said: Sequence[str] | None = None) -> Offers:
    """What a reply to EHLO says behind its first line, which names the server.

    `said` are its lines as they came, where some of those in the reply may be masked: what a word means does
    not depend on whether a password looks like it.
    """
    shown, meant = _by_keyword(reply.lines), _by_keyword(reply.lines if said is None else said)
    known = (*MECHANISMS.values(), *shown.get("AUTH", ()))
    sizes = (int(one) for one in meant.get("SIZE", ()) if re.fullmatch(_SIZE, one))
    return Offers(
        tuple(dict.fromkeys(one for one in meant.get("AUTH", ()) if one in known)),
        next(sizes, None),
        "STARTTLS" in meant,
        "SMTPUTF8" in meant,
        tuple(" ".join((keyword, *dict.fromkeys(parameters))) for keyword, parameters in shown.items()),
    )


def _by_keyword(lines: Sequence[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for line in lines[1:]:
        keyword, *parameters = line.upper().replace("AUTH=", "AUTH ").split() or [""]
        if keyword:
            found[keyword] = (*found.get(keyword, ()), *parameters)
    return found
