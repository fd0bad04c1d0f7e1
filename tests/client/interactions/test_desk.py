"""Interactions end to end: a member acts, a handler returns a reply, the member sees it."""

from __future__ import annotations

import asyncio

import discord
import pytest
from discord import app_commands

from steward.client.interactions import (
    Action,
    Reply,
    Use,
    answered,
    button,
    modal,
    option,
    role_select,
    row,
    select,
    text_input,
)
from tests.client.interactions.reception import reception

RSVP = Action("events", "rsvp")


@app_commands.command(description="Ask who comes")
@app_commands.describe(title="What it is")
@answered()
async def invite(interaction: discord.Interaction, title: str) -> Reply:
    return Reply({"content": title, "components": [row(button("Yes", RSVP.id(17, "yes: of course")))]})


async def rsvp(use: Use) -> Reply:
    event_id, choice = use.args
    return Reply.say(f"You said {choice} to event {event_id}.")


async def test_a_command_is_answered_and_its_button_finds_its_handler_by_the_id_alone(clock, tmp_path):
    async with reception(clock, tmp_path) as scene:
        scene.interactions.on(RSVP, rsvp, private=True)
        await scene.open(invite)
        asked = await scene.alice.run("/invite", title="Film night")
        assert (asked.content, asked.ephemeral, asked.buttons) == ("Film night", False, ["Yes"])
        said = await scene.alice.click(asked, "Yes")
        assert (said.content, said.ephemeral) == ("You said yes: of course to event 17.", True)
        assert scene.callbacks() == [4, 4]
