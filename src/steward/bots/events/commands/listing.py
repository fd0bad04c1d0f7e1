"""`/events list` and `/events mine`."""

from __future__ import annotations

import discord
from discord import app_commands

from steward.bots.events.model.lists import Lists
from steward.bots.events.rsvp.actions import LIST, MINE
from steward.bots.events.views.lists import ahead_list, mine_list
from steward.client.components import Reply
from steward.client.embeds import Message
from steward.client.interactions import answered, guild_of
from steward.client.panels.pager import turn_pages
from steward.guilds.host import Host

MAX_DAYS = 366


class ListCommands(app_commands.Group):
    """The commands under `/events`."""

    def __init__(self, host: Host) -> None:
        super().__init__(name="events", description="Events ahead")
        self._lists = Lists(host.store)
        host.interactions.add(self)
        turn_pages(host.interactions, LIST, self._listed)
        turn_pages(host.interactions, MINE, self._mine)

    @app_commands.command(name="list", description="The upcoming events")
    @app_commands.describe(days="Every event of the next so many days; default: the next of each")
    @answered(private=True)
    async def all(
        self, interaction: discord.Interaction, days: app_commands.Range[int, 1, MAX_DAYS] | None = None
    ) -> Reply:
        return Reply(await self._listed(interaction, 0, days or 0))

    @app_commands.command(description="The events you've signed up for")
    @answered(private=True)
    async def mine(self, interaction: discord.Interaction) -> Reply:
        return Reply(await self._mine(interaction, 0))

    async def _listed(self, interaction: discord.Interaction, page: int, days: int) -> Message:
        guild_id = guild_of(interaction)
        return ahead_list(guild_id, await self._lists.listed(guild_id, page, days=days or None), days or None)

    async def _mine(self, interaction: discord.Interaction, page: int) -> Message:
        guild_id = guild_of(interaction)
        return mine_list(guild_id, await self._lists.mine(guild_id, interaction.user.id, page))
