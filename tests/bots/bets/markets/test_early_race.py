"""Who is first when a market ends early while members bet in it, on each engine; on servers through two processes."""

import asyncio
from contextlib import asynccontextmanager
from functools import partial

import pytest

from steward.bots.bets.errors import BetsError
from steward.bots.bets.ledger.accounts import ISSUANCE, pool, wallet
from steward.bots.bets.markets import early, staking
from steward.bots.bets.markets.market import MarketStatus
from steward.bots.bets.markets.rows import market_of
from steward.bots.installed import MIGRATIONS
from steward.store import open_store
from tests.bots.bets.ledger.book import ADA, BEN, CARLA, GUILD, OLGA, balances, flaws
from tests.bots.bets.markets.made import MARKET, a_market, bet
from tests.processes.racing import PATIENT
from tests.runtime.hand_clock import HandClock

pytestmark = [pytest.mark.real_time, pytest.mark.timeout(300)]
DORA, EVA = 14, 15
CLOSE = [
    partial(early.close_market, guild_id=GUILD, user_id=user, market_id=MARKET, manages=True) for user in (OLGA, DORA)
]
VOID = [
    partial(early.void_market, guild_id=GUILD, user_id=user, market_id=MARKET, reason="A typo") for user in (DORA, EVA)
]
BETS = [partial(bet, user=user, outcome=1, amount=10, press=user * 10 + n) for n in range(4) for user in (BEN, CARLA)]
LATE = partial(bet, user=BEN, outcome=1, amount=10, press=999)
BACK = partial(staking.take_back, guild_id=GUILD, user_id=ADA, market_id=MARKET)


@asynccontextmanager
async def two_doors(database):
    """Open a database twice, or once where only one process may; Ada has a stake in the market."""
    options = {"clock": HandClock(60), "migrations": MIGRATIONS, "wait": 60}
    async with open_store(database, **options, server=PATIENT) as one:
        await one.write(a_market)
        await one.write(partial(bet, user=ADA, outcome=2, amount=40, press=1))
        if not one.shared:
            yield one, one
        else:
            async with open_store(database, **options, server=PATIENT) as other:
                yield one, other
        assert await one.read(flaws) == []


async def done(store, work):
    """Return whether a unit of work was done, and not refused with a sentence."""
    try:
        await store.write(work)
    except BetsError:
        return False
    return True


async def raced(doors, *works):
    """Do all at once, every second one through the other door."""
    return await asyncio.gather(*(done(doors[number % 2], work) for number, work in enumerate(works)))


async def test_a_bet_is_in_before_betting_is_closed_or_refused_and_it_is_closed_once(database):
    async with two_doors(database) as doors:
        *bets, back, one, other = await raced(doors, *BETS, BACK, *CLOSE)
        market = await doors[0].read(partial(market_of, market_id=MARKET))
        staked = 10 * sum(bets) + 40 * (not back)
        assert (one + other, market.status) == (1, MarketStatus.CLOSED if staked else MarketStatus.SETTLED)
        assert market.staked == staked
        assert (await doors[1].read(balances)).get(pool(MARKET), 0) == staked
        assert not any(await raced(doors, LATE, BACK, *CLOSE, *VOID))


async def test_every_stake_goes_back_once_whatever_is_bet_or_taken_back_while_a_market_is_voided(database):
    async with two_doors(database) as doors:
        *_, one, other = await raced(doors, *BETS, BACK, *VOID)
        assert one + other == 1
        points = {wallet(user): 100 for user in (ADA, BEN, CARLA)}
        assert await doors[1].read(balances) == {ISSUANCE: -300, **points}
        steps = "SELECT COUNT(*) FROM bet_market_steps WHERE step = 'voided'"
        assert await doors[0].read(lambda tx: tx.value(steps)) == 1
        assert not any(await raced(doors, LATE, BACK, *CLOSE, *VOID))


async def test_a_market_is_closed_or_void_but_not_both(database):
    async with two_doors(database) as doors:
        assert sum(await raced(doors, CLOSE[0], VOID[0], CLOSE[1], VOID[1])) == 1
