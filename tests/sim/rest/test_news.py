"""Announcements that are followed, and webhooks in the words of Slack and GitHub."""

from __future__ import annotations

import asyncio
from typing import Any

import discord
import pytest

from steward.runtime.clock import Clock
from steward.sim.channel import ANNOUNCEMENT
from steward.sim.webhook import Webhook
from tests.sim.rest.resources import channel_of, library
from tests.sim.rest_client import rest


async def test_what_is_published_comes_to_those_who_follow_once(clock: Clock):
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


async def test_a_text_channel_is_neither_followed_nor_published(clock: Clock):
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
async def test_services_write_in_their_own_words(clock: Clock, way: str, body: Any, content: str, titles: list[str]):
    async with rest(clock) as (sim, client):
        chat = sim.add_guild("Penguins").add_text_channel("chat")
        webhook = Webhook(sim.world.snowflakes.next(), "secret", "Herald", chat, sim.bot)
        sim.world.webhooks[webhook.id] = webhook
        path = f"/webhooks/{webhook.id}/secret/{way}"
        assert (await client.call("POST", path, json=body)).status == (200 if way == "slack" else 204)
        (sent,) = chat.messages
        assert (sent.content, [embed["title"] for embed in sent.embeds]) == (content, titles)
        assert (await client.call("POST", path.replace("secret", "wrong"), json=body)).body["code"] == 50027
