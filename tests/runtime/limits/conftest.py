"""A Redis on this machine, with separate keys per test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from uuid import uuid4

import pytest
import valkey

PORT = 6379


@pytest.fixture
def redis_keys() -> Iterator[str]:
    """A prefix of keys in the local Redis, which are deleted afterwards."""
    prefix = f"steward:test:{os.getpid()}:{uuid4().hex}:"
    with valkey.Valkey(port=PORT) as client:
        try:
            client.ping()
        except valkey.exceptions.ConnectionError:
            pytest.skip(f"no Redis at 127.0.0.1:{PORT}")
        yield prefix
        for key in client.scan_iter(prefix + "*"):
            client.delete(key)
