"""READY and the guilds after it, of which a bot may have thousands."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from itertools import pairwise

import pytest

from steward.runtime.clock import Clock
from steward.sim import Limits, Simulator
from steward.sim.events import Event
from steward.sim.gateway.session import GatewaySession
from steward.sim.guilds.guild import Guild
from tests.sim.gateway_client import GUILDS, MEMBERS, MESSAGES, GatewayClient, connected

AT_ONCE = replace(Limits(), max_concurrency=16, heartbeat_latency=0.0)
A_SLICE = 100_000  # bytes: 64 KiB, and one guild more


def with_guilds(clock: Clock, count: int) -> Simulator:
    sim = Simulator(clock=clock, limits=AT_ONCE)
    for number in range(count):
        guild = sim.add_guild(f"Guild {number}")
        for channel in range(40):
            guild.add_text_channel(f"channel {channel}")
    return sim


async def begun(sim: Simulator, client: GatewayClient, intents: int = GUILDS) -> GatewaySession:
    """Log in, and return the session while most of its guilds are still to come."""
    await client.next()
    await client.identify(intents)
    while not sim.sessions:
        await asyncio.sleep(0)
    return sim.sessions[0]


async def test_others_have_their_turn_between_slices_of_guilds(clock: Clock, monkeypatch: pytest.MonkeyPatch):
    built: list[int] = []
    dispatch = GatewaySession.dispatch

    def noted(session: GatewaySession, name: str, body: bytes) -> None:
        built[-1] += len(body)
        dispatch(session, name, body)

    async def count_turns() -> None:
        while True:
            built.append(0)
            await asyncio.sleep(0)

    monkeypatch.setattr(GatewaySession, "dispatch", noted)
    async with with_guilds(clock, 200) as sim, connected(sim) as one, connected(sim) as other:
        turns = asyncio.create_task(count_turns())
        async with asyncio.TaskGroup() as group:
            group.create_task(one.log_in(shard=[0, 2]))
            group.create_task(other.log_in(shard=[1, 2]))
        for client in (one, other):
            for _ in client.ready["guilds"]:
                await client.event("GUILD_CREATE")
        turns.cancel()
    assert len(one.ready["guilds"]) == len(other.ready["guilds"]) == 100
    assert sum(built) > 10 * A_SLICE
    assert max(built) <= A_SLICE


async def test_the_heartbeat_of_another_shard_is_answered_before_all_guilds_are_sent(clock: Clock):
    async with with_guilds(clock, 400) as sim, connected(sim) as one, connected(sim) as other:
        await other.log_in(shard=[1, 2])
        await other.events()
        await one.log_in(shard=[0, 2])
        await other.send(1, other.seq)
        assert (await other.next())["op"] == 11
        (session,) = [session for session in sim.sessions if session.shard[0] == 0]
        assert session.pending
        for _ in one.ready["guilds"]:
            await one.event("GUILD_CREATE")
        assert not session.pending


async def test_a_client_that_reads_fast_is_sent_no_more_than_a_slice_in_one_turn(clock: Clock):
    """As many missed events are replayed at once, and each is written before the client's socket is full."""
    async with Simulator(clock=clock) as sim:
        async with connected(sim) as client:
            await client.log_in(GUILDS)
            await client.socket.close(code=4000)
        (session,) = sim.sessions
        for number in range(100):
            sim.faults.dispatch_raw("X", f"{number:03000}")
        left: list[int] = []
        async with connected(sim) as client:
            await client.resume(session.id, 1)
            while not session.connected:
                await asyncio.sleep(0)
            while session.unsent:
                left.append(session.unsent)
                await asyncio.sleep(0)
            assert [int(await client.event("X")) for _ in range(100)] == list(range(100))
        assert max(before - after for before, after in pairwise(left)) <= 65_536 // 3000 + 1


async def test_what_happens_in_a_guild_before_its_turn_is_in_its_guild_create(clock: Clock):
    async with with_guilds(clock, 100) as sim, connected(sim) as client:
        *_, last = sim.world.guilds.values()
        channel = last.add_text_channel("chat")
        alice = last.join("alice")
        session = await begun(sim, client, GUILDS | MEMBERS | MESSAGES)
        assert last.id in session.pending
        last.join("bob")
        alice.say(channel, "hello")
        last.rename("Penguins")
        await client.event("READY")
        created = {}
        for _ in range(100):
            payload = await client.next()
            assert payload["t"] == "GUILD_CREATE"
            created[int(payload["d"]["id"])] = payload["d"]
        assert (created[last.id]["name"], created[last.id]["member_count"]) == ("Penguins", last.member_count)
        last.join("carol")
        assert (await client.next())["t"] == "GUILD_MEMBER_ADD"


