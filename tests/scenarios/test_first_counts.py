"""A new counter shows its number from the start: what isn't known yet is asked for when it's made."""

import asyncio

import pytest

from steward.bots.stats.counters.counters import Counted, Counter
from tests.parts import stats_of
from tests.scenarios.test_setup import COUNTERS
from tests.stage import admin, stage, until

HOURLY = {"UPDATE_INTERVAL": "3600"}


async def newcomer(scene, steward):
    """Return a server that has just asked the bot in, and its administrator; the next reading is an hour away."""
    await admin(scene, steward)
    await until(lambda: stats_of(steward).service.guild(scene.guild.id).counts.online is not None)
    seals = scene.sim.add_guild("Seals", members=50, online=10, bans=2)
    seals.add_text_channel("general")
    olga = seals.join("olga")
    olga.give(seals.add_role("Admins", "manage_guild", "manage_channels").id)
    await asyncio.sleep(1)
    return seals, olga


def names(guild):
    return {channel.name for channel in guild.channels.values()}


async def test_a_server_that_sets_up_its_counters_sees_their_numbers_at_once(clock, tmp_path):
    async with stage(clock, tmp_path, **HOURLY) as scene, scene.steward() as steward:
        seals, olga = await newcomer(scene, steward)
        panel = await olga.select(await olga.run("/setup"), "members", "online", "bans", menu=COUNTERS)
        preview = await olga.click(panel, "Preview")
        assert "Online: 11" in str(preview.embeds)
        done = await olga.click(panel, "Save")
        assert done.content.startswith("Saved.")
        assert {"Members: 51", "Online: 11", "Bans: 2"} <= names(seals)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("online", "Online: 11"),
        ("bans", "Bans: 2"),
        ("humans", "Humans: 50"),
        ("bots", "Bots: 1"),
        ("date", "Date: Mon 5 Jan"),
    ],
)
async def test_whatever_is_counted_the_new_channel_shows_it(clock, tmp_path, kind, name):
    async with stage(clock, tmp_path, **HOURLY) as scene, scene.steward() as steward:
        seals, olga = await newcomer(scene, steward)
        reply = await olga.run("/counters add", kind=kind)
        assert f"“{name}”" in reply.content
        assert name in names(seals)


async def test_a_role_is_counted_when_its_counter_is_made(clock, tmp_path):
    async with stage(clock, tmp_path, **HOURLY) as scene, scene.steward() as steward:
        seals, olga = await newcomer(scene, steward)
        crew = seals.add_role("Crew")
        olga.give(crew.id)
        await olga.run("/counters add", kind="role", role=crew)
        assert "Crew: 1" in names(seals)
        (counter,) = stats_of(steward).settings.own(seals.id).counters
        await olga.run("/counters remove", counter=str(counter.channel_id), delete=True)
        seals.join("ada").give(crew.id)
        await olga.run("/counters add", kind="role", role=crew)
        assert "Crew: 2" in names(seals)  # not the number of before


async def test_an_adopted_channel_is_promised_its_number(clock, tmp_path):
    async with stage(clock, tmp_path, **HOURLY) as scene, scene.steward() as steward:
        seals, olga = await newcomer(scene, steward)
        awake = seals.add_voice_channel("Awake - 3")
        reply = await olga.run("/counters add", kind="online", channel=awake)
        assert "“Awake: 11”" in reply.content
        await until(lambda: awake.name == "Awake: 11", within=5)


async def test_a_number_that_discord_refuses_is_said_to_come_later(clock, tmp_path):
    async with stage(clock, tmp_path, **HOURLY) as scene, scene.steward() as steward:
        seals, olga = await newcomer(scene, steward)
        seals.set_bot_permissions(*(seals.bot_permissions - {"ban_members"}))
        stats_of(steward).service.guild(seals.id).counts.bans = None
        reply = await olga.run("/counters add", kind="bans")
        assert "as soon as Discord tells me" in reply.content


async def test_a_server_that_asks_the_bot_back_sees_its_online_members_within_a_minute_or_so(clock, tmp_path):
    async with stage(clock, tmp_path, **HOURLY) as scene, scene.steward() as steward:
        seals, _ = await newcomer(scene, steward)
        awake, permissions = seals.add_voice_channel("Awake: ?"), seals.bot_permissions
        counter = Counter(awake.id, Counted.ONLINE)
        seals.remove_bot(scene.sim.bot)
        await asyncio.sleep(5)
        await stats_of(steward).settings.change(seals.id, 7, lambda settings: settings.with_counter(counter))
        seals.add_bot(scene.sim.bot, *permissions)
        await until(lambda: awake.name == "Awake: 10", within=120)
