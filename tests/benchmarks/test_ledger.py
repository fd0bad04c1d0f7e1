from __future__ import annotations

import pytest

from benchmarks import ledger
from benchmarks.run import Run


@pytest.mark.real_time
async def test_it_fills_settles_posts_and_audits(monkeypatch):
    for name, value in (("QUICK_ENTRIES", 6000), ("FEW_ENTRIES", 2000), ("QUICK_SECONDS", 0.1)):
        monkeypatch.setattr(ledger, name, value)
    run = Run(quick=True)
    await ledger.measure(run)
    values = {figure.name: figure.value for figure in run.figures}
    assert values.keys() == {
        *("ledger.settle", "ledger.posts", "ledger.audit", "ledger.audit.entries"),
        *("ledger.audit.memory", "ledger.audit.growth"),
    }
    assert values["ledger.audit.memory"] > 5
    assert values["ledger.posts"] > 0
