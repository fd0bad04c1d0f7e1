from __future__ import annotations

import asyncio

from benchmarks.tide import Tide
from steward.sim import Simulator


async def test_the_crowd_follows_the_hour_and_every_change_is_sent(clock):
    sim = Simulator(clock=clock)
    guild = sim.add_guild("Penguins", members=1000, online=200)
    at_midnight = guild.online_count + 1  # with the bot
    running = asyncio.create_task(Tide(guild, clock).run())
    lowest, moved = at_midnight, 0
    for _ in range(24 * 60):
        before = guild.online_count
        await asyncio.sleep(60)
        moved += abs(guild.online_count - before)
        lowest = min(lowest, guild.online_count)
    running.cancel()
    assert lowest < 0.7 * at_midnight
    assert abs(guild.online_count - at_midnight) <= 1
    assert sim.recorder.dispatched["PRESENCE_UPDATE"] == moved > 100


async def test_a_newcomers_presence_is_sent_once(clock):
    sim = Simulator(clock=clock)
    guild = sim.add_guild("Penguins", members=10, online=1)
    running = asyncio.create_task(Tide(guild, clock).run())
    await asyncio.sleep(5)
    guild.join("ada")
    await asyncio.sleep(600)
    running.cancel()
    assert sim.recorder.dispatched["PRESENCE_UPDATE"] == 1
