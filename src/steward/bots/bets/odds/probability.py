"""What the prices of a market say: probabilities, the bookmaker's margin, and how good a bet was against the close."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from steward.bots.bets.odds.prices import Odds, Ratio, product, reduced

LEAST_OVERROUND, MOST_OVERROUND = 97, 115  # percent; outside, a price is wrong or missing
BPS = 10_000  # basis points in one


class ClosingValue(NamedTuple):
    """
    How much better the odds taken were than those at the close, in basis points, rounded down.

    Attributes:
        price_bps: against the closing odds.
        no_vig_bps: against the closing probability without the bookmaker's margin: the expected profit.

    """

    price_bps: int
    no_vig_bps: int


def implied(odds: Odds) -> Ratio:
    """Return the probability that odds stand for, margin included."""
    return odds.denominator, odds.numerator


def overround(prices: Iterable[Odds]) -> Ratio:
    """Return the sum of the implied probabilities of all selections of a market; 1 is a market without margin."""
    top, bottom = 0, 1
    for odds in prices:
        top, bottom = top * odds.numerator + bottom * odds.denominator, bottom * odds.numerator
    return reduced(top, bottom)


def no_vig(odds: Odds, others: Sequence[Odds]) -> Ratio:
    """Return the probability of a selection without the margin, from the odds of all others of its market."""
    top, bottom = overround((odds, *others))
    return reduced(odds.denominator * bottom, odds.numerator * top)


def is_plausible(prices: Iterable[Odds]) -> bool:
    """Whether bets may be taken on a market: its overround is from 0.97 to 1.15."""
    top, bottom = overround(prices)
    return LEAST_OVERROUND * bottom <= 100 * top <= MOST_OVERROUND * bottom


def closing_value(taken: Odds, close: Odds, others: Sequence[Odds]) -> ClosingValue:
    """
    Return the closing line value of a bet.

    Args:
        close: the last price of its selection before the actual start.
        others: those of the other selections of the market.

    """
    chance, of = no_vig(close, others)
    return ClosingValue(
        _gain_bps(taken.numerator * close.denominator, taken.denominator * close.numerator),
        _gain_bps(taken.numerator * chance, taken.denominator * of),
    )


def price_gain_bps(taken: Iterable[Odds], closes: Iterable[Odds]) -> int:
    """Return how much better the odds taken were than those at the close, all legs together, in basis points."""
    (top, bottom), (close_top, close_bottom) = product(taken), product(closes)
    return _gain_bps(top * close_bottom, bottom * close_top)


def _gain_bps(top: int, bottom: int) -> int:
    return BPS * (top - bottom) // bottom
