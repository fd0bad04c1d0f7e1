"""Routes of threads."""

from __future__ import annotations

import asyncio

import discord

from steward.runtime.clock import Clock
from steward.sim import Simulator
from steward.sim.channels import threads
from steward.sim.guilds.permissions import BITS
from tests.sim.discord_client import logged_in
from tests.sim.rest_client import rest

MAY = (
    "view_channel", "read_message_history", "create_public_threads", "create_private_threads",
    "send_messages_in_threads", "manage_threads",
)  # fmt: skip


async def test_a_thread_is_created_joined_archived_and_unarchived(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=MAY)
        chat, alice = guild.add_text_channel("chat"), guild.join("alice")
        made = await client.call("POST", f"/channels/{chat.id}/threads", json={"name": "Fish", "type": 11})
        assert (made.status, made.body["member"]["user_id"]) == (201, str(sim.bot.id))
        one = f"/channels/{made.body['id']}"
        assert (await client.call("PUT", f"{one}/thread-members/{alice.id}")).status == 204
        assert len(await client.get(f"{one}/thread-members")) == 2
        assert (await client.call("DELETE", f"{one}/thread-members/@me")).status == 204
        assert [found["user_id"] for found in await client.get(f"{one}/thread-members")] == [str(alice.id)]
        active = await client.get(f"/guilds/{guild.id}/threads/active")
        assert [found["name"] for found in active["threads"]] == ["Fish"]
        changed = await client.call("PATCH", one, json={"archived": True})
        assert changed.body["thread_metadata"]["archived"]
        answered = await client.call("PUT", f"{one}/thread-members/@me")
        assert (answered.status, answered.body["code"]) == (400, 50083)
        archived = await client.get(f"/channels/{chat.id}/threads/archived/public")
        assert [found["name"] for found in archived["threads"]] == ["Fish"]
        assert (await client.call("POST", f"{one}/messages", json={"content": "wake up"})).status == 200
        assert not (await client.get(one))["thread_metadata"]["archived"]
        assert (await client.call("DELETE", one)).status == 200
        assert (await client.call("GET", one)).status == 404
        heard = sim.recorder.dispatched
        names = ("THREAD_CREATE", "THREAD_MEMBERS_UPDATE", "THREAD_UPDATE", "THREAD_DELETE")
        assert [heard[name] for name in names] == [1, 2, 2, 1]


async def test_a_message_has_one_thread_with_its_id(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=MAY)
        chat, alice = guild.add_text_channel("chat"), guild.join("alice")
        message = alice.say(chat, "Fish?")
        path = f"/channels/{chat.id}/messages/{message.id}/threads"
        made = await client.call("POST", path, json={"name": "Fish"})
        assert (made.status, made.body["id"]) == (201, str(message.id))
        answered = await client.call("POST", path, json={"name": "Fish"})
        assert (answered.status, answered.body["code"]) == (400, 160004)
        answered = await client.call("POST", f"/channels/{made.body['id']}/threads", json={"name": "x", "type": 11})
        assert (answered.status, answered.body["code"]) == (400, 50024)


async def test_threads_need_permission_and_valid_fields(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=MAY)
        path = f"/channels/{guild.add_text_channel('chat').id}/threads"
        for wrong in ({"name": "x" * 101}, {}, {"name": "x", "auto_archive_duration": 61}, {"name": "x", "type": 5}):
            answered = await client.call("POST", path, json=wrong)
            assert (answered.status, answered.body["code"]) == (400, 50035)
        guild.set_bot_permissions("view_channel")
        guild.everyone.permissions &= ~BITS["create_public_threads"]
        answered = await client.call("POST", path, json={"name": "x", "type": 11})
        assert (answered.status, answered.body["code"]) == (403, 50013)


async def test_discord_py_opens_a_thread_and_talks_in_it(clock: Clock):
    async with Simulator(clock=clock) as sim:
        guild = sim.add_guild("Penguins", permissions=MAY)
        chat = guild.add_text_channel("chat")
        async with logged_in(sim) as client:
            channel = client.get_channel(chat.id)
            assert isinstance(channel, discord.TextChannel)
            thread = await channel.create_thread(name="Fish", type=discord.ChannelType.public_thread)
            await thread.send("hello")
            await thread.edit(archived=True)
            (found,) = guild.threads.values()
            assert ([message.content for message in found.messages], found.archived) == (["hello"], True)
            assert "thread_create" in client.names_heard()


async def test_an_archived_thread_is_unchangeable_until_a_message(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=(*MAY, "add_reactions", "manage_messages", "pin_messages"))
        chat = guild.add_text_channel("chat")
        made = await client.call("POST", f"/channels/{chat.id}/threads", json={"name": "Fish", "type": 11})
        one = f"/channels/{made.body['id']}"
        ids = [
            (await client.call("POST", f"{one}/messages", json={"content": text})).body["id"] for text in ("one", "two")
        ]
        await client.call("PATCH", one, json={"archived": True})
        message, heart = f"{one}/messages/{ids[0]}", "%E2%9D%A4"
        for method, path, body in (
            ("PATCH", message, {"content": "new"}),
            ("DELETE", message, None),
            ("POST", f"{one}/messages/bulk-delete", {"messages": ids}),
            ("PUT", f"{message}/reactions/{heart}/@me", None),
            ("DELETE", f"{message}/reactions/{heart}/@me", None),
            ("DELETE", f"{message}/reactions/{heart}", None),
            ("DELETE", f"{message}/reactions", None),
            ("PUT", f"{one}/messages/pins/{ids[0]}", None),
            ("DELETE", f"{one}/messages/pins/{ids[0]}", None),
        ):
            await asyncio.sleep(1)  # reactions have a bucket of their own
            refused = await client.call(method, path, json=body)
            assert (refused.status, refused.body["code"]) == (400, 50083), (method, path)
        assert (await client.get(message))["content"] == "one"
        await client.call("POST", f"{one}/messages", json={"content": "awake"})
        assert (await client.call("PATCH", message, json={"content": "new"})).status == 200


