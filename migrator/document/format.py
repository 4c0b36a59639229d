"""Which format a file is in."""

from __future__ import annotations

import re
from enum import Enum


class Format(Enum):
    """The formats that are read."""

    XML = "XML"
    JSON = "JSON"
    YAML = "YAML"


_ENDINGS = {".xml": Format.XML, ".json": Format.JSON, ".yaml": Format.YAML, ".yml": Format.YAML}
_YAML_START = r"(?:%YAML|---|#|[A-Za-z$\"'][^<\r\n]*:(?:[ \t\r\n]|$))"


def format_of_name(path: str) -> Format | None:
    """By the ending of the name; None where that says nothing."""
    return _ENDINGS.get(path[path.rfind(".") :].lower())


def format_of(path: str, text: str) -> Format:
    """By the ending of the name; where that says nothing, by what the text begins with, else XML."""
    found = format_of_name(path)
    if found is not None:
        return found
    start = text.lstrip()[:1]
    if start in ("{", "["):
        return Format.JSON
    return Format.YAML if start != "<" and re.match(_YAML_START, text.lstrip()) else Format.XML
