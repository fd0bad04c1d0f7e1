"""One price out of those of many bookmakers: that of the one in the middle, so that a wrong one is never taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from steward.bots.bets.fixtures.fixture import PricedMarket
from steward.bots.bets.odds.prices import Odds
from steward.bots.bets.odds.probability import is_plausible, no_vig

FAR_PERCENT = 10
"""Two bookmakers whose probabilities differ by more, in points of a percent, can't both be right."""


def middle_of(offers: Iterable[PricedMarket]) -> tuple[PricedMarket, ...]:
    """
    Return one offer for each market and line: of the bookmaker whose first price is in the middle.

    Where there are two who differ far, the market is disputed. Offers that can't be right count only if there is no
    other.

    Args:
        offers: whole markets, each of one bookmaker, with the selections in an order of their own.

    """
    same: dict[tuple[object, ...], list[PricedMarket]] = defaultdict(list)
    for offer in offers:
        sides = tuple(sorted((price.selection, price.line) for price in offer.prices))
        prices = tuple(sorted(offer.prices, key=lambda price: price.selection))
        same[offer.market, offer.period, sides].append(offer._replace(prices=prices))
    return tuple(_middle(offers) for offers in same.values())


def _middle(offers: Sequence[PricedMarket]) -> PricedMarket:
    right = [one for one in offers if is_plausible(price.odds for price in one.prices)] or offers
    ordered = sorted(right, key=lambda one: (_size(one.prices[0].odds), one.prices[0].odds.text))
    chosen = ordered[(len(ordered) - 1) // 2]
    return chosen._replace(is_disputed=len(ordered) == 2 and _are_far(*ordered))  # noqa: PLR2004 - of three, one is between


def _are_far(first: PricedMarket, second: PricedMarket) -> bool:
    (a, of_a), (b, of_b) = (
        no_vig(one.prices[0].odds, [price.odds for price in one.prices[1:]]) for one in (first, second)
    )
    return 100 * abs(a * of_b - b * of_a) > FAR_PERCENT * of_a * of_b


def _size(odds: Odds) -> float:
    return odds.numerator / odds.denominator  # to sort only: equal prices are as good as each other
