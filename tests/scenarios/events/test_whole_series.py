"""Changing a whole series in Discord: its day and hour, how often it repeats, when it is posted."""

from tests.bots.events.coming_up import coming_up
from tests.parts import events_of
from tests.scenarios.events.crowd import event, listed, posted, said
from tests.scenarios.events.organisers import organiser
from tests.scenarios.events.test_create import REPEATS, choose
from tests.stage import stage, until


async def test_a_series_is_moved_with_its_answers_and_who_comes_is_told_once(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        made = await event(scene, steward, hall, rule="FREQ=WEEKLY;BYDAY=MO")
        ada, post = scene.guild.join("ada"), await posted(hall)
        await ada.click(post, "Yes")
        options = {"event": str(made.id), "which": "series"}
        assert "has passed" in (await olga.run("/event move", when="yesterday 8pm", **options)).content
        done = await olga.run("/event move", when="wednesday 20:00", **options)
        assert "is now on Wed 7 Jan 2026, 20:00 (UTC)" in done.content
        assert "From then on it's every week on Wednesday." in done.content
        await until(lambda: len(said(hall, "has moved to")) == 1)
        assert said(hall, "has moved to")[0].mentions == [ada.user]
        await until(lambda: listed(post, "Yes") == ["ada"])
        ahead = [f"{item.starts_at:%a %d %H}" for item in await coming_up(steward.store, scene.guild.id)]
        assert ahead == ["Wed 07 20", "Wed 14 20"]
        asked = await olga.run("/event move", when="3/4 20:00", **options)
        assert "every week on Friday" in (await olga.click(asked, "Fri 3 Apr 2026, 20:00")).content
        refused = await olga.run(
            "/event move", event=str(made.id), time="2026-04-17T20:00", when="3 Apr 19:00", which="series"
        )
        assert "Before that the series has another time: Fri 10 Apr 2026, 20:00" in refused.content


async def test_repetition_and_the_time_of_the_post_are_edited_like_the_rest(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        made = await event(scene, steward, hall, rule="FREQ=WEEKLY;BYDAY=MO", title="Quiz")
        await posted(hall)
        panel = await olga.run("/event edit", event=str(made.id), which="series")
        assert "every week on Monday" in panel.content
        assert "haven't changed anything" in (await olga.click(panel, "Save")).content
        panel = await choose(olga, panel, REPEATS, "daily")
        panel = await olga.submit(await olga.click(panel, "More"), lead="12h")
        assert "12 hours before each start" in panel.content
        done = await olga.click(panel, "Save")
        assert done.content == "Saved: it repeats every day, it is posted 12 hours before."
        first, second = await coming_up(steward.store, scene.guild.id)
        assert f"{second.starts_at:%a}" == "Tue"
        panel = await olga.run("/event edit", event=str(first.id), rule="FREQ=DAILY;COUNT=1")
        assert "every day, once" in panel.content
        assert "it repeats every day, once" in (await olga.click(panel, "Save")).content
        assert len(await coming_up(steward.store, scene.guild.id)) == 1
        once = await event(scene, steward, hall, title="Quiz")
        panel = await olga.run("/event edit", event=str(once.id), which="series")
        await olga.click(await choose(olga, panel, REPEATS, "weekly"), "Save")
        assert len(await events_of(steward).lookups.times(once.event_id)) == 25
        wrong = await olga.run("/event edit", event=str(first.id), rule="every full moon")
        assert "FREQ=WEEKLY" in wrong.content


async def test_a_day_of_the_plan_is_no_series_to_be_changed_here(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        form = await olga.run("/plan set", hall, weekday=2)
        await olga.submit(form, title="Raid", starts="20:00", posted="09:00")
        (event_,) = await coming_up(steward.store, scene.guild.id)
        for command, options in (("edit", {}), ("move", {"when": "friday 20:00"})):
            refused = await olga.run(f"/event {command}", event=str(event_.id), which="series", **options)
            assert "part of the weekly plan" in refused.content
