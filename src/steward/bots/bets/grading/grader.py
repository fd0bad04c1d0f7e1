"""From the result of an event to the grade of a pick, and from the grades of its legs to that of a parlay."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from steward.bots.bets.grading.grades import VOIDED, BetGrade, BetOutcome
from steward.bots.bets.grading.markets import MARKETS
from steward.bots.bets.grading.picks import BetPick
from steward.bots.bets.grading.results import GameResult, GameStatus
from steward.bots.bets.grading.rules import SettlementRule
from steward.bots.bets.grading.windows import has_moved_away
from steward.bots.bets.odds.prices import Ratio, reduced

CALLED_OFF = frozenset({GameStatus.NO_CONTEST, GameStatus.CANCELLED})


class ParlayLeg(NamedTuple):
    """A leg of a parlay with its odds; no grade while it is open."""

    grade: BetGrade | None
    numerator: int
    denominator: int


class ParlayGrade(NamedTuple):
    """
    What becomes of a parlay.

    Attributes:
        outcome: lost by one lost leg, void without a live one, won otherwise; None while it is open.
        live: legs that are neither push nor void; a ticket with one is a single.
        multiplier: of the stake; while it is open, the odds that are left, should all open legs win.

    """

    outcome: BetOutcome | None
    live: int
    multiplier: Ratio

    def payout(self, stake: int) -> int:
        """Return what it pays, in whole points, rounded down once."""
        return stake * self.multiplier[0] // self.multiplier[1]


def grade(pick: BetPick, result: GameResult, rule: SettlementRule) -> BetGrade:
    """
    Return how a pick ended.

    Raises:
        Ungradable: the result doesn't say what the market needs.
        KeyError: there is no such market.

    """
    if result.status in CALLED_OFF or (result.status is GameStatus.AWARDED and not rule.awarded_stands):
        return VOIDED
    if result.listed and result.started and has_moved_away(rule.window, result.listed, result.started):
        return VOIDED
    return MARKETS[pick.market].grade(pick, result, rule)


def grade_parlay(legs: Iterable[ParlayLeg], *, single_stands: bool = True) -> ParlayGrade:
    """
    Return how a parlay ended: legs that push or are void leave it, half results stay in it as factors.

    Args:
        single_stands: whether it stays a bet with one leg left; where it doesn't, it is void.

    """
    top = bottom = 1
    live, is_open = 0, False
    for found, numerator, denominator in legs:
        if found is None:
            is_open = True
            top, bottom, live = top * numerator, bottom * denominator, live + 1
            continue
        outcome, won, back, parts = found
        if outcome is BetOutcome.LOSE:
            return ParlayGrade(BetOutcome.LOSE, 0, (0, 1))
        if won or parts > 1:
            top, bottom, live = top * (won * numerator + back * denominator), bottom * parts * denominator, live + 1
    if is_open:
        return ParlayGrade(None, live, reduced(top, bottom))
    if live == 0 or (live == 1 and not single_stands):
        return ParlayGrade(BetOutcome.VOID, live, (1, 1))
    return ParlayGrade(BetOutcome.WIN, live, reduced(top, bottom))
