"""Limits and breaks as rows, on each engine."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from steward.bots.bets.care.limits import break_until, own_limits, require_may_bet, set_limit, take_break, wagered
from steward.bots.bets.care.rules import LimitKind, LimitPeriod, OnBreak, OverOwnLimit, Wagered
from steward.bots.bets.grading.picks import BetPick
from steward.bots.bets.ledger.accounts import BOOK, ISSUANCE, escrow, wallet
from steward.bots.bets.ledger.posting import Movement, post
from steward.bots.bets.odds.prices import Odds
from steward.bots.bets.placing.bets import BetLeg, cancel, place
from steward.bots.bets.privacy.forgetting import forget_member
from steward.bots.bets.privacy.personal import BETS_DATA
from steward.bots.bets.privacy.retention import old_rows
from steward.bots.bets.section import BetsMode, BetsSection
from steward.bots.installed import MIGRATIONS
from steward.guilds.retention import Retention
from steward.store import open_store
from tests.bots.bets.ledger.book import ADA, BEN, GUILD
from tests.bots.bets.markets.made import a_market
from tests.bots.bets.markets.made import bet as market_bet

SECTION = BetsSection()
HOUR = 3600
LEG = BetLeg(1, BetPick("1x2", "home"), Odds(2, 1, "2.00"), 0)


class Bettor:
    """Ada, with 10,000 points; her bets are allowed, placed and settled as members' are."""

    def __init__(self, store):
        self.store = store
        self.presses = 0

    async def endow(self):
        entries = {ISSUANCE: -10_000, wallet(ADA): 10_000}
        await self.store.write(lambda tx: post(tx, GUILD, [Movement("grant:ada", "grant", entries)]))

    async def bet(self, stake, *, section=SECTION, guild=GUILD):
        self.presses += 1
        key = f"place:{self.presses}"

        def work(tx):
            require_may_bet(tx, guild, ADA, stake, section)
            return place(tx, guild, ADA, stake, [LEG], mode=section.mode, key=key)[0].id

        return await self.store.write(work)

    async def settle(self, bet, stake, payout):
        def work(tx):
            sql = "UPDATE bet_bets SET status = 'settled', payout = ?, changed_at = ? WHERE id = ?"
            tx.execute(sql, (payout, tx.now_ms, bet))
            entries = {escrow(bet): -stake, BOOK: stake - payout, wallet(ADA): payout}
            post(tx, GUILD, [Movement(f"settle:{bet}", "settle", entries)])

        await self.store.write(work)

    async def limit(self, kind, period, amount):
        return await self.store.write(lambda tx: set_limit(tx, GUILD, ADA, kind, period, amount))


@asynccontextmanager
async def betting(clock, database):
    async with open_store(database, clock, migrations=MIGRATIONS) as store:
        bettor = Bettor(store)
        await bettor.endow()
        yield bettor


async def test_stakes_of_the_day_count_and_cancelled_ones_do_not(clock, database):
    async with betting(clock, database) as ada:
        await ada.limit(LimitKind.STAKE, LimitPeriod.DAY, 100)
        first = await ada.bet(60)
        with pytest.raises(OverOwnLimit):
            await ada.bet(41)
        await ada.bet(40)
        await ada.store.write(lambda tx: cancel(tx, GUILD, ADA, first))
        await ada.bet(60)
        with pytest.raises(OverOwnLimit):
            await ada.bet(1)
        await asyncio.sleep(24 * HOUR)
        await ada.bet(100)


async def test_losses_of_the_week_count_with_what_is_on_open_bets(clock, database):
    async with betting(clock, database) as ada:
        await ada.limit(LimitKind.LOSS, LimitPeriod.WEEK, 100)
        lost, open_ = await ada.bet(50), await ada.bet(30)
        await ada.settle(lost, 50, 0)
        await asyncio.sleep(24 * HOUR)
        with pytest.raises(OverOwnLimit, match="you've lost 50 points, and have 30 points on open bets"):
            await ada.bet(21)
        await ada.settle(open_, 30, 60)
        assert await ada.store.read(lambda tx: wagered(tx, GUILD, ADA, tx.now - timedelta(days=2))) == Wagered(
            80, 20, 0
        )
        await ada.bet(80)


