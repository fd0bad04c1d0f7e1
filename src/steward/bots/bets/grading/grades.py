"""
How a bet ends, and what it returns: one exact formula for every outcome, rounded down once a ticket.

Push and void pay alike, but are told apart: a push was decided, a void never was.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from steward.bots.bets.odds.prices import Ratio, reduced


class BetOutcome(StrEnum):
    """How a bet ended."""

    WIN = "win"
    LOSE = "lose"
    PUSH = "push"
    VOID = "void"
    HALF_WIN = "half_win"
    HALF_LOSS = "half_loss"
    DEAD_HEAT = "dead_heat"


class BetResult(StrEnum):
    """What a bet came to in money: one that was won paid more than its stake, one that was lost paid less."""

    WON = "won"
    LOST = "lost"
    PUSH = "push"
    VOID = "void"


def result_of(outcome: BetOutcome, stake: int, payout: int) -> BetResult:
    """Return what a bet came to: a parlay that was won may pay less than its stake, with a half lost leg in it."""
    if payout == stake:
        return BetResult.VOID if outcome is BetOutcome.VOID else BetResult.PUSH
    return BetResult.WON if payout > stake else BetResult.LOST


class BetGrade(NamedTuple):
    """
    What becomes of a stake: of `parts` equal parts `won` are paid at the full odds, and `back` are given back.

    A dead heat of six for three places pays three parts of six, so it may return less than the stake.
    """

    outcome: BetOutcome
    won: int
    back: int
    parts: int = 1

    def multiplier(self, numerator: int, denominator: int) -> Ratio:
        """Return what the stake is multiplied by at these decimal odds."""
        return reduced(self.won * numerator + self.back * denominator, self.parts * denominator)

    def payout(self, stake: int, numerator: int, denominator: int) -> int:
        """Return what a single pays at these decimal odds, in whole points, rounded down."""
        return stake * (self.won * numerator + self.back * denominator) // (self.parts * denominator)


WON = BetGrade(BetOutcome.WIN, 1, 0)
LOST = BetGrade(BetOutcome.LOSE, 0, 0)
PUSHED = BetGrade(BetOutcome.PUSH, 0, 1)
VOIDED = BetGrade(BetOutcome.VOID, 0, 1)


def dead_heat(position: int, tied: int, places: int) -> BetGrade:
    """Return what an entrant gets that finished at a position together with others, `tied` with itself, for places."""
    left = places - position + 1
    if left <= 0:
        return LOST
    return WON if left >= tied else BetGrade(BetOutcome.DEAD_HEAT, left, 0, tied)


def halves(first: BetGrade, second: BetGrade) -> BetGrade:
    """Return the grade of a bet on a quarter line: two bets of half the stake, graded apart."""
    if first == second:
        return first
    if {first, second} == {PUSHED, VOIDED}:
        return PUSHED
    won, back = first.won + second.won, first.back + second.back
    return BetGrade(BetOutcome.HALF_WIN if won else BetOutcome.HALF_LOSS, won, back, 2)
