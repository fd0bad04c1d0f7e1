"""One of two processes that confirm slips on the same wallet at the same time; tells how many bets were placed."""

# ruff: noqa: T201 - what it prints is how the test knows

from __future__ import annotations

import asyncio
import json
import sys

from steward.bots.bets.errors import BetsError
from steward.bots.bets.placing.confirming import place_slip
from steward.bots.bets.section import BetsSection
from steward.bots.bets.slips.kept import SLIPS
from steward.bots.installed import MIGRATIONS
from steward.runtime.clock import SystemClock
from steward.store import ServerOptions, open_store, to_millis
from steward.store.server.session import SessionLimits
from tests.bots.bets.ledger.book import ADA, GUILD
from tests.bots.bets.placing.slips import on_home

PATIENT = ServerOptions(processes=2, limits=SessionLimits(lock=60))


async def main(url, game, first, count):
    async with open_store(url, SystemClock(), migrations=MIGRATIONS, server=PATIENT, wait=60) as store:

        async def confirmed(number):
            slip = on_home(game, number, to_millis(SystemClock().now()))
            try:
                bet = await store.write(lambda tx: place_slip(tx, GUILD, ADA, slip, BetsSection(), SLIPS))
            except BetsError:
                return None
            return bet.id

        print("ready", flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
        numbers = [number for number in range(first, first + count) for _ in range(2)]
        placed = await asyncio.gather(*map(confirmed, numbers))
    print(json.dumps([bet for bet in placed if bet is not None]), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], *map(int, sys.argv[2:])))
