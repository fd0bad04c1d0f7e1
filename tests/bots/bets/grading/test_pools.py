"""Pools pay the winning side what the losing side staked, and never more than is in them."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.bots.bets.grading.pools import PoolStatus, pay_pool
from tests.bots.bets.oracle import cases

BETS = st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 10**9)), max_size=30)


@pytest.mark.parametrize("case", cases("pools"), indirect=True)
def test_a_pool_pays_as_published(case):
    rows = [(member, bet) for member, stakes in case["bets"].items() for bet in stakes.items()]
    gross = case["takeout_base"] == "gross"
    paid = pay_pool([bet for _, bet in rows], case["winner"], case["takeout_bps"], gross=gross)
    assert (paid.status, paid.takeout, paid.breakage) == (case["status"], case["takeout"], case["breakage"])
    payouts = Counter()
    for (member, _), amount in zip(rows, paid.payouts, strict=True):
        payouts[member] += amount
    assert +payouts == case["payouts"]


def test_a_pool_that_nobody_won_is_refunded():
    assert pay_pool([("a", 10), ("b", 20)], "c", 500) == (PoolStatus.NO_WINNER, (10, 20), 0, 0)


@given(BETS, st.none() | st.sampled_from("abc"), st.integers(0, 10_000), st.booleans())
def test_a_pool_pays_out_what_is_in_it_and_the_rest_is_less_than_a_point_a_winner(bets, winner, bps, gross):
    paid = pay_pool(bets, winner, bps, gross=gross)
    assert sum(paid.payouts) + paid.takeout + paid.breakage == sum(stake for _, stake in bets)
    winners = sum(selection == winner for selection, _ in bets)
    assert 0 <= paid.breakage < max(winners, 1)
    if not gross:
        assert all(amount >= stake for (side, stake), amount in zip(bets, paid.payouts, strict=True) if side == winner)


@given(BETS, st.randoms())
def test_what_a_bet_in_a_pool_is_paid_does_not_depend_on_the_order(bets, random):
    paid = dict(enumerate(pay_pool(bets, "a", 500).payouts))
    order = list(paid)
    random.shuffle(order)
    assert pay_pool([bets[at] for at in order], "a", 500).payouts == tuple(paid[at] for at in order)
