"""The decorator leaves all of `app_commands` as it is: options, choices, groups, context menus."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import discord
from discord import app_commands
from discord.app_commands import Choice, Range

from steward.client.components import Reply
from steward.client.interactions import answered
from steward.runtime.clock import Clock
from tests.client.interactions.reception import reception


class Counters(app_commands.Group):
    @app_commands.command(description="Add a counter")
    @app_commands.describe(kind="What it counts", step="How often")
    @app_commands.choices(style=[Choice(name="Plain", value="p"), Choice(name="Fancy", value="f")])
    @answered(private=True)
    async def add(
        self,
        interaction: discord.Interaction,
        kind: Literal["members", "bans"],
        style: Choice[str],
        step: Range[int, 1, 5] = 2,
        who: discord.Member | None = None,
    ) -> Reply:
        return Reply.say(f"{self.name} {kind} {style.name} {step} {who and who.id}")


async def test_a_group_keeps_its_options_with_their_descriptions_and_bounds(clock, tmp_path):
    async with reception(clock, tmp_path) as scene:
        await scene.open(
            Counters(
                name="counters", description="Counters", default_permissions=discord.Permissions(manage_guild=True)
            )
        )
        scene.guild.set_bot_permissions()
        owner = scene.guild.members.get(scene.guild.owner_id)
        reply = await owner.run("/counters add", kind="bans", style="Fancy", who=scene.alice)
        assert (reply.content, reply.ephemeral) == (f"counters bans Fancy 2 {scene.alice.id}", True)
        (group,) = scene.sim.bot.commands[None].values()
        (add,) = group["options"]
        assert group["default_member_permissions"] == str(1 << 5)
        assert [item["name"] for item in add["options"]] == ["kind", "style", "step", "who"]
        kind, _, step, _ = add["options"]
        assert (kind["description"], step["min_value"], step["max_value"]) == ("What it counts", 1, 5)


async def test_a_context_menu_is_answered_too(clock: Clock, tmp_path: Path):
    async with reception(clock, tmp_path) as scene:

        @app_commands.context_menu(name="Greet")
        @answered(private=True)
        async def greet(interaction: discord.Interaction, member: discord.Member) -> Reply:
            return Reply.say(f"hello {member.name}")

        await scene.open(greet)
        reply = await scene.alice.use("Greet", scene.guild.join("bob"))
        assert (reply.content, reply.ephemeral) == ("hello bob", True)
