"""`/privacy`: what is kept about a member, and how they have it forgotten."""

from __future__ import annotations

import discord
from discord import app_commands

from steward.bots.stats.service import StatsService
from steward.bots.stats.timeline import Timeline
from steward.client.interactions import Action, Interactions, Reply, Style, Use, answered, button, row
from steward.client.interactions.guild_of import guild_of

FORGET = Action("stats", "forget")
KEPT = (
    "Kept about you in this server: when you joined, left, were kicked, banned or unbanned, with your name then;"
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
        timeline: what is kept.
        service: what is yet to be kept.

    """

    def __init__(self, timeline: Timeline, service: StatsService) -> None:
        super().__init__(name="privacy", description="What is kept about you")
        self._timeline = timeline
        self._service = service

    def register(self, interactions: Interactions) -> None:
        """Have the commands and their button answered."""
        interactions.add(self)
        interactions.on(FORGET, self._forget, private=True)

    @app_commands.command(description="What is kept about you here")
    @answered(private=True)
    async def show(self, interaction: discord.Interaction) -> Reply:
        out = (guild_of(interaction), interaction.user.id) in self._timeline.opt_outs
        state = "You are not counted." if out else "You are counted; `/privacy count-me` changes that."
        return Reply.say(f"{KEPT}\n{state}\n`/privacy forget-me` deletes it.")

    @app_commands.command(name="count-me", description="Be counted one by one, or not")
    @app_commands.describe(count="Whether your messages and time in voice are counted for you")
    @answered(private=True)
    async def count_me(self, interaction: discord.Interaction, count: bool) -> Reply:
        guild_id, user_id = guild_of(interaction), interaction.user.id
        if count:
            await self._timeline.opt_outs.remove(guild_id, user_id)
            return Reply.say("You are counted from now on.")
        await self._timeline.opt_outs.add(guild_id, user_id)
        return Reply.say("You are not counted from now on. `/privacy forget-me` deletes what is there.")

    @app_commands.command(name="forget-me", description="Delete what is kept about you here")
    @answered(private=True)
    async def forget_me(self, interaction: discord.Interaction) -> Reply:
        guild_of(interaction)
        sure = button("Delete it", FORGET.id(), style=Style.RED)
        return Reply({"content": SURE, "components": [row(sure)]})

    async def _forget(self, use: Use) -> Reply:
        guild_id, user_id = guild_of(use.interaction), use.interaction.user.id
        await self._timeline.opt_outs.add(guild_id, user_id)
        await self._service.flush()  # what is being written now would come after the deletion
        await self._timeline.forget_member(guild_id, user_id)
        return Reply({"content": "It is deleted, and you are not counted any more.", "components": []}, update=True)
