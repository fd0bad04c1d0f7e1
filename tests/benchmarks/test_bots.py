from __future__ import annotations

import pytest

from benchmarks.bots import FLOOR, PLAIN, READY, STEWARD, stage
from benchmarks.memory import read_memory


@pytest.mark.real_time
@pytest.mark.parametrize("words", [STEWARD, FLOOR, PLAIN], ids=["steward", "floor", "plain"])
async def test_each_bot_becomes_ready_on_the_simulator(words):
    async with stage(members=1200) as scene, scene.bot(words) as child:
        await child.until_it_says(READY[words], within=60)
        assert read_memory(child.pid).resident > 20
