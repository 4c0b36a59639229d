"""GUIDs, the form of references to secrets and of the IDs that Microsoft gives out."""

from __future__ import annotations

import re
from typing import Final

GUID: Final = "[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
"""The pattern of one without braces."""


def is_guid(text: str) -> bool:
    """Whether a text is a GUID, without braces around it."""
    return re.fullmatch(GUID, text) is not None
