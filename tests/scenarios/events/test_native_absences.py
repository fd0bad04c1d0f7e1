"""What people did with Discord's own events while the bot was away: taken over as if it had been told."""

import asyncio
from datetime import timedelta
from math import inf
from types import SimpleNamespace

from structlog.testing import capture_logs

from steward.bots.events.rsvp.answers import Respondent
from steward.sim import Fault
from tests.bots.events.whole import whole
from tests.parts import events_of
from tests.scenarios.events.crowd import event, guests, heading, listed, posted
from tests.scenarios.events.test_isolation import spoil
from tests.scenarios.events.test_native import BOT, CANCELED, natives
from tests.stage import stage, until

HOUR = 3600
ALL = {"method": "GET", "route": "/guilds/{guild_id}/scheduled-events"}
ONE = {"method": "GET", "route": "/guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}"}
USERS = {"method": "GET", "route": "/guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}/users"}
MEMBERS = {"method": "GET", "route": "/guilds/{guild_id}/members/{user_id}"}
EDITS = {"method": "PATCH", "route": "/guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}"}


async def mirrored(scene, steward, hall, title, **details):
    """Make an event in two days and return it with its post and Discord's own."""
    start = (scene.clock.now() + timedelta(days=2)).replace(tzinfo=None, second=0, microsecond=0)
    before = len(natives(scene))
    made = await event(scene, steward, hall, start=start, title=title, native=True, **details)
    await until(lambda: len(natives(scene)) == before + 1)
    return made, await posted(hall, before + 1), natives(scene)[-1]


def asked(scene):
    return [scene.sim.recorder.count(**what) for what in (ALL, ONE, USERS, MEMBERS)]


