from __future__ import annotations

from benchmarks.guilds_memory import CHANNELS, EMOJIS, ROLES, fill
from steward.cli.stage import build_stage
from steward.sim import Simulator


async def test_every_guild_is_as_large_as_the_next(clock):
    sim = Simulator(clock=clock)
    first = build_stage(sim, members=100, online=10, bans=0).guild
    second = sim.add_guild("Another", members=100)
    for guild in (first, second):
        fill(guild)
        assert (len(guild.channels), len(guild.roles), len(guild.emojis)) == (CHANNELS, ROLES, EMOJIS)
