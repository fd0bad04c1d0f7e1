"""A process that is killed between any two statements of settling ends, once started again, as if it had not been."""

import asyncio
import os
import signal
from functools import partial

import pytest

from steward.bots.bets.ledger.accounts import escrow
from steward.bots.bets.placing.bets import cancel
from steward.bots.installed import MIGRATIONS
from steward.store import Transaction, open_store
from tests.bots.bets.ledger.book import ADA, BEN, GUILD, balances, flaws
from tests.bots.bets.ledger.test_kills import PROCESSES
from tests.bots.bets.settling.games import (
    AWAY,
    HOUR,
    KICK_OFF,
    bet,
    give,
    heard,
    leg,
    make_game,
    one_step,
    posts,
    score,
    sweep,
    tell,
)
from tests.runtime.hand_clock import HandClock

pytestmark = [pytest.mark.real_time, pytest.mark.timeout(400)]
MOST = 400
"""More statements than any step has."""
PROCESSES.set_forkserver_preload([__name__])
A_SLICE = 2


def placed(tx):
    """Bet on two games, one of which is never played; the second bet is to be cancelled."""
    give(tx, (ADA, BEN), 100)
    first, second = make_game(tx), make_game(tx, "Leeds", "Everton")
    for user in (ADA, BEN):
        bet(tx, user, leg(first))
        bet(tx, user, leg(first, AWAY), leg(second))
    bet(tx, ADA, leg(second))
    heard(tx, second, unbegun_ms=KICK_OFF + 49 * HOUR)


def cancelled(tx):
    """Cancel a bet, unless that was committed before the kill."""
    if tx.value("SELECT status FROM bet_bets WHERE id = 2") == "open":
        cancel(tx, GUILD, ADA, 2)


STEPS = (
    ("cancel", 1, cancelled),
    ("settle", 26, lambda tx: told_once(tx, 1, score(1, 0))),
    ("correct", 27, lambda tx: told_once(tx, 2, score(0, 1))),
    ("refund", 80, lambda tx: sweep(lambda work: work(tx))),
)
"""What is done, how many hours after the beginning, and how it begins; then all is done that is due."""


def told_once(tx, version, result):
    """Tell a version of a result, unless it was committed before the kill."""
    if (tx.value("SELECT MAX(version) FROM bet_results WHERE game = 1") or 0) < version:
        tell(tx, 1, result)


async def do(path, at, killed=None):
    """
    Do a step and what is due after it, and return what is there before and after.

    Args:
        killed: the statement before which this process ends.

    """
    clock, running, count = HandClock(STEPS[at][1] * 3600), Transaction._running, iter(range(10_000))

    def counting(tx, sql):
        if next(count) == killed:
            os.kill(os.getpid(), signal.SIGKILL)
        return running(tx, sql)

    async with open_store(path, clock, migrations=MIGRATIONS) as store:
        await store.read(state)
        Transaction._running = counting
        try:
            await store.write(STEPS[at][2])
            while await store.write(partial(one_step, most=A_SLICE)):
                pass
        finally:
            Transaction._running = running
        return await store.read(state)


def child(path, at, killed):
    asyncio.run(do(path, at, killed))


def state(tx):
    """Return the bets, the balances and what was told, once the books are seen to be in order."""
    assert flaws(tx) == []
    found = [tuple(row) for row in tx.all("SELECT id, status, outcome, payout, settlements FROM bet_bets ORDER BY id")]
    held = balances(tx)
    for number, status, *_ in found:
        assert held.get(escrow(number), 0) == (10 if status == "open" else 0)
    return found, held, posts(tx)


async def begin(path):
    async with open_store(path, HandClock(0), migrations=MIGRATIONS) as store:
        await store.write(placed)


def test_what_is_killed_before_any_statement_ends_as_if_it_had_not_been(tmp_path):
    whole, kills = tmp_path / "whole.sqlite3", 0
    asyncio.run(begin(whole))
    for at, (name, *_) in enumerate(STEPS):
        before = whole.read_bytes()
        expected = asyncio.run(do(whole, at))
        for statement in range(MOST):
            path = tmp_path / f"{at}.{statement}.sqlite3"
            path.write_bytes(before)
            process = PROCESSES.Process(target=child, args=(path, at, statement))
            process.start()
            process.join()
            assert process.exitcode in {0, -signal.SIGKILL}
            if process.exitcode == 0:
                break
            kills += 1
            assert asyncio.run(do(path, at)) == expected, f"{name}, before statement {statement}"
    assert kills > 100
    assert {status for _, status, *_ in expected[0]} == {"settled", "cancelled"}
