"""Runs examples/cache."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest
import valkey

EXAMPLE = Path(__file__).parents[3] / "examples" / "cache" / "profiles.py"


@pytest.fixture
def example(monkeypatch):
    spec = importlib.util.spec_from_file_location("profiles", EXAMPLE)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "profiles", module)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def database(redis_port):
    """A database of Redis that nobody else uses, emptied: the example takes the usual namespace."""
    with valkey.Valkey(port=redis_port, db=9) as client:
        if client.dbsize():
            pytest.skip("database 9 of this Redis is in use")
        yield f"redis://127.0.0.1:{redis_port}/9"
        for key in client.scan_iter("steward:1:*"):
            client.delete(key)


@pytest.mark.real_time
async def test_it_runs_in_memory(example, monkeypatch, capsys):
    monkeypatch.delenv("REDIS_URL", raising=False)
    await example.main()
    assert "1,000 asked at once, 1 query\n" in capsys.readouterr().out


@pytest.mark.real_time
async def test_it_runs_with_redis(example, monkeypatch, capsys, database):
    monkeypatch.setenv("REDIS_URL", database)
    await example.main()
    first = capsys.readouterr().out
    assert "asked again, changed, asked again: 2 queries\n" in first
    second = ""
    for _ in range(5):  # a machine under load may not answer in Redis's 100 ms: then the example goes on in memory
        if "1,000 asked at once, 0 query\n" not in second:
            await example.main()
            second = capsys.readouterr().out
    assert "1,000 asked at once, 0 query\n" in second, "Redis had it"
