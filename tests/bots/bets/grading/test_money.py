"""Money, for any odds and stake: exact until it is rounded down, once a ticket."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from steward.bots.bets.grading.grader import ParlayLeg, grade_parlay
from steward.bots.bets.grading.grades import LOST, PUSHED, VOIDED, WON, dead_heat, halves
from steward.bots.bets.grading.picks import BetPick
from steward.bots.bets.grading.results import GameResult
from tests.bots.bets.grading.paid import SingleBet, settle
from tests.bots.bets.odds.test_prices import ODDS

STAKES = st.integers(1, 10**12)
DEAD_HEATS = st.builds(dead_heat, st.integers(1, 20), st.integers(1, 20), st.integers(1, 20))
GRADES = st.sampled_from([WON, LOST, PUSHED, VOIDED, halves(WON, PUSHED), halves(LOST, PUSHED)]) | DEAD_HEATS
LEGS = st.builds(lambda found, odds: ParlayLeg(found, *odds.ratio), GRADES, ODDS)
PICKS = st.sampled_from(
    [BetPick("1x2", side) for side in ("home", "draw", "away")]
    + [BetPick("asian_handicap", side, line) for side in ("home", "away") for line in range(-9, 10)]
    + [BetPick("total", side, line) for side in ("over", "under") for line in range(20)]
)
BETS = st.lists(st.builds(lambda pick, stake, odds: SingleBet(pick, stake, *odds.ratio), PICKS, STAKES, ODDS))
SCORES = st.tuples(st.integers(0, 5), st.integers(0, 5))


@given(GRADES, STAKES, ODDS)
def test_a_payout_is_the_exact_return_rounded_down(found, stake, odds):
    exact = stake * Fraction(*found.multiplier(*odds.ratio))
    assert 0 <= exact - found.payout(stake, *odds.ratio) < 1
    assert found.payout(stake, *odds.ratio) <= WON.payout(stake, *odds.ratio)


@given(ODDS)
def test_a_half_win_is_the_mean_of_win_and_push_and_a_half_loss_of_push_and_loss(odds):
    won, pushed, lost, half_won, half_lost = (
        Fraction(*found.multiplier(*odds.ratio))
        for found in (WON, PUSHED, LOST, halves(WON, PUSHED), halves(PUSHED, LOST))
    )
    assert half_won == (won + pushed) / 2
    assert half_lost == (pushed + lost) / 2


@given(st.integers(1, 30), st.integers(1, 30), st.integers(1, 30), ODDS)
def test_those_in_a_dead_heat_share_the_places_that_are_left(position, tied, places, odds):
    each = Fraction(*dead_heat(position, tied, places).multiplier(*odds.ratio))
    assert each * tied == Fraction(*odds.ratio) * max(0, min(tied, places - position + 1))


@given(BETS, SCORES, st.randoms(), st.integers(1, 10))
def test_what_bets_pay_depends_neither_on_their_order_nor_on_the_batch(bets, score, random, size):
    result = GameResult(regulation=score)
    paid = dict(enumerate(settle("soccer", result, bets)))
    order = list(paid)
    random.shuffle(order)
    for at in range(0, len(order), size):
        batch = order[at : at + size]
        assert settle("soccer", result, [bets[number] for number in batch]) == [paid[number] for number in batch]


@given(st.lists(LEGS, max_size=10), STAKES, st.randoms())
def test_a_parlay_pays_the_exact_product_of_its_legs_in_any_order(legs, stake, random):
    exact = Fraction(stake)
    for found, numerator, denominator in legs:
        exact *= Fraction(*found.multiplier(numerator, denominator))
    shuffled = random.sample(legs, len(legs))
    assert grade_parlay(legs).payout(stake) == grade_parlay(shuffled).payout(stake) == exact // 1


@given(st.lists(st.builds(lambda odds: ParlayLeg(VOIDED, *odds.ratio), ODDS), max_size=10), STAKES)
def test_a_ticket_without_a_live_leg_gives_back_the_stake_to_the_point(legs, stake):
    assert grade_parlay(legs).payout(stake) == stake


def test_of_two_halves_that_give_the_stake_back_the_whole_is_a_push():
    assert halves(PUSHED, VOIDED) == halves(VOIDED, PUSHED) == PUSHED
