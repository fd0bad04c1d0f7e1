"""Wallets of members who do nothing are dropped, and with them who their members were."""

import asyncio
from datetime import timedelta
from functools import partial
from itertools import count

from steward.bots.bets.care.limits import break_until, own_limits, set_limit, take_break
from steward.bots.bets.care.rules import LimitKind, LimitPeriod
from steward.bots.bets.grading.grades import BetOutcome
from steward.bots.bets.grading.results import GameResult
from steward.bots.bets.ledger import wallets
from steward.bots.bets.ledger.accounts import RETIRED, find_wallet, season
from steward.bots.bets.ledger.seasons import close_season
from steward.bots.bets.markets.manual_slips import ManualSlip, grade_slip, post_slip
from steward.bots.bets.markets.resolving import propose
from steward.bots.bets.odds.prices import OddsFormat, read_odds
from steward.bots.bets.placing.preferences import prefer, preferences_of
from steward.bots.bets.privacy.activity import TRACES
from steward.bots.bets.privacy.personal import BETS_DATA
from steward.bots.bets.privacy.retention import old_rows
from steward.bots.bets.section import BetsMode, BetsSection
from steward.bots.bets.settling.gradings import add_grading
from steward.bots.bets.settling.reviews import ReviewKind, begin_review, propose_result
from steward.bots.installed import MIGRATIONS
from steward.guilds.retention import Retention
from steward.store import open_store
from tests.bots.bets.ledger.book import ADA, BEN, CARLA, GUILD, OLGA, balances, flaws
from tests.bots.bets.markets.made import MARKET, a_market
from tests.bots.bets.markets.made import bet as market_bet
from tests.bots.bets.settling.games import bet, leg, make_game

A_DAY = 86_400
KEEP = timedelta(days=10)


async def test_a_wallet_is_dropped_once_its_member_has_done_nothing_for_so_long(clock, database):
    async with open_store(database, clock, migrations=MIGRATIONS) as store:

        async def claim(user):
            await store.write(partial(wallets.claim, guild_id=GUILD, user_id=user, section=BetsSection()))

        async def has(user):
            found = await store.read(lambda tx: find_wallet(tx, GUILD, user))
            return None if found is None else found.balance

        retention = Retention(store, clock, lambda _: old_rows(KEEP))
        for user in (ADA, BEN):
            await claim(user)
        for _ in range(9):
            await asyncio.sleep(A_DAY)
            await claim(BEN)
        await store.write(lambda tx: close_season(tx, GUILD, 1, 500, OLGA))  # is no use of Ada's
        await retention.prune(clock.now())
        assert (await has(ADA), await has(BEN)) == (500, 500)
        await asyncio.sleep(2 * A_DAY)
        await retention.prune(clock.now())
        assert (await has(ADA), await has(BEN)) == (None, 500)
        actors = await store.read(lambda tx: tx.all("SELECT DISTINCT actor_id FROM bet_transactions ORDER BY actor_id"))
        assert {actor for (actor,) in actors} == {None, BEN, OLGA}
        now = await store.read(balances)
        assert (now[RETIRED], now[season(1)]) == (500, 2900)
        assert await store.read(flaws) == []
        await Retention(store, clock, lambda _: old_rows(None)).prune(clock.now() + timedelta(days=999))
        assert await has(BEN) == 500


UNITS = BetsSection(mode=BetsMode.UNITS)
SLIP = ManualSlip(700, None, "Rain", read_odds("2.00"), 100)
NOBODY, EXCLUDED = 300, 301
A_RESULT = GameResult(regulation=(1, 0))


def begin(tx, user):
    propose_result(tx, begin_review(tx, GUILD, 2, ReviewKind.WAITING), A_RESULT, user, "so it was")


ACTS = {
    "a bet in units": lambda tx, user: bet(tx, user, leg(1), mode=BetsMode.UNITS),
    "a slip": lambda tx, user: post_slip(tx, GUILD, user, SLIP, UNITS),
    "a grade": lambda tx, user: grade_slip(tx, GUILD, SLIP.id, BetOutcome.WIN, user),
    "a limit": lambda tx, user: set_limit(tx, GUILD, user, LimitKind.STAKE, LimitPeriod.DAY, 5),
    "a preference": lambda tx, user: prefer(tx, GUILD, user, odds_format=OddsFormat.AMERICAN),
    "a grant to others": lambda tx, user: wallets.grant(tx, GUILD, NOBODY, 5, actor_id=user, key="grant"),
    "a dispute": lambda tx, user: begin_review(tx, GUILD, 1, ReviewKind.DISPUTE, opened_by=user),
    "a proposal": begin,
    "a ruling": lambda tx, user: add_grading(tx, GUILD, 1, body="{}", grader_id=user, stands=True),
    "a ruling of two": lambda tx, user: add_grading(tx, GUILD, 2, body="{}", seconder_id=user, stands=True),
    "a proposal of a market's answer": lambda tx, user: propose(tx, GUILD, user, MARKET, 1, manages=True),
}
"""What members do that moves nothing in their own wallets."""
STAYS_OPEN = {"a bet in units", "a proposal"}


def test_each_row_with_a_members_id_says_whether_they_are_active():
    holds = set().union(*(data.holds for data in BETS_DATA))
    assert set(TRACES) == {one for one in holds if one.startswith("bet_")} - {"bet_accounts.owner_id"}


async def test_whoever_does_anything_keeps_their_wallet_bets_limits_and_preferences(clock, database):
    async with open_store(database, clock, migrations=MIGRATIONS) as store:
        members = dict(zip(ACTS, count(200), strict=False))

        async def holders():
            sql = "SELECT owner_id FROM bet_accounts WHERE kind = 'wallet' AND owner_id > 0"
            return {user for (user,) in await store.read(lambda tx: tx.all(sql))}

        async def prune():
            await Retention(store, clock, lambda _: old_rows(KEEP)).prune(clock.now())

        def begin_all(tx):
            make_game(tx)
            for user in (*members.values(), EXCLUDED):
                wallets.claim(tx, GUILD, user, BetsSection())
                prefer(tx, GUILD, user, mentioned=True)
            take_break(tx, GUILD, EXCLUDED, tx.now + timedelta(days=183))

        await store.write(begin_all)
        await asyncio.sleep(5 * A_DAY)
        await store.write(lambda tx: (a_market(tx), market_bet(tx, ADA, 1, 70, press=1)))
        await asyncio.sleep(3600)
        for what, user in members.items():
            await store.write(partial(ACTS[what], user=user))
        await asyncio.sleep(6 * A_DAY)
        await prune()
        assert await holders() == {*members.values(), NOBODY, ADA, BEN, CARLA}
        assert (await store.read(lambda tx: preferences_of(tx, GUILD, members["a bet in units"]))).mentioned
        assert await store.read(lambda tx: own_limits(tx, GUILD, members["a limit"]))
        assert not (await store.read(lambda tx: preferences_of(tx, GUILD, EXCLUDED))).mentioned
        assert await store.read(lambda tx: break_until(tx, GUILD, EXCLUDED)) is not None
        await asyncio.sleep(10 * A_DAY)
        await prune()
        await prune()  # in portions
        assert await holders() == {ADA, *(members[what] for what in STAYS_OPEN)}
        assert await store.read(lambda tx: break_until(tx, GUILD, EXCLUDED)) is not None
