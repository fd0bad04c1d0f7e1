"""`/event restore` and *Bring it back*: a cancelled or skipped time returns with its answers and all that follows."""

import asyncio
from datetime import datetime

from tests.bots.events.coming_up import coming_up
from tests.parts import events_of
from tests.scenarios.events.crowd import event, guests, listed, posted, posts, said
from tests.scenarios.events.organisers import organiser
from tests.scenarios.events.test_native import BOT as NATIVE_BOT
from tests.scenarios.events.test_native import CANCELED, SCHEDULED, natives, one_native
from tests.scenarios.events.test_roles import BOT as ROLE_BOT
from tests.stage import stage, until

HOUR = 3600
LATER = datetime.fromisoformat("2026-01-05T04:00")  # four hours after a test begins


async def test_a_cancelled_event_comes_back_with_its_answers_role_thread_and_reminders(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        scene.guild.set_bot_permissions(*NATIVE_BOT, *ROLE_BOT)
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        role = scene.guild.add_role("Raiders")
        made = await event(scene, steward, hall, start=LATER, seats=1, role_id=role.id, native=True, thread=True)
        post, (ada, ben, cid) = await posted(hall), guests(scene, 3)
        await ada.click(post, "Yes")
        await ben.click(post, "Yes")
        await cid.click(post, "No")
        await until(lambda: role.id in ada.role_ids)
        first = await one_native(scene)
        await olga.run("/event cancel", event=str(made.id))
        await until(lambda: role.id not in ada.role_ids and first.status == CANCELED)
        await asyncio.sleep(HOUR)
        assert "cancelled already" in (await olga.run("/event cancel", event=str(made.id))).content
        assert "is back" in (await olga.run("/event restore", event="raid")).content
        await until(lambda: post.embeds[0]["title"] == "Raid night" and role.id in ada.role_ids)
        assert listed(post, "Yes") == ["guest 1"]
        assert listed(post, "Waitlist") == ["guest 2"]
        await until(lambda: len(natives(scene)) == 2)
        assert natives(scene)[1].status == SCHEDULED
        assert post.id in scene.guild.threads
        (told,) = said(hall, "is back on")
        assert {user.id for user in told.mentions} == {ada.id, ben.id}
        assert "on the waitlist" in (await cid.click(post, "Yes")).content
        await until(lambda: bool(said(hall, "begins")), within=4 * HOUR)
        assert [user.id for user in said(hall, "begins")[0].mentions] == [ada.id]
        await asyncio.sleep(2 * HOUR)
        assert post.embeds[0]["title"] == "Raid night (ended)"
        assert role.id not in ada.role_ids
        assert "isn't cancelled" in (await olga.run("/event restore", event=str(made.id))).content


async def test_the_answer_to_a_cancellation_takes_it_back_once_however_often_it_is_pressed(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        made = await event(scene, steward, hall, start=LATER)
        post, ada = await posted(hall), scene.guild.join("ada")
        await ada.click(post, "Yes")
        reply = await olga.run("/event cancel", event=str(made.id))
        await asyncio.gather(*(olga.click(reply, "Bring it back") for _ in range(3)))
        await until(lambda: post.embeds[0]["title"] == "Raid night")
        await asyncio.sleep(60)
        assert len(said(hall, "is back on")) == 1
        assert len(posts(hall)) == 1


async def test_a_post_that_was_deleted_meanwhile_is_put_up_again(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        made = await event(scene, steward, hall, start=LATER)
        post, ada = await posted(hall), scene.guild.join("ada")
        await ada.click(post, "Yes")
        await olga.run("/event cancel", event=str(made.id))
        await asyncio.sleep(60)
        hall.remove_message(post)
        await olga.run("/event restore", event=str(made.id))
        await until(lambda: len(posts(hall)) == 1)
        assert listed(posts(hall)[0], "Yes") == ["ada"]
        await asyncio.sleep(60)
        assert await steward.problems.now() == []


async def test_discords_interest_counts_after_a_restart_though_the_new_one_of_its_events_has_none(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        scene.guild.set_bot_permissions(*NATIVE_BOT)
        hall = scene.guild.add_text_channel("hall")
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            made = await event(scene, steward, hall, start=LATER, native=True)
            post, native, ada = await posted(hall), await one_native(scene), scene.guild.join("ada")
            ada.show_interest(native)
            await until(lambda: listed(post, "Yes") == ["ada"])
            await events_of(steward).organising.cancel(made.id)
            await until(lambda: native.status == CANCELED)
            await events_of(steward).organising.restore(made.id)
            await until(lambda: len(natives(scene)) == 2)
        scene.sim.faults.invalidate()
        await asyncio.sleep(HOUR)
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await asyncio.sleep(120)
        assert listed(post, "Yes") == ["ada"]
        assert post.embeds[0]["title"] == "Raid night"


async def test_a_skipped_time_comes_back_by_a_click(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        made = await event(scene, steward, hall, rule="FREQ=DAILY")  # at 02:00, from today on
        await posted(hall)
        reply = await olga.run("/event skip", event=str(made.id), time="2026-01-07T02:00")
        assert "I'll post it when it's time" in (await olga.click(reply, "Bring it back")).content
        assert 7 in {one.original.day for one in await coming_up(steward.store, scene.guild.id)}


async def test_one_time_of_a_series_that_has_ended_comes_back_and_the_series_stays_ended(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        made = await event(scene, steward, hall, rule="FREQ=DAILY")
        post, ada = await posted(hall), scene.guild.join("ada")
        await ada.click(post, "Yes")
        await olga.run("/event end", event=str(made.id))
        offered = await olga.autocomplete("/event restore", event="")
        assert offered.choices[0].startswith("Raid night, Mon 5 Jan 2026")
        await olga.run("/event restore", event=str(made.id))
        await until(lambda: listed(post, "Yes") == ["ada"] and post.embeds[0]["title"] == "Raid night")
        await asyncio.sleep(4 * HOUR)
        assert len(posts(hall)) == 1


async def test_what_cannot_come_back_is_said(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        made = await event(scene, steward, hall)
        await posted(hall)
        assert "isn't cancelled" in (await olga.run("/event restore", event=str(made.id))).content
        assert "isn't cancelled" in (await olga.run("/event restore", event="raid")).content
        assert "no event" in (await olga.run("/event restore", event="picnic")).content
        await olga.run("/event cancel", event=str(made.id))
        await asyncio.sleep(4 * HOUR)
        assert "is over" in (await olga.run("/event restore", event=str(made.id))).content


async def test_who_leaves_while_it_is_cancelled_has_no_seat_when_it_comes_back(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        hall = scene.guild.add_text_channel("hall")
        await until(lambda: steward.health.ready)
        made = await event(scene, steward, hall, start=LATER, seats=1)
        post, (ada, ben) = await posted(hall), guests(scene, 2)
        for guest in (ada, ben):
            await guest.click(post, "Yes")
        await events_of(steward).organising.cancel(made.id)
        ada.leave()
        await asyncio.sleep(60)
        assert not said(hall, "you're in!")
        await events_of(steward).organising.restore(made.id)
        await until(lambda: listed(post, "Yes") == ["guest 2"] and bool(said(hall, "you're in!")))
        assert [message.mentions for message in said(hall, "you're in!")] == [[ben.user]]
