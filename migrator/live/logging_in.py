"""The dialogue of a login (RFC 4954, section 4)."""

from __future__ import annotations

import binascii
import re
from typing import TYPE_CHECKING

from migrator.live import sasl
from migrator.observations import Reply, Stage, TroubleKind

if TYPE_CHECKING:
    from migrator.live.connection import Connection

_CHALLENGE = 334
_MOST_CHALLENGES = 8
_CANCEL = "*"
_OF_ANY_TOKEN = "auth=Bearer"
_LOGIN_REFUSED = "the server goes on asking"


def log_in(connection: Connection, mechanism: str, credentials: sasl.Credentials, host: str) -> Reply:
    """Log in; the final reply. Ended where the server refuses, MissingLibraryError where we cannot.

    Each response stands on a line of its own: a command line is too short for a token.
    """
    connection.start(Stage.LOGIN)
    responses = sasl.exchange(mechanism, credentials, host)
    next(responses)
    connection.send(f"AUTH {mechanism}")
    reply = connection.read_reply(is_secret=True)
    for _ in range(_MOST_CHALLENGES):
        if reply.code != _CHALLENGE:
            break
        response = _response(connection, responses, " ".join(reply.lines))
        if response is None:
            connection.send(_CANCEL)
            connection.read_reply(is_secret=True)
            raise connection.ended(TroubleKind.MALFORMED, _LOGIN_REFUSED)
        _conceal(connection, response, credentials.user)
        from base64 import b64encode

        encoded = b64encode(response).decode("ascii")
        connection.send(encoded, is_secret=bool(encoded))
        reply = connection.read_reply(is_secret=True)
    if reply.code == _CHALLENGE:
        raise connection.ended(TroubleKind.MALFORMED, _LOGIN_REFUSED)
    if not reply.is_completion:
        raise connection.unexpected(reply)
    return reply


def _conceal(connection: Connection, response: bytes, user: str) -> None:
    """Let nothing of a response be shown but the user, who is no secret: a server may say it again."""
    try:
        text = response.decode("utf-8")
    except UnicodeDecodeError:  # NTLM's are no text
        return
    for part in re.split(r"[\s\x00\x01]+", text):
        if part not in (user, f"user={user}", _OF_ANY_TOKEN):
            connection.conceal(part)


def _response(connection: Connection, responses: sasl.Exchange, challenge: str) -> bytes | None:
    """The response to a challenge; None where the mechanism has no more to say."""
    try:
        from base64 import b64decode

        data = b64decode(challenge.strip(), validate=True)
    except (binascii.Error, ValueError):  # some greet a mechanism in words
        data = b""
    try:
        return responses.send(data)
    except StopIteration:
        return None
    except sasl.MissingLibraryError:
        raise
    except Exception as error:  # the library for NTLM has many kinds for a challenge that is none
        raise connection.ended(TroubleKind.MALFORMED, "a challenge that is none") from error
