"""`/setup` has a section of each bot that is on, and its undo takes back what was changed in any of them."""

import asyncio
from datetime import time

from tests.parts import events_of, stats_of
from tests.scenarios.test_setup import part, place
from tests.stage import admin, stage, until

CHANNEL = "events:setup_report_channel_id.1"


async def test_events_are_set_up_without_statistics(clock, tmp_path):
    async with stage(clock, tmp_path, STEWARD_BOTS="events") as scene, scene.steward() as steward:
        olga, news = await admin(scene, steward), scene.guild.add_text_channel("news")
        panel = await olga.run("/setup")
        assert panel.embeds[0]["title"] == "Events of Penguins"
        assert part(panel, "Attendance reports") == "none"
        panel = await olga.select(panel, news, menu=CHANNEL)
        panel = await olga.submit(await olga.click(panel, "Report time"), report_time="08:30")
        panel = await place(olga, panel, "tokyo", menu="events:setup_zone.1")
        preview = await olga.click(panel, "Preview")
        wish = f"Mondays and Thursdays, in <#{news.id}> at 08:30 (Asia/Tokyo)"
        assert part(preview, "Attendance reports") == wish
        section, guild_id = events_of(steward).section, scene.guild.id
        assert section.of(guild_id).report_channel_id is None
        done = await olga.click(panel, "Save")
        assert done.content.splitlines()[:3] == [
            "Saved.",
            f"**Attendance reports:** {wish}",
            "**Time zone:** Asia/Tokyo",
        ]
        held = section.of(guild_id)
        assert (held.report_channel_id, held.report_time, held.zone) == (news.id, time(8, 30), "Asia/Tokyo")
        assert f"in <#{news.id}> at 08:30" in (await olga.run("/events report", time="08:30")).content


async def test_what_a_bot_may_not_do_is_said_before_anything_is_saved(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, news = await admin(scene, steward), scene.guild.add_text_channel("news")
        panel = await olga.run("/setup", what="events")
        panel = await olga.select(panel, news, menu=CHANNEL)
        news.deny(scene.guild.everyone, "send_messages")
        assert "Send Messages" in part(await olga.click(panel, "Preview"), "Needs attention")
        panel = await olga.click(panel, "Save")
        assert panel.embeds[0]["description"].startswith("⚠️ Nothing is saved yet.")
        assert events_of(steward).section.of(scene.guild.id).report_channel_id is None


async def test_each_section_names_the_others_and_an_undo_takes_back_the_last_change_in_any(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, news = await admin(scene, steward), scene.guild.add_text_channel("news")
        await olga.run("/report schedule", time="07:00")
        panel = await olga.select(await olga.run("/setup", what="events"), news, menu=CHANNEL)
        assert part(panel, "Statistics").splitlines()[-1] == "Change it with `/setup what:Statistics`."
        await olga.click(panel, "Save")
        await asyncio.sleep(60)  # those were many commands
        panel = await olga.run("/setup")
        assert f"Attendance reports: Mondays and Thursdays, in <#{news.id}> at 09:00" in part(panel, "Events")
        panel = await olga.click(panel, "Undo the last change")
        assert "The last change (Events) is taken back." in panel.embeds[0]["description"]
        assert "Attendance reports: none" in part(panel, "Events")
        assert events_of(steward).section.of(scene.guild.id).report_channel_id is None
        assert stats_of(steward).settings.of(scene.guild.id).report_time == time(7)
        panel = await olga.click(panel, "Undo the last change")
        assert events_of(steward).section.of(scene.guild.id).report_channel_id == news.id


async def test_the_zone_is_set_where_no_bot_has_a_section(clock, tmp_path):
    async with stage(clock, tmp_path, STEWARD_BOTS="ops") as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        panel = await place(olga, await olga.run("/setup"), "tokyo", menu="guilds:setup_zone.1")
        assert (panel.embeds[0]["title"], [field["name"] for field in panel.embeds[0]["fields"]]) == (
            "Settings of Penguins",
            ["Time zone"],
        )
        await olga.click(panel, "Save")
        assert steward.host.guilds.zones.guild_zone(scene.guild.id).key == "Asia/Tokyo"


async def test_two_places_with_one_zone_are_offered_as_one(clock, tmp_path):
    """Discord refuses a menu in which two choices stand for the same."""
    async with stage(clock, tmp_path, STEWARD_BOTS="ops") as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        panel = await place(olga, await olga.run("/setup"), "h", menu="guilds:setup_zone.1")
        assert "“h” can mean several places. Which one do you mean?" in panel.embeds[0]["description"]


async def test_a_bot_that_is_switched_off_has_no_section(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        panel = await olga.run("/setup", what="events")
        steward.bots.owners["events"].switch_off(clock.now(), "it blocked the event loop")
        assert "switched off" in (await olga.run("/setup", what="events")).content
        assert "switched off" in (await olga.click(panel, "Save")).content
        await asyncio.sleep(60)  # those were many commands
        assert "Events" not in [field["name"] for field in (await olga.run("/setup")).embeds[0]["fields"]]


async def test_what_was_chosen_is_there_after_a_restart_shown_by_privacy_and_forgotten(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        async with scene.steward() as steward:
            olga, news = await admin(scene, steward), scene.guild.add_text_channel("news")
            panel = await olga.select(await olga.run("/setup", what="events"), news, menu=CHANNEL)
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await asyncio.sleep(5)
            assert "what you chose in `/setup` and haven't saved" in (await olga.run("/privacy show")).content
            await olga.click(await olga.run("/privacy forget-me"), "Delete")
            assert "`/setup`" not in (await olga.run("/privacy show")).content
            await olga.click(panel, "Save")
            assert events_of(steward).section.of(scene.guild.id).report_channel_id is None
