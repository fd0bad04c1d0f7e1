"""`/timezone`: a member's own clock, in every server, on which their times are read."""

import asyncio

from tests.bots.events.coming_up import coming_up
from tests.scenarios.events.organisers import drafted, organiser
from tests.stage import admin, stage


async def hour_of(scene, steward):
    *_, made = await coming_up(steward.store, scene.guild.id)
    return made.starts_at.hour


async def test_a_time_is_read_on_the_writers_own_clock_and_the_preview_says_so(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        said = await olga.run("/timezone set", place="tokyo")
        assert said.content.startswith("Got it: Tokyo, Japan: ")
        preview = await drafted(olga, hall)
        assert "20:00 (Asia/Tokyo)" in preview.content
        assert "I read that on your own clock (Asia/Tokyo)" in preview.content
        await olga.click(preview, "Post")
        assert await hour_of(scene, steward) == 11


async def test_the_own_clock_holds_in_every_server_and_after_a_restart(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        seals = scene.sim.add_guild("Seals", members=10)
        seals.add_text_channel("general")
        async with scene.steward() as steward:
            olga = await organiser(scene, steward)
            await olga.run("/timezone set", place="Europe/Berlin")
        async with scene.steward() as steward:
            await organiser(scene, steward, "paul")
            there = seals.join(olga.user)
            assert "Europe/Berlin" in (await there.run("/timezone show")).content


async def test_a_server_that_never_chose_a_zone_says_so_with_the_remedy(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        boss = await admin(scene, steward, "boss")
        preview = await drafted(olga, hall)
        assert "This server hasn't set a time zone, so I used UTC." in preview.content
        assert "`/timezone server`" in preview.content
        assert "`/timezone set`" in preview.content
        ada = scene.guild.join("ada")
        assert "You need Manage Server" in (await ada.run("/timezone server", place="UTC")).content
        assert "hasn't set" in (await drafted(olga, hall)).content
        await boss.run("/timezone server", place="UTC")
        assert "hasn't set" not in (await drafted(olga, hall)).content
        assert (await olga.run("/timezone show")).content.count("UTC (00:0") == 1


async def test_an_event_is_moved_on_the_writers_own_clock(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        await olga.click(await drafted(olga, hall), "Post")
        await olga.run("/timezone set", place="New York")
        moved = await olga.run("/event move", event="Raid night", when="tomorrow 4pm")
        assert "21:00 (UTC)" in moved.content
        assert "your own clock (America/New_York)" in moved.content
        assert await hour_of(scene, steward) == 21


async def test_a_poll_is_read_on_the_writers_own_clock(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        await olga.run("/timezone set", place="JST")
        said = await olga.run("/poll when", hall, title="Quiz", times="fri 20:00; sat 20:00")
        assert "I read that on your own clock (Asia/Tokyo)" in said.content
        first = int(said.content.split("1. <t:")[1].split(":")[0])
        assert first % 86_400 == 11 * 3600


async def test_what_may_be_several_places_is_asked_and_what_is_none_is_refused(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await organiser(scene, steward)
        asked = await olga.run("/timezone set", place="IST")
        assert "several places" in asked.content
        label = next(label for label in asked.buttons if "Ireland" in label)
        done = await olga.click(asked, label)
        assert done.content.startswith("Got it: Dublin, Ireland")
        assert "I don't know a place" in (await olga.run("/timezone set", place="posixrules")).content
        offered = (await olga.autocomplete("/timezone set", place="germ")).choices
        assert offered[0].startswith("Berlin, Germany: ")
        assert "Europe/Dublin" in (await olga.run("/timezone show")).content


async def test_a_cleared_or_forgotten_zone_is_gone(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await organiser(scene, steward)
        await olga.run("/timezone set", place="Berlin")
        assert "`/timezone set`" in (await olga.run("/privacy show")).content
        await olga.run("/timezone clear")
        assert await steward.store.read(lambda tx: tx.value("SELECT COUNT(*) FROM member_zones")) == 0
        await olga.run("/timezone set", place="Berlin")
        await olga.click(await olga.run("/privacy forget-me"), "Delete")
        assert await steward.store.read(lambda tx: tx.value("SELECT COUNT(*) FROM member_zones")) == 0
        await asyncio.sleep(60)
        assert "haven't set" in (await olga.run("/timezone show")).content
