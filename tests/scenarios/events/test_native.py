"""A thread under the post, and Discord's own event, in step with the occurrence both ways."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from steward.sim import Fault
from steward.sim.guilds.permissions import BITS
from tests.bots.events.whole import whole
from tests.parts import events_of
from tests.scenarios.events.crowd import event, guests, listed, posted, said
from tests.scenarios.events.organisers import organiser
from tests.stage import stage, until

HOUR = 3600
BOT = (
    "view_channel", "send_messages", "embed_links", "read_message_history", "create_public_threads", "create_events",
    "manage_events",
)  # fmt: skip
SOON = datetime.fromisoformat("2026-01-05T00:10")  # ten minutes after the test begins
SCHEDULED, ACTIVE, COMPLETED, CANCELED = 1, 2, 3, 4


def natives(scene):
    return [scene.guild.scheduled_events[event_id] for event_id in scene.guild.scheduled_events]


async def one_native(scene):
    await until(lambda: len(natives(scene)) == 1)
    return natives(scene)[0]


async def test_a_thread_is_opened_once_under_the_post(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        scene.guild.set_bot_permissions(*BOT)
        hall = scene.guild.add_text_channel("hall")
        async with scene.steward() as steward:
            made = await event(scene, steward, hall, thread=True)
            post = await posted(hall)
            await until(lambda: post.id in scene.guild.threads)
            await events_of(steward).organising.move(made.id, made.starts_at.replace(tzinfo=None) + timedelta(hours=1))
        async with scene.steward():
            await asyncio.sleep(60)
        assert [thread.name for thread in scene.guild.threads.values()] == ["Raid night"]


async def test_without_the_permission_the_thread_is_said_to_be_missing_and_opened_later(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        scene.guild.everyone.permissions &= ~BITS["create_public_threads"]
        scene.guild.set_bot_permissions(*BOT[:4])
        hall = scene.guild.add_text_channel("hall")
        await event(scene, steward, hall, thread=True, minutes=600)
        await asyncio.sleep(60)
        assert any("Create Public Threads" in problem for problem in await steward.problems.now())
        scene.guild.set_bot_permissions(*BOT)
        await asyncio.sleep(1000)
        assert len(scene.guild.threads) == 1
        assert not any("Create Public Threads" in problem for problem in await steward.problems.now())


async def test_discords_event_follows_begins_and_ends(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        scene.guild.set_bot_permissions(*BOT)
        hall, voice = scene.guild.add_text_channel("hall"), scene.guild.add_voice_channel("Raid")
        made = await event(scene, steward, hall, native=True, voice_channel_id=voice.id, description="Bring food")
        native = await one_native(scene)
        assert (native.name, native.description, native.channel_id) == ("Raid night", "Bring food", voice.id)
        assert native.starts_at == made.starts_at
        later = made.starts_at.replace(tzinfo=None) + timedelta(hours=1)
        await events_of(steward).organising.move(made.id, later)
        await until(lambda: native.starts_at == made.starts_at + timedelta(hours=1))
        await asyncio.sleep(3 * HOUR + 60)
        assert native.status == ACTIVE
        await asyncio.sleep(HOUR)
        assert native.status == COMPLETED
        assert len(natives(scene)) == 1


async def test_a_cancelled_occurrence_cancels_discords_event(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        scene.guild.set_bot_permissions(*BOT)
        made = await event(scene, steward, scene.guild.add_text_channel("hall"), native=True, place="The park")
        native = await one_native(scene)
        assert native.location == "The park"
        await events_of(steward).organising.cancel(made.id)
        await until(lambda: native.status == CANCELED)


async def test_who_moves_discords_event_moves_the_occurrence_and_those_who_come_are_told(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        scene.guild.set_bot_permissions(*BOT)
        hall = scene.guild.add_text_channel("hall")
        made = await event(scene, steward, hall, native=True)
        await scene.guild.join("ada").click(await posted(hall), "Yes")
        native = await one_native(scene)
        native.move(made.starts_at + timedelta(hours=2))
        await until(lambda: len(said(hall, "has moved to")) == 1)
        seen = await whole(steward.store, made.id)
        assert seen.event.starts_at == made.starts_at + timedelta(hours=2)
        await asyncio.sleep(60)
        assert native.starts_at == made.starts_at + timedelta(hours=2)


async def test_who_calls_discords_event_off_cancels_the_occurrence(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        scene.guild.set_bot_permissions(*BOT)
        hall = scene.guild.add_text_channel("hall")
        await event(scene, steward, hall, native=True)
        post, native = await posted(hall), await one_native(scene)
        native.cancel()
        await until(lambda: post.embeds[0]["title"] == "Cancelled: Raid night")


async def test_many_moves_in_a_row_end_where_the_last_one_said(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        scene.guild.set_bot_permissions(*BOT)
        made = await event(scene, steward, scene.guild.add_text_channel("hall"), native=True)
        native = await one_native(scene)
        for hours in range(1, 6):
            wall = made.starts_at.replace(tzinfo=None) + timedelta(hours=hours)
            await events_of(steward).organising.move(made.id, wall)
        await asyncio.sleep(60)
        seen = await whole(steward.store, made.id)
        assert seen.event.starts_at == native.starts_at == made.starts_at + timedelta(hours=5)


async def test_interest_is_an_answer_until_it_is_lost_and_never_overrules_one_given_at_the_post(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        scene.guild.set_bot_permissions(*BOT)
        hall = scene.guild.add_text_channel("hall")
        await event(scene, steward, hall, native=True)
        post, native, (ada, ben) = await posted(hall), await one_native(scene), guests(scene, 2)
        await ben.click(post, "No")
        ada.show_interest(native)
        ben.show_interest(native)
        await until(lambda: listed(post, "Yes") == ["guest 1"])
        assert listed(post, "No") == ["guest 2"]
        ada.lose_interest(native)
        ben.lose_interest(native)
        await until(lambda: listed(post, "Yes") == [])
        assert listed(post, "No") == ["guest 2"]


async def test_what_cannot_be_read_of_discords_event_holds_up_nothing_that_comes_after(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        scene.guild.set_bot_permissions(*BOT)
        hall = scene.guild.add_text_channel("hall")
        made = await event(scene, steward, hall, native=True)
        post, native, (ada,) = await posted(hall), await one_native(scene), guests(scene, 1)
        scene.sim.faults.malform_next("GUILD_SCHEDULED_EVENT_UPDATE", ["name"])
        native.move(made.starts_at + timedelta(hours=1))
        ada.show_interest(native)
        await until(lambda: listed(post, "Yes") == ["guest 1"])
        native.move(made.starts_at + timedelta(hours=2))
        await until(lambda: f"<t:{int((made.starts_at + timedelta(hours=2)).timestamp())}" in str(post.embeds))


async def test_a_server_that_is_full_of_discords_events_is_said_to_be(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        scene.guild.set_bot_permissions(*BOT)
        organiser, hall = scene.guild.join("olga"), scene.guild.add_text_channel("hall")
        organiser.give(scene.guild.add_role("Organisers", "create_events").id)
        for number in range(100):
            begins = clock.now() + timedelta(days=1, minutes=number)
            organiser.schedule(f"Event {number}", begins, begins + timedelta(hours=1), where="here")
        await event(scene, steward, hall, native=True)
        await posted(hall)
        await asyncio.sleep(60)
        assert any("room for 100" in problem for problem in await steward.problems.now())


EDITS = {"method": "PATCH", "route": "/guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}"}


@asynccontextmanager
async def running(clock, tmp_path, **details):
    """An event of an hour that began ten minutes ago, Discord's event of it, and the panel that edits it."""
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        scene.guild.set_bot_permissions(*BOT)
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        made = await event(scene, steward, hall, native=True, start=SOON, **{"place": "Hall", **details})
        native = await one_native(scene)
        await until(lambda: native.status == ACTIVE, within=900)
        await asyncio.sleep(600)

        async def edit(**text):
            panel = await olga.run("/event edit", event=str(made.id))
            await olga.click(await olga.submit(await olga.click(panel, "Change the text"), **text), "Save")
            await asyncio.sleep(30)

        yield scene, steward, made, native, edit


