"""`/setup` on the whole product: chosen, tested, previewed, saved and taken back in Discord."""

import asyncio
from dataclasses import replace
from datetime import time

from steward.bots.stats.counters import Counted, Counter
from steward.bots.stats.guild_settings import MOST_COUNTERS, GuildSettings, ReportKind
from tests.stage import admin, stage, until

REPORTS, HEARTBEAT, COUNTERS, SPANS = (
    f"stats:setup_{what}.1" for what in ("reports", "heartbeat", "counters", "spans")
)


async def test_a_server_is_set_up_in_discord_alone(clock, tmp_path):
    """From /setup to true counters, a heartbeat and a report at the guild's own midnight."""
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        seals = scene.sim.add_guild("Seals", members=50, online=10, bans=2)
        news, pulse = seals.add_text_channel("news"), seals.add_text_channel("pulse")
        await admin(scene, steward)
        olga = seals.join("olga")
        olga.give(seals.add_role("Admins", "manage_guild").id)
        panel = await olga.run("/setup")
        assert panel.embeds[0]["title"] == "Statistics of Seals"
        panel = await olga.select(panel, news, menu=REPORTS)
        panel = await olga.select(panel, pulse, menu=HEARTBEAT)
        panel = await olga.select(panel, "members", "bans", menu=COUNTERS)
        panel = await olga.select(panel, "daily", menu=SPANS)
        modal = await olga.click(panel, "Time and zone")
        panel = await olga.submit(modal, time="00:00", zone="Asia/Tokyo")
        assert not steward.stats.settings.is_set_up(seals.id)
        preview = await olga.click(panel, "Preview")
        assert "report" in preview.embeds[0]["title"].lower()
        done = await olga.click(panel, "Save")
        assert done.content.startswith("Saved.")
        held = steward.stats.settings.of(seals.id)
        assert (held.report_channel_id, held.zone, held.reports) == (news.id, "Asia/Tokyo", {ReportKind.DAY})
        names = lambda: {channel.name for channel in seals.channels.values()}  # noqa: E731
        await until(lambda: {"Members: 51", "Bans: 2"} <= names(), within=700)
        await until(lambda: bool(pulse.messages), within=700)
        await until(lambda: bool(news.messages), within=86400, every=60)
        assert clock.now().hour == 15  # midnight in Tokyo


