"""A process that is killed between any two statements of settling ends, once started again, as if it had not been."""

import asyncio
from functools import partial

import pytest

from steward.bots.bets.ledger.accounts import escrow
from steward.bots.bets.placing.bets import cancel
from steward.bots.installed import MIGRATIONS
from steward.store import open_store
from tests.bots.bets.ledger.book import ADA, BEN, GUILD, balances, flaws
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
from tests.processes.forked import preload
from tests.processes.killed import killed_before, kills
from tests.runtime.hand_clock import HandClock

pytestmark = [pytest.mark.real_time, pytest.mark.timeout(400)]
preload(__name__)
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


async def do(path, at, statement=None):
    """Do a step and what is due after it, and return what is there before and after; see `killed_before`."""
    async with open_store(path, HandClock(STEPS[at][1] * 3600), migrations=MIGRATIONS) as store:
        await store.read(state)
        with killed_before(statement):
            await store.write(STEPS[at][2])
            while await store.write(partial(one_step, most=A_SLICE)):
                pass
        return await store.read(state)


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
    whole, path, killed = tmp_path / "whole.sqlite3", tmp_path / "killed.sqlite3", 0
    asyncio.run(begin(whole))
    for at, (name, *_) in enumerate(STEPS):
        before = whole.read_bytes()
        expected = asyncio.run(do(whole, at))
        path.write_bytes(before)
        for statement in kills(do, path, at):
            killed += 1
            assert asyncio.run(do(path, at)) == expected, f"{name}, before statement {statement}"
            path.write_bytes(before)
    assert killed > 100
    assert {status for _, status, *_ in expected[0]} == {"settled", "cancelled"}
