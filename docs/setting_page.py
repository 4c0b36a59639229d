"""The page of the settings, as schemas/smtp.schema.json defines them."""

from __future__ import annotations

from typing import Final

from docs.parts import joined, remark, table
from migrator import definition
from migrator.rules.markdown import escaped
from migrator.values.variable import known_variables

NAME: Final = "settings.md"
_INTRODUCTION: Final = (
    "What the SMTP section may hold, in the documented order. A setting that is missing and an empty one "
    "are two things. All values are text, but MaxSubjectLength is a number. How a section is written in XML, "
    "JSON and YAML is on the page [File formats](formats.md)."
)
_SECRETS: Final = (
    "The value of a secret is shown nowhere. In JSON and YAML `${env:NAME}` may stand in its place, for an "
    "environment variable that holds it: see [converting](conversion.md#secrets)."
)


def page() -> str:
    """The text of the page."""
    settings = (
        (f"`{one.name}`", one.title, escaped(one.description), _variable(one.name))
        for one in definition.settings().values()
    )
    methods = (
        (f"`{one.name}`", one.title, escaped(one.description)) for one in definition.login_methods().values()
    )
    return joined(
        (
            remark("schemas/smtp.schema.json", "that"),
            "# Settings",
            _INTRODUCTION,
            table(("setting", "is", "means", "secret; its variable"), settings),
            _SECRETS,
            "## Login methods",
            "The values that `LoginMethod` may have, in upper and lower case as here:",
            table(("value", "is", "means"), methods),
        )
    )


def _variable(name: str) -> str:
    variable = known_variables().get(name)
    return "" if variable is None else f"`{variable}`"
