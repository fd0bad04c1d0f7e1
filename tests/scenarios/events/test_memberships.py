"""What hangs on a membership ends with it, also where nobody tells the bot of it."""

import asyncio
from datetime import datetime, timedelta
from functools import partial
from math import inf

import pytest

from benchmarks.many_events import keep_answers
from steward.bots.events.rsvp import departures
from steward.bots.events.rsvp.departures import those_in_line
from steward.sim import Fault
from tests.scenarios.events.crowd import event, guests, heading, listed, posted, said
from tests.scenarios.events.organisers import organiser
from tests.scenarios.events.test_calendar import link_in, served, visit
from tests.scenarios.events.test_native import BOT as NATIVE_BOT
from tests.scenarios.events.test_native import one_native
from tests.scenarios.events.test_polls import FIRST, SECOND, polled
from tests.scenarios.events.test_roles import BOT as ROLE_BOT
from tests.scenarios.events.test_roles import LOOKS
from tests.stage import QUIET, stage, until

HOUR = 3600
LATER = datetime.fromisoformat("2026-01-05T05:00")  # five hours after a test begins
UNTOLD = {"STEWARD_MEMBERS_INTENT": "false"}


def leaves(scene, member):
    member.leave()


def is_kicked(scene, member):
    scene.guild.kick(member)


def is_banned(scene, member):
    scene.guild.ban(member)


async def raid(scene, steward, people, **details):
    """Make an event that these answer with Yes, one after the other; return its post."""
    hall = scene.guild.add_text_channel("hall")
    await until(lambda: steward.health.ready)
    await event(scene, steward, hall, **{"start": LATER} | details)
    post, crowd = await posted(hall), guests(scene, people)
    for guest in crowd:
        await guest.click(post, "Yes")
    return hall, post, crowd


@pytest.mark.parametrize("goes", [leaves, is_kicked, is_banned])
async def test_f73_the_first_in_line_who_is_still_there_moves_up_and_is_told_once(clock, tmp_path, goes):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        hall, post, (ada, gone, cid) = await raid(scene, steward, 3, seats=1)
        goes(scene, gone)
        goes(scene, ada)
        await until(lambda: listed(post, "Yes") == ["guest 3"])
        await asyncio.sleep(60)
        assert [message.mentions for message in said(hall, "you're in!")] == [[cid.user]]
        assert not any("guest 2" in field["value"] for field in post.embeds[0]["fields"])


