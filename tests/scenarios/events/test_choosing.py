"""Titles, templates, times and answers that are typed instead of picked."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from tests.scenarios.events.crowd import event, listed, posted
from tests.scenarios.events.organisers import organiser
from tests.stage import stage, until


async def test_a_part_of_a_title_is_enough_where_only_one_event_has_it(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        await event(scene, steward, hall, title="Raid night")
        await event(scene, steward, hall, title="Pub quiz")
        for typed in ("raid", "QUIZ"):
            assert "is cancelled" in (await olga.run("/event cancel", event=typed)).content
        assert "no event “chess”" in (await olga.run("/event cancel", event="chess")).content


async def test_several_that_fit_are_offered_and_the_command_goes_on_with_the_one_picked(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        await event(scene, steward, hall, title="Raid Monday")
        await event(scene, steward, hall, title="Raid Tuesday")
        asked = await olga.run("/event move", event="raid", when="tomorrow 21:00")
        assert asked.buttons == ["Raid Monday, Mon 5 Jan 2026, 02:00", "Raid Tuesday, Mon 5 Jan 2026, 02:00"]
        moved = await olga.click(asked, "Raid Tuesday, Mon 5 Jan 2026, 02:00")
        assert "**Raid Tuesday** is now on Tue 6 Jan 2026, 21:00" in moved.content
        form = await olga.click(await olga.run("/event duplicate", event="raid"), "Raid Monday, Mon 5 Jan 2026, 02:00")
        assert form.modal is not None


async def test_events_of_others_do_not_stand_in_the_way_of_ones_own(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        ada = scene.guild.join("ada")
        await event(scene, steward, hall, title="Raid of Olga", by=olga)
        await event(scene, steward, hall, title="Raid of Ada", by=ada)
        ada.give(scene.guild.add_role("Allowed", "administrator").id)
        assert "Several events fit" in (await ada.run("/event cancel", event="raid")).content
        bob = scene.guild.join("bob")
        await event(scene, steward, hall, title="Raid of Bob", by=bob)
        await posted(hall, 3)
        seen = await bob.run("/events reliability", event="raid")
        assert seen.embeds[0]["title"].endswith("Raid of Bob")


async def test_who_was_there_is_asked_of_the_last_time_of_that_title(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        await event(scene, steward, hall, rule="FREQ=DAILY", by=olga)
        await asyncio.sleep(timedelta(hours=4).total_seconds())
        await posted(hall, 2)
        assert (await olga.run("/events attendance", event="raid")).embeds[0]["title"] == "Raid night"


async def test_a_time_of_a_series_may_be_written_in_words(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        made = await event(scene, steward, hall, rule="FREQ=DAILY")
        for typed, day in (("8 Jan", "Thu 8 Jan"), ("friday 02:00", "Fri 9 Jan"), ("10 january", "Sat 10 Jan")):
            assert day in (await olga.run("/event skip", event=str(made.id), time=typed)).content
        asked = await olga.run("/event skip", event=str(made.id), time="sun")
        asked = await olga.click(asked, "Sun 18 Jan 2026, 02:00")
        assert "Sun 18 Jan 2026, 02:00 is cancelled" in asked.content
        assert (
            "isn't one of the times of"
            in (await olga.run("/event skip", event=str(made.id), time="1 november 20:00")).content
        )


async def test_a_template_is_found_by_a_part_of_its_name(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        made = await event(scene, steward, hall)
        for name in ("raid small", "raid large"):
            await olga.run("/event template save", name=name, event=str(made.id))
        assert (await olga.run("/event create", hall, template="LARGE")).modal is not None
        asked = await olga.run("/event create", hall, template="raid")
        assert (await olga.click(asked, "raid small")).modal is not None
        assert "**raid large** is gone" in (await olga.run("/event template delete", name="large")).content


async def test_an_answer_is_found_by_a_part_of_its_label_and_offered_where_none_fits(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        await event(scene, steward, hall)
        post, ada = await posted(hall), scene.guild.join("ada")
        await olga.run("/event add", event="raid", member=ada, answer="may")
        await until(lambda: listed(post, "Maybe") == ["ada"])
        asked = await olga.run("/event add", event="raid", member=ada, answer="perhaps")
        await olga.click(asked, "🕒 Late")
        await until(lambda: listed(post, "Late") == ["ada"])
