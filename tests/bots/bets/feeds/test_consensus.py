"""Of many bookmakers the one in the middle counts."""

from hypothesis import given
from hypothesis import strategies as st

from steward.bots.bets.feeds.consensus import middle_of
from tests.bots.bets.fixtures.kept import one_x_two

FAIR = one_x_two("2.10", "3.40", "3.60")


def home(market):
    return next(price.odds.text for price in market.prices if price.selection == "home")


def test_a_price_far_from_the_others_is_never_taken():
    wrong = one_x_two("9.00", "3.40", "1.40")
    near = one_x_two("2.15", "3.40", "3.50"), one_x_two("2.05", "3.40", "3.70")
    for offers in ([wrong, FAIR, *near], [FAIR, *near, wrong], [wrong, FAIR, near[0]]):
        (found,) = middle_of(offers)
        assert home(found) != "9.00"
        assert not found.is_disputed


def test_of_two_that_differ_far_neither_can_be_trusted():
    (found,) = middle_of([FAIR, one_x_two("9.00", "3.40", "1.40")])
    assert found.is_disputed
    (found,) = middle_of([FAIR, one_x_two("2.20", "3.30", "3.50")])
    assert not found.is_disputed


def test_what_cannot_be_right_counts_only_alone():
    corrupt = one_x_two("5.80", "8.79", "20.15")
    assert [home(one) for one in middle_of([corrupt, FAIR])] == ["2.10"]
    assert [home(one) for one in middle_of([corrupt])] == ["5.80"]
    assert middle_of([]) == ()


@given(
    st.permutations(
        [FAIR, one_x_two("2.15", "3.40", "3.50"), one_x_two("2.05", "3.40", "3.70"), one_x_two("2.2", "3.3", "3.4")]
    )
)
def test_the_order_of_bookmakers_says_nothing(offers):
    assert middle_of(offers) == middle_of(sorted(offers, key=home))
