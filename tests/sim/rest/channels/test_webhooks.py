"""Routes of webhooks, by bots and by token."""

from __future__ import annotations

from typing import Any

import discord

from steward.runtime.clock import Clock
from steward.sim import Simulator
from steward.sim.guilds.webhook import Webhook
from tests.sim.discord_client import logged_in
from tests.sim.rest_client import rest

MAY = ("manage_webhooks", "view_channel", "send_messages", "read_message_history")


async def test_a_webhook_is_created_listed_edited_and_deleted(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=MAY)
        chat = guild.add_text_channel("chat")
        made = await client.call("POST", f"/channels/{chat.id}/webhooks", json={"name": "Herald"})
        assert (made.status, made.body["type"]) == (200, 1)
        for path in (f"/channels/{chat.id}", f"/guilds/{guild.id}"):
            assert [found["id"] for found in await client.get(f"{path}/webhooks")] == [made.body["id"]]
        other = guild.add_text_channel("other")
        one = f"/webhooks/{made.body['id']}"
        changed = await client.call("PATCH", one, json={"name": "Crier", "channel_id": str(other.id)})
        assert (changed.body["name"], changed.body["channel_id"]) == ("Crier", str(other.id))
        assert (await client.call("DELETE", one)).status == 204
        answered = await client.call("GET", one)
        assert (answered.status, answered.body["code"]) == (404, 10015)
        assert sim.recorder.dispatched["WEBHOOKS_UPDATE"] == 3


async def test_the_token_permits_sending_reading_editing_and_deleting(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=MAY)
        chat = guild.add_text_channel("chat")
        made = await client.call("POST", f"/channels/{chat.id}/webhooks", json={"name": "Herald"})
        by_token = f"/webhooks/{made.body['id']}/{made.body['token']}"
        nobody: dict[str, Any] = {"headers": {"Authorization": ""}}
        quiet = await client.call("POST", by_token, json={"content": "one"}, **nobody)
        assert (quiet.status, quiet.body) == (204, None)
        loud = await client.call("POST", f"{by_token}?wait=true", json={"content": "two", "username": "Al"}, **nobody)
        assert (loud.status, loud.body["author"]["username"], loud.body["webhook_id"]) == (200, "Al", made.body["id"])
        one = f"{by_token}/messages/{loud.body['id']}"
        assert (await client.call("PATCH", one, json={"content": "three"}, **nobody)).body["content"] == "three"
        assert (await client.get(one))["content"] == "three"
        assert (await client.call("DELETE", one, **nobody)).status == 204
        assert [message.content for message in chat.messages] == ["one"]
        assert "user" not in await client.get(by_token)
        assert (await client.call("PATCH", by_token, json={"name": "New"}, **nobody)).body["name"] == "New"
        assert (await client.call("DELETE", by_token, **nobody)).status == 204


async def test_a_wrong_token_is_refused(clock: Clock):
    async with rest(clock) as (sim, client):
        chat = sim.add_guild("Penguins", permissions=MAY).add_text_channel("chat")
        made = await client.call("POST", f"/channels/{chat.id}/webhooks", json={"name": "Herald"})
        answered = await client.call("POST", f"/webhooks/{made.body['id']}/wrong", json={"content": "x"})
        assert (answered.status, answered.body["code"]) == (401, 50027)
        answered = await client.call("POST", "/webhooks/5/wrong", json={"content": "x"})
        assert (answered.status, answered.body["code"]) == (404, 10015)


async def test_webhooks_are_limited_in_number_and_names(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=MAY)
        chat = guild.add_text_channel("chat")
        path = f"/channels/{chat.id}/webhooks"
        for name in ("my Discord hook", "x" * 81, None):
            answered = await client.call("POST", path, json={"name": name})
            assert "name" in answered.body["errors"]
        for number in range(15):
            sim.world.webhooks[number] = Webhook(number, "t", "x", chat, sim.bot)
        answered = await client.call("POST", path, json={"name": "one more"})
        assert (answered.status, answered.body["code"]) == (400, 30007)
        guild.set_bot_permissions("view_channel")
        answered = await client.call("GET", path)
        assert (answered.status, answered.body["code"]) == (403, 50013)


async def test_discord_py_writes_through_a_webhook(clock: Clock):
    async with Simulator(clock=clock) as sim:
        guild = sim.add_guild("Penguins", permissions=MAY)
        chat = guild.add_text_channel("chat")
        async with logged_in(sim) as client:
            channel = client.get_channel(chat.id)
            assert isinstance(channel, discord.TextChannel)
            webhook = await channel.create_webhook(name="Herald")
            sent = await webhook.send("hi", username="Al", wait=True)
            await sent.edit(content="ho")
            assert [(message.content, message.author.name) for message in chat.messages] == [("ho", "Al")]
            await sent.delete()
            await webhook.delete()
