"""Nobody does through the bot what they could not do themselves."""

import asyncio
from functools import partial

from steward.store.outbox import outbox
from tests.bots.events.coming_up import coming_up
from tests.bots.events.whole import whole
from tests.scenarios.events.crowd import event, posted
from tests.scenarios.events.organisers import drafted, organiser
from tests.scenarios.events.test_templates_and_plan import planned
from tests.stage import stage, until

BOT = ("view_channel", "send_messages", "embed_links", "read_message_history", "manage_roles")


async def test_a_role_that_a_member_may_not_give_comes_by_no_template_and_no_duplicate(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        scene.guild.set_bot_permissions(*BOT)
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        role = scene.guild.add_role("Raiders")
        made = await event(scene, steward, hall, role_id=role.id)
        await olga.run("/event template save", name="raid", event=str(made.id))
        preview = await drafted(olga, hall, template="raid")
        assert "you need Manage Roles" in (await olga.click(preview, "Post")).content
        preview = await drafted(olga, hall, command="/event duplicate", event=str(made.id), when="tomorrow 20:00")
        assert "you need Manage Roles" in (await olga.click(preview, "Post")).content
        assert "you need Manage Roles" in (await planned(olga, hall, template="raid")).content
        assert len(await coming_up(steward.store, scene.guild.id)) == 1


async def test_an_event_is_not_duplicated_into_a_channel_where_the_member_may_not_write(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        news = scene.guild.add_text_channel("news")
        made = await event(scene, steward, news)
        await posted(news)
        news.deny(scene.guild.everyone, "send_messages")
        preview = await drafted(olga, hall, command="/event duplicate", event=str(made.id), when="tomorrow 20:00")
        assert f"in <#{hall.id}>" in preview.content


async def test_an_edit_begun_with_manage_events_is_not_saved_without(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        made = await event(scene, steward, hall)
        panel = await olga.run("/event edit", event=str(made.id))
        panel = await olga.submit(await olga.click(panel, "Change the text"), title="Mine now")
        for role_id in list(olga.role_ids):
            olga.take(role_id)
        assert "need Manage Events" in (await olga.click(panel, "Save")).content
        assert (await whole(steward.store, made.id)).event.details.title == "Raid night"


async def test_neither_a_poll_nor_a_report_comes_to_a_channel_where_the_member_may_not_write(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        news = scene.guild.add_text_channel("news")
        news.deny(scene.guild.everyone, "send_messages")
        news.allow(scene.guild.members.get(scene.sim.bot.user.id), "send_messages")
        refused = [
            await olga.run("/poll when", news, title="Quiz", times="friday 20:00; saturday 20:00"),
            await olga.run("/events report", hall, channel=news),
        ]
        assert all("You can't write in" in reply.content for reply in refused)
        assert "No channel is set" in (await olga.run("/events report", hall, time="10:00")).content
        await asyncio.sleep(5)
        assert not news.messages


async def test_buttons_are_of_the_server_that_their_event_or_poll_is_in(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        made = await event(scene, steward, hall)
        post = await posted(hall)
        await olga.run("/poll when", hall, title="Quiz", times="friday 20:00; saturday 20:00")
        await until(lambda: len(hall.messages) == 2)
        poll = hall.messages[-1]
        elsewhere = scene.sim.add_guild("Elsewhere")
        lobby, mallory = elsewhere.add_text_channel("lobby"), elsewhere.join("mallory")
        for number, original in enumerate((post, poll)):
            payload = {"content": "Forged", "components": original.components}
            await steward.store.write(partial(outbox.put, key=f"{number}", channel_id=lobby.id, payload=payload))
        await until(lambda: len(lobby.messages) == 2)
        answers = [await mallory.click(lobby.messages[0], name) for name in ("Yes", "Who's coming", "Add a note")]
        answers += [
            await mallory.click(lobby.messages[1], name) for name in ("1. Fri 9 Jan 2026, 20:00", "Close the poll")
        ]
        assert all("n't there any more" in answer.content for answer in answers), answers
        assert (await whole(steward.store, made.id)).answers == []
