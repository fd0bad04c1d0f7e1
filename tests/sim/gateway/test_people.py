"""Whom GUILD_CREATE names."""

from __future__ import annotations

import pytest

from steward.runtime.clock import Clock
from steward.sim import Simulator
from tests.sim.gateway_client import GUILDS, MEMBERS, PRESENCES, connected


async def test_without_the_presence_intent_only_the_bot_is_named(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        sim.add_guild("Penguins", members=30, online=20)
        await client.log_in(GUILDS | MEMBERS)
        created = await client.event("GUILD_CREATE")
        assert [member["user"]["id"] for member in created["members"]] == [str(sim.bot.id)]
        assert (created["presences"], created["large"]) == ([], False)


async def test_with_it_everybody_is_named_up_to_the_large_threshold(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        sim.add_guild("Penguins", members=200, online=20)
        await client.log_in(GUILDS | PRESENCES, large_threshold=200)
        created = await client.event("GUILD_CREATE")
        assert (len(created["members"]), created["large"]) == (200, False)
        assert len(created["presences"]) == 20 + 1  # the bot comes on top of the crowd's


async def test_above_it_those_who_are_online_or_have_a_role_or_a_nickname(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        guild = sim.add_guild("Penguins", members=1000, online=20)
        crowd = guild.members.roll.population
        nicked, roled = guild.members.get(crowd.id_of(500)), guild.members.get(crowd.id_of(501))
        assert nicked is not None
        assert roled is not None
        nicked.rename("Nick")
        roled.give(guild.add_role("Regular").id)
        await client.log_in(GUILDS | PRESENCES)
        created = await client.event("GUILD_CREATE")
        named = {int(member["user"]["id"]) for member in created["members"]}
        assert created["large"]
        assert named == {*(crowd.id_of(place) for place in range(20)), nicked.id, roled.id, sim.bot.id}
        assert {int(presence["user"]["id"]) for presence in created["presences"]} == named - {nicked.id, roled.id}


@pytest.mark.parametrize(("members", "named"), [(75_000, 201), (75_001, 1)])
async def test_above_75000_members_only_the_bot_is_named_whatever_the_intent(clock: Clock, members: int, named: int):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        sim.add_guild("Everybody", members=members, online=200)
        await client.log_in(GUILDS | PRESENCES)
        created = await client.event("GUILD_CREATE")
        assert (len(created["members"]), len(created["presences"])) == (named, named if named > 1 else 0)
        assert created["member_count"] == members
