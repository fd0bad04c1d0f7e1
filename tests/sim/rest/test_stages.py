"""Stage instances, speakers, and the status of voice channels."""

from __future__ import annotations

import asyncio

import discord
import pytest

from steward.runtime.clock import Clock
from tests.sim.rest.resources import channel_of, library, own_member
from tests.sim.rest_client import rest


async def test_discord_py_creates_edits_and_deletes_a_stage(clock: Clock):
    async with library(clock) as (guild, seen, client):
        stage = seen.get_channel(channel_of(guild, "stage").id)
        assert isinstance(stage, discord.StageChannel)
        opened = await stage.create_instance(topic="Penguins", reason="Sunday")
        with pytest.raises(discord.HTTPException) as refused:
            await stage.create_instance(topic="Again")
        assert refused.value.code == 150006
        await opened.edit(topic="Emperors")
        assert (await stage.fetch_instance()).topic == "Emperors"
        await opened.delete()
        with pytest.raises(discord.NotFound) as gone:
            await stage.fetch_instance()
        assert gone.value.code == 10067
        await asyncio.sleep(1)
        names = {"stage_instance_create", "stage_instance_update", "stage_instance_delete"}
        assert names <= set(client.names_heard())
        assert [entry.action for entry in guild.audit_log.entries()][:3] == [85, 84, 83]


async def test_a_stage_ends_with_its_channel(clock: Clock):
    async with library(clock) as (guild, seen, client):
        stage = seen.get_channel(channel_of(guild, "stage").id)
        assert isinstance(stage, discord.StageChannel)
        await stage.create_instance(topic="Penguins")
        channel_of(guild, "stage").delete()
        assert guild.stages == {}
        await asyncio.sleep(1)
        assert "stage_instance_delete" in client.names_heard()


async def test_audience_is_suppressed_until_made_speaker(clock: Clock):
    async with library(clock) as (guild, seen, _):
        stage, alice = channel_of(guild, "stage"), guild.join("alice")
        alice.join_voice(stage)
        assert alice.voice_state()["suppress"]
        await (await seen.fetch_member(alice.id)).edit(suppress=False)
        assert not alice.voice_state()["suppress"]
        me = own_member(guild)
        me.move_to(stage)
        await asyncio.sleep(1)
        await seen.me.request_to_speak()
        assert me.asked_to_speak_at is not None
        await seen.me.edit(suppress=False)
        assert not me.voice_state()["suppress"]
        assert me.voice_state()["request_to_speak_timestamp"] is None


async def test_only_stages_suppress(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=("mute_members", "view_channel", "connect"))
        alice, path = guild.join("alice"), f"/guilds/{guild.id}/voice-states"
        assert (await client.call("PATCH", f"{path}/{alice.id}", json={})).body["code"] == 10065
        alice.join_voice(guild.add_voice_channel("hall"))
        assert (await client.call("PATCH", f"{path}/{alice.id}", json={})).body["code"] == 50024
        assert (await client.call("PATCH", f"{path}/@me", json={})).body["code"] == 10065


async def test_discord_py_sets_a_voice_channels_status(clock: Clock):
    async with library(clock) as (guild, seen, _):
        hall = seen.get_channel(channel_of(guild, "hall").id)
        assert isinstance(hall, discord.VoiceChannel)
        await hall.edit(status="Fishing")
        assert channel_of(guild, "hall").status == "Fishing"
        guild.set_bot_permissions("set_voice_channel_status", "view_channel", "connect")
        with pytest.raises(discord.Forbidden):
            await hall.edit(status="Swimming")
        own_member(guild).move_to(channel_of(guild, "hall"))
        await hall.edit(status=None)
        assert channel_of(guild, "hall").status is None


async def test_speakers_are_invited_and_audience_loses_its_request(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=("mute_members", "view_channel", "connect", "request_to_speak"))
        stage, alice, me = guild.add_stage_channel("stage"), guild.join("alice"), own_member(guild)
        alice.join_voice(stage)
        me.move_to(stage)
        path = f"/guilds/{guild.id}/voice-states"
        assert (await client.call("PATCH", f"{path}/{alice.id}", json={"suppress": False})).status == 204
        assert alice.voice_state()["request_to_speak_timestamp"] == sim.world.clock.now().isoformat()
        assert (await client.call("PATCH", f"{path}/{alice.id}", json={"suppress": True})).status == 204
        assert alice.voice_state()["request_to_speak_timestamp"] is None
        assert (await client.call("PATCH", f"{path}/{me.id}", json={"suppress": False})).status == 204
        assert me.voice_state()["request_to_speak_timestamp"] is None
        asked = {"suppress": True, "request_to_speak_timestamp": sim.world.clock.now().isoformat()}
        assert (await client.call("PATCH", f"{path}/@me", json=asked)).status == 204
        assert me.voice_state()["request_to_speak_timestamp"] is not None
        assert (await client.call("PATCH", f"{path}/@me", json={"suppress": True})).status == 204
        assert me.voice_state()["request_to_speak_timestamp"] is None