async def test_interest_moves_and_ends_of_an_absence_are_taken_over_with_few_calls(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        scene.guild.set_bot_permissions(*BOT)
        hall, olga = scene.guild.add_text_channel("hall"), scene.guild.join("olga")
        ada, ben, cid, dan, *crowd = guests(scene, 134)
        async with scene.steward() as steward:
            raid, post, native = await mirrored(scene, steward, hall, "Raid night", seats=131)
            moved, _, moved_native = await mirrored(scene, steward, hall, "Quiz")
            _, called_off, called_off_native = await mirrored(scene, steward, hall, "Chat")
            alone, _, alone_native = await mirrored(scene, steward, hall, "Film")
            changed, _, changed_native = await mirrored(scene, steward, hall, "Walk")
            ada.show_interest(native)
            ben.show_interest(native)
            await cid.click(post, "No")
            await events_of(steward).answering.answer(raid.id, Respondent(dan.id, "dan"), "yes", by=olga.id)
            await until(lambda: sorted(listed(post, "Yes")) == ["dan", "guest 1", "guest 2"])
            await olga.click(await olga.run("/privacy forget-me"), "Delete")
            later = changed.starts_at + timedelta(hours=3)
            scene.sim.faults.rest(**EDITS, action=Fault.status(503), times=inf)
            await events_of(steward).organising.move(changed.id, later.replace(tzinfo=None))
            await asyncio.sleep(5)
        scene.sim.faults.clear()
        ben.lose_interest(native)
        for guest in (cid, *crowd):
            guest.show_interest(native)
        moved_native.move(moved.starts_at + timedelta(hours=1))
        called_off_native.cancel()
        scene.guild.scheduled_events.remove(alone_native)
        await asyncio.sleep(HOUR)
        before = asked(scene)
        async with scene.steward() as steward:
            await until(lambda: heading(post, "Yes") == "✅ Yes (131)")
            await until(lambda: called_off.embeds[0]["title"] == "Cancelled: Chat")
            await asyncio.sleep(60)
            assert listed(post, "No") == ["guest 3"]  # a click counts more than a bell
            assert heading(post, "Waitlist") == "⏳ Waitlist (1)"
            given = {one.user_id: one.seated for one in (await whole(steward.store, raid.id)).answers}
            assert ben.id not in given
            assert (
                given[ada.id] and given[dan.id]
            )  # dan's was never an answer by interest, whoever gave it is forgotten
            seen = await whole(steward.store, moved.id)
            assert seen.event.starts_at == moved.starts_at + timedelta(hours=1)
            seen = await whole(steward.store, changed.id)
            assert seen.event.starts_at == changed_native.starts_at == later  # what Discord was yet to be told
            seen = await whole(steward.store, alone.id)
            assert (seen.event.state, seen.event.details.native) == ("posted", False)
            assert called_off_native.status == CANCELED
            lists, singles, pages, members = (now - then for now, then in zip(asked(scene), before, strict=True))
            assert (lists, pages, members) == (1, 2, 0)
            assert singles <= 2 + 3  # the two that are not open any more; three are looked at before they are changed


async def test_a_session_that_is_lost_while_it_runs_loses_no_interest_and_nothing_mirrored_asks_nothing(
    clock, tmp_path, database
):
    async with stage(clock, tmp_path, STEWARD_DATABASE=database) as scene, scene.steward() as steward:
        scene.guild.set_bot_permissions(*BOT)
        hall, ada = scene.guild.add_text_channel("hall"), scene.guild.join("ada")
        await until(lambda: steward.health.ready)
        scene.sim.faults.invalidate(resumable=False)
        await asyncio.sleep(60)
        assert asked(scene)[:3] == [0, 0, 0]
        _, post, native = await mirrored(scene, steward, hall, "Raid night")
        for number, act in enumerate((ada.show_interest, ada.lose_interest)):
            scene.sim.faults.lose_next()
            act(native)
            await asyncio.sleep(5)
            assert listed(post, "Yes") == ["ada"] * number
            scene.sim.faults.invalidate(resumable=False)
            await until(lambda number=number: listed(post, "Yes") == ["ada"] * (1 - number))


async def test_an_outage_of_one_request_holds_up_no_other_server_and_no_other_event_and_is_said(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        scene.guild.set_bot_permissions(*BOT)
        hall, ada = scene.guild.add_text_channel("hall"), scene.guild.join("ada")
        owls = SimpleNamespace(guild=scene.sim.add_guild("Owls", permissions=BOT), clock=clock)
        _, post, native = await mirrored(scene, steward, hall, "Raid night")
        beside, _, beside_native = await mirrored(scene, steward, hall, "Quiz")
        nest = owls.guild.add_text_channel("nest")
        theirs = await event(owls, steward, nest, title="Chat", native=True)
        await until(lambda: len(owls.guild.scheduled_events) == 1)
        scene.sim.faults.rest(**MEMBERS, action=Fault.status(500), times=inf)
        ada.show_interest(native)
        await asyncio.sleep(5)
        next(iter(owls.guild.scheduled_events.values())).cancel()
        await asyncio.sleep(5)
        assert (await whole(steward.store, theirs.id)).event.state == "cancelled"
        beside_native.cancel()
        await asyncio.sleep(60)
        assert (await whole(steward.store, beside.id)).event.state == "cancelled"
        await asyncio.sleep(HOUR)
        assert any("Discord's own events of one server are late" in problem for problem in await steward.problems.now())
        scene.sim.faults.clear()
        await until(lambda: listed(post, "Yes") == ["ada"], within=120)
        assert not any("are late" in problem for problem in await steward.problems.now())


async def test_more_than_is_kept_in_an_outage_is_read_anew_after_it(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        scene.guild.set_bot_permissions(*BOT)
        hall, crowd = scene.guild.add_text_channel("hall"), guests(scene, 700)
        made, post, native = await mirrored(scene, steward, hall, "Raid night", seats=500)
        for what in (ALL, MEMBERS, USERS):
            scene.sim.faults.rest(**what, action=Fault.status(503), times=inf)
        for guest in crowd:
            guest.show_interest(native)
        crowd[0].lose_interest(native)
        await asyncio.sleep(HOUR)
        scene.sim.faults.clear()
        await until(lambda: "Waitlist (199)" in str(post.embeds), within=600)
        given = {one.user_id for one in (await whole(steward.store, made.id)).answers}
        assert given == {guest.id for guest in crowd[1:]}


async def test_what_was_heard_and_not_done_when_the_bot_stopped_is_done_at_the_next_start(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        scene.guild.set_bot_permissions(*BOT)
        hall, ada = scene.guild.add_text_channel("hall"), scene.guild.join("ada")
        async with scene.steward() as steward:
            _, post, native = await mirrored(scene, steward, hall, "Raid night")
            scene.sim.faults.rest(**MEMBERS, action=Fault.status(503), times=inf)
            ada.show_interest(native)
            await asyncio.sleep(90)  # its place in the session is noted
        scene.sim.faults.clear()
        async with scene.steward():
            await until(lambda: listed(post, "Yes") == ["ada"])


def missed(scene, ada, *natives):
    """Let interest in Discord's events be lost on the way, and a new session begin after it."""
    scene.sim.faults.lose_next(len(natives))
    for native in natives:
        ada.show_interest(native)
    scene.sim.faults.invalidate(resumable=False)


async def test_f69_an_event_that_cannot_be_read_holds_up_no_other_of_its_server_after_an_absence(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        scene.guild.set_bot_permissions(*BOT)
        hall, ada = scene.guild.add_text_channel("hall"), scene.guild.join("ada")
        bad, bad_post, bad_native = await mirrored(scene, steward, hall, "Bad")
        _, post, native = await mirrored(scene, steward, hall, "Good")
        await spoil(steward, "events", bad.event_id)
        with capture_logs() as lines:
            missed(scene, ada, bad_native, native)
            await until(lambda: listed(post, "Yes") == ["ada"])
        assert listed(bad_post, "Yes") == []
        assert [line["occurrence"] for line in lines if line["event"] == "passed_over"] == [bad.id]


async def test_an_event_whose_interest_is_refused_holds_up_no_other_of_its_server(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        scene.guild.set_bot_permissions(*BOT)
        hall, ada = scene.guild.add_text_channel("hall"), scene.guild.join("ada")
        _, quiz_post, quiz = await mirrored(scene, steward, hall, "Quiz")
        _, chat_post, chat = await mirrored(scene, steward, hall, "Chat")
        scene.sim.faults.rest(**USERS, action=Fault.status(403))
        with capture_logs() as lines:
            missed(scene, ada, quiz, chat)
            await until(lambda: listed(quiz_post, "Yes") + listed(chat_post, "Yes") == ["ada"])
        assert [line["event"] for line in lines].count("native_event_not_compared") == 1
        assert not [line for line in lines if line["event"] == "passed_over"]