async def test_members_who_may_write_may_reopen_a_thread_unless_locked(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=MAY)
        chat = guild.add_text_channel("chat")
        made = await client.call("POST", f"/channels/{chat.id}/threads", json={"name": "Fish", "type": 11})
        one, thread = f"/channels/{made.body['id']}", guild.threads[int(made.body["id"])]
        thread.owner_id = guild.join("alice").id
        guild.set_bot_permissions("view_channel", "send_messages_in_threads")
        thread.archive(archived=True)
        assert (await client.call("PATCH", one, json={"archived": False})).status == 200
        refused = await client.call("PATCH", one, json={"archived": False, "name": "Birds"})
        assert (refused.status, refused.body["code"]) == (403, 50013)
        thread.archive(archived=True)
        thread.locked = True
        refused = await client.call("PATCH", one, json={"archived": False})
        assert (refused.status, refused.body["code"]) == (403, 50013)


async def test_a_forum_accepts_posts_but_no_messages(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=(*MAY, "send_messages"))
        forum = guild.add_forum("ideas")
        refused = await client.call("POST", f"/channels/{forum.id}/messages", json={"content": "x"})
        assert (refused.status, refused.body["code"]) == (400, 50008)
        path = f"/channels/{forum.id}/threads"
        for wrong, field in (({"name": "Fish"}, "message"), ({"name": "x", "message": {"content": 5}}, "message")):
            refused = await client.call("POST", path, json=wrong)
            assert (refused.status, list(refused.body["errors"])) == (400, [field])
        refused = await client.call("POST", path, json={"name": "Fish", "message": {}})
        assert (refused.status, refused.body["code"]) == (400, 50006)
        made = await client.call("POST", path, json={"name": "Fish", "message": {"content": "more fish"}})
        assert (made.status, made.body["message"]["id"]) == (201, made.body["id"])
        assert [message.content for message in guild.threads[int(made.body["id"])].messages] == ["more fish"]
        await client.call("PATCH", f"/channels/{made.body['id']}", json={"archived": True})
        archived = await client.get(f"/channels/{forum.id}/threads/archived/public")
        assert [found["name"] for found in archived["threads"]] == ["Fish"]


async def test_discord_py_posts_in_a_forum_and_reads_a_stage(clock: Clock):
    async with Simulator(clock=clock) as sim:
        guild = sim.add_guild("Penguins", permissions=(*MAY, "send_messages", "connect"))
        forum, stage, alice = guild.add_forum("ideas"), guild.add_stage_channel("talk"), guild.join("alice")
        async with logged_in(sim) as client:
            channel = client.get_channel(forum.id)
            assert isinstance(channel, discord.ForumChannel)
            made = await channel.create_thread(name="Fish", content="more fish")
            assert (made.thread.id, made.message.content) == (made.message.id, "more fish")
            hall = client.get_channel(stage.id)
            assert isinstance(hall, discord.StageChannel)
            assert hall.bitrate == stage.bitrate
            alice.join_voice(stage)
            await hall.send("welcome")
            assert [message.content for message in stage.messages] == ["welcome"]


async def test_archive_durations_are_those_of_discord(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=MAY)
        thread = threads.open_thread(guild.add_text_channel("chat"), "x", sim.bot.id, 11)
        path = f"/channels/{thread.id}"
        wrong = await client.call("PATCH", path, json={"auto_archive_duration": 61})
        assert (wrong.status, list(wrong.body["errors"])) == (400, ["auto_archive_duration"])
        right = await client.call("PATCH", path, json={"auto_archive_duration": "60"})
        assert right.body["thread_metadata"]["auto_archive_duration"] == 60


async def test_a_rate_limited_rename_keeps_the_tags_of_a_post(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=(*MAY, "manage_channels", "manage_threads"))
        forum = guild.add_forum("ideas")
        tags = [{"name": "old"}, {"name": "new"}]
        made = await client.call("PATCH", f"/channels/{forum.id}", json={"available_tags": tags})
        old, new = (tag["id"] for tag in made.body["available_tags"])
        post = threads.open_thread(forum, "x", sim.bot.id, 11, tags=[old])
        for name in ("a", "b"):
            assert (await client.call("PATCH", f"/channels/{post.id}", json={"name": name})).status == 200
        late = await client.call("PATCH", f"/channels/{post.id}", json={"name": "c", "applied_tags": [new]})
        assert (late.status, post.name, post.tags) == (429, "b", [old])
