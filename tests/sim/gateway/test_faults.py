"""Injected faults of the gateway."""

from __future__ import annotations

import asyncio

import pytest

from steward.runtime.clock import Clock
from steward.sim import Simulator
from steward.sim.gateway.opcodes import REASONS, Close
from tests.sim.gateway_client import GUILDS, MEMBERS, MESSAGES, connected


async def test_a_silent_gateway_sends_no_frame_and_keeps_the_socket_open(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        guild = sim.add_guild("Penguins")
        await client.log_in(GUILDS)
        await client.event("GUILD_CREATE")
        sim.faults.silence()
        guild.rename("x")
        await client.send(1, None)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(30):
                await client.next()
        assert not client.socket.closed
        sim.faults.speak()
        assert {(await client.next())["op"] for _ in range(2)} == {0, 11}


async def test_dispatches_are_withheld_while_heartbeats_are_answered(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        guild = sim.add_guild("Penguins")
        await client.log_in(GUILDS)
        await client.event("GUILD_CREATE")
        sim.faults.withhold_dispatches()
        guild.rename("x")
        await client.send(1, None)
        assert (await client.next())["op"] == 11
        sim.faults.release_dispatches()
        assert (await client.event("GUILD_UPDATE"))["name"] == "x"


@pytest.mark.parametrize("code", [1000, 1012, 4000, 4009])
async def test_connections_are_closed_with_any_code(clock: Clock, code: int):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        await client.log_in()
        sim.faults.disconnect(code)
        assert (await client.closed()).code == code


async def test_a_dropped_connection_has_no_code_and_keeps_the_session(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        await client.log_in()
        sim.faults.disconnect()
        assert (await client.closed()).code == 1006
        assert len(sim.sessions) == 1


async def test_every_close_code_ends_or_keeps_the_session_as_documented(clock: Clock):
    ends = {4004, 4007, 4009, 4010, 4011, 4012, 4013, 4014}
    async with Simulator(clock=clock) as sim:
        for code in (1000, 1001, *Close):
            async with connected(sim) as client:
                await client.log_in()
                sim.faults.disconnect(code)
                closed = await client.closed()
                assert (closed.code, closed.reason) == (code, REASONS.get(code, ""))
            await asyncio.sleep(5)
            assert bool(sim.sessions) is (code not in ends)
            await asyncio.sleep(sim.limits.session_seconds)


async def test_heartbeats_can_be_requested(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        await client.log_in()
        sim.faults.ask_for_heartbeats()
        assert (await client.next())["op"] == 1


async def test_op_7_requests_a_reconnect_and_op_9_a_new_login(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        await client.log_in()
        sim.faults.reconnect()
        assert (await client.next())["op"] == 7
        sim.faults.invalidate(resumable=True)
        assert await client.next() == {"op": 9, "d": True, "s": None, "t": None}
        assert len(sim.sessions) == 1
        sim.faults.invalidate()
        assert (await client.next())["d"] is False


async def test_after_op_9_the_same_socket_resumes(clock: Clock):
    """discord-api-docs #1805: a client need not reconnect after op 9."""
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        guild = sim.add_guild("Penguins")
        await client.log_in()
        await client.event("GUILD_CREATE")
        sim.faults.invalidate(resumable=True)
        guild.add_text_channel("missed")
        assert (await client.next())["op"] == 9
        data = {"token": sim.bot.token, "session_id": client.ready["session_id"], "seq": client.seq}
        await client.send(6, data)
        assert await client.events() == ["CHANNEL_CREATE", "RESUMED"]
        sim.faults.invalidate(resumable=True)
        await asyncio.sleep(sim.limits.session_seconds + 1)
        assert not sim.sessions


async def test_after_op_9_the_same_socket_logs_in_again(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        await client.log_in()
        sim.faults.invalidate()
        assert (await client.next())["d"] is False
        assert not sim.sessions
        await asyncio.sleep(5)
        await client.identify()
        assert (await client.event("READY"))["session_id"] != client.ready["session_id"]


async def test_a_given_number_of_logins_get_op_9(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        await client.next()
        sim.faults.answer_identify_with_invalid_session(2)
        for _ in range(2):
            await client.identify()
            assert (await client.next())["op"] == 9
        await client.identify()
        assert await client.event("READY")


async def test_events_are_invented_malformed_and_duplicated(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        guild = sim.add_guild("Penguins")
        await client.log_in(GUILDS | MEMBERS)
        await client.event("GUILD_CREATE")
        sim.faults.dispatch_raw("PENGUIN_DANCE", {"steps": 7})
        assert await client.event("PENGUIN_DANCE") == {"steps": 7}
        sim.faults.malform_next("CHANNEL_CREATE", drop=("position",))
        guild.add_text_channel("a")
        assert "position" not in await client.event("CHANNEL_CREATE")
        guild.add_text_channel("b")
        assert "position" in await client.event("CHANNEL_CREATE")
        sim.faults.duplicate_next(1)
        guild.join("alice")
        guild.join("bob")
        assert await client.events() == ["GUILD_MEMBER_ADD"] * 3


async def test_events_with_a_payload_per_session_are_malformed_too(clock: Clock):
    """Messages without MESSAGE_CONTENT, and guilds; an event without receivers consumes no fault."""
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        guild = sim.add_guild("Penguins")
        hall = guild.add_text_channel("hall")
        cave = guild.add_text_channel("cave")
        cave.deny("everyone", "view_channel")
        cave.deny(guild.roles.of_bot(sim.bot), "view_channel")
        await client.log_in(GUILDS | MESSAGES)
        await client.event("GUILD_CREATE")
        sim.faults.malform_next("MESSAGE_CREATE", drop=("id",))
        alice = guild.join("alice")
        alice.give(guild.add_role("cavers", "administrator").id)
        alice.say(cave, "unheard")
        alice.say(hall, "heard")
        assert "id" not in await client.event("MESSAGE_CREATE")
        sim.faults.malform_next("GUILD_CREATE", drop=("members",))
        sim.faults.outage(guild)
        sim.faults.end_outage(guild)
        assert "members" not in await client.event("GUILD_CREATE")


async def test_a_guild_becomes_unavailable_and_available_again(clock: Clock):
    async with Simulator(clock=clock) as sim:
        guild = sim.add_guild("Penguins")
        async with connected(sim) as client:
            await client.log_in()
            await client.event("GUILD_CREATE")
            sim.faults.outage(guild)
            assert await client.event("GUILD_DELETE") == {"id": str(guild.id), "unavailable": True}
            guild.rename("unheard")
            assert await client.events() == []
            sim.faults.end_outage(guild)
            assert (await client.event("GUILD_CREATE"))["name"] == "unheard"
        sim.faults.outage(guild)
        await asyncio.sleep(5)
        async with connected(sim) as client:
            await client.log_in()
            assert (await client.event("GUILD_DELETE"))["unavailable"] is True


async def test_clearing_ends_all_faults(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        sim.faults.silence()
        sim.faults.answer_identify_with_invalid_session(None)
        sim.faults.clear()
        await client.log_in()
        assert client.ready["v"] == 10


async def test_events_are_lost_and_reordered(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        guild = sim.add_guild("Penguins")
        await client.log_in(GUILDS)
        await client.event("GUILD_CREATE")
        sim.faults.lose_next(2)
        sim.faults.reorder_next(3)
        for name in "abcdef":
            guild.rename(name)
        assert [(await client.event("GUILD_UPDATE"))["name"] for _ in range(4)] == ["e", "d", "c", "f"]


async def test_clearing_the_faults_sends_held_events(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        guild = sim.add_guild("Penguins")
        await client.log_in(GUILDS)
        await client.event("GUILD_CREATE")
        sim.faults.reorder_next(5)
        guild.rename("a")
        guild.rename("b")
        sim.faults.clear()
        guild.rename("c")
        assert [(await client.event("GUILD_UPDATE"))["name"] for _ in range(3)] == ["b", "a", "c"]
