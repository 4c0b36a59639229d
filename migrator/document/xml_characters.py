"""The characters that XML holds, and the text that a parser reads again as it was."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

_REFERENCES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_IN_ATTRIBUTE: Final = str.maketrans(
    {"&": "&amp;", "<": "&lt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
)


def character_data(text: str) -> str:
    """A text as character data: what a parser would change, or take for markup, is written as a reference."""
    return text.translate(_REFERENCES)


def attribute_value(text: str) -> str:
    """A text as the value of an attribute, without the double quotes around it."""
    return text.translate(_IN_ATTRIBUTE)


def forbidden_character(text: str) -> str | None:
    """The first character that XML cannot hold, not even as a reference (XML 1.0, section 2.2)."""
    found = _forbidden().search(text)
    return None if found is None else found[0]


def without_forbidden(text: str) -> str:
    r"""The text with `\ufffd` for each character that XML cannot hold."""
    return _forbidden().sub("\ufffd", text)


@cache
def _forbidden() -> re.Pattern[str]:
    """All but the characters of XML 1.0, production 2; compiled when it is asked for, as it takes long."""
    return re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
