"""Two real processes give from one wallet and claim for it at the same time, on one database."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial
from threading import Event

import pytest

from steward.bots.bets.errors import BetsError
from steward.bots.bets.ledger import wallets
from steward.bots.bets.ledger.accounts import ISSUANCE, find_wallet, wallet
from steward.bots.bets.section import BetsSection
from steward.bots.installed import MIGRATIONS
from steward.runtime.clock import SystemClock
from steward.store import open_store
from steward.store.mysql import engine as mysql_engine
from tests.bots.bets.ledger.book import ADA, GUILD, balances, flaws
from tests.processes.forked import preload
from tests.processes.racing import PATIENT, race
from tests.store.settable_clock import SettableClock

pytestmark = [pytest.mark.real_time, pytest.mark.timeout(400)]
preload(__name__)
GIFTS = 60
LIMITED = replace(BetsSection(), gift_limit=10, daily_gift_limit=200)


async def claim_and_give(store, first):
    """Return how many gifts were given, and how many claims."""

    async def told(work):
        try:
            await store.write(work)
        except BetsError:
            return False
        return True

    def give(number):
        key, receiver = f"transfer:{number}", 100 + number % 3
        return lambda tx: wallets.give(tx, GUILD, ADA, receiver, 10, LIMITED, key=key)

    claim = partial(wallets.claim, guild_id=GUILD, user_id=ADA, section=LIMITED)
    gave = await asyncio.gather(*(told(give(number)) for number in range(first, first + GIFTS)))
    claimed = await asyncio.gather(*(told(claim) for _ in range(GIFTS)))
    # What the other process has given, told here again: the same answer, once.
    await asyncio.gather(*(told(give(number)) for number in range(first - GIFTS, first)))
    return sum(gave), sum(claimed)


async def test_a_wallet_is_claimed_for_once_and_gives_what_the_limit_allows_through_two_processes(server_database):
    yesterday = SettableClock(SystemClock())
    yesterday.set_by(-timedelta(days=1))
    async with open_store(server_database, yesterday, migrations=MIGRATIONS) as store:
        await store.write(partial(wallets.claim, guild_id=GUILD, user_id=ADA, section=LIMITED))
    told = race(claim_and_give, server_database, (GIFTS,), (2 * GIFTS,))
    gave, claimed = map(sum, zip(*told, strict=True))
    assert claimed == 1
    assert gave == LIMITED.daily_gift_limit // LIMITED.gift_limit
    async with open_store(server_database, SystemClock(), migrations=MIGRATIONS) as store:
        now = await store.read(balances)
        assert now.pop(ISSUANCE) == -1100
        assert max(now.values()) == 1100 - LIMITED.daily_gift_limit
        assert await store.read(flaws) == []


@pytest.mark.parametrize("snapshot_isolation", [True, False])
async def test_an_account_that_another_process_opens_meanwhile_is_found(
    server_database, monkeypatch, snapshot_isolation
):
    """Without the one, as on MySQL, a transaction doesn't see what it has just met."""
    if not snapshot_isolation:
        monkeypatch.setattr(mysql_engine, "SNAPSHOT_ISOLATION", "of_no_server")
    looked, claimed = Event(), Event()

    def claim(tx):
        assert find_wallet(tx, GUILD, ADA) is None or looked.is_set()
        if not looked.is_set():
            looked.set()
            claimed.wait(2)  # in vain where reads lock, as the other then waits for us
        return wallets.claim(tx, GUILD, ADA, LIMITED)

    async def claim_meanwhile(store):
        await asyncio.get_running_loop().run_in_executor(None, looked.wait, 10)
        try:
            return await store.write(partial(wallets.claim, guild_id=GUILD, user_id=ADA, section=LIMITED))
        finally:
            claimed.set()

    opened = partial(open_store, server_database, SystemClock(), migrations=MIGRATIONS, server=PATIENT)
    async with opened() as one, opened() as other:
        told = await asyncio.gather(one.write(claim), claim_meanwhile(other), return_exceptions=True)
        assert {type(each) for each in told} == {wallets.Claimed, wallets.ClaimedToday}
        assert await one.read(balances) == {ISSUANCE: -1000, wallet(ADA): 1000}
        assert await one.read(flaws) == []
