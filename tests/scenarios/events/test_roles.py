"""The role of those who come: with the seat, until the event is over."""

import asyncio
from math import inf

from steward.bots.events.editing.altering import call_off
from steward.bots.events.model.occurrences import occurrence
from steward.bots.events.roles import roles
from steward.bots.events.rsvp.answers import Respondent, answer
from steward.sim import Fault
from tests.parts import events_of
from tests.scenarios.events.crowd import event, guests, inbox, posted
from tests.stage import stage, until

HOUR = 3600
LOOKS = {"method": "GET", "route": "/guilds/{guild_id}/members/{user_id}"}
GIVES = {"method": "PUT", "route": "/guilds/{guild_id}/members/{user_id}/roles/{role_id}"}
BOT = ("view_channel", "send_messages", "embed_links", "read_message_history", "manage_roles")


async def test_the_role_comes_with_the_seat_and_goes_with_it(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        scene.guild.set_bot_permissions(*BOT)
        hall, role = scene.guild.add_text_channel("hall"), scene.guild.add_role("Raiders")
        await event(scene, steward, hall, seats=1, role_id=role.id)
        post, (ada, ben) = await posted(hall), guests(scene, 2)
        await ada.click(post, "Yes")
        await ben.click(post, "Yes")
        await until(lambda: role.id in ada.role_ids)
        assert role.id not in ben.role_ids
        await ada.click(post, "No")
        await until(lambda: role.id in ben.role_ids and role.id not in ada.role_ids)


async def test_the_role_is_taken_when_the_event_is_over_unless_another_wants_it(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        scene.guild.set_bot_permissions(*BOT)
        hall, role = scene.guild.add_text_channel("hall"), scene.guild.add_role("Raiders")
        await event(scene, steward, hall, role_id=role.id)
        await event(scene, steward, hall, role_id=role.id, minutes=600)
        short, long, (ada, ben) = await posted(hall, 1), await posted(hall, 2), guests(scene, 2)
        await ada.click(short, "Yes")
        await ada.click(long, "Yes")
        await ben.click(short, "Yes")
        await until(lambda: role.id in ada.role_ids and role.id in ben.role_ids)
        await asyncio.sleep(3 * HOUR + 60)
        assert role.id in ada.role_ids
        assert role.id not in ben.role_ids
        await asyncio.sleep(10 * HOUR)
        assert role.id not in ada.role_ids


async def test_who_had_the_role_before_keeps_it_and_a_crash_makes_no_role_of_ours_their_own(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        scene.guild.set_bot_permissions(*BOT)
        hall, role = scene.guild.add_text_channel("hall"), scene.guild.add_role("Raiders")
        ada, ben, cid = guests(scene, 3)
        ada.give(role.id)
        async with scene.steward() as steward:
            await event(scene, steward, hall, role_id=role.id)
            await event(scene, steward, hall, role_id=role.id, minutes=180)
            short, long = await posted(hall, 1), await posted(hall, 2)
            for guest in (ada, ben):
                await guest.click(short, "Yes")
            await until(lambda: role.id in ben.role_ids)
            # What is known of a member for one event is known for the other: nobody needs to look again, or could.
            scene.sim.faults.rest(**LOOKS, action=Fault.status(503), times=inf)
            for guest in (ada, ben):
                await guest.click(long, "Yes")
            await asyncio.sleep(60)
            scene.sim.faults.clear()
            scene.sim.faults.rest(**GIVES, action=Fault.drop_response(), times=inf)
            await cid.click(long, "Yes")
            await until(lambda: role.id in cid.role_ids)
        scene.sim.faults.clear()
        async with scene.steward():
            await asyncio.sleep(4 * HOUR)
            assert all(role.id in guest.role_ids for guest in (ada, ben, cid))
            await asyncio.sleep(2 * HOUR)
            assert [role.id in guest.role_ids for guest in (ada, ben, cid)] == [True, False, False]


async def test_an_event_that_takes_over_the_role_as_another_ends_takes_it_at_its_own_end(clock, tmp_path, database):
    async with stage(clock, tmp_path, STEWARD_DATABASE=database) as scene, scene.steward() as steward:
        scene.guild.set_bot_permissions(*BOT)
        hall, role = scene.guild.add_text_channel("hall"), scene.guild.add_role("Raiders")
        first, second = [await event(scene, steward, hall, role_id=role.id) for _ in range(2)]
        ada = scene.guild.join("ada")
        await ada.click(await posted(hall, 1), "Yes")
        await until(lambda: role.id in ada.role_ids)

        def at_once(tx):
            call_off(tx, first.id)
            answer(tx, second.id, Respondent(ada.id, "ada"), "yes", by=None)
            roles.follow(tx, occurrence(tx, second.id))

        await posted(hall, 2)
        await steward.store.write(at_once)
        await asyncio.sleep(HOUR)
        assert role.id in ada.role_ids
        await asyncio.sleep(3 * HOUR)
        assert role.id not in ada.role_ids


async def test_a_role_that_may_not_be_given_is_said_and_given_once_it_may(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        scene.guild.set_bot_permissions(*BOT[:-1])
        hall, role = scene.guild.add_text_channel("hall"), scene.guild.add_role("Raiders")
        await event(scene, steward, hall, role_id=role.id)
        ada, post = scene.guild.join("ada"), await posted(hall)
        await ada.click(post, "Yes")
        await asyncio.sleep(60)
        assert any("Manage Roles" in problem for problem in await steward.problems.now())
        scene.guild.set_bot_permissions(*BOT)
        await asyncio.sleep(1200)
        assert role.id in ada.role_ids
        assert not any("Manage Roles" in problem for problem in await steward.problems.now())


async def test_a_member_who_has_left_holds_up_nobody(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        scene.guild.set_bot_permissions(*BOT)
        hall, role = scene.guild.add_text_channel("hall"), scene.guild.add_role("Raiders")
        made = await event(scene, steward, hall, role_id=role.id)
        post, (ada, ben) = await posted(hall), guests(scene, 2)
        await ada.click(post, "Yes")
        await until(lambda: role.id in ada.role_ids)
        ada.leave()
        await events_of(steward).answering.take_out(made.id, ada.id)
        await ben.click(post, "Yes")
        await until(lambda: role.id in ben.role_ids)


async def test_that_the_role_was_deleted_is_told_once_to_whoever_made_the_event(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        scene.guild.set_bot_permissions(*BOT)
        hall, role = scene.guild.add_text_channel("hall"), scene.guild.add_role("Raiders")
        olga, *people = guests(scene, 3)
        await event(scene, steward, hall, role_id=role.id, by=olga)
        post = await posted(hall)
        scene.guild.roles.remove(role)
        for guest in people:
            await guest.click(post, "Yes")
        await until(lambda: bool(inbox(scene, olga)))
        await asyncio.sleep(60)
        (told,) = inbox(scene, olga)
        assert told.startswith("The role for attendees of **Raid night** was deleted")
        assert "/event edit" in told
        assert events_of(steward).problems == []
