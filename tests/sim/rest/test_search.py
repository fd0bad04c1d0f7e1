"""Searches of messages and threads."""

from __future__ import annotations

import asyncio

import pytest

from steward.runtime.clock import Clock
from tests.sim.rest.resources import EVERYTHING
from tests.sim.rest_client import rest


async def test_messages_are_found_by_words_users_and_channels(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=EVERYTHING)
        chat, news = guild.add_text_channel("chat"), guild.add_text_channel("news")
        alice, bob = guild.join("alice"), guild.join("bob")
        first, second = alice.say(chat, "cold fish"), bob.say(news, "fish and https://ice.org")
        third = bob.say(chat, f"hi <@{alice.id}>")
        path = f"/guilds/{guild.id}/messages/search"
        for query, found in (
            ("content=fish", [second, first]), ("content=FISH%20cold", [first]),
            (f"author_id={bob.id}", [third, second]),
            (f"channel_id={news.id}", [second]), ("has=link", [second]), ("has=-link", [third, first]),
            (f"mentions={alice.id}", [third]), (f"min_id={first.id}&max_id={third.id}", [second]),
            ("content=fish&sort_order=asc", [first, second]), ("limit=1&offset=1", [second]), ("author_type=bot", []),
        ):  # fmt: skip
            await asyncio.sleep(1)
            answered = await client.get(f"{path}?{query}")
            assert [hit["id"] for (hit,) in answered["messages"]] == [str(message.id) for message in found], query
        assert (await client.get(f"{path}?limit=1"))["total_results"] == 3


async def test_unreadable_messages_are_not_found(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=EVERYTHING)
        chat = guild.add_text_channel("chat")
        guild.join("alice").say(chat, "secret")
        chat.deny(sim.bot.user, "read_message_history")
        assert (await client.get(f"/guilds/{guild.id}/messages/search"))["messages"] == []
        blind = sim.add_bot("Blind", privileged_intents=set())
        guild.add_bot(blind, "view_channel", "read_message_history")
        answered = await client.call("GET", f"/guilds/{guild.id}/messages/search", token=blind.token)
        assert answered.body["code"] == 50001


@pytest.mark.parametrize("query", ["limit=26", "offset=9976", "has=fish", "sort_order=up", "author_id=x"])
async def test_an_invalid_search_is_refused(clock: Clock, query: str):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=EVERYTHING)
        answered = await client.call("GET", f"/guilds/{guild.id}/messages/search?{query}")
        assert list(answered.body["errors"]) == [query.partition("=")[0]]


async def test_threads_are_found_by_name_tag_and_state(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=EVERYTHING)
        forum = guild.add_forum("ideas")
        tags = [{"name": "ice"}, {"name": "fish"}]
        made = await client.call("PATCH", f"/channels/{forum.id}", json={"available_tags": tags})
        ice, fish = (tag["id"] for tag in made.body["available_tags"])
        for name, mine in (("One", [ice]), ("Two", [ice, fish]), ("Three", [])):
            body = {"name": name, "message": {"content": name}, "applied_tags": mine}
            assert (await client.call("POST", f"/channels/{forum.id}/threads", json=body)).status == 201
        two = next(thread for thread in guild.threads.values() if thread.name == "Two")
        two.archive(archived=True)
        for query, found in (
            ("name=t", ["Three", "Two"]), (f"tag={ice}", ["Two", "One"]),
            (f"tag={ice},{fish}&tag_setting=match_all", ["Two"]), ("archived=false", ["Three", "One"]),
            ("sort_by=creation_time&sort_order=asc&limit=2", ["One", "Two"]),
        ):  # fmt: skip
            answered = await client.get(f"/channels/{forum.id}/threads/search?{query}")
            assert [thread["name"] for thread in answered["threads"]] == found, query
            assert len(answered["first_messages"]) == len(found)
