"""`/bets` and `/book`: a member's own bets, and how bets have ended."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from steward.bots.bets.boards import leaderboard as boards
from steward.bots.bets.boards.leaderboard import BoardPeriod
from steward.bots.bets.boards.profit_charts import ProfitCharts
from steward.bots.bets.commands.betting.preferences import PreferenceCommands
from steward.bots.bets.commands.managing import require_bet_manager
from steward.bots.bets.ledger.wallets import require_house
from steward.bots.bets.placing.preferences import preferences_of
from steward.bots.bets.section import BetsMode, BetsSection
from steward.bots.bets.views import actions
from steward.client.components import Action, Reply
from steward.client.components.actions import number as read_number
from steward.client.components.actions import page
from steward.client.embeds import Message
from steward.client.interactions import Use, answered, guild_of
from steward.client.panels.confirm import confirmed
from steward.client.panels.pager import turn_pages
from steward.guilds.host import Host
from steward.guilds.settings_book import Section
from steward.runtime.logs.loggers import get_logger
from steward.store import Transaction

if TYPE_CHECKING:
    from steward.bots.bets.boards.record import BetRecord, ProfitPoint

log = get_logger(__name__)

OPEN = Action("bets", "own_open", args=(page,))
PAST = Action("bets", "own_past", args=(page,))
MOST_EXPOSED = 10


class BetsCommands(app_commands.Group):
    """`/bets open` and `/bets history`."""

    def __init__(self, host: Host, section: Section[BetsSection]) -> None:
        super().__init__(name="bets", description="Your own bets")
        self._store = host.store
        self._section = section
        for command in PreferenceCommands(host, section).commands:
            self.add_command(command)
        host.interactions.add(self)
        turn_pages(host.interactions, OPEN, partial(self._page, is_open=True))
        turn_pages(host.interactions, PAST, partial(self._page, is_open=False))
        host.interactions.on(actions.OWN_CANCEL, self._cancel, private=True)
        self._ask = confirmed(
            host.interactions,
            actions.OWN_CANCEL_SURE,
            actions.OWN_CANCEL_NOT,
            self._cancelled,
            label="Cancel the bet",
            cancelled="Okay, your bet stays.",
        )

    @app_commands.command(name="open", description="Your open bets: what they may return, and when they lock")
    @answered(private=True)
    async def show_open(self, interaction: discord.Interaction) -> Reply:
        return Reply(await self._page(interaction, 0, is_open=True))

    @app_commands.command(name="history", description="Your past bets, and how they ended")
    @answered(private=True)
    async def show_past(self, interaction: discord.Interaction) -> Reply:
        return Reply(await self._page(interaction, 0, is_open=False))

    async def _page(self, interaction: discord.Interaction, page: int, *, is_open: bool) -> Message:
        from steward.bots.bets.boards.own_bets import own_bets
        from steward.bots.bets.views.records.own_bets import bets_view

        guild_id, user_id = guild_of(interaction), interaction.user.id
        section, turn = self._section.of(guild_id), (OPEN if is_open else PAST).id

        def read(tx: Transaction) -> Message:
            found = own_bets(tx, guild_id, user_id, page, section, is_open=is_open)
            odds_format = preferences_of(tx, guild_id, user_id).reads(section)
            return bets_view(found, section, odds_format, turn, is_open=is_open)

        return await self._store.read(read)

    async def _cancel(self, use: Use) -> Reply:
        """Ask whether the bet that was chosen is to be cancelled."""
        from steward.bots.bets.fixtures.games import find_games
        from steward.bots.bets.placing.bets import ended_season
        from steward.bots.bets.placing.confirming import cancellable
        from steward.bots.bets.views.records.own_bets import cancel_question

        guild_id, user_id, chosen = guild_of(use.interaction), use.interaction.user.id, read_number(use.value)

        def read(tx: Transaction) -> str:
            bet = cancellable(tx, guild_id, user_id, chosen, self._section.of(guild_id))
            games = find_games(tx, {leg.game for leg in bet.legs})
            return cancel_question(bet, games, self._section.of(guild_id), ended_season(tx, bet))

        return self._ask(await self._store.read(read), chosen)

    async def _cancelled(self, use: Use) -> str:
        from steward.bots.bets.placing.bets import ended_season
        from steward.bots.bets.placing.confirming import cancel_until_lock
        from steward.bots.bets.views.records.own_bets import cancelled_said

        guild_id = guild_of(use.interaction)
        section = self._section.of(guild_id)

        def cancel(tx: Transaction) -> str:
            bet = cancel_until_lock(tx, guild_id, use.interaction.user.id, int(use.args[0]), section)
            return cancelled_said(bet, section, ended_season(tx, bet))

        return await self._store.write(cancel)


class BookCommands(app_commands.Group):
    """`/book show` and `/book house`."""

    def __init__(self, host: Host, section: Section[BetsSection]) -> None:
        super().__init__(name="book", description="How bets have ended")
        self._store = host.store
        self._section = section
        self._charts = ProfitCharts(host)
        host.interactions.add(self)

    @app_commands.command(description="A member's record: profit, streaks, closing line value")
    @app_commands.describe(member="Whose; default: your own")
    @answered(private=True)
    async def show(
        self, interaction: discord.Interaction, member: discord.Member | discord.User | None = None
    ) -> Reply:
        from steward.bots.bets.boards.record import bet_record, profit_by_day
        from steward.bots.bets.views.records.book import record_view

        guild_id, who = guild_of(interaction), interaction.user if member is None else member
        section = self._section.of(guild_id)

        def read(tx: Transaction) -> tuple[BetRecord, list[ProfitPoint]]:
            record = bet_record(tx, guild_id, who.id, section.mode)
            return record, profit_by_day(tx, guild_id, section.mode, section.zone_info, who.id)

        record, points = await self._store.read(read)
        message = record_view(who.id, record, section)
        return Reply(*await self._charts.drawn(message, f"Profit of {who.display_name}", points, section))

    @app_commands.command(description="For bet managers: the house's profit, and what open bets may cost it")
    @answered(private=True)
    async def house(self, interaction: discord.Interaction) -> Reply:
        from steward.bots.bets.boards.exposure import book_balance, worst_exposures
        from steward.bots.bets.boards.record import ProfitPoint, profit_by_day
        from steward.bots.bets.views.records.book import house_view

        guild_id = guild_of(interaction)
        section = self._section.of(guild_id)
        require_house(section)
        require_bet_manager(interaction, section)

        def read(tx: Transaction) -> tuple[Message, list[ProfitPoint]]:
            sums = {
                period: boards.added(boards.sums_by_member(tx, guild_id, BetsMode.HOUSE, since).values())
                for period in BoardPeriod
                for since in (boards.begins_ms(tx, guild_id, period, section.zone_info),)
            }
            exposed = worst_exposures(tx, guild_id, MOST_EXPOSED)
            message = house_view(sums, book_balance(tx, guild_id), exposed, section)
            members = profit_by_day(tx, guild_id, BetsMode.HOUSE, section.zone_info)
            return message, [ProfitPoint(at, -profit) for at, profit in members]

        message, points = await self._store.read(read)
        return Reply(*await self._charts.drawn(message, "Profit of the house", points, section))
