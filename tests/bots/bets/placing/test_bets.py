"""Placed bets as rows, and what pays for them."""

import pytest

from steward.bots.bets.grading.picks import BetPick
from steward.bots.bets.ledger.accounts import BOOK, ISSUANCE, RETIRED, escrow, wallet
from steward.bots.bets.ledger.posting import Movement, NotEnough, post
from steward.bots.bets.odds.prices import Odds
from steward.bots.bets.placing.bets import BetGone, BetLeg, BetStatus, cancel, find_bets, forget_bets, place
from steward.bots.bets.section import BetsMode
from tests.bots.bets.ledger.book import ADA, BEN, GUILD, balances, flaws, ledger_in_memory
from tests.runtime.hand_clock import HandClock

HOME = BetLeg(1, BetPick("1x2", "home"), Odds(5, 2, "2.50"), 0)
OVER = BetLeg(2, BetPick("total", "over", 10), Odds(191, 100, "1.91"), 0)


@pytest.fixture
def run():
    """Run units of work on a ledger in which Ada has 100 points."""
    with ledger_in_memory(HandClock(3600)) as run:
        run(lambda tx: post(tx, GUILD, [Movement("grant:1", "grant", {ISSUANCE: -100, wallet(ADA): 100})]))
        yield run
        assert run(flaws) == []


def placed(run, *legs, stake=40, key="place:1", mode=BetsMode.HOUSE):
    return run(lambda tx: place(tx, GUILD, ADA, stake, legs, mode=mode, key=key))


def test_the_stake_leaves_the_wallet_with_the_bet(run):
    bet, is_new = placed(run, HOME)
    assert (is_new, bet.status, bet.stake, bet.returned, bet.legs) == (True, BetStatus.OPEN, 40, 100, (HOME,))
    assert bet.legs[0].odds.text == "2.50"
    assert run(balances) == {ISSUANCE: -100, wallet(ADA): 60, escrow(bet.id): 40}


def test_the_same_press_finds_the_bet_of_before(run):
    bet, _ = placed(run, HOME)
    assert placed(run, HOME) == (bet, False)
    assert run(balances)[wallet(ADA)] == 60


def test_a_parlay_returns_all_its_odds_together_rounded_down_once(run):
    bet, _ = placed(run, HOME, OVER, stake=33)
    assert (bet.returned, bet.legs) == (157, (HOME, OVER))  # 33 x 4.775 = 157.575


def test_a_stake_that_is_not_there_leaves_no_bet(run):
    with pytest.raises(NotEnough):
        placed(run, HOME, stake=101)
    assert run(lambda tx: find_bets(tx, [1])) == {}


def test_in_units_no_money_moves(run):
    bet, _ = placed(run, HOME, stake=125, mode=BetsMode.UNITS)
    assert (bet.stake, bet.returned) == (125, 312)
    assert run(lambda tx: cancel(tx, GUILD, ADA, bet.id)).status is BetStatus.CANCELLED
    assert run(balances) == {ISSUANCE: -100, wallet(ADA): 100}


def test_a_cancelled_bet_gives_its_stake_back_once(run):
    bet, _ = placed(run, HOME)
    assert run(lambda tx: cancel(tx, GUILD, ADA, bet.id)).status is BetStatus.CANCELLED
    with pytest.raises(BetGone):
        run(lambda tx: cancel(tx, GUILD, ADA, bet.id))
    assert run(balances) == {ISSUANCE: -100, wallet(ADA): 100}


def test_nobody_cancels_the_bet_of_another(run):
    bet, _ = placed(run, HOME)
    with pytest.raises(BetGone):
        run(lambda tx: cancel(tx, GUILD, BEN, bet.id))


def test_who_is_forgotten_leaves_bets_that_are_nobodys_and_no_open_stake(run):
    bet, _ = placed(run, HOME)
    run(lambda tx: forget_bets(tx, GUILD, ADA))
    found = run(lambda tx: find_bets(tx, [bet.id]))[bet.id]
    assert (found.user_id, found.status) == (None, BetStatus.CANCELLED)
    assert run(balances) == {ISSUANCE: -100, wallet(ADA): 60, RETIRED: 40}
    assert BOOK not in run(balances)
