"""When a channel may be renamed: within the limit whatever is wished, and as soon as it allows."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.client.posts.channel_name import MARGIN, ChannelName, RenameLimit
from steward.client.rest.gate import PROVEN_UP_TO
from steward.sim import Fault
from tests.stage import stage, until

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
LIMIT = RenameLimit()
RENAMES = {"method": "PATCH", "route": "/channels/{channel_id}"}


def test_a_channel_never_renamed_may_be_renamed_at_once():
    assert ChannelName(1, wanted="a").due(LIMIT) is None


def test_two_renames_are_spread_over_the_window():
    assert ChannelName(1, renames=[NOON]).due(LIMIT) == NOON + timedelta(minutes=4) + MARGIN


def test_after_two_at_once_the_whole_window_is_waited_out():
    burst = [NOON, NOON + timedelta(seconds=1)]
    assert ChannelName(1, renames=burst).due(LIMIT) == NOON + timedelta(minutes=10) + MARGIN


def test_a_channel_that_shows_what_it_should_or_is_gone_is_not_stale():
    assert not ChannelName(1, wanted="a", shown="a").stale
    assert not ChannelName(1, wanted="a", gone=True).stale
    assert ChannelName(1, wanted="a", shown="b").stale


@given(
    st.lists(st.floats(0, 7200), min_size=1, max_size=60),
    st.integers(1, 5),
    st.timedeltas(min_value=timedelta(seconds=1), max_value=timedelta(hours=1)),
)
def test_whenever_names_are_wished_for_no_window_holds_more_renames_than_allowed(wishes, count, window):
    limit = RenameLimit(count, window)
    channel = ChannelName(1)
    sent: list[datetime] = []
    for wish in sorted(wishes):
        now = max(NOON + timedelta(seconds=wish), *sent[-1:]) if sent else NOON + timedelta(seconds=wish)
        at = max(now, channel.due(limit) or now)
        sent.append(at)
        channel.renames = [*channel.renames[1 - count :], at] if count > 1 else [at]
    for first, later in zip(sent, sent[count:], strict=False):
        assert later - first > window


async def test_the_rename_that_waits_inside_discords_limit_holds_up_no_other(clock, tmp_path):
    """Up to half a minute discord.py sleeps there: one channel does, and its neighbours are named at once."""
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        rooms = await empty_rooms(scene, steward, 5)
        scene.sim.faults.rest(**RENAMES, action=Fault.rate_limited("user", 29))
        steward.host.names.want(rooms[0].id, "Room: 1", 1)
        await until(lambda: scene.sim.recorder.count(status=429) == 1, within=1, every=0.01)
        for room in rooms[1:]:
            steward.host.names.want(room.id, "Room: 1", 1)
        await until(lambda: all(room.name == "Room: 1" for room in rooms[1:]), within=1, every=0.05)
        assert rooms[0].name == "Room: 0"
        await until(lambda: rooms[0].name == "Room: 1", within=31)


async def test_all_counters_of_a_server_that_hang_at_their_first_try_hold_up_no_other(clock, tmp_path):
    """Each takes 35 seconds: one after the other, that would be a quarter of an hour."""
    hanging = 25
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        rooms = await empty_rooms(scene, steward, hanging + 1)
        scene.sim.faults.rest(**RENAMES, action=Fault.delay(10_000), times=hanging)
        for room in rooms:
            steward.host.names.want(room.id, "Room: 1", 1)
        await until(lambda: rooms[-1].name == "Room: 1", within=1)
        assert {room.name for room in rooms[:-1]} == {"Room: 0"}


@pytest.mark.parametrize(("hanging", "within"), [(80, 11), (320, 52)])
async def test_more_counters_than_there_are_places_for_hang_and_hold_up_others_five_seconds_at_a_time(
    clock, tmp_path, hanging, within
):
    """Each takes 35 seconds, the others come after every 32; none is kept back and loses its turn for minutes."""
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        rooms = await empty_rooms(scene, steward, hanging + 1)
        scene.sim.faults.rest(**RENAMES, action=Fault.delay(10_000), times=hanging)
        for room in rooms:
            steward.host.names.want(room.id, "Room: 1", 1)
        await until(lambda: rooms[-1].name == "Room: 1", within=within)
        assert {room.name for room in rooms[:-1]} == {"Room: 0"}


async def test_counters_that_hang_again_and_again_hold_up_no_other(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        rooms = await empty_rooms(scene, steward, 321)
        scene.sim.faults.rest(**RENAMES, action=Fault.delay(10_000), times=float("inf"))
        for room in rooms[:-1]:
            steward.host.names.want(room.id, "Room: 1", 1)
        await asyncio.sleep(300)
        before = len(scene.sim.recorder.requests(**RENAMES))
        await asyncio.sleep(350)
        # 16 at a time; a try takes 35 seconds.
        assert len(scene.sim.recorder.requests(**RENAMES)) - before <= 16 * (350 / 35 + 1)
        assert {room.name for room in rooms[:-1]} == {"Room: 0"}
        scene.sim.faults.clear()
        steward.host.names.want(rooms[-1].id, "Room: 1", 1)
        await until(lambda: rooms[-1].name == "Room: 1", within=1)


async def test_of_many_that_may_be_renamed_the_one_furthest_from_the_truth_comes_first(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        rooms = await empty_rooms(scene, steward, 6)
        for room in rooms:
            steward.host.names.want(room.id, "Room: 100", 100)
        await until(lambda: all(room.name == "Room: 100" for room in rooms))
        await asyncio.sleep(1200)
        begun = len(scene.sim.recorder.requests(**RENAMES))
        for room, number in zip(rooms, (101, 150, 103, 400, 99, 120), strict=True):
            steward.host.names.want(room.id, f"Room: {number}", number)
        await until(lambda: not any("100" in room.name for room in rooms))
        order = [request.path for request in scene.sim.recorder.requests(**RENAMES)[begun:]]
        assert order == [f"/channels/{rooms[index].id}" for index in (3, 1, 5, 2, 4, 0)]


async def test_f70_a_token_that_is_refused_in_one_rename_is_tried_again_and_the_name_is_shown(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        (room,) = await empty_rooms(scene, steward, 1)
        scene.sim.faults.rest(**RENAMES, action=Fault.status(401))
        steward.host.names.want(room.id, "Room: 1", 1)
        await until(lambda: room.name == "Room: 1", within=700)
        assert not steward.tasks.doomed.done()


async def test_it_ends_even_when_told_to_at_the_moment_a_name_changes(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: scene.members.name != "Members: 0")
        renaming = next(task for task in asyncio.all_tasks() if task.get_name() == "rename counters")
        steward.host.names.saw(scene.members.id, scene.members.name)
        renaming.cancel()
        async with asyncio.timeout(60):
            await asyncio.wait([renaming])
        assert renaming.cancelled()


async def empty_rooms(scene, steward, count):
    """Make voice channels that no counter of the bot's own uses, once its own are quiet."""
    await until(lambda: steward.health.ready and scene.bans.name != "Bans: 0")
    await asyncio.sleep(1200)
    return [scene.guild.add_voice_channel("Room: 0") for _ in range(count)]


