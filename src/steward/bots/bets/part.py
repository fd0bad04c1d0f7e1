"""The bets bot, put together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial

from steward.bots.bets.boards.board_channels import DayBoards
from steward.bots.bets.boards.board_retention import old_boards
from steward.bots.bets.commands.betting.bet import BetCommands
from steward.bots.bets.commands.betting.games import GameCommands
from steward.bots.bets.commands.betting.slip import SlipCommands
from steward.bots.bets.commands.betting.slips import PlacedBets
from steward.bots.bets.commands.feeds.overview import FeedsCommand
from steward.bots.bets.commands.limits import LimitsCommands
from steward.bots.bets.commands.managing import mentioned_managers
from steward.bots.bets.commands.markets.market import MarketCommands
from steward.bots.bets.commands.records.book import BetsCommands, BookCommands
from steward.bots.bets.commands.records.leaderboard import LeaderboardCommand
from steward.bots.bets.commands.rulings.result import ResultCommands
from steward.bots.bets.commands.season import SeasonCommands
from steward.bots.bets.commands.setup import BetsSetup
from steward.bots.bets.commands.wallet import WalletCommands
from steward.bots.bets.feeds.installed import BetFeeds
from steward.bots.bets.fixtures.retention import old_games
from steward.bots.bets.markets.upkeep import MarketUpkeep
from steward.bots.bets.privacy.export import TABLES
from steward.bots.bets.privacy.retention import old_rows
from steward.bots.bets.section import BetsSection
from steward.bots.bets.settings import BetsSettings
from steward.bots.bets.settling.work import Settling
from steward.bots.bot import Part
from steward.client.members.who_left import WhoLeft
from steward.guilds.host import Host
from steward.guilds.privacy.kept import Kept
from steward.guilds.retention import Retention
from steward.runtime.tasks import Work
from steward.store.due.work import DueWork
from steward.store.export.personal import PersonalData
from steward.text.plurals import counted


class BetsPart(Part):
    """Play money, in every guild."""

    def __init__(self, host: Host) -> None:
        self._store = host.store
        self.section = host.guilds.settings.section("bets", BetsSection())
        WalletCommands(host, self.section)
        who_left = WhoLeft(host.client, host.cache, "bets_absent")
        SeasonCommands(host, self.section, who_left)
        GameCommands(host, self.section)
        BetsCommands(host, self.section)
        LeaderboardCommand(host, self.section, who_left)
        BookCommands(host, self.section)
        MarketCommands(host, self.section)
        self._markets = MarketUpkeep(host, self.section)
        self._boards = DayBoards(host, self.section)
        LimitsCommands(host, self.section)
        BetCommands(host, self.section, PlacedBets(host, self.section))
        SlipCommands(host, self.section)
        ResultCommands(host, self.section)
        self.setup = BetsSetup(host, self.section)
        self.exports = TABLES
        keep_days = host.settings.of(BetsSettings).keep_idle_wallets_days
        until = f"a wallet is dropped once its owner is idle for {counted(keep_days, 'day')}" if keep_days else ""
        self.kept = Kept("Bets", _bets_data, self.flush, self._forget, until, loss="your play money")
        keep = timedelta(days=keep_days) if keep_days else None
        self._access = host.access
        self._settling = Settling(host.store, self.section, self._mentioned)
        self._due = DueWork(host.store, host.clock, self._settling.kinds)
        self._feeds = BetFeeds(host.store, host.clock, host.settings.of(BetsSettings))
        FeedsCommand(host, self._feeds)
        self.retention = Retention(host.store, host.clock, lambda _: [*old_rows(keep), old_games(), old_boards()])

    async def _forget(self, guild_id: int, user_id: int) -> None:
        from steward.bots.bets.privacy.forgetting import forget_member

        await self._store.write(partial(forget_member, guild_id=guild_id, user_id=user_id))

    async def _mentioned(self, guild_id: int) -> int | None:
        return await mentioned_managers(self._access, guild_id, self.section.of(guild_id))

    async def load(self) -> None:
        """Have it looked which bets waited while the bot was away."""
        await self._settling.begin()

    @property
    def problems(self) -> list[str]:
        return [*self._feeds.problems, *self._due.problems, *self._markets.problems, *self._boards.problems]

    def work(self) -> Iterator[tuple[str, Work]]:
        """Yield the background work that begins once the bot is logged in: by then it knows what time it is."""
        yield "settle bets", self._due.run
        yield from self._markets.work()
        yield from self._boards.work()

    def offline_work(self) -> Iterator[tuple[str, Work]]:
        """Yield the background work that asks whoever tells of games."""
        if self._feeds.is_set_up:
            from steward.bots.bets.settling.finals import games_with_open_bets, told_of_result

            ask = partial(self._feeds.run, games_with_bets=games_with_open_bets, on_final=told_of_result)
            yield "ask for games of bets", ask


def _bets_data() -> Sequence[PersonalData]:
    from steward.bots.bets.privacy.personal import BETS_DATA

    return BETS_DATA
