"""`/leaderboard`: who is ahead this week, this month or this season."""

from __future__ import annotations

from functools import partial
from typing import Any

import discord
from discord import app_commands

from steward.bots.bets.boards import leaderboard as boards
from steward.bots.bets.boards.leaderboard import SEVERAL, BoardOrder, BoardPeriod
from steward.bots.bets.boards.settled_bets import MARKETS, SLIPS
from steward.bots.bets.errors import BetsError
from steward.bots.bets.ledger.seasons import shown, standings
from steward.bots.bets.ledger.wallets import require_house
from steward.bots.bets.section import BetsSection
from steward.bots.bets.views.wallet import standings_view
from steward.bots.bets.views.words import PERIODS
from steward.client.components import Action, Reply
from steward.client.components.actions import page, up_to
from steward.client.embeds import Message, quoted
from steward.client.interactions import answered, guild_of
from steward.client.members.who_left import WhoLeft
from steward.client.panels.chooser import Named, Offered
from steward.client.panels.pager import turn_pages
from steward.guilds.host import Host
from steward.guilds.settings_book import Section
from steward.store import Transaction
from steward.text.plurals import listed

BOARD = Action("bets", "leaderboard", args=(up_to(2), up_to(2), up_to(100), page))  # period, order, sport or 0
LONGEST_SPORT = 20
_PERIODS, _ORDERS = tuple(BoardPeriod), tuple(BoardOrder)
SPORTS = (
    SEVERAL, "soccer", "nfl", "ncaaf", "nba", "ncaab", "nhl", "mlb", "hockey", "tennis", "mma", "boxing", "golf",
    "racing", MARKETS, SLIPS,
)  # fmt: skip
"""By their number, from 1, in custom ids: more are only ever added at the end."""
_BALANCE = "balance"
_PERIOD_CHOICES = [app_commands.Choice(name=PERIODS[one], value=one.value) for one in BoardPeriod]
_ORDER_CHOICES = [
    app_commands.Choice(name="profit", value=BoardOrder.PROFIT.value),
    app_commands.Choice(name="return on stakes (ROI)", value=BoardOrder.ROI.value),
    app_commands.Choice(name="closing line value (CLV)", value=BoardOrder.CLOSING.value),
    app_commands.Choice(name="wallet, this season", value=_BALANCE),
]


async def _offered_sports(binding: LeaderboardCommand, interaction: discord.Interaction, _: str) -> Named:
    return await binding.sports(guild_of(interaction))


SportOption = app_commands.Transform[str, Offered(_offered_sports, longest=LONGEST_SPORT)]


class LeaderboardCommand:
    """`/leaderboard`."""

    def __init__(self, host: Host, section: Section[BetsSection], who_left: WhoLeft) -> None:
        self._store = host.store
        self._section = section
        self._who_left = who_left
        callback: Any = self.show
        host.interactions.add(app_commands.Command(name="leaderboard", description="Who is ahead", callback=callback))
        turn_pages(host.interactions, BOARD, self._turned)

    async def sports(self, guild_id: int) -> Named:
        """Return the sports of a guild's settled bets, for members to choose from."""
        from steward.bots.bets.views.records.leaderboard import sport_name

        found = await self._store.read(
            partial(boards.sports_of, guild_id=guild_id, mode=self._section.of(guild_id).mode)
        )
        return [(sport_name(sport), sport) for sport in found]

    @app_commands.describe(
        period="Default: this week", by="What it ranks by; default: profit", sport="Only bets on this sport"
    )
    @app_commands.choices(period=_PERIOD_CHOICES, by=_ORDER_CHOICES)
    @answered()
    async def show(
        self,
        interaction: discord.Interaction,
        period: str = BoardPeriod.WEEK.value,
        by: str = BoardOrder.PROFIT.value,
        sport: SportOption = "",
    ) -> Reply:
        guild_id = guild_of(interaction)
        section = self._section.of(guild_id)
        if by == _BALANCE:
            require_house(section)
            found = await self._store.read(partial(standings, guild_id=guild_id))
            absent = await self._who_left.among(guild_id, (one.user_id for one in found.places))
            return Reply(standings_view(shown(found, absent), section))
        meant = await self._sport(guild_id, sport)
        return Reply(await self._drawn(guild_id, BoardPeriod(period), BoardOrder(by), meant, 0))

    async def _sport(self, guild_id: int, typed: str) -> str:
        """
        Return the sport that a member has picked or typed.

        Raises:
            BetsError: no bets on it are settled.

        """
        if not typed.strip():
            return ""
        named = [*await self.sports(guild_id)]
        wanted = typed.strip().casefold()
        found = [key for name, key in named if wanted in {key, name.casefold()}]
        if not found:
            remedy = f"There are: {listed([name for name, _ in named])}." if named else "Leave the sport out."
            raise BetsError(f"No bets on “{quoted(typed)}” are settled yet.", remedy=remedy)
        return found[0]

    async def _turned(
        self, interaction: discord.Interaction, period: int, order: int, sport: int, page: int
    ) -> Message:
        guild_id = guild_of(interaction)
        chosen = SPORTS[sport - 1] if 0 < sport <= len(SPORTS) else ""
        return await self._drawn(guild_id, _PERIODS[period], _ORDERS[order], chosen, page)

    async def _drawn(self, guild_id: int, period: BoardPeriod, order: BoardOrder, sport: str, page: int) -> Message:
        from steward.bots.bets.views.records.leaderboard import leaderboard_view

        section = self._section.of(guild_id)

        def read(tx: Transaction) -> dict[int | None, boards.BetSum]:
            since = boards.begins_ms(tx, guild_id, period, section.zone_info)
            return boards.sums_by_member(tx, guild_id, section.mode, since, sport)

        sums = await self._store.read(read)
        least = section.ranked_from
        absent = await self._who_left.among(guild_id, (user_id for user_id, _ in boards.candidates(sums, order, least)))
        found = boards.leaderboard(sums, order, least, page, absent)
        numbers = _PERIODS.index(period), _ORDERS.index(order), _sport_number(sport)
        return leaderboard_view(found, period, order, sport, section, least, lambda to: BOARD.id(*numbers, to))


def _sport_number(sport: str) -> int:
    """Return what stands for a sport in a custom id; 0 for all."""
    return SPORTS.index(sport) + 1 if sport in SPORTS else 0
