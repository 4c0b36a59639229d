"""S114: characters in a value that nobody sees, in settings whose form no other rule looks at."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from migrator import definition
from migrator.diagnostic import Severity
from migrator.document.xml import XmlDocument
from migrator.document.xml_characters import forbidden_character
from migrator.rules.model import Finding, at_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.section import Section, Setting

_LOOKED_AT = ("User", "Password", *sorted(definition.oauth_settings()))
_FREE_TEXT = "OAuthConfigData"
_INVISIBLE = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})  # categories of Unicode
_SEEN = frozenset({" ", "\u200c", "\u200d"})  # the joiners belong to words of some scripts
_LAYOUT = frozenset("\t\r\n")
_BACKSLASH_AND_ONE = frozenset("\0\a\b\t\n\v\f\r\x1b\x85\xa0\u2028\u2029")  # in JSON or YAML


def invisible_character(section: Section) -> Iterator[Finding]:
    r"""A setting for the login holds a character that cannot be seen.

    ## Why
    A control character, a no-break space or a zero-width space is in no user name, and hardly in a password:
    the login fails, and nobody sees why. They come along where a value is copied from a web page or a chat.
    In JSON, and in YAML in double quotes, a backslash begins an escape: `"CORP\bob"` is no user `bob` of
    `CORP`, as `\b` is the control character U+0008. Line ends and tabs in OAuthConfigData are left alone. At
    the ends of a value it is S109 or X703, in other settings H202, M601, M603 and others find it.

    ## Bad
        SMTP:
          Host: smtp.example.com
          HostPort: 587-starttls
          LoginMethod: AuthLoginMethod
          User: "CORP\bob"
          Password: 0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77
          From: dma@example.com

    ## Good
        SMTP:
          Host: smtp.example.com
          HostPort: 587-starttls
          LoginMethod: AuthLoginMethod
          User: 'CORP\bob'
          Password: 0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77
          From: dma@example.com

    ## Fix
    None: what was meant is not known. Type the value anew, that of OAuth in Cube; in JSON, and in YAML in
    double quotes, write a backslash twice.

    ## See
    - RFC 8259, section 7 (escapes of JSON)
    - YAML 1.2.2, section 5.7 (escapes)
    - XML 1.0, section 2.2 (which characters XML can hold)
    """
    for name in _LOOKED_AT:
        setting = section.given(name)
        if setting is None or (character := _unseen(setting)) is None:
            continue
        is_secret = setting.is_secret
        what = name if is_secret else section.quote(setting.text)
        which = "a character" if is_secret else f"U+{ord(character):04X}, a character"
        is_doubtful = is_secret or name == _FREE_TEXT
        is_impossible = forbidden_character(setting.text) is not None
        anew = "enter it anew in Cube" if name in definition.oauth_settings() else "type it anew"
        may_be_escape = character in _BACKSLASH_AND_ONE and not isinstance(section.document, XmlDocument)
        yield Finding(
            at_value(setting),
            f"{what} holds {which} that cannot be seen",
            anew + ("; in double quotes, write \\ as \\\\" if may_be_escape else ""),
            severity=Severity.WARNING if is_doubtful and not is_impossible else None,
        )


def _unseen(setting: Setting) -> str | None:
    if setting.text.isprintable():
        return None
    free = _LAYOUT if setting.name == _FREE_TEXT else frozenset[str]()
    return next(
        (
            one
            for one in setting.text
            if unicodedata.category(one) in _INVISIBLE and one not in _SEEN and one not in free
        ),
        None,
    )