async def test_a_higher_limit_counts_after_24_hours_and_a_lower_one_at_once(clock, database):
    async with betting(clock, database) as ada:
        await ada.limit(LimitKind.STAKE, LimitPeriod.WEEK, 100)
        await ada.limit(LimitKind.STAKE, LimitPeriod.WEEK, 300)
        with pytest.raises(OverOwnLimit):
            await ada.bet(101)
        await asyncio.sleep(24 * HOUR)
        await ada.bet(101)
        await ada.limit(LimitKind.STAKE, LimitPeriod.WEEK, 150)
        with pytest.raises(OverOwnLimit):
            await ada.bet(50)
        await ada.limit(LimitKind.STAKE, LimitPeriod.WEEK, None)
        assert len(await ada.store.read(lambda tx: own_limits(tx, GUILD, ADA))) == 1
        await asyncio.sleep(24 * HOUR)
        assert await ada.store.read(lambda tx: own_limits(tx, GUILD, ADA)) == []
        await ada.bet(5000)


async def test_a_limit_is_of_one_member_in_one_guild_and_of_points_only(clock, database):
    async with betting(clock, database) as ada:
        await ada.limit(LimitKind.STAKE, LimitPeriod.DAY, 1)
        await ada.store.read(lambda tx: require_may_bet(tx, GUILD, BEN, 500, SECTION))
        await ada.store.read(lambda tx: require_may_bet(tx, 2, ADA, 500, SECTION))
        await ada.bet(500, section=replace(SECTION, mode=BetsMode.UNITS))
        assert await ada.store.read(lambda tx: wagered(tx, GUILD, ADA, tx.now)) == Wagered()


async def test_a_break_is_made_longer_and_never_shorter_and_ends_by_itself(clock, database):
    async with betting(clock, database) as ada:

        async def take(days):
            return await ada.store.write(lambda tx: take_break(tx, GUILD, ADA, tx.now + timedelta(days=days)))

        until = await take(183)
        assert await take(1) == until
        longer = await take(366)
        assert longer > until
        with pytest.raises(OnBreak):
            await ada.bet(1)
        with pytest.raises(OnBreak):
            await ada.bet(1, section=replace(SECTION, mode=BetsMode.UNITS))
        await ada.store.read(lambda tx: require_may_bet(tx, 2, ADA, 500, SECTION))
        await asyncio.sleep((longer - clock.now()).total_seconds() - 1)
        with pytest.raises(OnBreak):
            await ada.bet(1)
        await asyncio.sleep(1)
        await ada.bet(1)
        await Retention(ada.store, clock, lambda _: old_rows(None)).prune(clock.now() + timedelta(days=1))
        assert await ada.store.read(lambda tx: tx.value("SELECT COUNT(*) FROM bet_breaks")) == 0


async def test_whoever_is_forgotten_stays_excluded_and_loses_their_limits(clock, database):
    async with betting(clock, database) as ada:
        until = await ada.store.write(lambda tx: take_break(tx, GUILD, ADA, tx.now + timedelta(days=183)))
        await ada.limit(LimitKind.STAKE, LimitPeriod.DAY, 1)
        await ada.store.write(lambda tx: forget_member(tx, GUILD, ADA))
        assert await ada.store.read(lambda tx: own_limits(tx, GUILD, ADA)) == []
        assert await ada.store.read(lambda tx: break_until(tx, GUILD, ADA)) == until
        with pytest.raises(OnBreak):
            await ada.bet(1)
        (row,) = await ada.store.read(lambda tx: tx.all("SELECT * FROM bet_breaks"))
        assert ADA not in tuple(row)
        kept = {one.name for one in BETS_DATA if await ada.store.read(lambda tx, one=one: one.read(tx, GUILD, ADA))}
        assert kept == {"betting_break"}


async def test_bets_in_markets_of_members_count_and_are_refused_alike(clock, database):
    async with betting(clock, database) as ada:
        await ada.store.write(a_market)
        await ada.limit(LimitKind.STAKE, LimitPeriod.DAY, 100)
        await ada.store.write(lambda tx: market_bet(tx, ADA, 1, 70, press=1))
        for refused in (ada.store.write(lambda tx: market_bet(tx, ADA, 1, 31, press=2)), ada.bet(31)):
            with pytest.raises(OverOwnLimit):
                await refused
        await ada.limit(LimitKind.LOSS, LimitPeriod.WEEK, 90)
        with pytest.raises(OverOwnLimit, match="have 70 points on open bets"):
            await ada.bet(21)
        await ada.store.write(lambda tx: take_break(tx, GUILD, ADA, tx.now + timedelta(days=1)))
        with pytest.raises(OnBreak):
            await ada.store.write(lambda tx: market_bet(tx, ADA, 1, 1, press=3))
