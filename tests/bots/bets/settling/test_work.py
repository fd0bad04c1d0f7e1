"""The work of settling by the clock: a sweep every ten minutes, whether or not there is something to look through."""

import asyncio
from functools import partial
from types import SimpleNamespace

from steward.bots.bets.section import BetsSection
from steward.bots.bets.settling.work import SWEEP_EVERY, Settling
from steward.bots.installed import MIGRATIONS
from steward.store import open_store, to_millis
from steward.store.due.work import DueWork
from tests.bots.bets.ledger.book import ADA
from tests.bots.bets.settling.games import HOUR, bet, give, leg, make_game, wallets


async def nobody(_):
    """Mention no bet managers."""


async def test_a_sweep_that_finds_nothing_is_followed_by_one_that_refunds_what_waits_no_longer(clock, tmp_path):
    async with open_store(f"sqlite:///{tmp_path}/db", clock, migrations=MIGRATIONS) as store:
        settling = Settling(store, SimpleNamespace(of=lambda _: BetsSection()), nobody)
        await settling.begin()
        work = DueWork(store, clock, settling.kinds)
        task = asyncio.create_task(work.run())
        await asyncio.sleep(SWEEP_EVERY.total_seconds() * 2.5)  # nobody has bet, and no game is known
        starts_ms = to_millis(clock.now()) + HOUR
        await store.write(partial(give, members=(ADA,), points=100))
        game = await store.write(partial(make_game, starts_ms=starts_ms, status="PST"))
        await store.write(lambda tx: bet(tx, ADA, leg(game, listed_ms=starts_ms), stake=10))
        await asyncio.sleep(47 * 3600)
        assert await store.read(wallets) == {ADA: 90}, "it may still be played"
        await asyncio.sleep(3 * 3600)
        assert (await store.read(wallets), work.problems) == ({ADA: 100}, [])
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
