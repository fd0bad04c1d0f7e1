"""One of two processes that claim and give from the same wallets at the same time; tells what each was told."""

# ruff: noqa: T201 - what it prints is how the test knows

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import replace
from functools import partial

from steward.bots.bets.errors import BetsError
from steward.bots.bets.ledger import wallets
from steward.bots.bets.section import BetsSection
from steward.bots.installed import MIGRATIONS
from steward.runtime.clock import SystemClock
from steward.store import ServerOptions, open_store
from steward.store.server.session import SessionLimits
from tests.bots.bets.ledger.book import ADA, GUILD

PATIENT = ServerOptions(processes=2, limits=SessionLimits(lock=60))
LIMITED = replace(BetsSection(), gift_limit=10, daily_gift_limit=200)


async def main(url, first, gifts):
    async with open_store(url, SystemClock(), migrations=MIGRATIONS, server=PATIENT, wait=60) as store:

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
        print("ready", flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
        gave = await asyncio.gather(*(told(give(number)) for number in range(first, first + gifts)))
        claimed = await asyncio.gather(*(told(claim) for _ in range(gifts)))
        # What the other process has given, told here again: the same answer, once.
        await asyncio.gather(*(told(give(number)) for number in range(first - gifts, first)))
    print(json.dumps([sum(gave), sum(claimed)]), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], *map(int, sys.argv[2:])))
