"""Reactions, by bots and by members."""

from __future__ import annotations

from dataclasses import replace

import pytest

from steward.runtime.clock import Clock
from steward.sim import Limits, Rate
from tests.sim.rest_client import rest

QUICK = replace(Limits(), reactions=Rate(1000, 1.0))
MAY = ("view_channel", "read_message_history", "add_reactions", "manage_messages")


async def test_a_reaction_is_counted_listed_and_removed(clock: Clock):
    async with rest(clock, limits=QUICK) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=MAY)
        chat, alice = guild.add_text_channel("chat"), guild.join("alice")
        message = alice.say(chat, "hi")
        path = f"/channels/{chat.id}/messages/{message.id}"
        alice.react(message, "👍")
        alice.react(message, "👍")
        assert (await client.call("PUT", f"{path}/reactions/👍/@me")).status == 204
        (found,) = (await client.get(path))["reactions"]
        assert (found["emoji"]["name"], found["count"], found["me"]) == ("👍", 2, True)
        users = await client.get(f"{path}/reactions/👍")
        assert {user["id"] for user in users} == {str(alice.id), str(sim.bot.id)}
        await client.call("DELETE", f"{path}/reactions/👍/@me")
        await client.call("DELETE", f"{path}/reactions/👍/{alice.id}")
        assert "reactions" not in await client.get(path)


async def test_an_invalid_emoji_is_unknown(clock: Clock):
    async with rest(clock, limits=QUICK) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=MAY)
        chat, alice = guild.add_text_channel("chat"), guild.join("alice")
        message = alice.say(chat, "hi")
        for name in ("yes", "é", "$", "^", "°", "custom:5"):
            answered = await client.call("PUT", f"/channels/{chat.id}/messages/{message.id}/reactions/{name}/@me")
            assert (answered.status, answered.body["code"]) == (400, 10014) or answered.body["code"] == 10014
            with pytest.raises(ValueError, match="not an emoji"):
                alice.react(message, name)
        for name in ("❤️", "1️⃣", "🇩🇪", "‼️", "\u2139\ufe0f", "↔️", "©️"):
            alice.react(message, name)


async def test_reactions_need_permission_and_are_at_most_twenty(clock: Clock):
    async with rest(clock, limits=QUICK) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=MAY)
        chat, alice = guild.add_text_channel("chat"), guild.join("alice")
        message = alice.say(chat, "hi")
        path = f"/channels/{chat.id}/messages/{message.id}/reactions"
        chat.deny("everyone", "add_reactions")
        with pytest.raises(PermissionError, match="alice may not add reactions"):
            alice.react(message, "👍")
        role = next(role for role in guild.roles.values() if role.bot_id == sim.bot.id)
        chat.allow(role, "add_reactions")
        for place in range(20):
            assert (await client.call("PUT", f"{path}/{chr(0x1F600 + place)}/@me")).status == 204
        answered = await client.call("PUT", f"{path}/👍/@me")
        assert (answered.status, answered.body["code"]) == (400, 30010)
        assert (await client.call("DELETE", f"{path}/😀")).status == 204
        assert len(message.reactions) == 19
        assert (await client.call("DELETE", path)).status == 204
        assert message.reactions == []


async def test_all_changes_of_reactions_share_one_bucket(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=MAY)
        chat, alice = guild.add_text_channel("chat"), guild.join("alice")
        path = f"/channels/{chat.id}/messages/{alice.say(chat, 'hi').id}/reactions/👍/@me"
        put, delete = await client.call("PUT", path), await client.call("DELETE", path)
        assert (put.status, delete.status, delete.body["retry_after"]) == (204, 429, 0.25)
        assert put.headers["X-RateLimit-Bucket"] == delete.headers["X-RateLimit-Bucket"]