async def test_a_guild_that_is_gone_or_unavailable_at_its_turn_is_told_as_such(clock: Clock):
    async with with_guilds(clock, 100) as sim, connected(sim) as client:
        *_, left, away = sim.world.guilds.values()
        session = await begun(sim, client)
        assert {left.id, away.id} <= set(session.pending)
        left.remove_bot(sim.bot)
        sim.faults.outage(away)
        await client.event("READY")
        for _ in range(98):
            assert (await client.next())["t"] == "GUILD_CREATE"
        assert (await client.next())["d"] == {"id": str(left.id)}
        assert (await client.next())["d"] == {"id": str(away.id), "unavailable": True}
        sim.faults.end_outage(away)
        assert (await client.event("GUILD_CREATE"))["id"] == str(away.id)


async def test_an_interaction_comes_before_its_guild(clock: Clock):
    async with with_guilds(clock, 100) as sim, connected(sim) as client:
        *_, last = sim.world.guilds.values()
        session = await begun(sim, client)
        assert last.id in session.pending
        last.emit("INTERACTION_CREATE", {"guild_id": str(last.id)}, only=sim.bot)
        assert await client.event("INTERACTION_CREATE") == {"guild_id": str(last.id)}
        assert (await client.next())["t"] == "GUILD_CREATE"


async def test_a_session_that_lost_its_connection_receives_the_other_guilds_with_its_resume(clock: Clock):
    async with with_guilds(clock, 100) as sim:
        async with connected(sim) as client:
            session = await begun(sim, client, GUILDS | MEMBERS)
            assert session.pending
            await client.socket.close(code=4000)
        await asyncio.sleep(1)
        *_, last = sim.world.guilds.values()
        last.join("alice")
        async with connected(sim) as client:
            await client.resume(session.id, 1)  # READY
            names = [(await client.next())["t"] for _ in range(102)]
            assert names == ["GUILD_CREATE"] * 100 + ["GUILD_MEMBER_ADD", "RESUMED"]


async def test_a_login_looks_at_the_guilds_of_its_shard_only(clock: Clock, monkeypatch: pytest.MonkeyPatch):
    looked: list[Guild] = []
    shard_of = Guild.shard_of

    def noted(guild: Guild, shards: int) -> int:
        looked.append(guild)
        return shard_of(guild, shards)

    async with Simulator(clock=clock, limits=AT_ONCE) as sim, connected(sim) as one, connected(sim) as other:
        guilds = [sim.add_guild(f"Guild {number}") for number in range(100)]
        await one.log_in(shard=[0, 4])
        guilds[0].remove_bot(sim.bot)
        guilds.append(sim.add_guild("New"))
        await one.events()
        monkeypatch.setattr(Guild, "shard_of", noted)
        await other.log_in(shard=[1, 4])
        assert looked == []  # the first login has sorted them
        mine = [str(guild.id) for guild in guilds[1:] if shard_of(guild, 4) == 1]
        assert [guild["id"] for guild in other.ready["guilds"]] == mine


async def test_an_event_looks_at_the_sessions_of_its_shard_only(clock: Clock, monkeypatch: pytest.MonkeyPatch):
    asked: list[tuple[int, int]] = []
    receives = GatewaySession.receives

    def noted(session: GatewaySession, event: Event) -> bool:
        asked.append(session.shard)
        return receives(session, event)

    async with Simulator(clock=clock, limits=AT_ONCE) as sim, AsyncExitStack() as stack:
        guild = sim.add_guild("Penguins")
        for shard in ([0, 4], [1, 4], [2, 4], [3, 4], [0, 1]):
            client = await stack.enter_async_context(connected(sim))
            await asyncio.sleep(5)
            await client.log_in(shard=shard)
        monkeypatch.setattr(GatewaySession, "receives", noted)
        guild.rename("Seals")
        assert sorted(asked) == sorted([(0, 1), (guild.shard_of(4), 4)])
        asked.clear()
        sim.world.direct_channel(sim.bot, guild.join("alice").user).typing(sim.bot.user)
        assert asked[-2:] == [(0, 4), (0, 1)]
