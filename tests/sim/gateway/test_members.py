"""Op 8: members in chunks."""

from __future__ import annotations

import asyncio

from steward.runtime.clock import Clock
from steward.sim import Simulator
from tests.sim.gateway_client import GUILDS, MEMBERS, PRESENCES, connected


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


async def test_members_are_found_by_id_and_by_name_prefix(clock: Clock):
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


async def test_at_most_a_hundred_are_found_and_a_list_with_a_limit_needs_the_intent_too(clock: Clock):
    async with Simulator(clock=clock) as sim:
        guild = sim.add_guild("Penguins", members=5000)
        async with connected(sim) as client:
            await client.log_in(GUILDS)
            await client.event("GUILD_CREATE")
            await client.send(8, {"guild_id": str(guild.id), "query": "", "limit": 3})
            assert await client.events() == []
            await client.send(8, {"guild_id": str(guild.id), "user_ids": [str(number) for number in range(200)]})
            assert len((await client.event("GUILD_MEMBERS_CHUNK"))["not_found"]) == 100
            name = guild.members.peek(guild.members.roll.after(0, 1)[0]).payload()["user"]["username"]
            await client.send(8, {"guild_id": str(guild.id), "query": name[:2], "limit": 0})
            found = [member["user"]["username"] for member in (await client.event("GUILD_MEMBERS_CHUNK"))["members"]]
            assert name in found
            assert len(found) <= 100
            assert all(other.startswith(name[:2]) for other in found)
        await asyncio.sleep(5)
        async with connected(sim) as client:
            await client.log_in(GUILDS | MEMBERS)
            await client.send(8, {"guild_id": str(guild.id), "query": "", "limit": 3})
            assert len((await client.event("GUILD_MEMBERS_CHUNK"))["members"]) == 3


async def test_presences_come_with_their_intent_only(clock: Clock):
    async with Simulator(clock=clock) as sim:
        guild = sim.add_guild("Penguins")
        alice, bob = guild.join("alice"), guild.join("bob")
        bob.go_offline()
        ask = {"guild_id": str(guild.id), "user_ids": [str(alice.id), str(bob.id)], "presences": True}
        for intents, expected in ((GUILDS, None), (GUILDS | PRESENCES, [str(alice.id)])):
            async with connected(sim) as client:
                await client.log_in(intents)
                await client.send(8, ask)
                chunk = await client.event("GUILD_MEMBERS_CHUNK")
                online = chunk.get("presences")
                assert (online and [presence["user"]["id"] for presence in online]) == expected
            await asyncio.sleep(5)


async def test_a_nonce_of_more_than_32_bytes_is_left_out(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        guild = sim.add_guild("Penguins")
        await client.log_in(GUILDS)
        for nonce, kept in (("é" * 16, True), ("é" * 16 + "x", False), (5, False)):
            await client.send(8, {"guild_id": str(guild.id), "user_ids": "7", "nonce": nonce})
            assert ("nonce" in await client.event("GUILD_MEMBERS_CHUNK")) is kept


async def test_a_client_that_goes_away_ends_its_list(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        guild = sim.add_guild("Everybody", members=500_000)
        await client.log_in(GUILDS | MEMBERS)
        await client.send(8, {"guild_id": str(guild.id), "query": "", "limit": 0})
        await client.event("GUILD_MEMBERS_CHUNK")
        sim.faults.disconnect()
        await asyncio.sleep(10)
        assert sim.sessions[0].seq < 400


async def test_nonsense_is_ignored(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        await client.log_in(GUILDS | MEMBERS)
        nonsense: tuple[object, ...] = (
            None,
            {},
            {"guild_id": "x"},
            {"guild_id": "7", "query": "", "limit": 0},
            {"guild_id": []},
        )
        for data in nonsense:
            await client.send(8, data)
        assert await client.events() == []
