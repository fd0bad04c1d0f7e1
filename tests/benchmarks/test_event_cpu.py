from __future__ import annotations

import pytest

from benchmarks import event_cpu
from benchmarks.bots import FLOOR, PLAIN
from benchmarks.run import Run


@pytest.mark.real_time
async def test_a_bot_that_does_more_with_an_event_costs_more(monkeypatch):
    for name, value in {"BOTS": (FLOOR, PLAIN), "SETTLE": 0.5, "IDLE": 0.5, "JOINS": 300, "OTHERS": 300}.items():
        monkeypatch.setattr(event_cpu, name, value)
    run = Run()
    await event_cpu.measure(run)
    for event in ("GUILD_MEMBER_ADD", "GUILD_MEMBER_REMOVE"):
        floor, plain = (run.value(f"event_cpu.{event}", bot.who) for bot in (FLOOR, PLAIN))
        assert floor is not None
        assert plain is not None
        assert 0 < floor < plain
    assert {figure.name for figure in run.figures} == {f"event_cpu.{event}" for event in event_cpu.EVENTS}
