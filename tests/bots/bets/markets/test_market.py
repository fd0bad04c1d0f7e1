"""What a market pays, by its own rules."""

from hypothesis import given
from hypothesis import strategies as st

from steward.bots.bets.markets.market import (
    VOID_ANSWER,
    MarketOutcome,
    MarketStake,
    MemberMarket,
    exposure,
    payout,
    returned_by,
)
from steward.bots.bets.odds.prices import Odds

LABELS = ("Yes", "No", "Draw")
stakes = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 10**9)), max_size=30).map(
    lambda some: [MarketStake(number, outcome, 100 + number, stake, 0) for number, (outcome, stake) in enumerate(some)]
)
takeouts = st.integers(0, 5000)
answers = st.integers(0, 3)


def market(taken=(), takeout_bps=0, odds=(None, None, None)):
    outcomes = tuple(
        MarketOutcome(
            number,
            label,
            price,
            sum(one.stake for one in taken if one.outcome == number),
            sum(one.outcome == number for one in taken),
            sum(one.returned for one in taken if one.outcome == number),
        )
        for number, (label, price) in enumerate(zip(LABELS, odds, strict=True), 1)
    )
    return MemberMarket(1, 2, 3, 4, "Who?", "The scorer", takeout_bps, 0, outcomes)


@given(stakes, takeouts, answers)
def test_a_pool_pays_what_was_staked_and_nothing_else(taken, takeout, answer):
    done = payout(market(taken, takeout), taken, answer)
    assert sum(done.payouts) + done.takeout + done.breakage == sum(one.stake for one in taken)
    assert done.breakage <= len(taken)
    assert min((*done.payouts, done.takeout, done.breakage)) >= 0


@given(stakes, takeouts, answers, st.randoms(use_true_random=False))
def test_what_a_stake_is_paid_does_not_depend_on_the_order(taken, takeout, answer, random):
    mixed = random.sample(taken, len(taken))
    paid = [
        dict(zip(some, payout(market(some, takeout), some, answer).payouts, strict=True)) for some in (taken, mixed)
    ]
    assert paid[0] == paid[1]


@given(stakes, takeouts)
def test_a_void_market_gives_every_stake_back(taken, takeout):
    assert payout(market(taken, takeout), taken, VOID_ANSWER).payouts == tuple(one.stake for one in taken)


@given(stakes, takeouts, st.integers(1, 3))
def test_a_winner_never_gets_less_than_the_stake(taken, takeout, answer):
    for one, paid in zip(taken, payout(market(taken, takeout), taken, answer).payouts, strict=True):
        assert paid >= one.stake or one.outcome != answer


@given(stakes, takeouts, st.integers(1, 3))
def test_the_odds_that_a_pool_shows_are_what_it_pays(taken, takeout, answer):
    shown = market(taken, takeout)
    pays = shown.pays(shown.outcome(answer))
    for one, paid in zip(taken, payout(shown, taken, answer).payouts, strict=True):
        if one.outcome == answer and pays is not None:
            exact = one.stake * pays.numerator / pays.denominator
            assert exact - 1 - one.stake / 10**6 <= paid <= exact + 1 + one.stake / 10**6  # the takeout is rounded


def test_a_pool_shows_no_odds_while_nothing_stands_against_an_outcome():
    one_sided = market([MarketStake(1, 1, 100, 50, 0)])
    assert [one_sided.pays(outcome) for outcome in one_sided.outcomes] == [None, None, None]


def test_the_takeout_is_of_the_losing_side():
    taken = [MarketStake(1, 1, 100, 100, 0), MarketStake(2, 2, 101, 200, 0)]
    done = payout(market(taken, 500), taken, 1)
    assert (done.payouts, done.takeout, done.breakage) == ((290, 0), 10, 0)


def test_at_fixed_odds_the_house_pays_what_was_promised_and_risks_the_rest():
    odds = (Odds(5, 2, "2.50"), Odds(3, 2, "1.50"), Odds(11, 1, "10/1"))
    taken = [
        MarketStake(number, outcome, 100, stake, returned_by(odds[outcome - 1], stake))
        for number, (outcome, stake) in enumerate([(1, 33), (2, 100), (3, 7)])
    ]
    kept = market(taken, odds=odds)
    assert payout(kept, taken, 1).payouts == (82, 0, 0)
    assert payout(kept, taken, 3).payouts == (0, 0, 77)
    assert payout(kept, taken, VOID_ANSWER).payouts == (33, 100, 7)
    assert exposure(kept.outcomes) == 150 - 140
