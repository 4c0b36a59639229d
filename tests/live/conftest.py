"""Certificates that the tests of one process share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.live.certificates import Authority

if TYPE_CHECKING:
    from tests.live.certificates import Issued


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """An authority that --ca-file can name."""
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="session")
def good(authority: Authority) -> Issued:
    """A certificate with nothing wrong about it."""
    return authority.issue("good")
