"""Choices come while a member types; where they cannot, none come, and no error."""

from __future__ import annotations

import asyncio

import discord
import pytest
from discord import app_commands
from structlog.testing import capture_logs

from steward.client.components import Reply
from steward.client.interactions import answered
from tests.client.interactions.reception import reception

SONGS = ("Penguin Parade", "Polar Night")


@app_commands.command(description="Play")
@answered()
async def play(interaction: discord.Interaction, song: str) -> Reply:
    return Reply.say(song)


@play.autocomplete("song")
async def songs(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
    if typed == "bad":
        raise KeyError(typed)
    await asyncio.sleep(10 if typed == "slow" else 0)
    return [app_commands.Choice(name=song, value=song) for song in SONGS if typed.lower() in song.lower()]


async def test_choices_are_offered(clock, tmp_path):
    async with reception(clock, tmp_path) as scene:
        await scene.open(play)
        assert (await scene.alice.autocomplete("/play", song="pen")).choices == ["Penguin Parade"]


@pytest.mark.parametrize(("typed", "reason"), [("bad", "it failed"), ("slow", "it took longer than 2 s")])
async def test_where_none_can_be_found_none_are_offered_in_time(clock, tmp_path, typed, reason):
    async with reception(clock, tmp_path) as scene:
        await scene.open(play)
        with capture_logs() as lines:
            offered = await scene.alice.autocomplete("/play", song=typed)
        assert (offered.choices, offered.error) == ([], None)
        assert [line["reason"] for line in lines if line["event"] == "autocomplete_failed"] == [reason]


async def test_a_command_that_is_no_more_offers_none(clock, tmp_path):
    async with reception(clock, tmp_path) as scene:
        await scene.open(play)
        scene.interactions._tree.remove_command("play")
        assert (await scene.alice.autocomplete("/play", song="pen")).error is None
