"""Everything that exists."""

from __future__ import annotations

import asyncio

import pytest

from steward.runtime.clock import Clock
from steward.sim import Simulator


async def test_guilds_spread_evenly_over_shards(clock: Clock):
    sim = Simulator(clock=clock)
    guilds = []
    for number in range(160):  # over some time, as where thousands are added
        guilds.append(sim.add_guild(f"Guild {number}"))
        await asyncio.sleep(0.001)
    for shards in (2, 3, 16, 23):
        sizes = [sum(guild.shard_of(shards) == shard for guild in guilds) for shard in range(shards)]
        assert max(sizes) - min(sizes) <= 1


async def test_a_bot_is_in_the_guilds_it_was_let_into(clock: Clock):
    sim = Simulator(clock=clock)
    other = sim.add_bot("Other")
    ours, theirs = sim.add_guild("Ours"), sim.add_guild("Theirs", bot=other)
    ours.add_bot(other, "view_channel")
    assert sim.world.guilds_of(sim.bot) == [ours]
    assert sim.world.guilds_of(other) == [ours, theirs]
    assert ours.member_count == 11


async def test_an_unknown_privileged_intent_is_refused_with_the_known_ones(clock: Clock):
    sim = Simulator(clock=clock)
    with pytest.raises(ValueError, match="Known are: members, message_content, presences"):
        sim.add_bot("Odd", privileged_intents={"everything"})
