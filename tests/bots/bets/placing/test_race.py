"""Two real processes confirm slips on one wallet at the same time, on one database."""

import asyncio

import pytest

from steward.bots.bets.errors import BetsError
from steward.bots.bets.ledger.accounts import wallet
from steward.bots.bets.placing.bets import find_bets
from steward.bots.bets.placing.confirming import place_slip
from steward.bots.bets.section import BetsSection
from steward.bots.bets.slips.checks import OverLimit
from steward.bots.bets.slips.kept import SLIPS
from steward.bots.installed import MIGRATIONS
from steward.runtime.clock import SystemClock
from steward.store import open_store, to_millis
from tests.bots.bets.fixtures.kept import Kept
from tests.bots.bets.ledger.book import ADA, GUILD, balances, flaws
from tests.bots.bets.placing.slips import derby, granted, on_home
from tests.processes.forked import preload
from tests.processes.racing import race

pytestmark = [pytest.mark.real_time, pytest.mark.timeout(400)]
preload(__name__)
COUNT, AFFORDED = 30, 20
UNLIMITED = BetsSection()


async def confirm(store, game, first, section=UNLIMITED):
    """Confirm slips, each twice, and return the bets that were placed."""

    async def confirmed(number):
        slip = on_home(game, number, to_millis(SystemClock().now()))
        try:
            bet = await store.write(lambda tx: place_slip(tx, GUILD, ADA, slip, section, SLIPS))
        except (BetsError, OverLimit):
            return None
        return bet.id

    numbers = [number for number in range(first, first + COUNT) for _ in range(2)]
    placed = await asyncio.gather(*map(confirmed, numbers))
    return {bet for bet in placed if bet is not None}


async def test_two_processes_place_what_the_wallet_covers_and_one_bet_a_slip(server_database):
    async with open_store(server_database, SystemClock(), migrations=MIGRATIONS) as store:
        kept = Kept(store, SystemClock())
        game = await derby(kept)
        await kept.write(granted, AFFORDED * 100)
    # The second half of the slips of one process are the first half of those of the other.
    one, other = race(confirm, server_database, (game.id, 1), (game.id, 1 + COUNT // 2))
    async with open_store(server_database, SystemClock(), migrations=MIGRATIONS) as store:
        now, bets = await store.read(balances), await store.read(lambda tx: find_bets(tx, one | other))
        assert len(bets) == AFFORDED
        assert {bet.stake for bet in bets.values()} == {100}
        assert wallet(ADA) not in now, "all is staked, and nothing more"
        assert await store.read(flaws) == []


async def test_two_processes_take_no_more_than_the_guild_takes_of_a_member_in_a_day(server_database):
    async with open_store(server_database, SystemClock(), migrations=MIGRATIONS) as store:
        kept = Kept(store, SystemClock())
        game = await derby(kept)
        await kept.write(granted, 10 * COUNT * 100)
    limited = BetsSection(daily_limit=AFFORDED * 100)
    one, other = race(confirm, server_database, (game.id, 1, limited), (game.id, 1 + COUNT, limited))
    assert len(one | other) == AFFORDED
    async with open_store(server_database, SystemClock(), migrations=MIGRATIONS) as store:
        assert await store.read(flaws) == []