async def test_f73_many_who_are_thrown_out_together_hand_no_seat_to_each_other(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        hall, post, people = await raid(scene, steward, 20, seats=5)
        for guest in people[:15]:
            scene.guild.ban(guest)
        await until(lambda: listed(post, "Yes") == [f"guest {number}" for number in range(16, 21)])
        (told,) = said(hall, "you're in!")
        assert [user.id for user in told.mentions] == [guest.id for guest in people[15:]]


async def test_f73_a_click_right_after_a_leave_hands_the_seat_to_nobody_who_is_gone(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        hall, post, (ada, gone, _) = await raid(scene, steward, 3, seats=1)
        gone.leave()
        await asyncio.sleep(0.1)
        await ada.click(post, "No")
        await until(lambda: listed(post, "Yes") == ["guest 3"])
        assert not said(hall, f"<@{gone.id}>")


async def test_a_member_who_leaves_is_out_of_all_events(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        _, post, (ada,) = await raid(scene, steward, 1)
        posts = [post]
        for _ in range(4):
            hall = scene.guild.add_text_channel("hall")
            await event(scene, steward, hall, start=LATER)
            posts.append(await posted(hall))
            await ada.click(posts[-1], "Yes")
        await until(lambda: all(listed(one, "Yes") == ["guest 1"] for one in posts))
        ada.leave()
        await until(lambda: not any(listed(one, "Yes") for one in posts))


async def test_who_comes_back_answers_anew_at_the_end_of_the_line(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        _, post, (ada, _) = await raid(scene, steward, 2, seats=1)
        ada.leave()
        await until(lambda: listed(post, "Yes") == ["guest 2"])
        back = scene.guild.join(ada.user)
        await asyncio.sleep(HOUR)
        assert listed(post, "Yes") == ["guest 2"]
        assert "You're on the waitlist, #1" in (await back.click(post, "Yes")).content


async def test_f73_a_poll_counts_nobody_who_is_gone_and_mentions_no_organiser_who_is(clock, tmp_path):
    async with stage(clock, tmp_path, **QUIET) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        post = await polled(olga, hall, closes="today 12:00")
        ada, ben, cid = guests(scene, 3)
        for guest, time in ((ada, FIRST), (ben, FIRST), (cid, SECOND)):
            await guest.click(post, time)
        for guest in (ada, ben, olga):
            guest.leave()
        await asyncio.sleep(12 * HOUR + 60)
        (told,) = said(hall, "is closed")
        assert "works for 1 member" in told.content
        assert told.mentions == []
        assert post.components[0]["components"][0]["label"] == f"Make the event: {SECOND[3:]}"


async def test_f73_discords_interest_and_the_event_s_role_end_with_the_membership(clock, tmp_path):
    async with stage(clock, tmp_path, **QUIET) as scene, scene.steward() as steward:
        scene.guild.set_bot_permissions(*NATIVE_BOT, *ROLE_BOT)
        role = scene.guild.add_role("Raiders")
        _, post, _ = await raid(scene, steward, 0, native=True, role_id=role.id)
        native, ada = await one_native(scene), scene.guild.join("ada")
        ada.show_interest(native)
        await until(lambda: listed(post, "Yes") == ["ada"] and role.id in ada.role_ids)
        ada.leave()
        await until(lambda: listed(post, "Yes") == [])
        back = scene.guild.join(ada.user)
        back.give(role.id)  # by somebody else, so it is the member's own now
        await asyncio.sleep(8 * HOUR)
        assert role.id in back.role_ids


async def test_a_link_to_the_calendar_ends_with_the_membership(clock, tmp_path):
    async with stage(clock, tmp_path, **served()) as scene, scene.steward() as steward:
        await organiser(scene, steward)
        ada = scene.guild.join("ada")
        link = link_in(await ada.run("/events calendar"))
        assert (await visit(scene, link))[0] == 200
        scene.guild.kick(ada)
        await asyncio.sleep(10)
        assert (await visit(scene, link))[0] == 404


async def test_what_is_over_keeps_the_answers_of_those_who_leave_later(clock, tmp_path):
    async with stage(clock, tmp_path, **QUIET) as scene, scene.steward() as steward:
        _, post, (ada,) = await raid(scene, steward, 1)
        await asyncio.sleep(8 * HOUR)
        ada.leave()
        await asyncio.sleep(HOUR)
        assert listed(post, "Yes") == ["guest 1"]


@pytest.mark.parametrize("settings", [{}, UNTOLD], ids=["told", "untold"])
async def test_f73_who_left_while_the_bot_was_long_away_is_found_at_its_return_by_one_message(
    clock, tmp_path, settings
):
    async with stage(clock, tmp_path, **settings) as scene:
        async with scene.steward() as steward:
            hall, post, (ada, gone, _) = await raid(scene, steward, 3, seats=1)
        ada.leave()
        gone.leave()
        scene.sim.faults.invalidate()
        await asyncio.sleep(HOUR)  # Discord has forgotten the old session
        async with scene.steward():
            await until(lambda: listed(post, "Yes") == ["guest 3"])
            await asyncio.sleep(60)
        assert not said(hall, f"<@{gone.id}>")
        looked = scene.sim.recorder.requests(method="GET", route="/guilds/{guild_id}/members/{user_id}")
        assert {request.status for request in looked} == {404}, "only those who are gone are asked for once more"


async def test_f73_who_left_is_found_among_more_than_the_gateway_may_be_asked_for_in_a_minute(clock, tmp_path):
    async with stage(clock, tmp_path, **QUIET) as scene:
        async with scene.steward() as steward:
            _, post, _ = await raid(scene, steward, 0)
            many = [scene.guild.join(f"member {number}") for number in range(12_000)]
            occurrence_id = await steward.store.read(lambda tx: tx.value("SELECT id FROM event_occurrences"))
            users = [member.id for member in many]
            await steward.store.write(partial(keep_answers, occurrence_id=occurrence_id, users=users))
        many[-1].leave()
        scene.sim.faults.invalidate()
        await asyncio.sleep(HOUR)
        async with scene.steward():
            await until(lambda: "11999" in heading(post, "Yes"), within=300)
        asked = [payload.at for payload in scene.sim.recorder.ops(8)]
        assert len(asked) == 120
        assert min(later - first for first, later in zip(asked, asked[60:], strict=False)) >= timedelta(minutes=1)


async def test_f73_a_reminder_that_is_due_at_the_return_mentions_nobody_who_is_gone(clock, tmp_path):
    async with stage(clock, tmp_path, **UNTOLD) as scene:
        async with scene.steward() as steward:
            hall, _, (ada, ben) = await raid(scene, steward, 2)
        ada.leave()
        await asyncio.sleep(4.5 * HOUR + 60)
        async with scene.steward():
            await until(lambda: bool(said(hall, "begins")), within=300)
        assert [message.mentions for message in said(hall, "begins")] == [[ben.user]]


async def test_f73_without_the_intent_who_left_is_out_within_an_hour(clock, tmp_path):
    async with stage(clock, tmp_path, **UNTOLD) as scene, scene.steward() as steward:
        _, post, (ada, gone, _) = await raid(scene, steward, 3, seats=1)
        ada.leave()
        gone.leave()
        await until(lambda: listed(post, "Yes") == ["guest 3"], within=HOUR + 60)


async def test_without_the_intent_those_in_line_are_asked_for_before_one_moves_up(clock, tmp_path):
    async with stage(clock, tmp_path, **UNTOLD) as scene, scene.steward() as steward:
        hall, post, (ada, gone, cid) = await raid(scene, steward, 3, seats=1)
        await asyncio.sleep(120)
        gone.leave()
        await ada.click(post, "No")
        await until(lambda: listed(post, "Yes") == ["guest 3"] and bool(said(hall, "you're in!")))
        assert [message.mentions for message in said(hall, "you're in!")] == [[cid.user]]


async def test_the_line_of_an_event_is_read_for_its_clicks_once_a_minute(clock, tmp_path, monkeypatch):
    """It may be thousands long, and an answer of Discord's holds for a minute."""
    reads = []

    def read(tx, occurrence_id, most):
        reads.append(occurrence_id)
        return those_in_line(tx, occurrence_id, most)

    async with stage(clock, tmp_path, **UNTOLD) as scene, scene.steward() as steward:
        _, post, crowd = await raid(scene, steward, 20, seats=1)
        await asyncio.sleep(120)
        monkeypatch.setattr(departures, "those_in_line", read)
        for guest in crowd:
            await guest.click(post, "Late")
        assert len(reads) == 1
        await asyncio.sleep(60)
        await crowd[0].click(post, "No")
        assert len(reads) == 2


async def test_without_the_intent_a_reminder_mentions_nobody_who_is_gone(clock, tmp_path):
    async with stage(clock, tmp_path, **UNTOLD) as scene, scene.steward() as steward:
        hall, _, (ada, ben) = await raid(scene, steward, 2)
        await asyncio.sleep(4.5 * HOUR - 120)
        ada.leave()  # after the hour's look, before the next
        await until(lambda: bool(said(hall, "begins")), within=300)
        assert [message.mentions for message in said(hall, "begins")] == [[ben.user]]


async def test_without_the_intent_an_event_of_a_poll_has_nobody_who_is_gone(clock, tmp_path):
    async with stage(clock, tmp_path, **UNTOLD) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        post = await polled(olga, hall)
        ada, ben = guests(scene, 2)
        for guest in (ada, ben):
            await guest.click(post, FIRST)
        await olga.click(post, "Close the poll")
        await asyncio.sleep(30)
        ada.leave()
        await olga.click(post, f"Make the event: {FIRST[3:]}")
        assert listed(await posted(hall), "Yes") == ["guest 2"]


async def test_while_discord_does_not_say_who_is_there_answers_are_taken_all_the_same(clock, tmp_path):
    async with stage(clock, tmp_path, **UNTOLD) as scene, scene.steward() as steward:
        _, post, (ada, gone) = await raid(scene, steward, 2, seats=1)
        await asyncio.sleep(120)
        gone.leave()
        scene.sim.faults.rest(**LOOKS, action=Fault.status(503), times=inf)
        assert "Got it, you're not coming." in (await ada.click(post, "No")).content
        scene.sim.faults.clear()
        await until(lambda: listed(post, "Yes") == [], within=HOUR + 60)
