"""Where the rules' pages are published."""

from __future__ import annotations

PAGES: str | None = None
"""The address of a rule's page, with `{code}` in it; None while they are published nowhere."""


def page_address(code: str) -> str | None:
    """Where the page of a code is published; None where it is not."""
    return None if PAGES is None else PAGES.format(code=code)