async def test_discords_event_that_is_running_follows_every_edit(clock, tmp_path):
    async with running(clock, tmp_path) as (scene, steward, made, native, edit):
        await edit(title="Raid evening", description="Upper terrace", length="3h")
        assert (native.name, native.description, native.status) == ("Raid evening", "Upper terrace", ACTIVE)
        assert native.ends_at == made.starts_at + timedelta(hours=3)
        await asyncio.sleep(2 * HOUR)
        assert native.status == ACTIVE  # past its first end
        await asyncio.sleep(HOUR)
        assert native.status == COMPLETED
        assert scene.sim.recorder.count(status=400) == 0
        seen = await whole(steward.store, made.id)
        assert (seen.event.details.title, seen.event.state) == ("Raid evening", "over")


async def test_discords_event_ends_at_once_when_a_running_event_is_shortened_to_what_is_past(clock, tmp_path):
    async with running(clock, tmp_path) as (_, _, _, native, edit):
        await edit(length="5 min")
        assert native.status == COMPLETED


async def test_a_shorter_running_event_ends_earlier_in_discord(clock, tmp_path):
    async with running(clock, tmp_path) as (_, _, made, native, edit):
        await edit(length="20 min")
        assert (native.status, native.ends_at) == (ACTIVE, made.starts_at + timedelta(minutes=20))


