"""From the price on a slip to the price of the bet: it may move before the member confirms, and never after."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from steward.bots.bets.odds.prices import Odds

FRESH_SECONDS = 60
"""A better price is taken unasked only on a slip that is no older."""


class Quote(NamedTuple):
    """A price, and the line it is for in quarters; None where the market has none."""

    odds: Odds
    line: int | None = None


class PriceMove(StrEnum):
    """What becomes of a slip that is confirmed."""

    ACCEPT = "accept"
    ACCEPT_AT_NEW = "accept_at_new"
    RECONFIRM = "reconfirm"


def price_move(seen: Quote, now: Quote, *, age_seconds: int, takes_better: bool) -> PriceMove:
    """
    Return whether a slip is placed at the price of now, or shown again.

    A line that moved is another bet, whomever it favours.

    Args:
        age_seconds: of the slip.
        takes_better: the member's choice; where it is off, a better price is asked about too.

    """
    if now.line != seen.line:
        return PriceMove.RECONFIRM
    if now.odds == seen.odds:
        return PriceMove.ACCEPT
    better = now.odds.is_longer_than(seen.odds)
    return PriceMove.ACCEPT_AT_NEW if better and takes_better and age_seconds <= FRESH_SECONDS else PriceMove.RECONFIRM
