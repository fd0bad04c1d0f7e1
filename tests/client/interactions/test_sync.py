"""Discord is told of the commands when they have changed, and the operator when Discord does not take them."""

from __future__ import annotations

import asyncio
from typing import Any

import discord
import pytest
from discord import app_commands
from structlog.testing import capture_logs

from steward.client.components import Action, Reply
from steward.client.interactions import Use, answered
from steward.client.interactions.sync import CommandSync
from steward.sim import Fault
from tests.client.interactions.reception import reception

PUT = {"method": "PUT", "route": "/applications/{application_id}/commands"}


def command(name: str) -> app_commands.Command[Any, ..., Any]:
    @app_commands.command(name=name, description="Go")
    @answered()
    async def go(interaction: discord.Interaction) -> Reply:
        return Reply.say("done")

    return go


async def test_an_outage_is_one_line_and_a_problem_until_it_is_over(clock, tmp_path):
    async with reception(clock, tmp_path) as scene:
        scene.sim.faults.rest(**PUT, action=Fault.status(503), times=float("inf"))
        scene.interactions.add(command("go"))
        with capture_logs() as lines:
            scene.tasks.start("sync commands", scene.interactions.sync)
            await asyncio.sleep(600)
            assert "outage (503)" in scene.interactions.problem
            scene.sim.faults.clear()
            await asyncio.sleep(400)
        assert scene.interactions.problem is None
        assert len(scene.sim.bot.commands[None]) == 1
        assert [line["event"] for line in lines if line["event"].startswith("commands")] == [
            "commands_delayed",
            "commands_registered",
        ]


async def test_a_refusal_is_said_with_discords_words_and_tried_again_in_an_hour(clock, tmp_path):
    async with reception(clock, tmp_path) as scene:
        broken = command("go")
        broken.description = ""
        scene.interactions.add(broken)
        scene.tasks.start("sync commands", scene.interactions.sync)
        await asyncio.sleep(60)
        assert "I couldn't register the commands: Discord says" in scene.interactions.problem
        assert "description" in scene.interactions.problem
        broken.description = "Go"
        await asyncio.sleep(3600)
        assert scene.interactions.problem is None
        assert scene.sim.recorder.count(**PUT) == 2


async def test_the_order_in_which_commands_are_added_is_no_change(clock, tmp_path):
    async with reception(clock, tmp_path) as scene:
        await scene.open(command("a"), command("b"))
        for name in ("a", "b"):
            scene.interactions._tree.remove_command(name)
        await scene.open(command("b"), command("a"))
        assert scene.sim.recorder.count(**PUT) == 1


async def test_while_discord_does_not_take_a_change_the_ids_of_before_are_known(clock, tmp_path):
    async with reception(clock, tmp_path) as scene:
        await scene.open(command("a"))
        ids = {(1, one["name"]): int(one["id"]) for one in scene.sim.bot.commands[None].values()}
        scene.sim.faults.rest(**PUT, action=Fault.status(503), times=float("inf"))
        sync = CommandSync(scene.client, scene.store, lambda: [{"type": 1, "name": name} for name in ("a", "b")])
        scene.tasks.start("sync commands", sync.run)
        await asyncio.sleep(10)
        assert sync.problem is not None
        assert sync.ids == ids


async def test_a_component_that_takes_the_rights_of_no_command_is_found_before_anybody_clicks_it(clock, tmp_path):
    async def pressed(use: Use) -> Reply:
        return Reply.say("done")

    async with reception(clock, tmp_path) as scene:
        scene.interactions.on(Action("events", "press"), pressed, command="evnet")
        with pytest.raises(LookupError, match="/evnet"):
            await scene.open(command("event"))
