"""Shutdown: the last presence is read before the bot disconnects."""

import asyncio

from tests.parts import stats_of
from tests.stage import stage, until


def presences(scene):
    return [payload.data["activities"][0]["state"] for payload in scene.sim.recorder.ops(3)]


async def test_the_farewell_is_read_before_the_end_and_no_event_in_flight_is_lost(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            for number in range(100):
                scene.guild.join(f"member {number}")
            await steward.say_farewell()
            assert presences(scene)[-1].startswith("Restarting")
            assert not any(session.connected for session in scene.sim.sessions)
            await asyncio.sleep(60)
            assert steward.health.connections == 1
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await asyncio.sleep(10)
            await stats_of(steward).service.flush()
            joins = "SELECT COUNT(*) FROM member_events WHERE kind = 'join'"
            assert await steward.store.read(lambda tx: tx.value(joins)) == 100


async def test_an_unanswered_farewell_takes_two_seconds_at_most(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        await asyncio.sleep(100)
        await scene.sim.stop_listening()
        began = clock.monotonic()
        await steward.say_farewell()
        assert clock.monotonic() - began <= 2
