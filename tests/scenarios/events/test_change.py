"""Changing events in Discord: edit, move, skip, cancel, end, duplicate, repost."""

import asyncio
from math import inf

import pytest

from steward.sim.faults import Fault
from steward.text.durations import spell
from tests.bots.events.coming_up import coming_up
from tests.bots.events.whole import whole
from tests.parts import events_of
from tests.scenarios.events.crowd import event, guests, listed, posted, said
from tests.scenarios.events.organisers import drafted, organiser
from tests.stage import stage, until

MESSAGE = "/channels/{channel_id}/messages/{message_id}"


async def test_an_edit_is_previewed_saved_and_told_to_those_who_come(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        made = await event(scene, steward, hall)
        ada, post = scene.guild.join("ada"), await posted(hall)
        await ada.click(post, "Yes")
        panel = await olga.run("/event edit", event=str(made.id))
        assert "this event only" in panel.content
        assert "haven't changed anything" in (await olga.click(panel, "Save")).content
        panel = await olga.submit(
            await olga.click(panel, "Change the text"), title="Raid evening", length="3h", seats="5", description=""
        )
        done = await olga.click(panel, "Save")
        assert "it takes 3 hours" in done.content
        await until(lambda: post.embeds[0]["title"] == "Raid evening")
        await until(lambda: len(said(hall, "has changed")) == 1)
        assert "5 seats" in said(hall, "has changed")[0].content
        assert said(hall, "has changed")[0].mentions == [ada.user]


async def test_whoever_gave_an_answer_that_is_removed_does_not_come_as_one_that_is_added_later(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        await olga.click(await drafted(olga, hall, answers="+Tank | 1; +Healer; -No"), "Post")
        post, (ada, ben) = await posted(hall), guests(scene, 2)
        for guest in (ada, ben):
            await guest.click(post, "Tank")
        (made,) = await coming_up(steward.store, scene.guild.id)
        for answers, shown in (("+Healer\n-No", "Healer"), ("+Healer\n+Bard\n-No", "Bard")):
            panel = await olga.run("/event edit", event=str(made.id))
            await olga.click(await olga.submit(await olga.click(panel, "More"), answers=answers), "Save")
            await until(lambda shown=shown: any(shown in field["name"] for field in post.embeds[0]["fields"]))
            await until(lambda: "Tank" not in str(post.embeds))
            assert listed(post, shown) == []
        assert not said(hall, "you're in!")
        (listing,) = (await ada.click(post, "Who's coming")).embeds
        assert listing["footer"]["text"] == "0 answers, page 1 of 1"


async def test_an_edit_of_this_time_only_leaves_the_series_and_one_of_the_series_does_not(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        made = await event(scene, steward, hall, rule="FREQ=DAILY")
        await posted(hall)
        for which, title in (("one", "Tonight only"), ("series", "For ever")):
            panel = await olga.run("/event edit", event=str(made.id), which=which)
            panel = await olga.submit(await olga.click(panel, "Change the text"), title=title)
            await olga.click(panel, "Save")
            titles = [item.details.title for item in await coming_up(steward.store, scene.guild.id)]
            assert titles == ([title, "Raid night"] if which == "one" else [title, title])


async def test_a_move_is_told_and_a_doubtful_or_past_time_changes_nothing(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        made = await event(scene, steward, hall)
        ada, post = scene.guild.join("ada"), await posted(hall)
        await ada.click(post, "Yes")
        assert "has passed" in (await olga.run("/event move", event=str(made.id), when="yesterday 8pm")).content
        asked = await olga.run("/event move", event=str(made.id), when="3/4 20:00")
        assert "“3/4 20:00” can be read in more than one way" in asked.content
        assert (await whole(steward.store, made.id)).event.starts_at == made.starts_at
        done = await olga.click(asked, "Fri 3 Apr 2026, 20:00")
        assert "is now on Fri 3 Apr 2026, 20:00 (UTC)" in done.content
        assert done.buttons == []
        await until(lambda: len(said(hall, "has moved to")) == 1)
        assert said(hall, "has moved to")[0].mentions == [ada.user]


async def test_a_length_or_a_repetition_that_is_typed_into_a_move_is_told_where_it_belongs(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        made = await event(scene, steward, hall, rule="FREQ=WEEKLY")
        for when in ("every friday", "jeden Freitag 20 Uhr", "tous les vendredis à 20h", "daily at 8pm"):
            refused = await olga.run("/event move", event=str(made.id), when=when)
            assert f"“{when}” repeats, and I need a single time here. Leave out “every”" in refused.content
            assert "`/event edit` changes how an event repeats" in refused.content
            await asyncio.sleep(10)  # people are no faster
        (one, _) = await coming_up(steward.store, scene.guild.id)
        assert one.starts_at == made.starts_at
        stays = f"It still takes {spell(made.details.minutes)}: `/event edit` changes how long."
        moved = await olga.run("/event move", event=str(made.id), when="friday 20:00-23:30")
        assert "is now on Fri 9 Jan 2026, 20:00" in moved.content
        assert stays in moved.content
        await asyncio.sleep(10)
        asked = await olga.run("/event move", event=str(made.id), when="3/4 20:00-23:30")
        assert stays in asked.content
        same = await olga.run("/event move", event=str(made.id), when="friday 20:00-21:00")
        assert stays not in same.content
        refused = await olga.run("/event skip", event=str(made.id), time="every friday")
        assert "“every friday” repeats, and I need a single time here. Pick one from the list" in refused.content


async def test_a_time_of_a_series_is_skipped_or_moved_long_before_its_post(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        made = await event(scene, steward, hall, rule="FREQ=DAILY")
        await posted(hall)
        offered = await olga.autocomplete("/event skip", event=str(made.id), time="")
        assert len(offered.choices) == 25
        third, fourth = "2026-01-07T02:00", "2026-01-08T02:00"
        assert (
            "cancelled. The series continues" in (await olga.run("/event skip", event=str(made.id), time=third)).content
        )
        moved = await olga.run("/event move", event=str(made.id), time=fourth, when="8 January 2026 05:30")
        assert "05:30" in moved.content
        offered = await olga.autocomplete("/event skip", event=str(made.id), time="7 Jan")
        assert not any("Wed 7 Jan" in choice for choice in offered.choices)


async def test_a_series_has_no_other_times_than_its_own(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        made = await event(scene, steward, hall, rule="FREQ=DAILY")
        for time, words in (("purple", "Pick one from the list"), ("2026-01-07T03:00", "no such time")):
            assert words in (await olga.run("/event skip", event=str(made.id), time=time)).content


async def test_a_cancelled_event_and_an_ended_series_stay_so(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        made = await event(scene, steward, hall, rule="FREQ=DAILY")
        post = await posted(hall)
        assert "The series continues" in (await olga.run("/event cancel", event=str(made.id))).content
        await until(lambda: post.embeds[0]["title"] == "Cancelled: Raid night")
        assert "cancelled already" in (await olga.run("/event cancel", event=str(made.id))).content
        await asyncio.sleep(3 * 3600 + 60)
        await posted(hall, 2)
        assert "has ended" in (await olga.run("/event end", event=str(made.id))).content
        assert "has ended" in (await olga.run("/event end", event=str(made.id))).content
        assert await coming_up(steward.store, scene.guild.id) == []


async def test_an_event_that_is_over_is_made_anew_like_it_was(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        made = await event(scene, steward, hall, seats=3)
        await asyncio.sleep(3 * 3600 + 60)
        (choice,) = (await olga.autocomplete("/event duplicate", event="raid")).choices
        assert choice.startswith("Raid night, ")
        preview = await drafted(olga, hall, command="/event duplicate", event=str(made.id), when="tomorrow 20:00")
        await olga.click(preview, "Post")
        (again,) = await coming_up(steward.store, scene.guild.id)
        assert (again.details.title, again.details.seats) == ("Raid night", 3)


async def test_a_deleted_post_is_put_up_again_with_its_answers_and_works(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        made = await event(scene, steward, hall)
        ada, post = scene.guild.join("ada"), await posted(hall)
        await ada.click(post, "Yes")
        assert "Its post is still there" in (await olga.run("/event repost", event=str(made.id))).content
        hall.remove_message(post)
        assert "again" in (await olga.run("/event repost", event=str(made.id))).content
        anew = await posted(hall)
        assert listed(anew, "Yes") == ["ada"]
        await scene.guild.join("bob").click(anew, "Yes")
        await until(lambda: listed(anew, "Yes") == ["ada", "bob"])
        assert events_of(steward).problems == []


async def test_a_series_whose_channel_was_deleted_goes_on_in_another(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        made = await event(scene, steward, hall, rule="FREQ=DAILY")
        await posted(hall)
        hall.delete()
        assert "can't see" in (await olga.run("/event repost", event=str(made.id))).content
        stage_ = scene.guild.add_text_channel("stage")
        assert f"<#{stage_.id}>" in (await olga.run("/event repost", event=str(made.id), channel=stage_)).content
        await posted(stage_)
        await asyncio.sleep(3 * 3600 + 60)
        await posted(stage_, 2)


async def test_a_post_left_behind_says_where_the_event_is_posted_now_and_has_no_buttons(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        hall, annex = scene.guild.add_text_channel("hall"), scene.guild.add_text_channel("annex")
        async with scene.steward() as steward:
            olga = await organiser(scene, steward)
            made = await event(scene, steward, hall)
            left, ada = await posted(hall), scene.guild.join("ada")
            scene.sim.faults.rest(action=Fault.status(503), method="PATCH", route=MESSAGE, times=inf)
            reply = await olga.run("/event repost", event=str(made.id), channel=annex)
            assert f"posted again in <#{annex.id}>" in reply.content
            anew = await posted(annex)
            await ada.click(left, "Yes")  # it counts wherever it was given
            assert left.components
        scene.sim.faults.clear()
        async with scene.steward() as steward:
            await until(lambda: not left.components)
            assert left.content == f"**Raid night** is posted in <#{annex.id}> now."
            assert left.embeds == []
            await until(lambda: listed(anew, "Yes") == ["ada"])
            await olga.run("/event cancel", event=str(made.id))
            await until(lambda: not anew.components)
            rows = await steward.store.read(lambda tx: tx.all("SELECT name FROM desired WHERE kind = 'event_left'"))
            assert rows == []


async def test_a_post_left_behind_in_a_closed_channel_is_given_up_when_its_event_is_over(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        made, annex = await event(scene, steward, hall), scene.guild.add_text_channel("annex")
        left = await posted(hall)
        hall.deny(scene.guild.everyone, "view_channel")
        await olga.run("/event repost", event=str(made.id), channel=annex)
        await posted(annex)
        rows = []
        for seconds in (60, 4 * 3600):
            await asyncio.sleep(seconds)
            rows += await steward.store.read(lambda tx: tx.all("SELECT name FROM desired WHERE kind = 'event_left'"))
            assert events_of(steward).problems == []
        assert [row[0] for row in rows] == [str(left.id)]


async def test_the_events_of_others_take_manage_events_and_the_own_do_not(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        others = await event(scene, steward, hall)
        await olga.click(await drafted(olga, hall, title="Olga's"), "Post")
        own = next(item for item in await coming_up(steward.store, scene.guild.id) if item.id != others.id)
        asked = [await olga.run("/event move", event=str(item.id), when="3/4 20:00") for item in (others, own)]
        for role_id in list(olga.role_ids):
            olga.take(role_id)
        refused, done = [await olga.click(question, "Fri 3 Apr 2026, 20:00") for question in asked]
        assert "need Manage Events" in refused.content
        assert "Fri 3 Apr 2026" in done.content
        assert (await whole(steward.store, others.id)).event.starts_at == others.starts_at


async def test_what_is_no_event_is_said(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        await event(scene, steward, hall)
        await event(scene, steward, hall)
        for written, words in (("purple", "There's no event"), ("raid night", "Several"), ("999999", "isn't there")):
            assert words in (await olga.run("/event cancel", event=written)).content


async def test_an_event_of_another_server_is_not_there(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        hall = scene.guild.add_text_channel("hall")
        await organiser(scene, steward)
        made = await event(scene, steward, hall)
        seals = scene.sim.add_guild("Seals", members=50)
        seals.add_text_channel("ice")
        eve = seals.join("eve")
        eve.give(seals.add_role("Organisers", "manage_events").id)
        for command, options in (
            ("cancel", {}),
            ("move", {"when": "tomorrow 20:00"}),
            ("duplicate", {}),
            ("add", {"member": eve}),
        ):
            refused = await eve.run(f"/event {command}", event=str(made.id), **options)
            assert "n't there any more" in refused.content


@pytest.mark.parametrize("command", ["edit", "move", "cancel", "end", "repost", "skip"])
async def test_events_are_offered_by_title_and_date(clock, tmp_path, command):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        rule = "FREQ=WEEKLY" if command in {"end", "skip"} else None
        await event(scene, steward, hall, title="Dungeon", rule=rule)
        await event(scene, steward, hall, title="Quiz", rule=rule)
        assert len((await olga.autocomplete(f"/event {command}", event="")).choices) == 2
        (choice,) = (await olga.autocomplete(f"/event {command}", event="quiz")).choices
        assert choice == "Quiz, Mon 5 Jan 2026, 02:00"
