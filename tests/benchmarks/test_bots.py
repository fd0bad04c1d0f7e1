from __future__ import annotations

import pytest

from benchmarks.bots import BOTS, stage
from benchmarks.cpu import cpu_seconds
from benchmarks.memory import read_memory


@pytest.mark.real_time
@pytest.mark.parametrize("bot", BOTS, ids=lambda bot: bot.who)
async def test_each_bot_connects_and_becomes_ready_on_the_simulator(bot):
    async with stage(members=1200) as scene, scene.started(bot) as child:
        await child.until_it_says(bot.connected, within=60)
        if bot.ready != bot.connected:
            await child.until_it_says(bot.ready, within=60)
        assert read_memory(child.pid).resident > 20
        assert 0.1 < cpu_seconds(child.pid) < 60
