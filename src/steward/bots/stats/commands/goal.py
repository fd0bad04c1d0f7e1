"""`/goal`: a number of members to reach, with milestones announced on the way."""

from __future__ import annotations

from dataclasses import replace

import discord
from discord import app_commands

from steward.bots.stats.counts.service import StatsService
from steward.bots.stats.setup.guild_settings import Goal, StatsSection
from steward.bots.stats.views.goal import goal_view
from steward.client.access.channel_access import ChannelAccess
from steward.client.access.permissions import POST
from steward.client.components import Reply
from steward.client.interactions import TextChannel, answered, guild_of
from steward.errors import NeedsOperator
from steward.text.plurals import counted

MOST = 50_000_000  # more than any server has


class GoalCommands(app_commands.Group):
    """The commands under `/goal`."""

    def __init__(self, settings: StatsSection, service: StatsService, access: ChannelAccess) -> None:
        super().__init__(
            name="goal",
            description="A number of members to reach",
            default_permissions=discord.Permissions(manage_guild=True),
        )
        self._settings = settings
        self._service = service
        self._access = access

    @app_commands.command(description="Set a goal, with milestones on the way")
    @app_commands.describe(members="How many members to reach", channel="Where I announce milestones")
    @answered(private=True)
    async def set(
        self,
        interaction: discord.Interaction,
        members: app_commands.Range[int, 1, MOST],
        channel: TextChannel | None = None,
    ) -> Reply:
        guild_id = guild_of(interaction)
        now = self._service.guild(guild_id).counts.members
        if now is not None and members <= now:
            raise NeedsOperator(f"You already have {counted(now, 'member')}.", remedy="Choose a larger goal.")
        if channel is not None:
            await self._access.require(guild_id, channel.id, POST)
        goal = Goal(members, None if channel is None else channel.id, since=now or 0)
        await self._settings.change(guild_id, interaction.user.id, lambda settings: replace(settings, goal=goal))
        return Reply(goal_view(goal, now))

    @app_commands.command(description="Remove the goal")
    @answered(private=True)
    async def clear(self, interaction: discord.Interaction) -> Reply:
        await self._settings.change(
            guild_of(interaction), interaction.user.id, lambda settings: replace(settings, goal=None)
        )
        return Reply.say("Okay, there's no goal any more.")
