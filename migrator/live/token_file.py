"""The file that tokens are kept in: JSON, for its owner alone, with what it takes to refresh them.

The client secret is not in it.
"""

from __future__ import annotations

import json
import os
import stat
import sys

from migrator.files import InputFile, Missing, read, why_unreadable
from migrator.live.https import JsonAnswer
from migrator.live.oauth import Endpoints, Tokens, is_usable
from migrator.tuples import NamedTuple
from migrator.writing import LOCKED, LOCKED_FOLDER, NotWritten, Written, create_file, replace_file

_LONGEST = 262_144  # bytes
_FOR_OTHERS = 0o077
_MARGIN = 60.0  # seconds that a token must still count for, to be used


class Unusable(NamedTuple):
    """A file that holds no token, or that others may read, and what to do."""

    reason: str


class Kept(NamedTuple):
    """Tokens as a file keeps them, with the registration and the endpoint that they are refreshed with.

    A file of an access token alone has neither: `client_id` is None there. `data` is the file as it was read,
    None where it is new; `has_members` says that it is JSON, and not the access token alone.
    """

    tokens: Tokens
    client_id: str | None = None
    endpoints: Endpoints | None = None
    needs_secret: bool = False
    data: bytes | None = None
    has_members: bool = False

    def __repr__(self) -> str:
        return f"Kept({self.tokens}, {self.client_id})"  # the data holds secrets

    def is_stale(self, now: float) -> bool:
        """Whether the access token counts no more, or not for long enough to be used; seconds since 1970."""
        return self.tokens.expires_at is not None and self.tokens.expires_at <= now + _MARGIN


def load(path: str) -> Kept | Unusable:
    """The tokens in a file: the access token alone, quoted or not, `access_token` of JSON, or by `save`."""
    data = read(InputFile(path, path), _LONGEST)
    return Unusable(data.reason) if isinstance(data, Missing) else _understood(data)


def _understood(data: bytes) -> Kept | Unusable:
    try:
        text = data.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        return Unusable("this is not UTF-8, which tokens are to be written in")
    if not text.startswith(("{", '"')):
        return _alone(text, data)
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return Unusable("this is no JSON")
    return _alone(told, data) if isinstance(told, str) else _kept(JsonAnswer(told), data)


def _alone(token: str, data: bytes) -> Kept | Unusable:
    return Kept(Tokens(token), data=data) if is_usable(token) else Unusable("there is no access token in it")


def _kept(held: JsonAnswer, data: bytes) -> Kept | Unusable:
    token, refresh_token, scopes = (held.text(name) for name in ("access_token", "refresh_token", "scope"))
    if not is_usable(token) or (refresh_token and not is_usable(refresh_token)):
        return Unusable("there is no access token in it")
    endpoint, client_id = held.text("token_endpoint"), held.text("client_id")
    in_header = held.members.get("secret_in_header") is True
    return Kept(
        Tokens(token, refresh_token or None, held.seconds("expires_at"), tuple(scopes.split())),
        client_id or None,
        Endpoints(endpoint, secret_in_header=in_header) if endpoint else None,
        held.members.get("needs_client_secret") is True,
        data,
        has_members=True,
    )


def former(path: str) -> bytes | Unusable | None:
    """What new tokens take the place of, None where nothing is there; or why they are not written there."""
    why_not = _why_unwritable(path)
    if why_not is not None:
        return Unusable(why_not)
    try:
        os.lstat(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        return Unusable(why_unreadable(error))
    data = read(InputFile(path, path), _LONGEST)
    if isinstance(data, Missing):
        return Unusable(data.reason)
    there = _understood(data)
    if isinstance(there, Unusable) or not there.has_members:
        return Unusable("it is there already, and it is no file that tokens were kept in: name another file")
    if _is_for_others(path):
        return Unusable("others may read it, too: make it yours alone (chmod 600), or name another file")
    return data


def save(path: str, kept: Kept) -> Written | NotWritten:
    """Write tokens into a new file, or in the place of those in `data`; no backup is kept."""
    tokens, endpoints = kept.tokens, kept.endpoints
    members = {
        "access_token": tokens.access_token,
        "token_type": "Bearer",
        "refresh_token": tokens.refresh_token,
        "expires_at": None if tokens.expires_at is None else round(tokens.expires_at),
        "scope": " ".join(tokens.scopes),
        "client_id": kept.client_id,
        "needs_client_secret": kept.needs_secret,
        "token_endpoint": None if endpoints is None else endpoints.token,
        "secret_in_header": endpoints is not None and endpoints.secret_in_header,
    }
    data = f"{json.dumps(members, indent=2)}\n".encode("ascii")
    if kept.data is None:
        return create_file(path, data, holds_secret=True)
    if _is_for_others(path):
        return NotWritten(path, "others may read it, too: make it yours alone (chmod 600)")
    return replace_file(path, data, old=kept.data, backup=False)


def _why_unwritable(path: str) -> str | None:
    """Why tokens could not be kept there, as far as permissions say: they are got once, and then lost."""
    real = os.path.realpath(path)
    folder = os.path.dirname(real)  # noqa: PTH120 - as given
    if os.path.isdir(folder) and not _may(folder, os.W_OK | os.X_OK):  # noqa: PTH112 - likewise
        return LOCKED_FOLDER
    if os.path.exists(real) and not _may(real, os.W_OK):  # noqa: PTH110 - likewise
        return LOCKED
    return None


def _may(path: str, mode: int) -> bool:
    """Whether permissions let this happen; asked again after a no, which a disk that fails gives as well."""
    is_effective = os.access in os.supports_effective_ids
    return any(os.access(path, mode, effective_ids=is_effective) for _ in range(2))


def _is_for_others(path: str) -> bool:
    """Whether its mode lets others read it; on Windows that is for the folder to say."""
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116 - as given
    except OSError:
        return False
    return sys.platform != "win32" and bool(stat.S_IMODE(mode) & _FOR_OTHERS)
