"""Emoji of guilds and applications, and sounds."""

from __future__ import annotations

import asyncio

import discord
import pytest

from steward.runtime.clock import Clock
from steward.sim import Simulator
from tests.sim.gateway_client import GUILDS, connected
from tests.sim.rest.resources import EVERYTHING, PICTURE, PNG, channel_of, library, own_member
from tests.sim.rest_client import rest

GIF = b"GIF89a" + b"x" * 20
SOUND = b"ID3" + b"x" * 20
EXPRESSIONS = 1 << 3


async def test_discord_py_creates_edits_and_deletes_an_emoji(clock: Clock):
    async with library(clock) as (guild, seen, client):
        made = await seen.create_custom_emoji(name="fish", image=GIF, reason="hungry")
        assert (made.name, made.animated) == ("fish", True)
        assert client.user is not None
        assert (await seen.fetch_emoji(made.id)).user == client.user
        assert (await made.edit(name="eel")).name == "eel"
        await made.delete()
        assert guild.emojis == {}
        await asyncio.sleep(1)
        assert client.names_heard().count("guild_emojis_update") == 3
        _, changed, *_ = entries = guild.audit_log.entries()
        assert [entry.action for entry in entries][:3] == [62, 61, 60]
        assert changed.changes == [{"key": "name", "old_value": "fish", "new_value": "eel"}]


async def test_the_gateway_omits_the_creator_of_an_emoji(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        guild = sim.add_guild("Penguins")
        guild.emojis[5] = {"id": "5", "name": "fish", "user": sim.bot.user.payload()}
        await client.log_in(GUILDS | EXPRESSIONS)
        created = await client.event("GUILD_CREATE")
        assert created["emojis"] == [{"id": "5", "name": "fish"}]
        guild.emojis_changed()
        assert (await client.event("GUILD_EMOJIS_UPDATE"))["emojis"] == created["emojis"]


async def test_emoji_of_others_need_another_permission(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=("create_guild_expressions",))
        path = f"/guilds/{guild.id}/emojis"
        made = await client.call("POST", path, json={"name": "fish", "image": PICTURE})
        assert made.status == 201
        own = f"{path}/{made.body['id']}"
        assert (await client.call("PATCH", own, json={"name": "eel"})).status == 200
        guild.emojis[int(made.body["id"])]["user"] = {"id": "5"}
        assert (await client.call("PATCH", own, json={"name": "eel"})).body["code"] == 50013
        guild.set_bot_permissions("manage_guild_expressions")
        assert (await client.call("DELETE", own)).status == 204


async def test_an_emoji_of_the_setup_has_no_creator(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=("create_guild_expressions",))
        path = f"/guilds/{guild.id}/emojis/{guild.add_emoji('fish').partition(':')[2]}"
        assert (await client.call("DELETE", path)).body["code"] == 50013
        guild.set_bot_permissions("manage_guild_expressions")
        assert (await client.call("DELETE", path)).status == 204


async def test_a_guild_without_boosts_has_at_most_fifty_emoji(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=EVERYTHING)
        for number in range(50):
            guild.add_emoji(f"fish{number}")
        path, body = f"/guilds/{guild.id}/emojis", {"name": "eel", "image": PICTURE}
        assert (await client.call("POST", path, json=body)).body["code"] == 30008
        guild.set_boosts(2)
        assert (await client.call("POST", path, json=body)).status == 201


async def test_discord_py_manages_emoji_of_the_application(clock: Clock):
    async with library(clock) as (_, _, client):
        made = await client.create_application_emoji(name="logo", image=PNG)
        assert [found.name for found in await client.fetch_application_emojis()] == ["logo"]
        assert (await made.edit(name="crest")).name == "crest"
        await made.delete()
        with pytest.raises(discord.NotFound):
            await client.fetch_application_emoji(made.id)


async def test_discord_py_lists_default_sounds_and_creates_one(clock: Clock):
    async with library(clock) as (guild, seen, client):
        assert "quack" in [sound.name for sound in await client.fetch_soundboard_default_sounds()]
        made = await seen.create_soundboard_sound(name="flap", sound=SOUND, volume=0.5, emoji="🐧")
        assert [sound.name for sound in await seen.fetch_soundboard_sounds()] == ["flap"]
        assert (await made.edit(name="flop", volume=1)).volume == 1
        await asyncio.sleep(1)
        assert {"soundboard_sound_create", "soundboard_sound_update"} <= set(client.names_heard())
        await made.delete()
        assert guild.sounds == {}


async def test_discord_py_plays_a_sound_where_it_is_connected(clock: Clock):
    async with library(clock) as (guild, seen, client):
        hall = seen.get_channel(channel_of(guild, "hall").id)
        assert isinstance(hall, discord.VoiceChannel)
        sound = (await client.fetch_soundboard_default_sounds())[0]
        with pytest.raises(discord.HTTPException) as refused:
            await hall.send_sound(sound)
        assert refused.value.code == 40032
        own_member(guild).move_to(channel_of(guild, "hall"))
        await hall.send_sound(sound)
        await asyncio.sleep(1)
        (effect,) = [found for name, found in client.heard if name == "voice_channel_effect"]
        assert (effect.sound.id, effect.user.id) == (sound.id, client.user.id)
