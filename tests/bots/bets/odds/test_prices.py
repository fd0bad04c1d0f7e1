"""Odds are exact, whichever of the three formats they are read from and shown in."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.bots.bets.odds.prices import BadOdds, Odds, OddsFormat, product, read_odds, reduced, show_odds
from steward.bots.bets.odds.probability import implied
from tests.bots.bets.oracle import cases

ODDS = st.builds(lambda low, more: Odds(*reduced(low + more, low)), st.integers(1, 10**6), st.integers(1, 10**9))


def pair(text):
    return Fraction(text).as_integer_ratio()


@pytest.mark.parametrize("case", cases("conversions"), indirect=True)
def test_odds_are_read_and_shown_as_published(case):
    odds = read_odds(case["input"], OddsFormat(case["format"]))
    assert odds.ratio == pair(case["exact"])
    assert odds.text == case["input"]
    assert implied(odds) == pair(case["implied_exact"])
    assert show_odds(odds, OddsFormat.DECIMAL) == case["decimal_2"]
    assert show_odds(odds, OddsFormat.AMERICAN) == case["american"]
    assert show_odds(odds, OddsFormat.FRACTIONAL) == case["fractional"]


@pytest.mark.parametrize("case", cases("conversion_errors"), indirect=True)
def test_what_is_no_odds_is_refused_with_a_sentence_and_a_remedy(case):
    with pytest.raises(BadOdds) as refused:
        read_odds(case["input"], OddsFormat(case["format"]))
    assert refused.value.sentence.endswith(".")
    assert "2.10" in refused.value.remedy


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("2.10", "21/10"),
        ("2,10", "21/10"),
        ("1,825", "1825/1000"),
        (" +110 ", "21/10"),
        ("-110", "21/11"),
        ("\N{MINUS SIGN}110", "21/11"),
        ("6/4", "5/2"),
        ("6 / 4", "5/2"),
        ("100/30", "13/3"),
        ("Evens", "2"),
        ("EVS", "2"),
        ("150", "150"),
        ("1.9090909090909092", "1.9090909090909092"),
    ],
)
def test_the_format_is_told_by_how_odds_look(text, exact):
    assert read_odds(text).ratio == pair(exact)


@pytest.mark.parametrize(
    ("text", "american"), [("2.005", "+100"), ("2.015", "+102"), ("1.999", "+100"), ("1.98", "-102"), ("1.8", "-125")]
)
def test_american_odds_are_rounded_half_to_even_and_even_money_is_plus_100(text, american):
    assert show_odds(read_odds(text), OddsFormat.AMERICAN) == american


def test_a_number_without_sign_is_american_where_american_is_asked_for():
    assert read_odds("150", OddsFormat.AMERICAN).ratio == (5, 2)


@pytest.mark.parametrize(
    "text",
    ["1.234,5", "1,000.5", "2.1.0", "²", "\N{ARABIC-INDIC DIGIT TWO}.1", "+", "/", "9" * 19, "1/1" + "0" * 40, "+1.5"],
)
def test_what_could_mean_two_things_or_none_is_refused(text):
    with pytest.raises(BadOdds):
        read_odds(text)


@given(
    st.text() | st.from_regex(r"[+-]?[0-9]{0,20}[.,/]?[0-9]{0,20}", fullmatch=True),
    st.none() | st.sampled_from(OddsFormat),
)
def test_any_text_is_odds_that_fit_a_column_or_a_sentence(text, style):
    try:
        odds = read_odds(text, style)
    except BadOdds:
        return
    assert 0 < odds.denominator < odds.numerator < 2**63


@given(ODDS)
def test_reading_what_was_shown_gives_the_same_odds_back_where_the_format_is_exact(odds):
    numerator, denominator = odds.ratio
    assert read_odds(show_odds(odds, OddsFormat.FRACTIONAL)) == odds
    if 100 % denominator == 0:
        assert read_odds(show_odds(odds, OddsFormat.DECIMAL)) == odds
    profit = Fraction(numerator - denominator, denominator)
    if (100 * profit if profit >= 1 else 100 / profit).denominator == 1:
        assert read_odds(show_odds(odds, OddsFormat.AMERICAN)) == odds


@given(ODDS)
def test_shown_odds_never_promise_more_than_they_pay_and_american_ones_are_the_nearest(odds):
    exact = Fraction(*odds.ratio)
    assert 0 <= exact - Fraction(show_odds(odds, OddsFormat.DECIMAL)) < Fraction(1, 100)
    shown = int(show_odds(odds, OddsFormat.AMERICAN))
    wanted = 100 * (exact - 1) if exact >= 2 else -100 / (exact - 1)
    assert shown == round(wanted) or (shown == 100 and round(wanted) == -100)


@given(st.lists(ODDS, max_size=10))
def test_the_odds_of_a_parlay_are_the_product_of_its_legs(prices):
    exact = Fraction(1)
    for odds in prices:
        exact *= Fraction(*odds.ratio)
    assert product(prices) == exact.as_integer_ratio()


@given(ODDS, ODDS)
def test_longer_odds_pay_more(one, other):
    assert one.is_longer_than(other) == (Fraction(*one.ratio) > Fraction(*other.ratio))
