"""`/timezone`: a member's own clock, on which the times are read that they type."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import discord
from discord import app_commands

from steward.client.components import Reply
from steward.client.interactions import answered, guild_of
from steward.errors import NeedsOperator
from steward.guilds.settings_book import SettingsBook
from steward.guilds.zones.place_option import PlaceName, chosen_place
from steward.guilds.zones.zones import GuildZone, Zones
from steward.runtime.clock import Clock

WHAT_FOR = "When you type a time for an event or a poll, I read it on that clock, in every server we share."


class TimezoneCommands(app_commands.Group):
    """The commands under `/timezone`, for every member."""

    def __init__(self, zones: Zones, settings: SettingsBook, clock: Clock) -> None:
        super().__init__(name="timezone", description="Your own time zone, for the times that you type")
        self._zones = zones
        self._settings = settings
        self.clock = clock

    @app_commands.command(name="set", description="Set your own time zone, for every server")
    @app_commands.describe(place="A city or country near you, such as Berlin or New York")
    @answered(private=True)
    async def choose(self, interaction: discord.Interaction, place: PlaceName) -> Reply:
        now = self.clock.now()
        chosen = chosen_place(place, now, option="place")
        await self._zones.members.set(interaction.user.id, ZoneInfo(chosen.zone))
        return Reply.say(f"Got it: {chosen.label(now)}. {WHAT_FOR} `/timezone clear` removes it.")

    @app_commands.command(description="Which time zone I use for you here")
    @answered(private=True)
    async def show(self, interaction: discord.Interaction) -> Reply:
        now, guild = self.clock.now(), self._zones.of_guild(guild_of(interaction))
        own = await self._zones.members.of(interaction.user.id)
        if own is None:
            return Reply.say(
                f"You haven't set a time zone, so I read your times on this server's clock. {_said(guild, now)}"
                " `/timezone set` sets your own."
            )
        return Reply.say(f"Your time zone is {_timed(own, now)}. {_said(guild, now)}")

    @app_commands.command(description="Remove your time zone; your times are read on the server's clock again")
    @answered(private=True)
    async def clear(self, interaction: discord.Interaction) -> Reply:
        guild = self._zones.of_guild(guild_of(interaction))
        await self._zones.members.clear(interaction.user.id)
        said = _said(guild, self.clock.now())
        return Reply.say(f"Done. I read your times on the server's clock again. {said}")

    @app_commands.command(description="Set this server's time zone; for whoever may manage the server")
    @app_commands.describe(place="A city or country, such as Berlin or New York")
    @answered(private=True)
    async def server(self, interaction: discord.Interaction, place: PlaceName) -> Reply:
        if not interaction.permissions.manage_guild:
            raise NeedsOperator(
                "You need Manage Server to set this server's time zone.", remedy="`/timezone set` sets your own."
            )
        now, guild_id = self.clock.now(), guild_of(interaction)
        chosen = chosen_place(place, now, option="place")
        await self._settings.set_zone(guild_id, interaction.user.id, chosen.zone)
        return Reply.say(f"Got it: this server's time zone is {chosen.label(now)}.")


def _timed(zone: ZoneInfo, now: datetime) -> str:
    return f"{zone.key} ({now.astimezone(zone):%H:%M} now)"


def _said(guild: GuildZone, now: datetime) -> str:
    if guild.chosen:
        return f"This server's is {_timed(guild.zone, now)}."
    return f"This server hasn't set one, so I use {_timed(guild.zone, now)}: `/timezone server` sets it."
