"""Op 8: members in chunks."""

from __future__ import annotations

import asyncio

from steward.runtime.clock import Clock
from steward.sim import Simulator
from tests.sim.gateway_client import GUILDS, MEMBERS, connected


async def test_a_full_list_comes_in_chunks_of_a_thousand_once_in_thirty_seconds(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        guild = sim.add_guild("Penguins", members=2500)
        await client.log_in(GUILDS | MEMBERS)
        ask = {"guild_id": str(guild.id), "query": "", "limit": 0, "nonce": "n"}
        await client.send(8, ask)
        chunks = [await client.event("GUILD_MEMBERS_CHUNK") for _ in range(3)]
        assert [len(chunk["members"]) for chunk in chunks] == [1000, 1000, 500]
        assert [(chunk["chunk_index"], chunk["chunk_count"], chunk["nonce"]) for chunk in chunks] == [
            (0, 3, "n"),
            (1, 3, "n"),
            (2, 3, "n"),
        ]
        await client.send(8, ask)
        limited = await client.event("RATE_LIMITED")
        assert (limited["opcode"], limited["meta"]["nonce"]) == (8, "n")
        await asyncio.sleep(limited["retry_after"])
        await client.send(8, ask)
        assert await client.event("GUILD_MEMBERS_CHUNK")


async def test_a_full_list_needs_the_intent(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        guild = sim.add_guild("Penguins")
        await client.log_in(GUILDS)
        await client.event("GUILD_CREATE")
        await client.send(8, {"guild_id": str(guild.id), "query": "", "limit": 0})
        assert await client.events() == []


async def test_members_are_found_by_id_and_by_the_beginning_of_a_name(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        guild = sim.add_guild("Penguins")
        alice = guild.join("alice")
        guild.join("bob")
        await client.log_in(GUILDS | MEMBERS)
        await client.send(8, {"guild_id": str(guild.id), "user_ids": [str(alice.id), "7"]})
        chunk = await client.event("GUILD_MEMBERS_CHUNK")
        assert [member["user"]["username"] for member in chunk["members"]] == ["alice"]
        assert chunk["not_found"] == ["7"]
        await client.send(8, {"guild_id": str(guild.id), "query": "AL", "limit": 5})
        chunk = await client.event("GUILD_MEMBERS_CHUNK")
        assert [member["user"]["username"] for member in chunk["members"]] == ["alice"]


async def test_nonsense_is_ignored(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        await client.log_in(GUILDS | MEMBERS)
        for data in (None, {}, {"guild_id": "x"}, {"guild_id": "7", "query": "", "limit": 0}):
            await client.send(8, data)
        assert await client.events() == []
