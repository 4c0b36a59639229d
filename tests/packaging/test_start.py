"""What the single file does before it becomes the command."""

from __future__ import annotations

import os
import signal
import ssl
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from single_file import start

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.linux

# As on a system for whose places OpenSSL was not built
_NOWHERE = {"cafile": None, "capath": None, "openssl_cafile_env": "SSL_CERT_FILE"}


@pytest.fixture(name="bundle")
def _bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only place of those that are known that there is."""
    bundle = tmp_path / "bundle.pem"
    bundle.touch()
    monkeypatch.setattr(start, "AUTHORITIES", ("/srv/none.pem", str(bundle), str(tmp_path)))
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    return bundle


def test_authorities_are_found_where_this_system_keeps_them(
    bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: SimpleNamespace(**_NOWHERE))
    start.find_authorities()

    assert os.environ["SSL_CERT_FILE"] == str(bundle)


def test_authorities_that_the_user_named_stay(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: SimpleNamespace(**_NOWHERE))
    monkeypatch.setenv("SSL_CERT_FILE", "/srv/ours.pem")
    start.find_authorities()

    assert bundle.is_file()
    assert os.environ["SSL_CERT_FILE"] == "/srv/ours.pem"


@pytest.mark.parametrize("found", [{"cafile": "/srv/all.pem"}, {"capath": "/srv/all"}])
def test_authorities_that_openssl_finds_stay(
    bundle: Path, found: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: SimpleNamespace(**_NOWHERE | found))
    start.find_authorities()

    assert bundle.is_file()
    assert "SSL_CERT_FILE" not in os.environ


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ({"LD_LIBRARY_PATH": "/srv/unpacked"}, None),
        ({"LD_LIBRARY_PATH": "/srv/unpacked:/srv/lib", "LD_LIBRARY_PATH_ORIG": "/srv/lib"}, "/srv/lib"),
        ({}, None),
    ],
)
def test_libraries_are_those_of_the_system_again(
    given: dict[str, str], left: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LD_LIBRARY_PATH", "LD_LIBRARY_PATH_ORIG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    start.free_others_from_our_libraries()

    assert os.environ.get("LD_LIBRARY_PATH") == left
    assert "LD_LIBRARY_PATH_ORIG" not in os.environ


def test_ctrl_c_that_comes_twice_at_once_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    interruption = start.Interruption()

    def interrupts() -> bool:
        try:
            interruption(signal.SIGINT, None)
        except KeyboardInterrupt:
            return True
        return False

    assert interrupts()
    now += 0.01
    assert not interrupts()
    now += 1
    assert interrupts()
