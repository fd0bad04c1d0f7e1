"""A Redis for tests, the machine's or a new one, with a namespace per test."""

from __future__ import annotations

import socket
import uuid

import pytest
import structlog
import valkey

from tests.runtime.cache.servers import RedisProcess


@pytest.fixture(scope="session")
def redis_port(tmp_path_factory):
    """The port of a Redis that is not stopped."""
    try:
        with socket.create_connection(("127.0.0.1", 6379), 1), valkey.Valkey() as client:
            client.set("steward-test:probe", 1, px=1000)
        yield 6379
    except (OSError, valkey.exceptions.ValkeyError):
        with RedisProcess(tmp_path_factory.mktemp("redis")) as server:
            yield server.port


@pytest.fixture
def redis_url(redis_port):
    return f"redis://127.0.0.1:{redis_port}/0"


@pytest.fixture
def redis(redis_port):
    """A plain client, to see and to spoil what is kept."""
    with valkey.Valkey(port=redis_port) as client:
        yield client


@pytest.fixture
def namespace(redis):
    """The beginning of this test's keys, which are gone after it."""
    name = f"steward-test-{uuid.uuid4().hex[:12]}"
    yield name
    for key in redis.scan_iter(f"{name}:*"):
        redis.delete(key)


@pytest.fixture
def logged():
    """Log events as they come."""
    with structlog.testing.capture_logs() as events:
        yield events
