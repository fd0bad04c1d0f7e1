"""The margin of a market, and what a bet was worth at the close."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.bots.bets.odds.prices import Odds, read_odds
from steward.bots.bets.odds.probability import closing_value, is_plausible, no_vig, overround
from tests.bots.bets.odds.test_prices import ODDS, pair
from tests.bots.bets.oracle import cases
from tests.bots.bets.seasons import rows

CLOSE = ("home_close", "draw_close", "away_close")


@pytest.mark.parametrize("case", cases("clv"), indirect=True)
def test_closing_line_value_is_in_basis_points_rounded_down(case):
    taken, close = read_odds(case["taken"]), read_odds(case["close"])
    others = [read_odds(text) for text in case["other_closes"]]
    assert no_vig(close, others) == pair(case["no_vig_probability"])
    assert closing_value(taken, close, others) == (case["price_clv_bps"], case["no_vig_clv_bps"])


@given(st.lists(ODDS, min_size=1, max_size=5))
def test_probabilities_without_the_margin_add_up_to_one(prices):
    assert Fraction(*overround(prices)) == sum(1 / Fraction(*odds.ratio) for odds in prices)
    fair = [Fraction(*no_vig(odds, prices[:at] + prices[at + 1 :])) for at, odds in enumerate(prices)]
    assert sum(fair) == 1


@pytest.mark.parametrize(
    ("prices", "plausible"),
    [
        ((Odds(200, 97), Odds(200, 97)), True),
        ((Odds(2001, 970), Odds(2001, 970)), False),
        ((Odds(200, 115), Odds(200, 115)), True),
        ((Odds(1999, 1150), Odds(1999, 1150)), False),
    ],
)
def test_a_market_is_barred_outside_an_overround_of_97_to_115_percent(prices, plausible):
    assert is_plausible(prices) is plausible


def test_the_corrupt_closing_prices_of_march_2016_are_below_one_and_the_worst_are_barred(shared_data):
    below, barred = [], []
    for name in ("england-premier-league", "germany-bundesliga"):
        for row in rows(shared_data / "football" / f"{name}.csv.gz"):
            prices = [read_odds(row[column]) for column in CLOSE if row[column]]
            if len(prices) == len(CLOSE):
                top, bottom = overround(prices)
                below += [row["Date"]] * (top < bottom)
                barred += [row["HomeTeam"]] * (not is_plausible(prices))
    assert len(below) == 13
    assert {date[:7] for date in below} == {"2016-03"}
    assert barred == [
        *("Arsenal", "Manchester United", "Southampton", "Manchester City", "Chelsea"),
        *("Darmstadt", "Bayern Munich"),
    ]
