"""Settling: the bets of one game, on each engine that is here: graded, paid, corrected."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from benchmarks.engines import each_engine
from benchmarks.run import Run
from steward.bots.bets.grading.picks import BetPick
from steward.bots.bets.grading.results import GameResult
from steward.bots.bets.ledger.audit import audit
from steward.bots.bets.odds.prices import Odds
from steward.bots.bets.placing.bets import BetLeg, place
from steward.bots.bets.section import BetsMode
from steward.bots.installed import MIGRATIONS
from steward.runtime.clock import SystemClock
from steward.store import Store, Transaction, open_store, to_millis
from tests.bots.bets.ledger.book import GUILD
from tests.bots.bets.settling.games import give, make_game, one_step, tell

if TYPE_CHECKING:
    from collections.abc import Sequence

LIMIT = 300.0
BETS, QUICK_BETS = 10_000, 1000
MEMBERS = range(1, 2001)
A_WRITE = 500
STAKE = 10
MOST_SECONDS = 5.0
SOON = 3600_000
"""How long after the bets the game begins, in milliseconds."""


async def measure(run: Run) -> None:
    """Place the bets of one game, and settle them by a result and by its correction."""
    bets = QUICK_BETS if run.quick else BETS
    async for engine, url in each_engine(run, "settling"):
        settled, corrected = await _measured(url, bets)
        run.found(f"settling.{engine}", settled, "s", better="lower", target=MOST_SECONDS)
        run.found(f"settling.{engine}.corrected", corrected, "s", better="lower")


async def _measured(url: str, bets: int) -> tuple[float, float]:
    """Return the seconds to settle so many bets, and to settle them anew."""
    async with open_store(url, SystemClock(), migrations=MIGRATIONS) as store:
        start = to_millis(SystemClock().now()) + SOON
        game = await store.write(partial(make_game, starts_ms=start))
        await store.write(partial(give, members=MEMBERS, points=10_000))
        for first in range(0, bets, A_WRITE):
            await store.write(partial(_place, game=game, numbers=range(first, first + A_WRITE), start=start))
        if store.dialect.name == "postgresql":  # as the server does by itself within a minute
            await store.write(lambda tx: tx.execute("ANALYZE"))
        seconds = []
        for result in (GameResult(regulation=(2, 1)), GameResult(regulation=(1, 2))):
            began = time.perf_counter()
            await store.write(partial(tell, game=game, result=result))
            while await store.write(one_step):
                pass
            seconds.append(time.perf_counter() - began)
        await _check(store, bets)
    return seconds[0], seconds[1]


def _place(tx: Transaction, game: int, numbers: Sequence[int], start: int) -> None:
    for number in numbers:
        own = BetLeg(game, BetPick("1x2", "home" if number % 2 else "away"), Odds(2, 1), start)
        user, key = MEMBERS[number % len(MEMBERS)], f"place:{number}"
        place(tx, GUILD, user, STAKE, [own], mode=BetsMode.HOUSE, key=key)


async def _check(store: Store, bets: int) -> None:
    done = await store.read(lambda tx: tx.value("SELECT COUNT(*) FROM bet_bets WHERE settlements = 2"))
    assert (done, (await store.read(audit)).found) == (bets, 0)
