"""What sessions store for RESUME, each and together."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import discord

from steward.runtime.clock import Clock
from steward.sim import Limits, Simulator
from steward.sim.gateway.replay import OVERHEAD, ReplayLog, ReplayMemory
from steward.sim.gateway.session import GatewaySession
from steward.sim.stepwise import SteppedSimulator
from tests.sim.gateway_client import GUILDS, MESSAGE_CONTENT, MESSAGES, connected


def log_of(clock: Clock, **limits: int) -> ReplayLog:
    return ReplayLog(Limits(**limits), clock, ReplayMemory(1 << 30, lambda: None))  # type: ignore[arg-type]


def fill(log: ReplayLog, count: int, body: bytes = b"0123456789") -> None:
    for _ in range(count):
        log.add("X", body)
        log.forget(unsent=0)


async def test_stored_events_are_limited_in_number_and_bytes(clock: Clock):
    for log in (log_of(clock, replay_events=3), log_of(clock, replay_bytes=3 * (OVERHEAD + 10))):
        fill(log, 10)
        assert [sent.seq for sent in log.after(7)] == [8, 9, 10]
        assert log.reaches(7)
        assert not log.reaches(6)
        assert not log.reaches(11)


async def test_acknowledged_events_are_dropped_after_some_minutes(clock: Clock):
    log = log_of(clock)
    fill(log, 3)
    log.acknowledge(2)
    fill(log, 1)
    assert log.reaches(0)  # a client may go back to what it knew a minute ago
    await asyncio.sleep(301)
    fill(log, 1)
    assert [log.reaches(seq) for seq in (1, 2)] == [False, True]


async def test_a_heartbeat_is_enough_to_drop_what_is_no_longer_needed(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        await client.log_in(GUILDS)
        (session,) = sim.sessions
        assert session.log.kept > 0
        for _ in range(8):
            await asyncio.sleep(41.25)
            await client.send(1, client.seq)
            await client.next()
        assert session.log.kept == 0


async def test_a_large_event_is_stored_compressed_and_replayed_as_it_was(clock: Clock):
    async with Simulator(clock=clock) as sim:
        guild = sim.add_guild("Penguins")
        for number in range(40):
            guild.add_text_channel(f"channel {number}")
        async with connected(sim) as client:
            await client.log_in(GUILDS)
            created = await client.event("GUILD_CREATE")
            session_id = client.ready["session_id"]
            await client.socket.close(code=4000)
        (session,) = sim.sessions
        assert session.log.kept < 4000 < len(str(created))
        async with connected(sim) as client:
            await client.resume(session_id, 1)
            assert await client.event("GUILD_CREATE") == created


async def test_sessions_share_the_body_of_an_event_that_is_the_same_for_them(clock: Clock):
    async with Simulator(clock=clock) as sim:
        guild = sim.add_guild("Penguins")
        async with connected(sim) as one, connected(sim) as other:
            await one.log_in(GUILDS)
            await asyncio.sleep(5)
            await other.log_in(GUILDS)
            guild.rename("Seals")
            first, second = (session.log.after(session.seq - 1)[0] for session in sim.sessions)
            assert first.name == second.name == "GUILD_UPDATE"
            assert first.body is second.body


async def test_together_sessions_that_wait_longest_for_a_resume_end_first(clock: Clock):
    limits = replace(Limits(), max_concurrency=4, replay_bytes_together=50_000)
    async with Simulator(clock=clock, limits=limits) as sim:
        left: list[str] = []
        for shard in range(3):
            async with connected(sim) as client:
                await client.log_in(GUILDS, shard=[shard, 4])
                left.append(client.ready["session_id"])
                await client.socket.close(code=4000)
            await asyncio.sleep(1)
        async with connected(sim) as client:
            await client.log_in(GUILDS, shard=[3, 4])
            living = client.ready["session_id"]
            sim.faults.dispatch_raw("X", "x" * 3000)
            await asyncio.sleep(0.1)
            assert [session.id for session in sim.sessions] == [*left, living]
            while len(sim.sessions) > 2:
                sim.faults.dispatch_raw("X", "x" * 3000)
                await asyncio.sleep(0.1)
            assert [session.id for session in sim.sessions] == [left[2], living]
            assert sum(session.log.kept for session in sim.sessions) <= 50_000
        async with connected(sim) as client:
            await client.resume(left[0], 1)
            assert (await client.next())["op"] == 9


async def test_together_connected_sessions_forget_their_oldest_events_but_no_unsent_one(clock: Clock):
    limits = Limits(replay_bytes_together=50_000)
    async with Simulator(clock=clock, limits=limits) as sim, connected(sim) as client:
        await client.log_in(GUILDS)
        (session,) = sim.sessions
        for _ in range(40):
            sim.faults.dispatch_raw("X", "x" * 3000)
            await client.event("X")
        assert sim.sessions == (session,)
        assert session.log.kept <= 50_000
        assert session.log.reaches(session.seq - 5)
        assert not session.log.reaches(0)
        sim.faults.withhold_dispatches()
        for number in range(40):
            sim.faults.dispatch_raw("UNSENT", f"{number:03000}")
        await asyncio.sleep(0.1)
        sim.faults.release_dispatches()
        assert [int(await client.event("UNSENT")) for _ in range(40)] == list(range(40))


async def test_together_another_session_forgets_where_all_of_the_largest_is_unsent(clock: Clock):
    limits = replace(Limits(), max_concurrency=2, replay_bytes_together=150_000)
    intents = GUILDS | MESSAGES | MESSAGE_CONTENT
    async with Simulator(clock=clock, limits=limits) as sim:
        guilds = {guild.shard_of(2): guild for guild in (sim.add_guild(f"Guild {number}") for number in range(10))}
        async with connected(sim) as first, connected(sim) as second:
            for shard, client in enumerate((first, second)):
                await client.log_in(intents, shard=[shard, 2])
            await asyncio.sleep(1)
            sessions = {session.shard[0]: session for session in sim.sessions}
            alices = {shard: guild.join("alice") for shard, guild in guilds.items()}
            chats = {shard: guild.add_text_channel("chat") for shard, guild in guilds.items()}
            for number in range(20):
                alices[1].say(chats[1], f"{number:01900}")
            await asyncio.sleep(1)
            sim.faults.withhold_dispatches()
            for number in range(40):
                alices[0].say(chats[0], f"{number:01900}")
            await asyncio.sleep(1)
            assert sessions[0].log.kept > 75_000
            assert sessions[0].log.kept + sessions[1].log.kept <= 150_000
            sim.faults.release_dispatches()
            told = [await first.event("MESSAGE_CREATE") for _ in range(40)]
            assert [int(message["content"]) for message in told] == list(range(40))


def test_people_act_between_two_runs_of_the_loop_beyond_what_sessions_store_together():
    with SteppedSimulator(limits=Limits(replay_bytes_together=50_000)) as discord_sim:
        chat = discord_sim.guild.add_text_channel("chat")
        intents = discord.Intents(guilds=True, guild_messages=True, message_content=True)
        discord_sim.start(discord.Client(intents=intents))
        alice = discord_sim.guild.join("alice")
        for _ in range(40):
            alice.say(chat, "x" * 1900)
        discord_sim.wait()
        assert len(chat.messages) == 40
        alice.say(chat, "one more")
        discord_sim.wait()
        (session,) = discord_sim.sim.sessions
        assert 0 < session.log.kept <= 50_000


async def test_a_session_that_ended_stores_nothing(clock: Clock):
    memory = ReplayMemory(1 << 30, lambda: None)
    log = ReplayLog(Limits(), clock, memory)
    session = GatewaySession("a", Simulator(clock=clock).bot, GUILDS, (0, 1), log=log)
    session.dispatch("X", b"1")
    assert memory.kept == session.log.kept > 0
    session.end()
    session.dispatch("X", b"1")
    assert memory.kept == session.log.kept == 0


async def test_a_disconnected_client_with_many_unread_events_loses_none(clock: Clock):
    async with Simulator(clock=clock) as sim:
        async with connected(sim) as client:
            await client.log_in(GUILDS)
            assert client.seq is not None
            seq = client.seq
            sim.faults.withhold_dispatches()
            for number in range(sim.limits.queued_events + 1):
                sim.faults.dispatch_raw("UNREAD", number)
            assert (await client.closed()).code == 1006
        sim.faults.dispatch_raw("MISSED", None)
        sim.faults.release_dispatches()
        async with connected(sim) as client:
            await client.resume(sim.sessions[0].id, seq)
            names = [(await client.next())["t"] for _ in range(sim.limits.queued_events + 3)]
            assert (names.count("UNREAD"), names[-2:]) == (sim.limits.queued_events + 1, ["MISSED", "RESUMED"])
            sim.faults.dispatch_raw("LATER", None)
            assert (await client.next())["t"] == "LATER"


async def test_a_client_that_missed_more_than_is_stored_must_log_in_again(clock: Clock):
    async with Simulator(clock=clock, limits=Limits(replay_events=20)) as sim:
        async with connected(sim) as client:
            await client.log_in(GUILDS)
            session_id, seq = client.ready["session_id"], client.seq
            assert seq is not None
            await client.socket.close(code=4000)
        for _ in range(21):
            sim.faults.dispatch_raw("X", None)
        for missed_after, answer in ((seq + 1, "X"), (seq, None)):
            async with connected(sim) as client:
                await client.resume(session_id, missed_after)
                told = await client.next()
                assert told["t"] == answer
                assert told["d"] is (None if answer else False)
                await client.socket.close(code=4000)
