"""`/events list` and `mine`: what lies ahead, for everybody."""

import asyncio
from datetime import timedelta

import pytest

from tests.parts import events_of
from tests.scenarios.events.crowd import event, posted
from tests.scenarios.events.organisers import organiser
from tests.stage import stage, until


async def test_the_list_is_paged_in_the_order_of_time_and_links_to_posts(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await organiser(scene, steward)
        hall, ada = scene.guild.add_text_channel("hall"), scene.guild.join("ada")
        start = clock.now().replace(tzinfo=None)
        for number in range(25, 0, -1):
            await event(scene, steward, hall, title=f"No. {number}", start=start + timedelta(hours=number))
        await posted(hall, 25)
        await asyncio.sleep(5)
        page = await ada.run("/events list")
        assert page.ephemeral
        lines = page.embeds[0]["description"].splitlines()
        assert [line.split("No. ")[1].split("]")[0] for line in lines] == [str(number) for number in range(1, 11)]
        assert f"https://discord.com/channels/{scene.guild.id}/{hall.id}/" in lines[0]
        page = await ada.click(page, "Later")
        assert page.embeds[0]["footer"]["text"] == "page 2"
        page = await ada.click(page, "Later")
        assert len(page.embeds[0]["description"].splitlines()) == 5
        with pytest.raises(LookupError, match="disabled"):
            await ada.click(page, "Later")


async def test_the_next_days_have_every_time_of_a_series(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await organiser(scene, steward)
        hall, ada = scene.guild.add_text_channel("hall"), scene.guild.join("ada")
        made = await event(scene, steward, hall, rule="FREQ=DAILY")
        await posted(hall)
        await events_of(steward).organising.skip(made.event_id, made.original + timedelta(days=2))
        listed = await ada.run("/events list", days=5)
        assert len(listed.embeds[0]["description"].splitlines()) == 4


async def test_a_member_finds_the_events_that_were_answered(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await organiser(scene, steward)
        hall, ada = scene.guild.add_text_channel("hall"), scene.guild.join("ada")
        assert "haven't signed up for any" in (await ada.run("/events mine")).embeds[0]["description"]
        await event(scene, steward, hall, title="Raid", seats=1)
        await event(scene, steward, hall, title="Quiz")
        await until(lambda: len(hall.messages) == 2)
        raid = next(message for message in hall.messages if message.embeds[0]["title"] == "Raid")
        await scene.guild.join("bob").click(raid, "Yes")
        await ada.click(raid, "Yes")
        mine = (await ada.run("/events mine")).embeds[0]["description"]
        assert "Raid" in mine
        assert "Quiz" not in mine
        assert mine.endswith("on the waitlist for ✅ Yes")
