from __future__ import annotations

import pytest

from benchmarks import store_writes
from benchmarks.run import Run


@pytest.mark.real_time
async def test_callers_at_once_share_commits_and_one_alone_does_not(monkeypatch):
    monkeypatch.setattr(store_writes, "QUICK_SECONDS", 0.1)
    run = Run(quick=True)
    await store_writes.measure(run)
    values = {figure.name: figure.value for figure in run.figures}
    assert values["store_writes.writers_1.commits_per_write"] == 1
    assert values["store_writes.writers_64.commits_per_write"] < 0.5
    assert min(values.values()) > 0
