"""What a server says of itself: that it is ready, and what it offers (RFC 5321, section 4.1.1.1)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from migrator.observations import Offers

if TYPE_CHECKING:
    from migrator.observations import Reply

READY = 220
"""The code of a greeting, and of the reply to STARTTLS, after which there is more to say."""

_SIZE = "[0-9]{1,18}"  # RFC 1870 has 20 digits


def offers_of(reply: Reply) -> Offers:
    """What a reply to EHLO says behind its first line, which names the server."""
    found: dict[str, tuple[str, ...]] = {}
    for line in reply.lines[1:]:
        keyword, *parameters = line.upper().replace("AUTH=", "AUTH ").split() or [""]
        if keyword:
            found[keyword] = (*found.get(keyword, ()), *parameters)
    sizes = (int(one) for one in found.get("SIZE", ()) if re.fullmatch(_SIZE, one))
    return Offers(
        tuple(dict.fromkeys(found.get("AUTH", ()))),
        next(sizes, None),
        "STARTTLS" in found,
        "SMTPUTF8" in found,
        tuple(" ".join((keyword, *dict.fromkeys(parameters))) for keyword, parameters in found.items()),
    )
