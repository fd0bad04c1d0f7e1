"""A price that moves between slip and confirm is taken, or asked about; a line that moves is always asked about."""

import pytest

from steward.bots.bets.grading.lines import read_line
from steward.bots.bets.odds.prices import read_odds
from steward.bots.bets.slips.quotes import PriceMove, Quote, price_move
from tests.bots.bets.oracle import cases


def quote(odds, line):
    return Quote(read_odds(odds), None if line is None else read_line(line))


@pytest.mark.parametrize("case", cases("quotes"), indirect=True)
def test_a_slip_is_placed_or_confirmed_again(case):
    seen, now = (quote(case[f"{when}_odds"], case[f"{when}_line"]) for when in ("seen", "current"))
    move = price_move(seen, now, age_seconds=case["slip_age_s"], takes_better=case["accept_better"])
    assert move == case["result"]
    assert (None if move is PriceMove.RECONFIRM else now.odds.text) == case["stored_odds"]


@pytest.mark.parametrize(("age", "move"), [(60, PriceMove.ACCEPT_AT_NEW), (61, PriceMove.RECONFIRM)])
def test_a_better_price_is_taken_unasked_for_a_minute(age, move):
    assert price_move(quote("2.1", None), quote("2.15", None), age_seconds=age, takes_better=True) is move


def test_the_same_price_written_otherwise_has_not_moved():
    assert price_move(quote("2.10", None), quote("+110", None), age_seconds=0, takes_better=False) is PriceMove.ACCEPT
