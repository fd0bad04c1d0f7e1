"""`/season`: who is ahead, and how a season ends."""

from __future__ import annotations

from functools import partial

import discord
from discord import app_commands

from steward.bots.bets.commands.managing import require_bet_manager
from steward.bots.bets.ledger.seasons import close_season, current_season, shown, standings
from steward.bots.bets.ledger.wallets import require_house
from steward.bots.bets.section import BetsSection
from steward.bots.bets.views import wallet as views
from steward.client.components import Reply
from steward.client.interactions import Use, answered, guild_of
from steward.client.members.who_left import WhoLeft
from steward.client.panels.confirm import confirmed
from steward.guilds.host import Host
from steward.guilds.settings_book import Section

MOST_SEASONS = 10_000


class SeasonCommands(app_commands.Group):
    """The commands under `/season`."""

    def __init__(self, host: Host, section: Section[BetsSection], who_left: WhoLeft) -> None:
        super().__init__(name="season", description="Seasons of play money")
        self._store = host.store
        self._section = section
        self._who_left = who_left
        host.interactions.add(self)
        self._ask = confirmed(
            host.interactions,
            views.CLOSE,
            views.KEEP,
            self._closed,
            label="End it",
            cancelled="Okay, the season goes on.",
        )

    @app_commands.command(name="standings", description="Who is ahead, or was when a season ended")
    @app_commands.describe(season="Which season; default: this one")
    @answered(private=True)
    async def show(
        self, interaction: discord.Interaction, season: app_commands.Range[int, 1, MOST_SEASONS] | None = None
    ) -> Reply:
        guild_id = guild_of(interaction)
        section = self._section.of(guild_id)
        require_house(section)
        found = await self._store.read(partial(standings, guild_id=guild_id, number=season))
        absent = await self._who_left.among(guild_id, (one.user_id for one in found.places))
        return Reply(views.standings_view(shown(found, absent), section))

    @app_commands.command(description="For bet managers: end the season, and begin the next")
    @answered(private=True)
    async def close(self, interaction: discord.Interaction) -> Reply:
        guild_id, section = self._managed(interaction)
        season = await self._store.read(partial(current_season, guild_id=guild_id))
        return self._ask(views.close_question(season, section), season)

    async def _closed(self, use: Use) -> str:
        guild_id, section = self._managed(use.interaction)
        season = int(use.args[0])
        close = partial(
            close_season,
            guild_id=guild_id,
            number=season,
            starting_balance=section.starting_balance,
            actor_id=use.interaction.user.id,
        )
        await self._store.write(close)
        return (
            f"Season {season} is over, and season {season + 1} has begun."
            f" `/season standings season:{season}` shows how it ended."
        )

    def _managed(self, interaction: discord.Interaction) -> tuple[int, BetsSection]:
        """Return the guild and its settings; refuse who doesn't manage bets there."""
        guild_id = guild_of(interaction)
        section = self._section.of(guild_id)
        require_house(section)
        require_bet_manager(interaction, section)
        return guild_id, section
