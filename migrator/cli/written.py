"""What is said after files were written, by whichever command."""

from __future__ import annotations

from typing import Final

RESTART: Final = "on an agent, DataMiner is stopped while its file changes, and started again for it to count"


def former_content(where: str = "a .bak file beside each") -> str:
    """Where the former content of a file is, and what it holds."""
    return f"the former content is in {where}, with the same secrets"