async def test_a_channel_the_bot_cannot_write_to_is_not_taken(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await admin(scene, steward)
        seals = scene.sim.add_guild("Seals", members=50)
        olga, closed = seals.join("olga"), seals.add_text_channel("closed")
        olga.give(seals.add_role("Admins", "manage_guild").id)
        closed.deny(seals.everyone, "send_messages")
        panel = await olga.select(await olga.run("/setup"), closed, menu=REPORTS)
        assert "lacks" in panel.embeds[0]["description"]
        assert "Send Messages" in panel.embeds[0]["description"]
        await olga.click(panel, "Save")
        assert steward.stats.settings.own(seals.id).report_channel_id is None


async def test_what_the_environment_sets_is_shown_and_not_changed_in_discord(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, news = await admin(scene, steward), scene.guild.add_text_channel("news")
        panel = await olga.run("/setup")
        assert f"<#{scene.reports.id}>" in str(panel.embeds[0]["fields"])
        panel = await olga.select(panel, news, menu=REPORTS)
        assert "environment" in panel.embeds[0]["description"]


async def test_counting_members_one_by_one_is_switched_off(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        panel = await olga.click(await olga.run("/setup"), "Count members: on")
        await olga.click(panel, "Save")
        scene.guild.join("ada").say(scene.set.general, "hello")
        await asyncio.sleep(60)
        assert "/setup" in (await olga.run("/stats top")).embeds[0]["description"]


async def test_a_wrong_zone_is_told_what_was_meant_and_changes_nothing(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        modal = await olga.click(await olga.run("/setup"), "Time and zone")
        panel = await olga.submit(modal, time="09:00", zone="berlin")
        assert "Europe/Berlin" in panel.embeds[0]["description"]
        await olga.click(panel, "Save")
        assert steward.stats.settings.own(scene.guild.id).report_time == time(0)


async def test_what_was_chosen_before_a_restart_is_still_there(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        async with scene.steward() as steward:
            olga = await admin(scene, steward)
            panel = await olga.select(await olga.run("/setup"), "daily", menu=SPANS)
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await olga.click(panel, "Save")
            assert steward.stats.settings.own(scene.guild.id).reports == {ReportKind.DAY}


async def test_a_saved_change_is_taken_back(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        panel = await olga.select(await olga.run("/setup"), "daily", menu=SPANS)
        await olga.click(panel, "Save")
        panel = await olga.click(await olga.run("/setup"), "Undo the last change")
        assert "taken back" in panel.embeds[0]["description"]
        assert steward.stats.settings.own(scene.guild.id) == GuildSettings()


async def test_two_administrators_do_not_undo_each_others_counters(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, paul = await admin(scene, steward), await admin(scene, steward, "paul")
        panel = await olga.run("/setup")
        await paul.run("/counters add", kind="channels")
        await olga.click(panel, "Save")
        counted = {counter.counted for counter in steward.stats.settings.own(scene.guild.id).counters}
        assert counted == {Counted.CHANNELS}


async def test_what_cannot_be_made_is_said_and_nothing_is_saved(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        panel = await olga.select(await olga.run("/setup"), "members", menu=COUNTERS)
        role = next(role for role in scene.guild.roles.values() if role.bot_id is not None)
        role.permissions &= ~(1 << 4)  # MANAGE_CHANNELS
        scene.guild.everyone.permissions &= ~(1 << 4)
        panel = await olga.click(panel, "Save")
        assert "Nothing is saved yet" in panel.embeds[0]["description"]
        assert "Manage Channels" in panel.embeds[0]["description"]
        assert not steward.stats.settings.own(scene.guild.id).counters


async def test_save_pressed_twice_makes_each_channel_once(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        panel = await olga.select(await olga.run("/setup"), "members", "bans", menu=COUNTERS)
        before = len(scene.guild.channels)
        await asyncio.gather(olga.click(panel, "Save"), olga.click(panel, "Save"))
        assert len(scene.guild.channels) - before == 2
        assert len(steward.stats.settings.own(scene.guild.id).counters) == 2


async def test_no_more_counters_are_made_than_a_server_may_have(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, guild_id = await admin(scene, steward), scene.guild.id
        room = MOST_COUNTERS - len(steward.stats.settings.of(guild_id).counters)
        many = tuple(Counter(number, Counted.MEMBERS) for number in range(1, room))
        await steward.stats.settings.change(guild_id, 1, lambda now: replace(now, counters=many))
        panel = await olga.select(await olga.run("/setup"), "members", "bans", menu=COUNTERS)
        before = len(scene.guild.channels)
        panel = await olga.click(panel, "Save")
        assert f"more than {MOST_COUNTERS} counters" in panel.embeds[0]["description"]
        await olga.click(await olga.select(panel, "bans", menu=COUNTERS), "Save")
        assert len(scene.guild.channels) - before == 1


async def test_save_leaves_what_another_administrator_has_changed_meanwhile(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, paul = await admin(scene, steward), await admin(scene, steward, "paul")
        panel = await olga.select(await olga.run("/setup"), "daily", menu=SPANS)
        await paul.run("/report schedule", time="09:00", timezone="Asia/Tokyo")
        await olga.click(panel, "Save")
        own = steward.stats.settings.own(scene.guild.id)
        assert (own.report_time, own.zone, own.reports) == (time(9), "Asia/Tokyo", {ReportKind.DAY})


async def test_who_may_no_longer_manage_the_server_saves_nothing(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        panel = await olga.select(await olga.run("/setup"), "daily", menu=SPANS)
        for role in list(olga.role_ids):
            olga.take(role)
        assert "You lack Manage Server" in (await olga.click(panel, "Save")).content
        assert steward.stats.settings.own(scene.guild.id) == GuildSettings()
