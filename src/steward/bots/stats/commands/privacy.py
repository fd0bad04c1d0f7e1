"""`/privacy`: what is kept about a member, and how they have it forgotten."""

from __future__ import annotations

from collections.abc import Sequence

import discord
from discord import app_commands

from steward.bots.host import Kept
from steward.bots.stats.opt_outs import OptOuts
from steward.client.interactions import Action, Interactions, Reply, Style, Use, answered, button, row
from steward.client.interactions.guild_of import guild_of

FORGET = Action("stats", "forget")
KEPT = (
    "when you joined, left, were kicked, banned or unbanned, with your name then;"
    " how many messages you wrote a day and how long you were in voice. What you write or say is never read."
)
SURE = (
    "All of that is deleted for good. Counts without names stay. Nothing else will be counted for you from now on."
    " Messages that the bot has posted, such as a report with your name, stay in Discord."
)


class PrivacyCommands(app_commands.Group):
    """
    The commands under `/privacy`, for every member.

    Args:
        opt_outs: who is not to be counted.
        kept: what each bot keeps, and how it forgets; bots may add to it after this was made.

    """

    def __init__(self, opt_outs: OptOuts, kept: Sequence[Kept]) -> None:
        super().__init__(name="privacy", description="What is kept about you")
        self._opt_outs = opt_outs
        self._kept = kept

    def register(self, interactions: Interactions) -> None:
        """Have the commands and their button answered."""
        interactions.add(self)
        interactions.on(FORGET, self._forget, private=True)

    @app_commands.command(description="What is kept about you here")
    @answered(private=True)
    async def show(self, interaction: discord.Interaction) -> Reply:
        out = (guild_of(interaction), interaction.user.id) in self._opt_outs
        state = "You are not counted." if out else "You are counted; `/privacy count-me` changes that."
        kept = "\n".join(f"- {one.sentence}" for one in self._kept)
        return Reply.say(f"Kept about you in this server:\n{kept}\n{state}\n`/privacy forget-me` deletes it.")

    @app_commands.command(name="count-me", description="Be counted one by one, or not")
    @app_commands.describe(count="Whether your messages and time in voice are counted for you")
    @answered(private=True)
    async def count_me(self, interaction: discord.Interaction, count: bool) -> Reply:
        guild_id, user_id = guild_of(interaction), interaction.user.id
        if count:
            await self._opt_outs.remove(guild_id, user_id)
            return Reply.say("You are counted from now on.")
        await self._opt_outs.add(guild_id, user_id)
        return Reply.say("You are not counted from now on. `/privacy forget-me` deletes what is there.")

    @app_commands.command(name="forget-me", description="Delete what is kept about you here")
    @answered(private=True)
    async def forget_me(self, interaction: discord.Interaction) -> Reply:
        guild_of(interaction)
        sure = button("Delete it", FORGET.id(), style=Style.RED)
        return Reply({"content": SURE, "components": [row(sure)]})

    async def _forget(self, use: Use) -> Reply:
        guild_id, user_id = guild_of(use.interaction), use.interaction.user.id
        await self._opt_outs.add(guild_id, user_id)
        for one in self._kept:
            await one.forget(guild_id, user_id)
        return Reply({"content": "It is deleted, and you are not counted any more.", "components": []}, update=True)
