"""`/events list` and `mine`: what lies ahead, for everybody."""

from __future__ import annotations

import discord
from discord import app_commands

from steward.bots.events.model.lists import Lists
from steward.bots.events.rsvp.actions import LIST, MINE
from steward.bots.events.views.lists import ahead_list, mine_list
from steward.client.interactions import Reply, Use, answered
from steward.client.interactions.guild_of import guild_of
from steward.guilds.owned import OwnedInteractions

MOST_DAYS = 366


class ListCommands(app_commands.Group):
    """
    The commands under `/events`.

    Args:
        lists: of what there is.

    """

    def __init__(self, lists: Lists) -> None:
        super().__init__(name="events", description="Events ahead")
        self._lists = lists

    def register(self, interactions: OwnedInteractions) -> None:
        """Have the commands, and the buttons that turn pages, answered."""
        interactions.add(self)
        interactions.on(LIST, self._turn_list, private=True)
        interactions.on(MINE, self._turn_mine, private=True)

    @app_commands.command(name="list", description="The upcoming events")
    @app_commands.describe(days="Every event of the next so many days; default: the next of each")
    @answered(private=True)
    async def all(
        self, interaction: discord.Interaction, days: app_commands.Range[int, 1, MOST_DAYS] | None = None
    ) -> Reply:
        guild_id = guild_of(interaction)
        return Reply(ahead_list(guild_id, await self._lists.listed(guild_id, 0, days=days), days))

    @app_commands.command(description="The events you've signed up for")
    @answered(private=True)
    async def mine(self, interaction: discord.Interaction) -> Reply:
        guild_id = guild_of(interaction)
        return Reply(mine_list(guild_id, await self._lists.mine(guild_id, interaction.user.id, 0)))

    async def _turn_list(self, use: Use) -> Reply:
        guild_id, (page, days) = guild_of(use.interaction), map(int, use.args)
        listed = await self._lists.listed(guild_id, page, days=days or None)
        return Reply(ahead_list(guild_id, listed, days or None), update=True)

    async def _turn_mine(self, use: Use) -> Reply:
        guild_id, (page,) = guild_of(use.interaction), map(int, use.args)
        listed = await self._lists.mine(guild_id, use.interaction.user.id, page)
        return Reply(mine_list(guild_id, listed), update=True)
