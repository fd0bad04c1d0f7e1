from __future__ import annotations

import pytest

from benchmarks import series
from benchmarks.run import Run


@pytest.mark.real_time
async def test_a_few_days_are_simulated_read_and_measured(monkeypatch):
    monkeypatch.setattr(series, "QUICK_DAYS", 2)
    monkeypatch.setattr(series, "MESSAGES", 300)
    monkeypatch.setattr(series, "READS", 2)
    monkeypatch.setattr(series, "EVENTS", 50)
    run = Run(quick=True)
    await series.measure(run)
    values = {figure.name: figure.value for figure in run.figures}
    assert {name for name in values if name.endswith(".of_discord_py")} == {
        "series.message_create.of_discord_py",
        "series.voice_state_update.of_discord_py",
        "series.guild_member_add.of_discord_py",
        "series.guild_member_remove.of_discord_py",
    }
    assert min(values.values()) > 0
