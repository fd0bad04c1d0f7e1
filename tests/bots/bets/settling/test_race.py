"""Two processes settle the same game at once, while its bettors cancel, on each server."""

import asyncio
from functools import partial

import pytest

from steward.bots.bets.errors import BetsError
from steward.bots.bets.placing.bets import cancel, find_bets
from steward.bots.installed import MIGRATIONS
from steward.store import open_store
from tests.bots.bets.ledger.book import ADA, GUILD, flaws
from tests.bots.bets.settling.games import bet, give, leg, make_game, one_step, posts, score, tell, wallets
from tests.processes.racing import PATIENT
from tests.runtime.hand_clock import HandClock

pytestmark = [pytest.mark.real_time, pytest.mark.timeout(300)]
BETS = 24


async def drained(store):
    while await store.write(partial(one_step, most=5)):
        pass


async def cancelled(store, number):
    try:
        await store.write(lambda tx: cancel(tx, GUILD, ADA, number))
    except BetsError:
        return False
    return True


async def test_a_bet_is_settled_or_cancelled_once_whoever_is_first(server_database):
    early, late = HandClock(), HandClock(26 * 3600)
    options = {"migrations": MIGRATIONS, "server": PATIENT, "wait": 60}
    async with open_store(server_database, early, **options) as store:
        await store.write(partial(give, members=(ADA,), points=1000))
        game = await store.write(make_game)
        numbers = [await store.write(lambda tx: bet(tx, ADA, leg(game))) for _ in range(BETS)]
    async with (
        open_store(server_database, late, **options) as first,
        open_store(server_database, late, **options) as second,
    ):
        await first.write(partial(tell, game=game, result=score(1, 0)))
        given, *_ = await asyncio.gather(
            asyncio.gather(*(cancelled(second, number) for number in numbers[::-4])), drained(first), drained(second)
        )
        await drained(first)
        found = await first.read(lambda tx: find_bets(tx, numbers))
        assert sum(given) == sum(one.status == "cancelled" for one in found.values())
        assert {(one.status.value, one.settlements) for one in found.values()} <= {("settled", 1), ("cancelled", 0)}
        assert await first.read(wallets) == {ADA: 1000 + 10 * (BETS - sum(given))}
        assert (await first.read(flaws), len(await first.read(posts))) == ([], 1)
