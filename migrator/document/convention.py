"""The names by which JSON and YAML hold what XML has beside elements; how they are used says `shape.py`."""

from __future__ import annotations

from typing import Final

ATTRIBUTE_MARK: Final = "@"
"""What the key of an attribute begins with."""
TEXT_KEY: Final = "$"
"""The key of the text beside attributes."""
CONTENT_KEY: Final = "$children"
"""The key of all the content, where no mapping can hold its order."""
SCHEMA_KEY: Final = "$schema"
"""The key by which editors find the schema of a JSON or YAML file."""
SECTION_KEY: Final = "SMTP"
"""The key that holds the settings."""
NUMBER_KEYS: Final = frozenset({"HostPort", "MaxSubjectLength"})
"""Keys under it whose value may be a number."""
XML_NAMESPACE: Final = "http://www.w3.org/XML/1998/namespace"
"""The namespace of names that begin with `xml:`, which nobody declares."""
_DECLARATION: Final = "xmlns"


def declares_namespace(attribute: str) -> bool:
    """Whether an attribute of this qualified name declares a namespace."""
    return attribute == _DECLARATION or attribute.startswith(f"{_DECLARATION}:")


def declared_prefix(attribute: str) -> str:
    """The prefix that such an attribute declares; empty for the default namespace."""
    return attribute.removeprefix(_DECLARATION).removeprefix(":")
