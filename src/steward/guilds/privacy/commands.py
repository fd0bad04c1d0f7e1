"""`/privacy`: what is kept about a member, as a list and as a file, and how they have it forgotten."""

from __future__ import annotations

import discord
from discord import app_commands

from steward.client.components import Reply
from steward.client.interactions import Interactions, Use, answered
from steward.client.interactions.guild_of import guild_of
from steward.client.panels.confirm import confirmed
from steward.errors import NeedsOperator
from steward.guilds.privacy import views
from steward.guilds.privacy.kept import Privacy
from steward.guilds.privacy.opt_outs import OptOuts
from steward.runtime.clock import Clock
from steward.text.plurals import counted


class PrivacyCommands(app_commands.Group):
    """The commands under `/privacy`, for every member."""

    def __init__(self, interactions: Interactions, opt_outs: OptOuts, privacy: Privacy, clock: Clock) -> None:
        super().__init__(name="privacy", description="What I've stored about you")
        self._opt_outs = opt_outs
        self._privacy = privacy
        self._clock = clock
        interactions.add(self)
        self._ask = confirmed(
            interactions, views.FORGET, views.KEEP, self._forget, label="Delete", cancelled=views.KEPT_ALL
        )

    @app_commands.command(description="What I've stored about you in this server")
    @answered(private=True)
    async def show(self, interaction: discord.Interaction) -> Reply:
        guild_id, user_id = guild_of(interaction), interaction.user.id
        found = await self._privacy.about(guild_id, user_id)
        return Reply(views.shown(found, is_out=(guild_id, user_id) in self._opt_outs))

    @app_commands.command(description="Everything I've stored about you in this server, as a file")
    @answered(private=True)
    async def export(self, interaction: discord.Interaction) -> Reply:
        done = await self._privacy.export(guild_of(interaction), interaction.user.id, self._clock.now())
        if done is None:
            raise NeedsOperator(
                "There's more about you than Discord lets me send in a file.",
                remedy="Ask whoever runs the bot: it's all in the database.",
            )
        return Reply(
            {"content": f"{counted(done.rows, 'entry', 'entries')}, times in UTC."}, [(done.name, done.content)]
        )

    @app_commands.command(name="count-me", description="Choose whether I count you one by one")
    @app_commands.describe(count="Whether your messages and time in voice are counted for you")
    @answered(private=True)
    async def count_me(self, interaction: discord.Interaction, count: bool) -> Reply:
        guild_id, user_id = guild_of(interaction), interaction.user.id
        if count:
            await self._opt_outs.remove(guild_id, user_id)
            return Reply.say(views.COUNT_ON)
        await self._opt_outs.add(guild_id, user_id)
        return Reply.say(views.COUNT_OFF)

    @app_commands.command(name="forget-me", description="Delete everything I've stored about you in this server")
    @answered(private=True)
    async def forget_me(self, interaction: discord.Interaction) -> Reply:
        guild_of(interaction)
        return self._ask(views.QUESTION)

    async def _forget(self, use: Use) -> str:
        guild_id, user_id = guild_of(use.interaction), use.interaction.user.id
        before = await self._privacy.about(guild_id, user_id)
        await self._opt_outs.add(guild_id, user_id)
        await self._privacy.forget(guild_id, user_id)
        after = await self._privacy.about(guild_id, user_id)
        return views.forgotten(before, after)
