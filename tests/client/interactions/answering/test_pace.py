"""Members who give commands too fast, as they see it."""

import asyncio
import re
from typing import Any

import discord
from discord import app_commands

from steward.client.components import Action, Reply, button, row
from steward.client.interactions import answered
from steward.runtime.limits import Limiter, Rule
from tests.client.interactions.reception import reception

PICK = Action("test", "pick")


def command(name: str = "work") -> app_commands.Command[Any, ..., Any]:
    @app_commands.command(name=name, description="Work")
    @answered()
    async def work(interaction: discord.Interaction) -> Reply:
        return Reply({"content": "done", "components": [row(button("Pick", PICK.id()))]})

    return work


async def picked(use):
    return Reply.say("picked", private=True)


async def test_who_is_too_fast_alone_is_told_when_to_try_again_and_then_it_works(clock, tmp_path):
    async with reception(clock, tmp_path, limiter=Limiter({"user": Rule(15, 60, burst=5)}, clock)) as scene:
        await scene.open(command())
        for _ in range(5):
            assert (await scene.alice.run("/work")).content == "done"
        refused = await scene.alice.run("/work")
        assert refused.ephemeral
        said = re.fullmatch(r"That was too many commands at once\. Try again <t:(\d+):R>\.", refused.content)
        wait = int(said[1]) - clock.now().timestamp()
        assert 3 < wait <= 5
        bob = scene.guild.join("bob")
        assert (await bob.run("/work")).content == "done"
        await asyncio.sleep(wait)
        assert (await scene.alice.run("/work")).content == "done"


async def test_limits_of_a_server_and_of_a_command_count_for_all_its_members(clock, tmp_path):
    limiter = Limiter({"guild": Rule(4, 60), "command": Rule(2, 60)}, clock)
    async with reception(clock, tmp_path, limiter=limiter) as scene:
        await scene.open(command(), command("play"))
        members = [scene.guild.join(f"member {number}") for number in range(6)]
        answers = [await members[number].run("/work" if number < 3 else "/play") for number in range(5)]
        assert [answer.content == "done" for answer in answers] == [True, True, False, True, True]
        assert (await members[5].run("/play")).content != "done"


async def test_clicks_are_not_counted_so_that_of_ten_the_last_one_holds(clock, tmp_path):
    async with reception(clock, tmp_path, limiter=Limiter({"user": Rule(1, 60)}, clock)) as scene:
        scene.interactions.on(PICK, picked)
        await scene.open(command())
        asked = await scene.alice.run("/work")
        for _ in range(10):
            assert (await scene.alice.click(asked, "Pick")).content == "picked"
