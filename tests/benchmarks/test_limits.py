import pytest

from benchmarks import limits
from benchmarks.run import Run


@pytest.mark.real_time
async def test_each_outcome_of_a_check_is_measured(monkeypatch):
    monkeypatch.setattr(limits, "CHECKS", 2_000)
    monkeypatch.setattr(limits, "SHARED_CHECKS", 100)
    run = Run(quick=True)
    await limits.measure(run)
    names = {figure.name for figure in run.figures}
    assert {"limits.memory.allowed", "limits.memory.refused", "limits.memory.new_keys"} <= names
    assert all(0 < figure.value < 100_000 for figure in run.figures)
    assert ("limits.redis.one_by_one" in names) != bool(run.skipped)
