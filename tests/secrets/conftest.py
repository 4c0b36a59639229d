from __future__ import annotations

import pytest

from tests.live.conftest import authority, good

__all__ = ["authority", "good"]  # certificates for the servers of these tests


@pytest.fixture(autouse=True)
def _unmeasured(untraced: None) -> None:
    """They do again, with very many files, what other tests do of which coverage is measured."""
    assert untraced is None
