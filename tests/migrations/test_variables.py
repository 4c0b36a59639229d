"""What is kept of a secret that a variable stands for."""

from __future__ import annotations

import pytest

from migrator.migrations.variables import mark


@pytest.mark.parametrize("secret", ["correct-horse", "", "\u20ac", "\ud800", "x" * 1000])
def test_a_mark_tells_secrets_apart_and_nothing_else(secret: str) -> None:
    found = mark(secret, b"key")
    assert found == mark(secret, b"key")
    assert found != mark(f"{secret}.", b"key")
    assert found != mark(secret, b"another")
    assert not secret or secret not in found
