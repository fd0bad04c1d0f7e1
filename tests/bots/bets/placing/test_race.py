"""Two real processes confirm slips on one wallet at the same time, on one database."""

import asyncio
import json
import sys

import pytest

from steward.bots.bets.ledger.accounts import wallet
from steward.bots.bets.placing.bets import find_bets
from steward.bots.installed import MIGRATIONS
from steward.runtime.clock import SystemClock
from steward.store import open_store
from tests.bots.bets.fixtures.kept import Kept
from tests.bots.bets.ledger.book import ADA, balances, flaws
from tests.bots.bets.placing.slips import derby, granted

pytestmark = [pytest.mark.real_time, pytest.mark.timeout(400)]
SLIPS, AFFORDED = 30, 20


async def test_two_processes_place_what_the_wallet_covers_and_one_bet_a_slip(server_database):
    async with open_store(server_database, SystemClock(), migrations=MIGRATIONS) as store:
        kept = Kept(store, SystemClock())
        game = await derby(kept)
        await kept.write(granted, AFFORDED * 100)
    command = (sys.executable, "-m", "tests.bots.bets.placing.racing_process", server_database, str(game.id))
    pipe = asyncio.subprocess.PIPE
    racing = [
        # The second half of the slips of one process are the first half of those of the other.
        await asyncio.create_subprocess_exec(*command, str(first), str(SLIPS), stdin=pipe, stdout=pipe)
        for first in (1, 1 + SLIPS // 2)
    ]
    try:
        for process in racing:
            assert await process.stdout.readline() == b"ready\n"
        said = await asyncio.gather(*(process.communicate(b"go\n") for process in racing))
    finally:
        for process in racing:
            if process.returncode is None:
                process.kill()
                await process.wait()
    told = {bet for out, _ in said for bet in json.loads(out.splitlines()[-1])}
    async with open_store(server_database, SystemClock(), migrations=MIGRATIONS) as store:
        now, bets = await store.read(balances), await store.read(lambda tx: find_bets(tx, told))
        assert len(bets) == AFFORDED
        assert {bet.stake for bet in bets.values()} == {100}
        assert wallet(ADA) not in now, "all is staked, and nothing more"
        assert await store.read(flaws) == []
