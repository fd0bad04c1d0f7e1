"""Components that nobody answers any more are answered all the same."""

from __future__ import annotations

from pathlib import Path

import discord
import pytest
from discord import app_commands

from steward.client.components import Action, Reply, button, row
from steward.client.interactions import Use, answered
from steward.client.interactions.router import Router
from steward.runtime.clock import Clock
from tests.client.interactions.reception import reception


async def handle(use: Use) -> Reply:
    return Reply.say("handled")


def test_an_action_has_one_handler():
    router = Router()
    router.on(Action("events", "rsvp"), handle, private=False)
    with pytest.raises(ValueError, match="events:rsvp has a handler already"):
        router.on(Action("events", "rsvp", version=2), handle, private=False)


@pytest.mark.parametrize("custom_id", ["events:rsvp.2:1", "events:rsvp.1", "events:gone.3:1", "1f2e3d4c5b6a"])
async def test_only_the_version_that_is_understood_reaches_the_handler(clock: Clock, tmp_path: Path, custom_id: str):
    async with reception(clock, tmp_path) as scene:

        @app_commands.command(description="Ask")
        @answered()
        async def ask(interaction: discord.Interaction) -> Reply:
            return Reply({"content": "?", "components": [row(button("Go", custom_id))]})

        scene.interactions.on(Action("events", "rsvp", version=3), handle)
        await scene.open(ask)
        reply = await scene.alice.click(await scene.alice.run("/ask"), "Go")
        assert reply.ephemeral
        expected = "an older version of me" if "rsvp" in custom_id else "This doesn't work any more"
        assert expected in reply.content
        assert reply.content.endswith("Use the command again for a new one.")
