"""A process that is killed between any two statements leaves all of a step in a market or nothing."""

import asyncio
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from steward.bots.bets.ledger.accounts import wallet
from steward.bots.bets.markets import early, resolving, staking
from steward.bots.bets.privacy.forgetting import forget_member
from steward.bots.installed import MIGRATIONS
from steward.runtime.clock import SystemClock
from steward.store import open_store
from tests.bots.bets.ledger.book import ADA, BEN, CARLA, GUILD, OLGA, balances, flaws
from tests.bots.bets.markets.made import MARKET, ODDS, a_market, bet
from tests.processes.forked import preload
from tests.processes.killed import all_or_nothing, killed_before
from tests.store.settable_clock import SettableClock

pytestmark = [pytest.mark.real_time, pytest.mark.timeout(300)]
preload(__name__)
PRICED, VOIDED = MARKET + 1, MARKET + 2
MANAGER: Any = {"guild_id": GUILD, "user_id": 14, "manages": True}
ANSWER: Any = {"guild_id": GUILD, "market_id": MARKET, "answer": 1}

STEPS = {  # hours since the first, and what is done
    "a market is made": (0, a_market),
    "one with odds is made": (0, partial(a_market, outcomes=ODDS, number=PRICED)),
    "Ada bets": (0, partial(bet, user=ADA, outcome=1, amount=30, press=1)),
    "Ben bets": (0, partial(bet, user=BEN, outcome=2, amount=30, press=2)),
    "Carla bets": (0, partial(bet, user=CARLA, outcome=2, amount=30, press=3)),
    "Ada bets at odds": (0, partial(bet, user=ADA, outcome=1, amount=20, press=4, number=PRICED)),
    "Carla takes hers back": (0, partial(staking.take_back, guild_id=GUILD, user_id=CARLA, market_id=MARKET)),
    "a third is made": (0, partial(a_market, outcomes=ODDS, number=VOIDED)),
    "Carla bets in that": (0, partial(bet, user=CARLA, outcome=2, amount=15, press=5, number=VOIDED)),
    "that is void": (0, partial(early.void_market, guild_id=GUILD, user_id=14, market_id=VOIDED, reason="A typo")),
    "the other is closed early": (0, partial(early.close_market, market_id=PRICED, **MANAGER)),
    "it closes": (2, partial(resolving.current, market_id=MARKET)),
    "one proposes": (2, partial(resolving.propose, user_id=OLGA, manages=False, **ANSWER)),
    "another confirms": (2, partial(resolving.confirm, user_id=14, **ANSWER)),
    "Ben objects": (2, partial(resolving.object_to, guild_id=GUILD, user_id=BEN, market_id=MARKET)),
    "Ben is forgotten": (2, partial(forget_member, guild_id=GUILD, user_id=BEN)),
    "a third decides": (2, partial(resolving.decide, user_id=15, **ANSWER)),
    "it is refunded": (51, partial(resolving.current, market_id=PRICED)),
}


def opened(path, hours=0):
    clock = SettableClock(SystemClock())
    clock.set_by(timedelta(hours=hours))
    return open_store(path, clock, migrations=MIGRATIONS)


async def do(path, name, statement):
    hours, work = STEPS[name]
    async with opened(path, hours) as store:
        with killed_before(statement):
            await store.write(work)


async def state(path):
    """Return what is in the accounts and in all tables of markets."""
    tables = ("bet_markets", "bet_market_stakes", "bet_market_steps", "due", "outbox", "desired", "bet_entries")

    def read(tx):
        rows = {table: sorted(map(repr, map(tuple, tx.all(f"SELECT * FROM {table}")))) for table in tables}
        return balances(tx), rows

    async with opened(path) as store:
        assert await store.read(flaws) == []
        return await store.read(read)


def test_what_is_killed_before_any_statement_is_as_if_it_had_not_begun(tmp_path):
    path = tmp_path / "s.sqlite3"
    assert all_or_nothing(STEPS, partial(do, path), partial(state, path)) > 150
    points, _ = asyncio.run(state(path))
    assert (points[wallet(ADA)], points[wallet(CARLA)]) == (130, 100)
