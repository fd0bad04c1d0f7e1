"""How the legs of placed bets end, and what that makes of each bet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from steward.bots.bets.grading.grader import ParlayLeg, grade, grade_parlay
from steward.bots.bets.grading.grades import VOIDED, BetGrade, BetOutcome
from steward.bots.bets.grading.picks import BetPick
from steward.bots.bets.grading.results import GameResult, Ungradable
from steward.bots.bets.grading.rules import Rows, rule_for
from steward.bots.bets.placing.bets import BetLeg
from steward.bots.bets.slips.checks import was_late
from steward.store import from_millis


class BetEnd(NamedTuple):
    """How a bet ended, and what it pays in whole points."""

    outcome: BetOutcome
    payout: int


@dataclass(slots=True)
class GameGrader:
    """
    Grades the legs on one game, each pick once.

    Args:
        zone: in which the league keeps its days.
        result: as kept, without starts.
        actual_ms: when it really began.
        own: the rows of the guild.

    """

    sport: str
    zone: ZoneInfo
    result: GameResult
    actual_ms: int
    own: Rows
    _graded: dict[tuple[BetPick, int], BetGrade | None] = field(default_factory=dict)

    def grade(self, leg: BetLeg, placed_ms: int) -> BetGrade | None:
        """Return how a leg ended, void if it was placed once the game was on; None if the result doesn't say it."""
        if was_late(placed_ms, self.actual_ms):
            return VOIDED
        key = leg.pick, leg.listed_ms
        if key not in self._graded:
            self._graded[key] = self._grade(leg)
        return self._graded[key]

    def _grade(self, leg: BetLeg) -> BetGrade | None:
        result = replace(self.result, listed=local(leg.listed_ms, self.zone), started=local(self.actual_ms, self.zone))
        try:
            return grade(leg.pick, result, rule_for(self.sport, leg.pick.market, self.own))
        except Ungradable:
            return None


def ended(stake: int, legs: Sequence[BetLeg]) -> BetEnd | None:
    """Return how a bet with these legs ended; None while it is open."""
    if len(legs) == 1:
        (leg,) = legs
        if leg.grade is None:
            return None
        return BetEnd(leg.grade.outcome, leg.grade.payout(stake, *leg.odds.ratio))
    whole = grade_parlay(ParlayLeg(leg.grade, *leg.odds.ratio) for leg in legs)
    return None if whole.outcome is None else BetEnd(whole.outcome, whole.payout(stake))


def local(millis: int, zone: ZoneInfo) -> datetime:
    """Return an instant in the zone of a league."""
    return from_millis(millis).astimezone(zone)
