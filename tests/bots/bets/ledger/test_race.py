"""Two real processes give from one wallet and claim for it at the same time, on one database."""

import asyncio
import json
import sys
from datetime import timedelta
from functools import partial

import pytest

from steward.bots.bets.ledger import wallets
from steward.bots.bets.ledger.accounts import ISSUANCE
from steward.bots.installed import MIGRATIONS
from steward.runtime.clock import SystemClock
from steward.store import open_store
from tests.bots.bets.ledger.book import ADA, GUILD, balances, flaws
from tests.bots.bets.ledger.racing_process import LIMITED
from tests.store.settable_clock import SettableClock

pytestmark = [pytest.mark.real_time, pytest.mark.timeout(400)]
GIFTS = 60


async def test_a_wallet_is_claimed_for_once_and_gives_what_the_limit_allows_through_two_processes(server_database):
    yesterday = SettableClock(SystemClock())
    yesterday.set_by(-timedelta(days=1))
    async with open_store(server_database, yesterday, migrations=MIGRATIONS) as store:
        await store.write(partial(wallets.claim, guild_id=GUILD, user_id=ADA, section=LIMITED))
    racing = [
        await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "tests.bots.bets.ledger.racing_process", server_database, str(first), str(GIFTS)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        for first in (GIFTS, 2 * GIFTS)
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
    told = [json.loads(out.splitlines()[-1]) for out, _ in said]  # above it may be a log
    gave, claimed = map(sum, zip(*told, strict=True))
    assert claimed == 1
    assert gave == LIMITED.daily_gift_limit // LIMITED.gift_limit
    async with open_store(server_database, SystemClock(), migrations=MIGRATIONS) as store:
        now = await store.read(balances)
        assert now.pop(ISSUANCE) == -1100
        assert max(now.values()) == 1100 - LIMITED.daily_gift_limit
        assert await store.read(flaws) == []
