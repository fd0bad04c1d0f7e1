"""A process that is killed between any two statements leaves all of a unit of work or nothing."""

from functools import partial

import pytest

from steward.bots.bets.ledger import wallets
from steward.bots.bets.ledger.accounts import BOOK, escrow, wallet
from steward.bots.bets.ledger.posting import Movement, post
from steward.bots.bets.ledger.reversals import reversals
from steward.bots.bets.ledger.seasons import close_season
from steward.bots.bets.privacy.forgetting import forget_member
from steward.bots.bets.section import BetsSection
from steward.bots.installed import MIGRATIONS
from steward.runtime.clock import SystemClock
from steward.store import open_store
from tests.bots.bets.ledger.book import ADA, BEN, GUILD, OLGA, balances, flaws
from tests.processes.forked import preload
from tests.processes.killed import all_or_nothing, killed_before

pytestmark = [pytest.mark.real_time, pytest.mark.timeout(300)]
preload(__name__)


def graded_anew(tx):
    """Take a settlement back, and settle the bet anew."""
    first = tx.value("SELECT id FROM bet_transactions WHERE idempotency_key = 'settle:1:1'")
    lost = Movement("settle:1:2", "settle", {escrow(1): -100, BOOK: 100})
    post(tx, GUILD, [*reversals(tx, GUILD, [first]).values(), lost])


STEPS = {
    "claim": partial(wallets.claim, guild_id=GUILD, user_id=ADA, section=BetsSection()),
    "grant": lambda tx: wallets.grant(tx, GUILD, BEN, 50, actor_id=OLGA, key="grant:1"),
    "place": lambda tx: post(tx, GUILD, [Movement("place:1", "place", {wallet(ADA): -100, escrow(1): 100}, ADA)]),
    "settle": lambda tx: post(
        tx, GUILD, [Movement("settle:1:1", "settle", {escrow(1): -100, BOOK: -90, wallet(ADA): 190})]
    ),
    "grade anew": graded_anew,
    "end the season": lambda tx: close_season(tx, GUILD, 1, 500, OLGA),
    "forget": partial(forget_member, guild_id=GUILD, user_id=BEN),
}


async def do(path, name, statement):
    async with open_store(path, SystemClock(), migrations=MIGRATIONS) as store:
        with killed_before(statement):
            await store.write(STEPS[name])


async def state(path):
    async with open_store(path, SystemClock(), migrations=MIGRATIONS) as store:
        assert await store.read(flaws) == []
        return await store.read(balances), await store.read(lambda tx: tx.value("SELECT COUNT(*) FROM bet_entries"))


def test_what_is_killed_before_any_statement_is_as_if_it_had_not_begun(tmp_path):
    path = tmp_path / "s.sqlite3"
    assert all_or_nothing(STEPS, partial(do, path), partial(state, path)) > 50
