"""Events stored for RESUME."""

from __future__ import annotations

import asyncio

from steward.runtime.clock import Clock
from steward.sim import Limits, Simulator
from steward.sim.gateway.session import GatewaySession
from tests.sim.gateway_client import GUILDS, connected


def session_of(clock: Clock, **limits: int) -> GatewaySession:
    return GatewaySession("a", Simulator(clock=clock).bot, 0, (0, 1), limits=Limits(**limits), clock=clock)  # type: ignore[arg-type]


async def test_stored_events_are_limited_in_number_and_bytes(clock: Clock):
    for session in (session_of(clock, replay_events=3), session_of(clock, replay_bytes=30)):
        for _ in range(10):
            session.dispatch("X", b"0123456789")
        assert [sent.seq for sent in session.replay_from(7)] == [8, 9, 10]
        assert session.can_replay_from(7)
        assert not session.can_replay_from(6)
        assert not session.can_replay_from(11)


async def test_acknowledged_events_are_dropped_after_some_minutes(clock: Clock):
    session = session_of(clock)
    for _ in range(3):
        session.dispatch("X", b"1")
    session.acknowledge(2)
    session.dispatch("X", b"1")
    assert session.can_replay_from(0)  # a client may go back to what it knew a minute ago
    await asyncio.sleep(301)
    session.dispatch("X", b"1")
    assert [session.can_replay_from(seq) for seq in (1, 2)] == [False, True]


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