async def test_a_rename_that_the_gate_keeps_back_spends_nothing_of_the_limit(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        (room,) = await empty_rooms(scene, steward, 1)
        for _ in range(PROVEN_UP_TO):
            steward.client.gate._count()  # as many refusals as may be
        steward.host.names.want(room.id, "Room: 1", 1)
        channel = steward.host.names.get(room.id)
        await asyncio.sleep(300)
        assert "holding this one back" in channel.problem
        assert channel.renames == []
        count = "SELECT COUNT(*) FROM channel_renames WHERE channel_id = ?"
        assert await steward.store.read(lambda tx: tx.value(count, (room.id,))) == 0
        await until(lambda: room.name == "Room: 1", within=700)
        assert len(channel.renames) == 1


async def test_a_trouble_that_goes_on_is_logged_once_however_its_sentence_changes(clock, tmp_path, capsys):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        (room,) = await empty_rooms(scene, steward, 1)
        capsys.readouterr()
        for action in (Fault.status(503), Fault.reset(), Fault.status(503), Fault.reset()):
            scene.sim.faults.rest(**RENAMES, action=action)
        steward.host.names.want(room.id, "Room: 1", 1)
        await until(lambda: room.name == "Room: 1", within=3600)
        assert capsys.readouterr().out.count("counter_stale") == 1
        scene.sim.faults.rest(**RENAMES, action=Fault.status(403))
        steward.host.names.want(room.id, "Room: 2", 2)
        await until(lambda: steward.host.names.get(room.id).refused, within=700)
        assert capsys.readouterr().out.count("counter_stale") == 1
