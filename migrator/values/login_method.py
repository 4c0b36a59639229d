"""LoginMethod: one of the documented methods, or the names that Cube and SLNetClientTest have for them.

Source: DataMiner documentation, "Configuring outgoing email" and "Configuring SMTP" with SLNetClientTest.
"""

from __future__ import annotations

import re
from enum import Enum, StrEnum
from functools import cache, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from migrator import definition
from migrator.values.nearest import may_mean, nearest
from migrator.values.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Mapping

    from migrator.values.version import Since


class LoginMethod(StrEnum):
    """How DataMiner logs in to the SMTP server."""

    NONE = "NoLoginMethod"
    PLAIN = "LoginPlainMethod"
    LOGIN = "AuthLoginMethod"
    CRAM_MD5 = "CramMD5Method"
    NTLM = "NTLM"
    AUTO = "Auto"
    XOAUTH2 = "XOAUTH2"

    @property
    def uses_password(self) -> bool:
        """Whether the method needs User and Password (Auto may do with or without)."""
        return self in _PASSWORD_METHODS

    @property
    def shows_password(self) -> bool:
        """Whether the password itself crosses the connection, encoded but not encrypted."""
        return self in (LoginMethod.PLAIN, LoginMethod.LOGIN)


MECHANISMS: Mapping[LoginMethod, str] = MappingProxyType(
    {
        LoginMethod.PLAIN: "PLAIN",
        LoginMethod.LOGIN: "LOGIN",
        LoginMethod.CRAM_MD5: "CRAM-MD5",
        LoginMethod.NTLM: "NTLM",
        LoginMethod.XOAUTH2: "XOAUTH2",
    }
)
"""What servers call the methods (RFC 4954); NoLoginMethod and Auto name none."""
_PASSWORD_METHODS = frozenset({LoginMethod.PLAIN, LoginMethod.LOGIN, LoginMethod.CRAM_MD5, LoginMethod.NTLM})


@cache
def oauth_since() -> Since:
    """The first DataMiner versions that know XOAUTH2."""
    from migrator.values.version import since

    bounds = definition.login_methods()[LoginMethod.XOAUTH2].since
    if bounds is None:
        raise ValueError("the schema does not say since when there is XOAUTH2")
    return since(bounds)


class LoginMethodProblem(Enum):
    """What can be wrong with the text of a LoginMethod."""

    CASE = "differs in case alone"
    OTHER_NAME = "the name that another tool has for it"
    UNKNOWN = "none of the documented methods"


_CANONICAL = {method.value: method for method in LoginMethod}
# Other names than the documented ones, which are taken however they are joined and without their "method":
# so are the "NoLogin" of SLNetClientTest and the CRAM-MD5 of servers (RFC 2195).
_OTHER_NAMES = {
    # Cube's "Authentication type"
    "none": LoginMethod.NONE,
    "login": LoginMethod.LOGIN,
    # what servers call their mechanisms (RFC 4616, the widespread LOGIN)
    "plain": LoginMethod.PLAIN,
    "authplain": LoginMethod.PLAIN,
    "oauth": LoginMethod.XOAUTH2,
    "oauth2": LoginMethod.XOAUTH2,
    "noauth": LoginMethod.NONE,
}
_AMBIGUOUS = frozenset({"auth"})  # nearest to Auto, and the beginning of AuthLoginMethod
_BARE = {name.lower().removesuffix("method"): method for name, method in _CANONICAL.items()} | _OTHER_NAMES
_LONG = 64


@lru_cache(maxsize=256)
def parse_login_method(text: str) -> Reading[LoginMethod, LoginMethodProblem]:
    """Read the text of a LoginMethod, exactly as it stands.

    An unknown text has the nearest method as its reading, which is a guess, or none.
    """
    method = _CANONICAL.get(text)
    if method is not None:
        return Reading(method)
    if len(text) > _LONG:
        return Reading(None, (LoginMethodProblem.UNKNOWN,))
    folded = re.sub(r"[\s_-]", "", text).lower()
    for name, method in _CANONICAL.items():
        if text.lower() == name.lower():
            return Reading(method, (LoginMethodProblem.CASE,))
    bare = folded.removesuffix("method")
    if bare in _BARE:
        return Reading(_BARE[bare], (LoginMethodProblem.OTHER_NAME,))
    near = None if bare in _AMBIGUOUS else _nearest_to(folded, bare)
    return Reading(near, (LoginMethodProblem.UNKNOWN,))


def _nearest_to(folded: str, bare: str) -> LoginMethod | None:
    near, near_bare = nearest(folded, _CANONICAL), nearest(bare, _BARE)
    if near is not None:
        method = _CANONICAL[near]
    elif near_bare is not None:
        method = _BARE[near_bare]
    else:
        return None
    return method if may_mean(folded, is_no=method is LoginMethod.NONE) else None
