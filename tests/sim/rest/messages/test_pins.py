"""Pinned messages, by the old and new routes."""

from __future__ import annotations

import asyncio
from typing import Any

import discord
import pytest

from steward.runtime.clock import Clock
from tests.sim.rest.resources import channel_of, library
from tests.sim.rest_client import rest

MAY = ("view_channel", "read_message_history", "pin_messages")


@pytest.mark.parametrize("path", ["messages/pins", "pins"])
async def test_messages_are_pinned_and_unpinned(clock: Clock, path):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=MAY)
        chat, alice = guild.add_text_channel("chat"), guild.join("alice")
        first, second = alice.say(chat, "one"), alice.say(chat, "two")
        for message in (first, second):
            assert (await client.call("PUT", f"/channels/{chat.id}/{path}/{message.id}")).status == 204
            await asyncio.sleep(1)
        page = await client.get(f"/channels/{chat.id}/messages/pins?limit=1")
        assert (page["items"][0]["message"]["id"], page["has_more"]) == (str(second.id), True)
        old = await client.get(
            f"/channels/{chat.id}/messages/pins?before={page['items'][0]['pinned_at']}".replace("+", "%2B")
        )
        assert [item["message"]["content"] for item in old["items"]] == ["one"]
        assert [found["content"] for found in await client.get(f"/channels/{chat.id}/pins")] == ["two", "one"]
        assert (await client.call("DELETE", f"/channels/{chat.id}/{path}/{first.id}")).status == 204
        assert len((await client.get(f"/channels/{chat.id}/messages/pins"))["items"]) == 1
        assert [message.kind for message in chat.messages] == [0, 0, 6, 6]


async def test_pins_need_their_permission_and_a_valid_cursor(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=("view_channel", "manage_messages"))
        chat, alice = guild.add_text_channel("chat"), guild.join("alice")
        answered = await client.call("PUT", f"/channels/{chat.id}/messages/pins/{alice.say(chat, 'one').id}")
        assert (answered.status, answered.body["code"]) == (403, 50013)
        for before in ("x", "2026-01-01T00:00:00"):
            answered = await client.call("GET", f"/channels/{chat.id}/messages/pins?before={before}")
            assert (answered.status, answered.body["code"]) == (400, 50035)


async def test_a_pin_is_sent_as_a_message_update_too(clock: Clock):
    async with library(clock, permissions=(*MAY, "send_messages")) as (guild, seen, client):
        chat, alice = channel_of(guild, "chat"), guild.join("alice")
        message = alice.say(chat, "one")
        found = await seen.get_channel(chat.id).fetch_message(message.id)
        told: list[bool] = []
        client.event(_hears(told))
        await found.pin()
        await found.unpin()
        await asyncio.sleep(1)
        assert told == [True, False]


def _hears(told: list[bool]) -> Any:
    async def on_raw_message_edit(payload: discord.RawMessageUpdateEvent) -> None:
        told.append(payload.data["pinned"])

    return on_raw_message_edit


async def test_pins_of_members_are_limited(clock: Clock):
    async with rest(clock) as (sim, _):
        guild = sim.add_guild("Penguins", permissions=MAY)
        chat, alice = guild.add_text_channel("chat"), guild.join("alice")
        alice.give(guild.add_role("Keeper", "pin_messages").id)
        for number in range(250):
            alice.say(chat, str(number)).pinned_at = sim.world.clock.now()
        with pytest.raises(ValueError, match="the maximum"):
            alice.pin(alice.say(chat, "one more"))
