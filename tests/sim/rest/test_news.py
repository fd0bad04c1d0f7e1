"""Followed announcement channels, and webhooks in Slack's and GitHub's formats."""

from __future__ import annotations

import asyncio
from typing import Any

import discord
import pytest

from steward.runtime.clock import Clock
from steward.sim.channels.channel import ANNOUNCEMENT
from steward.sim.guilds.webhook import Webhook
from tests.sim.rest.resources import channel_of, library
from tests.sim.rest_client import rest


async def test_a_crosspost_reaches_each_follower_once(clock: Clock):
    async with library(clock) as (guild, seen, client):
        source = guild.insert(guild.new_channel("bulletin", ANNOUNCEMENT))
        await asyncio.sleep(1)
        bulletin, chat = seen.get_channel(source.id), seen.get_channel(channel_of(guild, "chat").id)
        assert isinstance(bulletin, discord.TextChannel)
        assert isinstance(chat, discord.TextChannel)
        webhook = await bulletin.follow(destination=chat)
        sent = await bulletin.send("Ice is thick")
        await sent.publish()
        with pytest.raises(discord.HTTPException) as refused:
            await sent.publish()
        assert refused.value.code == 40033
        notice, copy = channel_of(guild, "chat").messages
        assert (notice.kind, copy.content, copy.webhook_id) == (12, "Ice is thick", webhook.id)
        assert copy.flags & 2
        (listed,) = await chat.webhooks()
        assert listed.type is discord.WebhookType.channel_follower
        assert listed.source_channel is not None
        assert listed.source_channel.id == source.id
        await asyncio.sleep(1)
        assert "message_edit" in client.names_heard() or "raw_message_edit" in client.names_heard()


async def test_a_text_channel_is_neither_followed_nor_crossposted(clock: Clock):
    async with library(clock) as (guild, seen, _):
        chat, alice = channel_of(guild, "chat"), guild.join("alice")
        message = alice.say(chat, "hi")
        found = await seen.get_channel(chat.id).fetch_message(message.id)
        with pytest.raises(discord.HTTPException) as refused:
            await found.publish()
        assert refused.value.code == 50024


@pytest.mark.parametrize(
    ("way", "body", "content", "titles"),
    [
        ("slack", {"text": "hi", "username": "Bot"}, "hi", []),
        ("slack", {"attachments": [{"title": "Build", "text": "done", "title_link": "https://x.org"}]}, "", ["Build"]),
        (
            "github",
            {
                "sender": {"login": "al"}, "repository": {"full_name": "a/b"},
                "commits": [{"id": "0123456789", "message": "Mend it"}],
            },
            "", ["[a/b] 1 new commit"],
        ),
        (
            "github",
            {"sender": {"login": "al"}, "action": "opened", "issue": {"number": 5, "title": "Cold"}},
            "", ["Issue opened #5: Cold"],
        ),
    ],
)  # fmt: skip
async def test_services_post_in_their_own_formats(clock: Clock, way: str, body: Any, content: str, titles: list[str]):
    async with rest(clock) as (sim, client):
        chat = sim.add_guild("Penguins").add_text_channel("chat")
        webhook = Webhook(sim.world.snowflakes.next(), "secret", "Herald", chat, sim.bot)
        sim.world.webhooks[webhook.id] = webhook
        path = f"/webhooks/{webhook.id}/secret/{way}"
        assert (await client.call("POST", path, json=body)).status == (200 if way == "slack" else 204)
        (sent,) = chat.messages
        assert (sent.content, [embed["title"] for embed in sent.embeds]) == (content, titles)
        assert (await client.call("POST", path.replace("secret", "wrong"), json=body)).body["code"] == 50027


@pytest.mark.parametrize(
    "body",
    [
        {"comment": []}, {"comment": "hi"}, {"release": []}, {"release": 5}, {"review": {}}, {"issue": []},
        {"review": {}, "pull_request": []}, {"pull_request": "x"}, {"commits": {}}, {"commits": 5}, {"commits": [5]},
    ],
    ids=str,
)  # fmt: skip
async def test_a_malformed_github_event_is_ignored(clock: Clock, body: Any):
    async with rest(clock) as (sim, client):
        chat = sim.add_guild("Penguins").add_text_channel("chat")
        webhook = Webhook(sim.world.snowflakes.next(), "secret", "Herald", chat, sim.bot)
        sim.world.webhooks[webhook.id] = webhook
        path = f"/webhooks/{webhook.id}/secret/github"
        answered = await client.call("POST", path, json={"sender": {"login": "a"}} | body)
        assert (answered.status, list(chat.messages)) == (204, [])


async def test_a_comment_without_an_issue_object_has_no_title(clock: Clock):
    async with rest(clock) as (sim, client):
        chat = sim.add_guild("Penguins").add_text_channel("chat")
        webhook = Webhook(sim.world.snowflakes.next(), "secret", "Herald", chat, sim.bot)
        sim.world.webhooks[webhook.id] = webhook
        body = {"sender": {"login": "a"}, "comment": {"body": "Nice"}, "issue": ["x"], "repository": 5}
        await client.call("POST", f"/webhooks/{webhook.id}/secret/github", json=body)
        (sent,) = chat.messages
        assert (sent.embeds[0]["title"], sent.embeds[0]["description"]) == ("New comment: ", "Nice")


@pytest.mark.parametrize("way", ["slack", "github"])
async def test_the_token_is_checked_before_the_body(clock: Clock, way: str):
    async with rest(clock) as (sim, client):
        chat = sim.add_guild("Penguins").add_text_channel("chat")
        webhook = Webhook(sim.world.snowflakes.next(), "secret", "Herald", chat, sim.bot)
        sim.world.webhooks[webhook.id] = webhook
        for body in ({"sender": {"login": "a"}, "comment": []}, {"sender": 5}, {"text": 5}, {"attachments": 5}):
            answered = await client.call("POST", f"/webhooks/{webhook.id}/guess/{way}", json=body)
            assert (answered.status, answered.body["code"]) == (401, 50027)


async def test_a_followers_webhook_accepts_no_messages(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=("view_channel", "manage_webhooks", "send_messages"))
        source, chat = guild.insert(guild.new_channel("bulletin", ANNOUNCEMENT)), guild.add_text_channel("chat")
        asked = {"webhook_channel_id": str(chat.id)}
        followed = await client.call("POST", f"/channels/{source.id}/followers", json=asked)
        one, seen = f"/webhooks/{followed.body['webhook_id']}", len(chat.messages)
        for token in ("None", "null", "%20"):
            answered = await client.call("POST", f"{one}/{token}", json={"content": "Mine!"})
            assert (answered.status, answered.body["code"]) == (401, 50027)
        for way in ("slack", "github", "messages/@original"):
            assert (await client.call("POST", f"{one}//{way}", json={"text": "Mine!"})).status == 404
        assert len(chat.messages) == seen


async def test_the_notice_of_a_followed_channel_cannot_be_edited(clock: Clock):
    async with library(clock) as (guild, seen, _):
        source, chat = guild.insert(guild.new_channel("bulletin", ANNOUNCEMENT)), channel_of(guild, "chat")
        await asyncio.sleep(1)
        await seen.get_channel(source.id).follow(destination=seen.get_channel(chat.id))
        (notice,) = chat.messages
        found = await seen.get_channel(chat.id).fetch_message(notice.id)
        with pytest.raises(discord.Forbidden) as refused:
            await found.edit(content="Mine")
        assert refused.value.code == 50021
