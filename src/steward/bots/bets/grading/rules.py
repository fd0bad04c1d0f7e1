"""
What the books agree on, as rows: what counts, when a result is official, how long a bet waits.

A rule is the default with the fields of each row that fits changed: those of the sport, of the market in any sport, of
the market in this sport, and at last the guild's own. No code asks which sport it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from steward.bots.bets.grading.grades import LOST, PUSHED, BetGrade
from steward.bots.bets.grading.windows import LEAGUE_WEEK, LOCAL_DAY, TWO_DAYS, UNTIL_PLAYED, VoidWindow

ANY = "*"


class Scoring(StrEnum):
    """Which score a market is graded by."""

    REGULATION = "regulation"
    OVERTIME = "overtime"
    SHOOTOUT = "shootout"
    """With overtime, and one goal more for who wins the shoot-out."""
    GAMES = "games"
    SETS = "sets"
    WINNER = "winner"


class SettlementRule(NamedTuple):
    """
    How a market of a sport is settled.

    Attributes:
        minimum: progress from which a game that was stopped is official, in minutes, half innings, sets or holes;
            None if only one that was finished is.
        minimum_ahead: the same while the home side is ahead, where it is less.
        tie: of a market for two; lost where the draw was offered, too.
        may_tie: whether a game that was finished can be level; a result that says so where it can't is wrong.
        decided_stands: whether a market that nothing could change any more stands when the game is stopped.
        awarded_stands: whether a result decided elsewhere than on the pitch counts.
        half_round: seconds; a fight that ends exactly then is over the half.
        must_begin: whether a player has to be in from the start for a prop to stand.

    """

    scoring: Scoring = Scoring.OVERTIME
    minimum: int | None = None
    minimum_ahead: int | None = None
    window: VoidWindow = TWO_DAYS
    tie: BetGrade = PUSHED
    may_tie: bool = True
    decided_stands: bool = True
    awarded_stands: bool = False
    half_round: int = 150
    must_begin: bool = False


Rows = Mapping[tuple[str, str], Mapping[str, Any]]
"""Changed fields by (sport, market), either of which may be `ANY`."""

ROWS: Rows = {
    ("soccer", ANY): {"scoring": Scoring.REGULATION},
    ("nfl", ANY): {"minimum": 55, "window": LEAGUE_WEEK},
    ("ncaaf", ANY): {"minimum": 55, "window": LEAGUE_WEEK, "may_tie": False},
    ("nba", ANY): {"minimum": 43, "may_tie": False},
    ("ncaab", ANY): {"minimum": 35, "may_tie": False},
    ("nhl", ANY): {"scoring": Scoring.SHOOTOUT, "minimum": 55, "may_tie": False},
    ("hockey", ANY): {"scoring": Scoring.REGULATION},
    ("mlb", ANY): {"minimum": 18, "minimum_ahead": 17, "window": LOCAL_DAY, "may_tie": False},
    ("mlb", "moneyline"): {"minimum": 10, "minimum_ahead": 9},
    ("tennis", ANY): {"window": UNTIL_PLAYED},
    ("tennis", "moneyline"): {"scoring": Scoring.WINNER, "minimum": 1},
    ("mma", ANY): {"scoring": Scoring.WINNER},
    ("boxing", ANY): {"scoring": Scoring.WINNER, "half_round": 90},
    ("golf", ANY): {"minimum": 36, "window": UNTIL_PLAYED},
    ("racing", ANY): {"window": UNTIL_PLAYED},
    (ANY, "1x2"): {"scoring": Scoring.REGULATION},
    (ANY, "games_total"): {"scoring": Scoring.GAMES},
    (ANY, "games_handicap"): {"scoring": Scoring.GAMES},
    (ANY, "sets_handicap"): {"scoring": Scoring.SETS},
    (ANY, "set_betting"): {"scoring": Scoring.SETS},
}
VARIANTS: Mapping[str, Rows] = {
    "football_seven_days": {("nfl", ANY): {"window": VoidWindow(TWO_DAYS.span, 7 * 24)}},
    "soccer_same_day": {("soccer", ANY): {"window": LOCAL_DAY}},
    "soccer_three_days": {("soccer", ANY): {"window": VoidWindow(TWO_DAYS.span, 3 * 24)}},
    "soccer_awarded": {("soccer", ANY): {"awarded_stands": True}},
    "baseball_undecided": {("mlb", ANY): {"decided_stands": False}},
    "baseball_starters": {("mlb", "prop"): {"must_begin": True}},
    "tennis_undecided": {("tennis", ANY): {"decided_stands": False}},
    "tennis_one_ball": {("tennis", "moneyline"): {"minimum": 0}},
    "tennis_full_match": {("tennis", "moneyline"): {"minimum": None}},
    "draw_offered": {(ANY, "moneyline"): {"tie": LOST}},
}
"""What some books do otherwise, for a guild or a league to choose."""
NO_ROWS: Rows = MappingProxyType({})


def joined(rows: Rows, more: Rows) -> Rows:
    """Return rows with more of them, which come after those of the same market and sport."""
    return {key: {**rows.get(key, {}), **more.get(key, {})} for key in (*rows, *more)}


def clash(names: Sequence[str]) -> tuple[str, str] | None:
    """Return two variants that say something different of the same; None if none do."""
    told: dict[tuple[tuple[str, str], str], str] = {}
    for name in names:
        for row, fields in VARIANTS[name].items():
            for changed in fields:
                if told.setdefault((row, changed), name) != name:
                    return told[row, changed], name
    return None


def rule_for(sport: str, market: str, own: Rows = NO_ROWS) -> SettlementRule:
    """Return the rule of a market; `own` are the rows of the guild or its league, which come last."""
    rule = SettlementRule()
    for rows in (ROWS, own):
        for key in ((ANY, ANY), (sport, ANY), (ANY, market), (sport, market)):
            if fields := rows.get(key):
                rule = rule._replace(**fields)
    return rule
