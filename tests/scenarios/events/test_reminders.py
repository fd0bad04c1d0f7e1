"""Reminders: each once, to those who come, by the way that was chosen, and caught up after an absence."""

import asyncio

from steward.bots.events.model.details import Reach, Reminder
from tests.parts import events_of
from tests.scenarios.events.crowd import event, guests, inbox, posted, said
from tests.stage import QUIET, stage, until

BOT = ("view_channel", "send_messages", "embed_links", "read_message_history")
MINUTE, HOUR = 60, 3600


async def test_those_who_come_are_mentioned_once_for_each_reminder(clock, tmp_path):
    async with stage(clock, tmp_path, **QUIET) as scene, scene.steward() as steward:
        hall = scene.guild.add_text_channel("hall")
        await event(scene, steward, hall, reminders=(Reminder(60), Reminder(0)))
        post, (ada, ben, cid) = await posted(hall), guests(scene, 3)
        await ada.click(post, "Yes")
        await ben.click(post, "Late")
        await cid.click(post, "No")
        await asyncio.sleep(HOUR + MINUTE)
        (ahead,) = said(hall, "**Raid night** begins <t:")
        assert {user.id for user in ahead.mentions} == {ada.id, ben.id}
        await asyncio.sleep(HOUR)
        (now,) = said(hall, "**Raid night** begins now")
        assert {user.id for user in now.mentions} == {ada.id, ben.id}
        await asyncio.sleep(24 * HOUR)
        assert len(said(hall, "begins")) == 2


async def test_two_hundred_are_mentioned_in_messages_that_discord_takes(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        hall = scene.guild.add_text_channel("hall")
        await event(scene, steward, hall, reminders=(Reminder(60),))
        post, crowd = await posted(hall), guests(scene, 200)
        await asyncio.gather(*(guest.click(post, "Yes") for guest in crowd))
        await asyncio.sleep(HOUR + MINUTE)
        told = said(hall, "begins")
        assert len(told) == 3
        assert sorted(user.id for message in told for user in message.mentions) == sorted(guest.id for guest in crowd)


async def test_a_role_is_mentioned_in_place_of_its_members(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        hall, role = scene.guild.add_text_channel("hall"), scene.guild.add_role("Raiders")
        scene.guild.set_bot_permissions(*BOT, "mention_everyone")  # it allows to mention roles that nobody may
        await event(scene, steward, hall, role_id=role.id, reminders=(Reminder(60, Reach.ROLE),))
        await scene.guild.join("ada").click(await posted(hall), "Yes")
        await asyncio.sleep(HOUR + MINUTE)
        (told,) = said(hall, "begins")
        assert told.mention_roles == [role.id]


async def test_whose_direct_messages_are_closed_is_mentioned_in_the_channel_instead(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        hall = scene.guild.add_text_channel("hall")
        reminders = (Reminder(60, Reach.DM), Reminder(30, Reach.DM))
        await event(scene, steward, hall, reminders=reminders)
        post, (ada, ben) = await posted(hall), guests(scene, 2)
        ben.close_messages()
        await ada.click(post, "Yes")
        await ben.click(post, "Yes")
        await asyncio.sleep(HOUR + 40 * MINUTE)
        assert len(inbox(scene, ada)) == 2
        assert "**Raid night** begins <t:" in inbox(scene, ada)[0]
        told = said(hall, "begins")
        assert [user.id for message in told for user in message.mentions] == [ben.id, ben.id]
        assert scene.sim.recorder.count(status=403) == 1  # it is not asked again for a day


async def test_a_reminder_missed_while_the_bot_was_away_is_caught_up_until_shortly_after_the_start(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        hall = scene.guild.add_text_channel("hall")
        async with scene.steward() as steward:
            await event(scene, steward, hall, reminders=(Reminder(60), Reminder(0)))
            await scene.guild.join("ada").click(await posted(hall), "Yes")
        await asyncio.sleep(HOUR + 20 * MINUTE)
        async with scene.steward():
            await until(lambda: len(said(hall, "begins")) == 1)
        await asyncio.sleep(HOUR)
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await asyncio.sleep(5 * MINUTE)
        assert len(said(hall, "begins")) == 1  # twenty minutes after the start it helps nobody


async def test_a_moved_event_reminds_of_its_new_time(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        hall = scene.guild.add_text_channel("hall")
        made = await event(scene, steward, hall, reminders=(Reminder(60),))
        await scene.guild.join("ada").click(await posted(hall), "Yes")
        await asyncio.sleep(HOUR + MINUTE)
        assert len(said(hall, "begins")) == 1
        later = made.starts_at.replace(tzinfo=None, hour=made.starts_at.hour + 4)
        await events_of(steward).organising.move(made.id, later)
        await until(lambda: len(said(hall, "has moved to")) == 1)
        await asyncio.sleep(3 * HOUR)
        assert len(said(hall, "begins")) == 1
        await asyncio.sleep(2 * HOUR)
        assert len(said(hall, "begins")) == 2
