"""A member is forgotten in all that surrounds events: every table is walked."""

import asyncio

from steward.bots.events.model.details import Reach, Reminder
from tests.scenarios.events.crowd import event, guests, heading, inbox, listed, posted
from tests.scenarios.events.organisers import organiser
from tests.scenarios.events.test_calendar import link_in, served, visit
from tests.scenarios.test_privacy import texts_with
from tests.stage import stage, until

HOUR = 3600


async def told_of_a_refusal(scene, steward, organiser):
    closed = scene.guild.add_text_channel("closed")
    await organiser.run("/events report", channel=closed)
    closed.deny(scene.guild.everyone, "send_messages")
    await event(scene, steward, closed, by=organiser)
    await until(lambda: len(inbox(scene, organiser)) == 1)


async def test_no_table_names_whoever_answered_came_voted_and_made_events(clock, tmp_path):
    async with stage(clock, tmp_path, **served()) as scene, scene.steward() as steward:
        hall, voice = scene.guild.add_text_channel("hall"), scene.guild.add_voice_channel("Raid")
        ada = await organiser(scene, steward, "adalovelace")
        role = scene.guild.add_role("Attending")
        (ben,) = guests(scene, 1)
        reminders = (Reminder(60, Reach.DM),)
        past = await event(
            scene, steward, hall, voice_channel_id=voice.id, role_id=role.id, reminders=reminders, seats=1
        )
        post = await posted(hall)
        await ben.click(post, "Yes")
        await ada.click(post, "Yes")  # waits
        await ben.click(post, "No")  # and moves up
        noted = await ada.click(post, "Add a note")
        await ada.submit(noted, note="from adalovelace")
        await ada.run("/poll when", hall, title="Quiz", times="friday 20:00; saturday 20:00")
        await until(lambda: "Quiz" in str(hall.messages[-1].embeds))
        poll = hall.messages[-1]
        await ada.click(poll, "1. Fri 9 Jan 2026, 20:00")
        await ben.click(poll, "1. Fri 9 Jan 2026, 20:00")
        link = link_in(await ada.run("/events calendar"))
        await asyncio.sleep(2 * HOUR)
        ada.join_voice(voice)
        await asyncio.sleep(2 * HOUR)
        ada.leave_voice()
        drafted = await ada.run("/event create", hall)
        await ada.submit(drafted, title="Raid of adalovelace", when="tomorrow 20:00")
        await event(scene, steward, hall, role_id=role.id, seats=1)
        open_post = await posted(hall, 2)
        await ada.click(open_post, "Yes")
        await ben.click(open_post, "Yes")
        await until(lambda: role.id in ada.role_ids)
        await told_of_a_refusal(scene, steward, ada)
        tables = {
            "event_answers",
            "event_attendance",
            "event_poll_votes",
            "event_polls",
            "event_feeds",
            "guild_settings",
        }
        tables |= {"kv", "outbox"}
        assert tables <= (await texts_with(steward, "adalovelace", str(ada.id))).keys()

        shown = (await ada.run("/privacy show")).content
        assert "2 answers to events" in shown
        done = await ada.click(await ada.run("/privacy forget-me"), "Delete")
        assert "deleted" in done.content
        await asyncio.sleep(300)
        assert (await texts_with(steward, "adalovelace", str(ada.id))).keys() == {"opt_outs"}

        # What is left is of nobody in particular, and what lies ahead goes on without them.
        assert listed(open_post, "Yes") == ["guest 1"]
        assert heading(poll, "Fri 9 Jan").endswith("(1)")
        assert role.id not in ada.role_ids
        assert (await visit(scene, link))[0] == 404
        sql = "SELECT name, note FROM event_answers WHERE occurrence_id = ?"
        rows = await steward.store.read(lambda tx: [tuple(row) for row in tx.all(sql, (past.id,))])
        assert ("(forgotten)", "") in rows
        olga = await organiser(scene, steward, "olga")
        shown = (await olga.run("/events attendance", event=str(past.id))).embeds[0]["description"]
        assert "1 said yes, 1 of 1 came (100 %)" in shown
