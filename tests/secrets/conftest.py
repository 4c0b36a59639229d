"""Certificates for the servers of these tests."""

from tests.live.conftest import authority, good

__all__ = ["authority", "good"]
