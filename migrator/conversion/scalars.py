"""Texts as the formats write them, so that every reader reads the same text again."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final

from migrator.document.convention import CONTENT_KEY, TEXT_KEY
from migrator.document.xml_characters import without_forbidden
from migrator.document.yaml_scalars import (
    SHORT_ESCAPES,
    double_quoted,
    fits_one_line,
    is_plain,
    single_quoted,
)

_FIRST = "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
_FIRST += "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
_NAME = rf"[{_FIRST}][{_FIRST}.0-9\u00b7\u0300-\u036f\u203f\u2040-]*"  # Namespaces in XML 1.0, production 4
_YAML_SPECIAL_KEYS: Final = (TEXT_KEY, CONTENT_KEY)  # for whole files; nobody reads them otherwise
_YAML_LONGEST_KEY: Final = 1000  # characters; a simple key has 1024 at most (YAML 1.1, section 9.3.2)
_WHOLE_NUMBER: Final = re.compile("0|[1-9][0-9]{0,17}")  # within 64 bits, and so the same in every language


def is_xml_name(text: str) -> bool:
    """Whether an element or attribute can have this qualified name."""
    return _qualified_name().fullmatch(text) is not None


@cache
def _qualified_name() -> re.Pattern[str]:
    """Compiled when it is asked for, as that takes 10 ms."""
    return re.compile(rf"{_NAME}(?::{_NAME})?")


def is_whole_number(text: str) -> bool:
    """Whether a number in JSON and YAML says the very same as this text."""
    return _WHOLE_NUMBER.fullmatch(text) is not None


def yaml_text(text: str) -> str:
    """A scalar that readers of YAML 1.1 and of YAML 1.2 read as this text: in quotes unless it is plain."""
    if is_plain(text):
        return text
    return single_quoted(text) if fits_one_line(text) else double_quoted(text, SHORT_ESCAPES)


@lru_cache(maxsize=1024)
def yaml_key(text: str) -> str:
    """A key with its colon; one that is too long for a simple key is written as an explicit one."""
    key = text if text in _YAML_SPECIAL_KEYS else yaml_text(text)
    return f"{key}:" if len(key) <= _YAML_LONGEST_KEY else f"? {key}\n:"


def yaml_comment(line: str) -> str:
    """A line of a comment, with `\ufffd` for what YAML does not allow there."""
    text = re.sub("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]", "\ufffd", line.strip())
    return f"# {text}" if text else "#"


def xml_comment(line: str) -> str:
    """A comment; hyphens that would end it are set apart, and `\ufffd` stands for what XML cannot hold."""
    text = without_forbidden(line.strip())
    text = re.sub("-(?=-)", "- ", text)
    return f"<!-- {text} -->" if text else "<!-- -->"
