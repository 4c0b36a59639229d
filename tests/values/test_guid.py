"""GUIDs, as Microsoft and Cube write them."""

from __future__ import annotations

import pytest

from migrator.values.guid import is_guid

GUID = "0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77"


@pytest.mark.parametrize("text", [GUID, GUID.upper()])
def test_guids(text: str) -> None:
    assert is_guid(text)


@pytest.mark.parametrize(
    "text", ["", f"{{{GUID}}}", GUID[:-1], f"{GUID}0", GUID.replace("-", ""), f"{GUID}\n"]
)
def test_other_texts(text: str) -> None:
    assert not is_guid(text)
