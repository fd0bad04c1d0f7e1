"""Wallets that nobody uses are dropped, and with them who their members were."""

import asyncio
from datetime import timedelta
from functools import partial

from steward.bots.bets.ledger import wallets
from steward.bots.bets.ledger.accounts import RETIRED, find_wallet, season
from steward.bots.bets.ledger.seasons import close_season
from steward.bots.bets.privacy.personal import old_rows
from steward.bots.bets.section import BetsSection
from steward.bots.installed import MIGRATIONS
from steward.guilds.retention import Retention
from steward.store import open_store
from tests.bots.bets.ledger.book import ADA, BEN, GUILD, OLGA, balances, flaws

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
