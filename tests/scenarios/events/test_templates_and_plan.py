"""Templates and the weekly plan in Discord."""

import asyncio

from tests.bots.events.coming_up import coming_up
from tests.scenarios.events.crowd import event, posted, posts
from tests.scenarios.events.organisers import drafted, organiser
from tests.stage import stage

MONDAY, TUESDAY = 0, 1


async def planned(olga, hall, weekday=MONDAY, /, *, title="Raid", starts="20:00", posted="00:30", fields="", **options):
    form = await olga.run("/plan set", hall, weekday=weekday, **options)
    assert form.modal is not None, form.content
    return await olga.submit(form, title=title, starts=starts, posted=posted, fields=fields)


async def test_a_template_begins_an_event_is_listed_and_deleted(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        made = await event(scene, steward, hall, seats=12, minutes=90)
        assert "kept" in (await olga.run("/event template save", name="Raid", event=str(made.id))).content
        assert "replaced" in (await olga.run("/event template save", name="raid", event=str(made.id))).content
        assert "Raid night" in (await olga.run("/event template list")).embeds[0]["description"]
        assert (await olga.autocomplete("/event create", template="ra")).choices == ["raid"]
        preview = await drafted(olga, hall, template="raid", title="Second raid")
        await olga.click(preview, "Post")
        again = next(
            item for item in await coming_up(steward.store, scene.guild.id) if item.details.title != "Raid night"
        )
        assert (again.details.title, again.details.seats, again.details.minutes) == ("Second raid", 12, 90)
        await asyncio.sleep(60)  # so many commands are taken in a short time
        assert "is gone" in (await olga.run("/event template delete", name="raid")).content
        for command in ("/event template delete", "/event create"):
            option = {"template": "raid"} if command == "/event create" else {"name": "raid"}
            assert "no template" in (await olga.run(command, **option)).content


async def test_a_weekday_is_planned_posted_at_its_time_shown_and_changed(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        done = await planned(olga, hall, length="2h", seats=20, fields="Raid: Molten Core\nBring: potions")
        assert "posted at 00:30" in done.content
        assert posts(hall) == []
        await asyncio.sleep(1860)
        post = await posted(hall)
        facts = {field["name"]: field["value"] for field in post.embeds[0]["fields"]}
        assert (facts["Raid"], facts["Bring"]) == ("Molten Core", "potions")
        shown = (await olga.run("/plan show")).embeds[0]["fields"]
        assert "**Raid** at 20:00 for 2 hours, 20 seats; posted at 00:30" in shown[0]["value"]
        assert shown[1]["value"] == "nothing"
        form = await olga.run("/plan set", weekday=MONDAY)
        await olga.submit(form, title="Quiz")
        assert post.embeds[0]["title"] == "Raid"
        ahead = [item.details.title for item in await coming_up(steward.store, scene.guild.id)]
        assert ahead == ["Raid", "Quiz"]
        assert "Nothing is planned" in (await olga.run("/plan clear", weekday=MONDAY)).content
        assert "Nothing is planned" in (await olga.run("/plan clear", weekday=MONDAY)).content
        ahead = [item.details.title for item in await coming_up(steward.store, scene.guild.id)]
        assert ahead == ["Raid"]


async def test_what_cannot_be_planned_is_said_and_nothing_is_changed(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        closed = scene.guild.add_text_channel("closed")
        closed.deny(scene.guild.everyone, "send_messages")
        bad = (
            await planned(olga, hall, starts="soon"),
            await planned(olga, hall, posted="25:00"),
            await planned(olga, hall, fields="potions"),
            await olga.run("/plan set", hall, weekday=MONDAY, length="long"),
            await olga.run("/plan set", hall, weekday=MONDAY, channel=closed),
        )
        words = ("as a time of day", "as a time of day", "isn't a detail", "as a length of time", "can't write")
        assert [word in reply.content for word, reply in zip(words, bad, strict=True)] == [True] * 5
        assert await coming_up(steward.store, scene.guild.id) == []


async def test_all_that_cannot_be_planned_is_said_at_once(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        told = await planned(olga, hall, title=" ", starts="soon", posted="25:00", fields="potions")
        words = ("“soon”", "“25:00”", "isn't a detail", "needs a title")
        assert [word in line for word, line in zip(words, told.content.splitlines(), strict=True)] == [True] * 4
        assert await coming_up(steward.store, scene.guild.id) == []


async def test_a_day_is_not_planned_anew_in_a_channel_that_is_closed_to_its_organiser_or_the_bot(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        await planned(olga, hall)
        half = await olga.run("/plan set", weekday=MONDAY)  # elsewhere: it stays in the hall
        hall.deny(olga, "send_messages")
        assert f"can't write in <#{hall.id}>" in (await olga.run("/plan set", weekday=MONDAY)).content
        assert f"can't write in <#{hall.id}>" in (await olga.submit(half, title="Quiz")).content
        hall.allow(olga, "send_messages")
        half = await olga.run("/plan set", weekday=MONDAY)
        hall.deny(scene.guild.everyone, "send_messages")
        assert "I need Send Messages" in (await olga.submit(half, title="Quiz")).content
        assert [item.details.title for item in await coming_up(steward.store, scene.guild.id)] == ["Raid"]
