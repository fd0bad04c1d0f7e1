"""Bets on one event, settled as placed ones are."""

from dataclasses import replace
from typing import NamedTuple
from zoneinfo import ZoneInfo

from steward.bots.bets.grading.picks import BetPick
from steward.bots.bets.grading.rules import NO_ROWS
from steward.bots.bets.odds.prices import Odds
from steward.bots.bets.placing.bets import BetLeg
from steward.bots.bets.settling.game_grader import GameGrader, ended
from steward.store import to_millis
from tests.bots.bets.grading.worked import LISTED


class SingleBet(NamedTuple):
    pick: BetPick
    stake: int
    numerator: int
    denominator: int


def settle(sport, result, bets):
    """Return the grade and the payout of each bet."""
    listed, started = (to_millis(at or LISTED) for at in (result.listed, result.started))
    grader = GameGrader(sport, ZoneInfo("UTC"), replace(result, listed=None, started=None), started, NO_ROWS)
    return [_settled(grader, bet, listed, min(listed, started) - 1) for bet in bets]


def _settled(grader, bet, listed_ms, placed_ms):
    pick, stake, *odds = bet
    leg = BetLeg(1, pick, Odds(*odds), listed_ms)
    found = grader.grade(leg, placed_ms)
    end = ended(stake, [leg._replace(grade=found)])
    assert end.outcome is found.outcome
    return found, end.payout