async def test_a_running_event_that_is_cancelled_ends_in_discord(clock, tmp_path):
    async with running(clock, tmp_path) as (_, steward, made, native, _):
        await events_of(steward).organising.cancel(made.id)
        await until(lambda: native.status == COMPLETED)


async def test_a_running_event_that_is_put_off_gets_another_of_discords_events(clock, tmp_path):
    async with running(clock, tmp_path) as (scene, steward, made, native, _):
        later = made.starts_at + timedelta(hours=5)
        await events_of(steward).organising.move(made.id, later.replace(tzinfo=None))
        await until(lambda: len(natives(scene)) == 2)
        first, second = natives(scene)
        assert (first, first.status) == (native, COMPLETED)
        assert (second.status, second.starts_at) == (SCHEDULED, later)
        await asyncio.sleep(5 * HOUR)
        assert second.status == ACTIVE
        assert len(natives(scene)) == 2
        assert scene.sim.recorder.count(status=400) == 0


async def test_a_running_event_in_voice_keeps_its_channel_and_follows_in_the_rest(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        scene.guild.set_bot_permissions(*BOT)
        await until(lambda: steward.health.ready)
        hall, voice = scene.guild.add_text_channel("hall"), scene.guild.add_voice_channel("Raid")
        made = await event(scene, steward, hall, native=True, voice_channel_id=voice.id, start=SOON)
        native = await one_native(scene)
        scene.guild.join("ada").join_voice(voice)
        await asyncio.sleep(900)
        assert native.status == ACTIVE
        elsewhere = scene.guild.add_voice_channel("Elsewhere")

        def change(details):
            return replace(details, title="Quiz", voice_channel_id=elsewhere.id)

        await events_of(steward).organising.edit(made.id, change, what="see the post")
        await until(lambda: native.name == "Quiz")
        assert (native.channel_id, native.status) == (voice.id, ACTIVE)
        assert scene.sim.recorder.count(status=400) == 0


async def test_who_renames_or_lengthens_discords_running_event_does_so_to_the_occurrence(clock, tmp_path):
    async with running(clock, tmp_path) as (scene, steward, made, native, _):
        native.name, native.ends_at = "Raid evening", made.starts_at + timedelta(hours=2)
        scene.guild.scheduled_events.changed(native)
        await asyncio.sleep(30)
        seen = (await whole(steward.store, made.id)).event
        assert (seen.details.title, seen.details.minutes, seen.starts_at) == ("Raid evening", 120, made.starts_at)
        await asyncio.sleep(1.5 * HOUR)
        assert native.status == ACTIVE


@asynccontextmanager
async def renamed_in_an_outage(clock, tmp_path, *, after):
    """An event ten minutes ahead that gets another title so many seconds later, while Discord takes no edits."""
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        scene.guild.set_bot_permissions(*BOT)
        hall = scene.guild.add_text_channel("hall")
        made = await event(scene, steward, hall, native=True, place="Hall", start=SOON, minutes=60)
        native = await one_native(scene)
        await asyncio.sleep(after)
        scene.sim.faults.rest(**EDITS, action=Fault.status(503), times=1000)
        await events_of(steward).organising.edit(
            made.id, lambda known: replace(known, title="Quiz"), what="see the post"
        )
        yield scene, steward, made, native


async def test_what_discord_is_yet_to_be_told_is_not_undone_when_its_event_begins_by_itself(clock, tmp_path):
    async with renamed_in_an_outage(clock, tmp_path, after=570) as (scene, steward, made, native):
        await asyncio.sleep(60)
        assert (native.name, native.status) == ("Raid night", ACTIVE)
        scene.sim.faults.clear()
        await asyncio.sleep(300)
        assert (native.name, native.status) == ("Quiz", ACTIVE)
        assert (await whole(steward.store, made.id)).event.details.title == "Quiz"


async def test_a_change_in_the_seconds_before_the_start_is_not_undone_by_the_request_that_begins_it(clock, tmp_path):
    async with renamed_in_an_outage(clock, tmp_path, after=560) as (scene, steward, made, native):
        await asyncio.sleep(35.1)
        begun = {**native.payload(), "status": ACTIVE}  # what Discord tells of the first of the two requests
        scene.sim.faults.clear()
        await until(lambda: native.name == "Quiz")
        scene.sim.faults.dispatch_raw("GUILD_SCHEDULED_EVENT_UPDATE", begun)
        await asyncio.sleep(300)
        assert (native.name, native.status) == ("Quiz", ACTIVE)
        assert (await whole(steward.store, made.id)).event.details.title == "Quiz"
