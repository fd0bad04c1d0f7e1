"""One event or poll that can't be handled holds up no other, and the operator is shown which one it is."""

import asyncio

from steward.bots.events.attendance.measured import presences
from tests.parts import events_of
from tests.scenarios.events.crowd import event, guests, inbox, posted, posts, said
from tests.scenarios.events.organisers import organiser
from tests.scenarios.events.test_polls import polled
from tests.stage import QUIET, stage, until

HOUR = 3600
BOT = ("view_channel", "send_messages", "embed_links", "read_message_history", "manage_roles", "create_public_threads")


async def spoil(steward, table, id_):
    """Have a row name a time zone that the machine doesn't know, as one that was dropped from the zone database."""
    await steward.store.write(lambda tx: tx.execute(f"UPDATE {table} SET zone = 'Nowhere/Gone' WHERE id = ?", (id_,)))


async def test_f69_a_poll_that_cannot_be_closed_keeps_no_later_poll_open(clock, tmp_path):
    async with stage(clock, tmp_path, **QUIET) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        await polled(olga, hall, title="First", closes="today 11:00")
        await polled(olga, hall, title="Second", closes="today 12:00")
        (first,) = await steward.store.read(lambda tx: tx.all("SELECT id FROM event_polls WHERE title = 'First'"))
        await spoil(steward, "event_polls", first[0])
        await asyncio.sleep(12 * HOUR + 60)
        assert [message.content.split("**")[1] for message in said(hall, "is closed")] == ["Second"]
        assert [problem for problem in await steward.problems.now() if problem.startswith("A poll can't be closed")]
        await steward.store.write(lambda tx: tx.execute("UPDATE event_polls SET zone = 'UTC'"))
        await until(lambda: len(said(hall, "is closed")) == 2, within=1200)
        assert not [problem for problem in await steward.problems.now() if problem.startswith("A poll can't be closed")]


async def test_f69_an_event_that_cannot_be_read_holds_up_nothing_of_another(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        scene.guild.set_bot_permissions(*BOT)
        hall, role = scene.guild.add_text_channel("hall"), scene.guild.add_role("Raiders")
        first, second = scene.guild.add_voice_channel("First"), scene.guild.add_voice_channel("Second")
        await until(lambda: steward.health.ready)
        bad = await event(scene, steward, hall, title="Bad", voice_channel_id=first.id, role_id=role.id, thread=True)
        good = await event(scene, steward, hall, title="Good", voice_channel_id=second.id, role_id=role.id, thread=True)
        await posted(hall, 2)
        ada, ben = guests(scene, 2)
        bad_post, post = sorted(posts(hall), key=lambda one: one.embeds[0]["title"])
        await ada.click(bad_post, "Yes")
        await spoil(steward, "events", bad.event_id)
        await ben.click(post, "Yes")
        await asyncio.sleep(2 * HOUR + 60)
        assert [ben.id] == [user.id for user in said(hall, "begins now")[0].mentions]
        assert role.id in ben.role_ids
        ben.join_voice(second)
        await asyncio.sleep(HOUR)
        assert post.embeds[0]["title"] == "Good (ended)"
        (found,) = await steward.store.read(lambda tx: presences(tx, good.id))
        assert found.attended
        assert any(f"event {bad.id}" in problem for problem in await steward.problems.now())


async def test_f69_a_role_of_an_event_that_is_gone_holds_up_no_other_event_with_the_same_role(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        scene.guild.set_bot_permissions(*BOT)
        hall, role = scene.guild.add_text_channel("hall"), scene.guild.add_role("Raiders")
        await until(lambda: steward.health.ready)
        olga, ada = guests(scene, 2)
        made = await event(scene, steward, hall, role_id=role.id, by=olga)
        post = await posted(hall)
        scene.guild.roles.remove(role)
        stray = {"occurrence_id": made.id - 1, "user_id": ada.id, "role_id": role.id, "guild_id": scene.guild.id}
        await steward.store.write(lambda tx: tx.insert_new("event_role_grants", stray | {"wanted": 1}))
        await ada.click(post, "Yes")
        await until(lambda: bool(inbox(scene, olga)))
        assert any("role can't be given" in problem for problem in events_of(steward).problems)
