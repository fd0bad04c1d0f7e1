"""Posts become right, whatever comes between."""

import asyncio
from datetime import timedelta

from steward.bots.events.occurrences import set_shown, touch
from tests.scenarios.events.crowd import event, listed, posted
from tests.stage import stage, until

DAY = 24 * 3600


async def test_a_post_that_nobody_answered_for_five_weeks_shows_the_first_answer(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        hall = scene.guild.add_text_channel("hall")
        start = clock.now().replace(tzinfo=None, second=0, microsecond=0) + timedelta(days=60)
        made = await event(scene, steward, hall, start=start)
        post = await posted(hall)
        await until(lambda: steward.health.ready)
        await asyncio.sleep(5)
        assert (await steward.events.answering.seen(made.id)).event.message_id == post.id
        await steward.store.write(lambda tx: tx.execute("DELETE FROM outbox WHERE state = 'sent'"))  # after 30 days
        await scene.guild.join("ada").click(post, "Yes")
        await until(lambda: listed(post, "Yes") == ["ada"])


async def test_what_was_skipped_before_its_post_is_not_looked_at_again_and_again(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        hall = scene.guild.add_text_channel("hall")
        made = await event(scene, steward, hall, rule="FREQ=DAILY")
        await posted(hall)
        await steward.events.organising.skip(made.event_id, made.original + timedelta(days=2))
        await asyncio.sleep(60)
        assert steward.events._posts._unsent == set()  # it would only be slow


async def test_a_post_that_another_process_edited_meanwhile_shows_the_newest(clock, tmp_path, monkeypatch):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        hall = scene.guild.add_text_channel("hall")
        made = await event(scene, steward, hall)
        post = await posted(hall)
        await asyncio.sleep(5)
        rest = steward.client.rest
        edit, edits = rest.edit_message, []

        async def overtaken(channel_id, message_id, content):
            edits.append(content)
            if len(edits) == 1:  # the other process reads and edits later, but its edit arrives earlier

                def newer(tx):
                    tx.execute("UPDATE event_answers SET name = 'eve' WHERE occurrence_id = ?", (made.id,))
                    touch(tx, made.id)
                    set_shown(tx, made.id, 1000)

                await steward.store.write(newer)
            return await edit(channel_id, message_id, content)

        monkeypatch.setattr(rest, "edit_message", overtaken)
        await scene.guild.join("ada").click(post, "Yes")
        await until(lambda: listed(post, "Yes") == ["eve"])
