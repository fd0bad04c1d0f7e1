"""Posts become right, whatever comes between."""

import asyncio
from datetime import timedelta
from random import Random

import pytest

from steward.bots.events.model.occurrences import touch
from tests.bots.events.whole import whole
from tests.parts import events_of
from tests.scenarios.events.crowd import event, guests, listed, posted, posts
from tests.stage import stage, until

HOUR = 3600
DAY = 24 * HOUR


async def test_a_post_that_nobody_answered_for_five_weeks_shows_the_first_answer(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        hall = scene.guild.add_text_channel("hall")
        start = clock.now().replace(tzinfo=None, second=0, microsecond=0) + timedelta(days=60)
        made = await event(scene, steward, hall, start=start)
        post = await posted(hall)
        await until(lambda: steward.health.ready)
        await asyncio.sleep(5)
        assert (await whole(steward.store, made.id)).event.message_id == post.id
        await steward.store.write(lambda tx: tx.execute("DELETE FROM outbox WHERE state = 'sent'"))  # after 30 days
        await scene.guild.join("ada").click(post, "Yes")
        await until(lambda: listed(post, "Yes") == ["ada"])


async def test_what_was_skipped_before_its_post_is_not_looked_at_again_and_again(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        hall = scene.guild.add_text_channel("hall")
        made = await event(scene, steward, hall, rule="FREQ=DAILY")
        await posted(hall)
        await events_of(steward).organising.skip(made.event_id, made.original + timedelta(days=2))
        await asyncio.sleep(60)
        kept = "SELECT COUNT(*) FROM desired WHERE kind = 'event_post'"
        assert await steward.store.read(lambda tx: tx.value(kept)) == 1


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
                    tx.execute("UPDATE desired SET revision = 1000, shown = 1000, dirty = 0")

                await steward.store.write(newer)
            return await edit(channel_id, message_id, content)

        monkeypatch.setattr(rest, "edit_message", overtaken)
        await scene.guild.join("ada").click(post, "Yes")
        await until(lambda: listed(post, "Yes") == ["eve"])


async def test_posts_that_are_refused_or_broken_hold_up_no_other_and_come_right_later(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        hall, closed = scene.guild.add_text_channel("hall"), scene.guild.add_text_channel("closed")
        ada = scene.guild.join("ada")
        refused = [await event(scene, steward, closed) for _ in range(7)]
        broken, sound = await event(scene, steward, hall), await event(scene, steward, hall)
        posts = [await posted(closed, number) for number in range(1, 8)]
        lost, post = await posted(hall, 1), await posted(hall, 2)
        await until(lambda: steward.health.ready)
        await asyncio.sleep(5)
        closed.deny(scene.guild.everyone, "view_channel")
        kept = await steward.store.read(
            lambda tx: tx.value("SELECT details FROM events WHERE id = ?", (broken.event_id,))
        )
        change = "UPDATE events SET details = ? WHERE id = ?"
        await steward.store.write(lambda tx: tx.execute(change, ("{", broken.event_id)))
        for made in (*refused, broken, sound):
            await events_of(steward).answering.refresh(made.id)
        await asyncio.sleep(5)
        began = clock.monotonic()
        await ada.click(post, "Yes")
        await until(lambda: listed(post, "Yes") == ["ada"])
        assert clock.monotonic() - began < 3
        problems = events_of(steward).problems
        assert (len(problems), sum(f"I can't see <#{closed.id}>" in problem for problem in problems)) == (8, 7)
        assert sum("JSONDecodeError" in problem for problem in problems) == 1
        await steward.store.write(lambda tx: tx.execute(change, (kept, broken.event_id)))
        closed.allow(scene.guild.everyone, "view_channel")
        edited = len(scene.sim.recorder.requests(method="PATCH", status=200))
        await until(lambda: events_of(steward).problems == [], within=620)
        assert len(scene.sim.recorder.requests(method="PATCH", status=200)) >= edited + 8
        assert all(listed(one, "Yes") == [] for one in (*posts, lost))


@pytest.mark.parametrize("age", [0, 2 * HOUR], ids=["fresh posts", "posts older than an hour"])
async def test_f68_a_minute_of_clicks_on_ten_events_of_a_channel_draws_no_refusal_and_holds_up_no_other(
    clock, tmp_path, age
):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        hall, nest = scene.guild.add_text_channel("hall"), scene.guild.add_text_channel("nest")
        start = (clock.now() + timedelta(hours=5)).replace(tzinfo=None)
        made = {}
        for number in range(10):
            made[f"Raid {number}"] = await event(scene, steward, hall, title=f"Raid {number}", start=start)
        await event(scene, steward, nest, title="Quiz", start=start)
        await posted(hall, 10)
        quiz, crowd, chosen = await posted(nest), guests(scene, 20), Random(1)
        await asyncio.sleep(30 + age)
        for second in range(60):
            for _ in range(5):
                await chosen.choice(crowd).click(chosen.choice(posts(hall)), chosen.choice(["Yes", "No"]))
            if second == 30:
                await crowd[0].click(quiz, "Yes")
                await asyncio.sleep(0.5)
                assert listed(quiz, "Yes") == ["guest 1"]
                await asyncio.sleep(0.5)
            else:
                await asyncio.sleep(1)
        await asyncio.sleep(60)
        assert scene.sim.recorder.count(status=429) == 0
        for post in posts(hall):
            shown = {answer: set(listed(post, answer)) for answer in ("Yes", "No")}
            seen = await whole(steward.store, made[post.embeds[0]["title"]].id)
            kept = {"Yes": set(), "No": set()}
            for one in seen.answers:
                kept[one.option.title()].add(one.name)
            assert shown == kept


async def test_an_event_without_a_description_shows_none(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        hall = scene.guild.add_text_channel("hall")
        await event(scene, steward, hall)
        assert "description" not in (await posted(hall)).embeds[0]
