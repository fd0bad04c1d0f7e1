"""Stickers with an unmodified discord.py: of guilds, standard ones, in messages."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord
import pytest

from steward.runtime.clock import Clock
from steward.sim import Simulator
from steward.sim.guilds.guild import Guild
from steward.sim.guilds.permissions import BITS
from tests.sim.discord_client import LeanClient, logged_in
from tests.sim.rest_client import rest

PNG = b"\x89PNG\r\n\x1a\n rest"
INTENTS = discord.Intents(guilds=True, expressions=True, guild_messages=True)
MAY = ("view_channel", "send_messages", "create_guild_expressions", "read_message_history")


@asynccontextmanager
async def party(clock: Clock) -> AsyncIterator[tuple[Guild, LeanClient, discord.Guild]]:
    """Yield a guild, a bot, and the guild in the bot's client."""
    async with Simulator(clock=clock) as sim:
        guild = sim.add_guild("Penguins", permissions=MAY)
        guild.add_text_channel("chat")
        async with logged_in(sim, intents=INTENTS) as client:
            seen = client.get_guild(guild.id)
            assert seen is not None
            yield guild, client, seen


def png() -> discord.File:
    return discord.File(io.BytesIO(PNG), "wave.png")


async def test_a_bot_creates_edits_and_deletes_a_sticker_with_events(clock: Clock):
    async with party(clock) as (guild, client, seen):
        made = await seen.create_sticker(name="wave", description="hello", emoji="👋", file=png())
        assert (made.name, made.format, made.emoji) == ("wave", discord.StickerFormatType.png, "👋")
        assert made.user is not None
        assert made.user.id == client.application_id
        edited = await made.edit(name="waves")
        assert (edited.name, edited.description) == ("waves", "hello")
        await asyncio.sleep(1)
        assert [sticker.name for sticker in seen.stickers] == ["waves"]
        assert [sticker.id for sticker in await seen.fetch_stickers()] == [made.id]
        assert (await seen.fetch_sticker(made.id)).name == "waves"
        await made.delete()
        await asyncio.sleep(1)
        assert client.names_heard().count("guild_stickers_update") == 3
        assert seen.stickers == ()
        assert [entry.action for entry in guild.audit_log.entries()] == [92, 91, 90]
        with pytest.raises(discord.NotFound) as refused:
            await client.fetch_sticker(made.id)
        assert refused.value.code == 10060


async def test_messages_show_stickers_of_the_guild_and_of_discord(clock: Clock):
    async with party(clock) as (guild, client, seen):
        hug = guild.add_sticker("hug")
        (pack,) = await client.fetch_premium_sticker_packs()
        assert (await client.fetch_premium_sticker_pack(pack.id)).name == pack.name
        shown: list[Any] = [await seen.fetch_sticker(hug), pack.stickers[0]]
        sent = await seen.text_channels[0].send(stickers=shown)
        assert [sticker.name for sticker in sent.stickers] == ["hug", "Wave"]
        assert (await sent.stickers[0].fetch()).id == hug
        guild.join("alice").say(guild.channels[seen.text_channels[0].id], stickers=[hug])
        await asyncio.sleep(1)
        assert [sticker.id for sticker in client.heard[-1][1].stickers] == [hug]


async def test_a_sticker_of_another_guild_needs_permission_and_membership(clock: Clock):
    async with rest(clock) as (sim, client):
        guild, other = sim.add_guild("Penguins", permissions=MAY), sim.add_guild("Seals")
        chat, alice = guild.add_text_channel("chat"), guild.join("alice")
        external, path = other.add_sticker("seal"), f"/channels/{chat.id}/messages"
        body = {"sticker_ids": [str(external)]}
        guild.everyone.permissions &= ~BITS["use_external_stickers"]
        assert (await client.call("POST", path, json=body)).body["code"] == 50013
        with pytest.raises(PermissionError, match="use external stickers"):
            alice.say(chat, stickers=[external])
        guild.set_bot_permissions(*MAY, "use_external_stickers")
        sent = await client.call("POST", path, json=body)
        assert [item["name"] for item in sent.body["sticker_items"]] == ["seal"]
        changed = await client.call("PATCH", f"{path}/{sent.body['id']}", json=body)
        assert changed.body["code"] == 50080
        other.remove_bot(sim.bot)
        assert (await client.call("POST", path, json=body)).body["code"] == 50081


async def test_stickers_of_webhooks_are_refused(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=("administrator",))
        chat = guild.add_text_channel("chat")
        hook = (await client.call("POST", f"/channels/{chat.id}/webhooks", json={"name": "news"})).body
        body = {"content": "x", "sticker_ids": [str(guild.add_sticker("hug"))]}
        answered = await client.call("POST", f"/webhooks/{hook['id']}/{hook['token']}", json=body)
        assert (answered.status, "drops stickers" in answered.body["message"]) == (400, True)


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"x" * (512 * 1024 + 1), 50045), (b"plain text", 50046), (b'{"v": "5.5.7"}', 50046)],
)
async def test_a_file_that_is_no_picture_or_too_large_is_refused(clock: Clock, content: bytes, code: int):
    async with party(clock) as (_, _, seen):
        with pytest.raises(discord.HTTPException) as refused:
            await seen.create_sticker(
                name="wave", description="", emoji="x", file=discord.File(io.BytesIO(content), "x")
            )
        assert refused.value.code == code


async def test_a_guild_without_boosts_has_at_most_five_stickers(clock: Clock):
    async with party(clock) as (guild, _, seen):
        theirs = guild.add_sticker("first")
        with pytest.raises(discord.Forbidden):
            await (await seen.fetch_sticker(theirs)).delete()
        for number in range(4):
            guild.add_sticker(f"number{number}")
        with pytest.raises(discord.HTTPException) as refused:
            await seen.create_sticker(name="sixth", description="", emoji="x", file=png())
        assert refused.value.code == 30039
        guild.set_boosts(2)
        await seen.create_sticker(name="sixth", description="", emoji="x", file=png())
        guild.set_bot_permissions("view_channel")
        guild.everyone.permissions &= ~BITS["create_guild_expressions"]
        with pytest.raises(discord.Forbidden):
            await seen.create_sticker(name="seventh", description="", emoji="x", file=png())


@pytest.mark.parametrize("animation", [b"\x89PNG\r\n\x1a\n....acTL", b"GIF89a"])
async def test_animated_pictures_are_recognised(clock: Clock, animation: bytes):
    async with party(clock) as (_, _, seen):
        made = await seen.create_sticker(
            name="wave", description="", emoji="x", file=discord.File(io.BytesIO(animation), "x")
        )
        assert made.format.value == (4 if animation.startswith(b"GIF") else 2)
