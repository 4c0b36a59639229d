"""`${env:NAME}` stands for a secret, or for a part of one, in JSON and YAML; `$${` is `${` itself there.

XML has no such thing: whatever stands there is the secret.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from migrator import definition
from migrator.tuples import NamedTuple
from migrator.values.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MARK: Final = "${"
"""What begins everything in a secret that is not just text; where it is nowhere, nothing is to be done."""
_ESCAPED: Final = f"${MARK}"
_NAME: Final = "[A-Za-z_][A-Za-z0-9_]*"
_VARIABLE: Final = rf"\$\{{env:(?P<name>{_NAME})\}}"
_VARIABLES_ALONE: Final = rf"(?:\$\{{env:{_NAME}\}})+"
_NO_CHARACTER: Final = "[\ud800-\udfff]"
_NOT_TEXT: Final = rf"\$\$\{{|{_VARIABLE}|(?P<broken>\$\{{env:)"
NAMES_NOTHING: Final = (
    "has ${env: without a variable's name behind it",
    "write ${env:NAME} (letters, digits and _), or $${ for ${ itself",
)
"""What is wrong with a secret where no name follows as variables have it, and what to do."""


class Unresolved(NamedTuple):
    """A variable that has no value: it is not set, is no text, or what should name one names none (None)."""

    name: str | None
    is_set: bool = False


def as_variable(name: str) -> str:
    """What stands for the value of an environment variable."""
    return f"${{env:{name}}}"


@cache
def known_variables() -> dict[str, str]:
    """The environment variable for each secret setting, by the setting's name, as its example names it."""
    return {
        name: next(variables_in(setting.example))
        for name, setting in definition.settings().items()
        if setting.is_secret
    }


def escape(text: str) -> str:
    """A secret as JSON and YAML write it, where nothing in it is meant as a variable."""
    return text.replace(MARK, _ESCAPED)


def unescape(text: str) -> str:
    """The secret that a text without variables stands for in JSON and YAML."""
    return text.replace(_ESCAPED, MARK)


def holds_variable(text: str) -> bool:
    """Whether a secret in JSON and YAML is not known until a variable is looked up, be it named or not."""
    return any(one["name"] or one["broken"] for one in _parts(text))


def names_nothing(text: str) -> bool:
    """Whether what should name a variable in a secret of JSON or YAML names none, as ${env:MY-NAME}."""
    return any(one["broken"] for one in _parts(text))


def names_variables_alone(text: str) -> bool:
    """Whether there is nothing but variables, so that no part of a secret can be read."""
    return re.fullmatch(_VARIABLES_ALONE, text) is not None


def variables_in(text: str) -> Iterator[str]:
    """The names of the variables in a secret of JSON or YAML."""
    return (one["name"] for one in _parts(text) if one["name"])


def resolve(text: str, environment: Mapping[str, str]) -> Reading[str, Unresolved]:
    """The secret that a text of JSON or YAML stands for; none where a variable in it has no value."""
    problems = tuple(
        Unresolved(one["name"], bool(one["name"]) and one["name"] in environment)
        for one in _parts(text)
        if one["broken"] or (one["name"] and not is_text(environment.get(one["name"])))
    )
    if problems:
        return Reading(None, problems)
    return Reading(re.sub(_NOT_TEXT, lambda one: environment[one["name"]] if one["name"] else MARK, text))


def is_text(value: str | None) -> bool:
    """Whether there is a value, and it is text: the environment may hold bytes that are no UTF-8."""
    return value is not None and re.search(_NO_CHARACTER, value) is None


def _parts(text: str) -> Iterator[re.Match[str]]:
    return re.finditer(_NOT_TEXT, text) if MARK in text else iter(())
