import pytest

from benchmarks import query_cache
from benchmarks.run import Run


@pytest.mark.real_time
async def test_each_read_is_measured_both_ways(monkeypatch):
    monkeypatch.setattr(query_cache, "HOURS", 24)
    monkeypatch.setattr(query_cache, "ROUNDS", 1)
    run = Run(quick=True)
    await query_cache.measure(run)
    for name in ("one_row", "chart"):
        assert run.value(f"query_cache.{name}.cached") < run.value(f"query_cache.{name}.uncached")
