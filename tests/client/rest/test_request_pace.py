"""All requests together keep to what Discord takes of a bot in a second; answers to interactions need not wait."""

import asyncio
from datetime import timedelta

from discord.http import Route
from hypothesis import given, settings
from hypothesis import strategies as st

from steward.client.rest.asking import asking
from steward.client.rest.request_pace import SELDOM, Turns
from steward.sim import time as accelerated
from tests.client.posts.test_channel_names import RENAMES, empty_rooms
from tests.stage import admin, stage, until


async def test_ninety_renames_at_once_draw_no_refusal(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        rooms = await empty_rooms(scene, steward, 90)
        for room in rooms:
            steward.host.names.want(room.id, "Room: 1", 1)
        await until(lambda: all(room.name == "Room: 1" for room in rooms), within=4)
        at = [request.at for request in scene.sim.recorder.requests(**RENAMES)[-90:]]
        assert max(sum(timedelta(0) <= later - first < timedelta(seconds=1) for later in at) for first in at) <= 50
        assert scene.sim.recorder.count(status=429) == 0


async def test_a_command_is_answered_at_once_while_requests_wait_for_their_turn(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        rooms = await empty_rooms(scene, steward, 200)
        for room in rooms:
            steward.host.names.want(room.id, "Room: 1", 1)
        began = clock.monotonic()
        await olga.run("/counters list")
        assert clock.monotonic() - began < 0.1
        assert any(room.name == "Room: 0" for room in rooms)


async def test_f23_an_invite_that_is_polled_all_the_time_is_asked_for_twenty_times_in_ten_minutes(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        http, general = steward.client.http, scene.set.general
        made = await http.request(Route("POST", "/channels/{channel_id}/invites", channel_id=general.id), json={})

        async def poll():
            async with asking("read the invite"):
                return await http.request(Route("GET", "/invites/{code}", code=made["code"]))

        answers = []
        for _ in range(250):
            answers.append(asyncio.create_task(poll()))
            await asyncio.sleep(4.8)  # twice 250 in ten minutes
            began = clock.monotonic()
            await steward.client.rest.channel(scene.members.id)
            assert clock.monotonic() - began < 1, "another request waits with them"
        ends = await asyncio.gather(*answers, return_exceptions=True)
        assert {str(end) for end in ends if isinstance(end, Exception)} == {
            "I couldn't read the invite: Discord didn't answer."
        }
        at = [request.at for request in scene.sim.recorder.requests(method="GET", route="/invites/{code}")]
        assert len(at) > SELDOM
        window = timedelta(minutes=10)
        assert max(sum(timedelta(0) <= later - first < window for later in at) for first in at) <= SELDOM
        assert scene.sim.recorder.count(status=429) == 0


async def test_the_gateway_may_be_connected_to_more_often_than_that(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        for connections in range(1, SELDOM + 10):
            await until(lambda connections=connections: steward.health.connections == connections, within=10)
            scene.sim.faults.disconnect(4000)


@settings(deadline=None)
@given(pauses=st.lists(st.floats(0, 0.7), min_size=1, max_size=60))
def test_no_second_holds_more_than_are_allowed_and_nobody_waits_longer_than_it_takes(pauses):
    async def begin(_):
        pace, begun = Turns(5, 1.0), []
        loop = asyncio.get_running_loop()

        async def ask():
            await pace.wait()
            begun.append(loop.time())

        async with asyncio.TaskGroup() as asking:
            for pause in pauses:
                await asyncio.sleep(pause)
                asking.create_task(ask())
        return begun

    begun = accelerated.run(begin)
    assert begun == sorted(begun)
    assert all(later - first >= 1 - 1e-6 for first, later in zip(begun, begun[5:], strict=False))
    asked = [sum(pauses[: number + 1]) for number in range(len(pauses))]
    model = []
    for at in asked:  # each begins when asked, or a second after the fifth before it
        model.append(max(at, model[-5] + 1 if len(model) >= 5 else 0.0))
    assert all(abs(real - begun[0] - ideal + model[0]) < 0.05 for real, ideal in zip(begun, model, strict=True))
