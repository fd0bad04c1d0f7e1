"""What to ask a provider next: first what open bets wait for, then what is about to begin, then the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from steward.bots.bets.feeds.provider import CallKind, FeedCall
from steward.bots.bets.fixtures.freshness import HOUR, MINUTE

DAY = 24 * HOUR
WEEK = 7 * DAY
GAME_MINUTES: Mapping[str, int] = {"nfl": 180, "ncaaf": 190, "nba": 130, "ncaab": 110, "nhl": 140, "mlb": 150}
SHORTEST_GAME = 105
"""A game is over after so many minutes at the earliest: nobody asks for its result before."""


class LeagueNeed(NamedTuple):
    """
    What is going on in a league.

    Attributes:
        league: its row.
        next_ms: the start of its next game that takes bets; None if none is known.
        has_bets: bets are open on games of it.
        over_ms: when the last game whose result isn't ready should have been over; None: there is none.
        bets_over_ms: the same of those with open bets, which no person has to look at.
        may_correct: a result has been ready for less than a day.
        succeeded: when each kind of call was last answered; rests_until: when one may be made after a refusal.

    """

    league: int
    next_ms: int | None = None
    has_bets: bool = False
    over_ms: int | None = None
    bets_over_ms: int | None = None
    may_correct: bool = False
    succeeded: Mapping[CallKind, int] = {}
    rests_until: Mapping[CallKind, int] = {}


class PlannedCall(NamedTuple):
    """A call, when it is due, and whether bets wait for it."""

    league: int
    kind: CallKind
    due_ms: int
    is_urgent: bool


def plan(needs: Sequence[LeagueNeed], calls: Mapping[CallKind, FeedCall], now_ms: int) -> list[PlannedCall]:
    """Return the calls that make sense, those due first: the urgent ones, and of these the longest overdue."""
    planned = [
        PlannedCall(need.league, kind, _due(need, kind, call, now_ms), _is_urgent(need, call, now_ms))
        for need in needs
        for kind, call in calls.items()
        if _every(need, call, now_ms)
    ]
    return sorted(planned, key=lambda one: (one.due_ms > now_ms, not one.is_urgent, one.due_ms, one.league, one.kind))


def resting(until_ms: int, now_ms: int) -> int:
    """Return until when something rests; nothing rests longer than a day: the clock was wrong."""
    return until_ms if until_ms - now_ms <= DAY else 0


def _due(need: LeagueNeed, kind: CallKind, call: FeedCall, now_ms: int) -> int:
    last = need.succeeded.get(kind, 0)
    every = _every(need, call, now_ms) or 0
    due = now_ms if not 0 < last <= now_ms else last + every  # never, or by a clock that was wrong
    return max(due, resting(need.rests_until.get(kind, 0), now_ms))


def _every(need: LeagueNeed, call: FeedCall, now_ms: int) -> int | None:
    """Return how often a call is worth it, for the most pressing of what it tells; None: not now."""
    every = (_INTERVALS[kind](need, now_ms, call.cost == 0) for kind in call.answers)
    return min(filter(None, every), default=None)


def _is_urgent(need: LeagueNeed, call: FeedCall, now_ms: int) -> bool:
    """Whether bets wait for it: for a result, or for a game that begins within the hour."""
    soon = need.has_bets and need.next_ms is not None and need.next_ms - now_ms <= HOUR
    return (CallKind.RESULTS in call.answers and need.bets_over_ms is not None) or (
        CallKind.FIXTURES in call.answers and soon
    )


def _fixtures_every(need: LeagueNeed, now_ms: int, is_free: bool) -> int:
    """Return how often games are asked for: before what was heard gets too old for bets, see `most_age`."""
    ahead = WEEK if need.next_ms is None else need.next_ms - now_ms
    if is_free:
        return 5 * MINUTE if ahead < WEEK else HOUR
    return min(max(9 * MINUTE, ahead // 8), 6 * HOUR)


def _prices_every(need: LeagueNeed, now_ms: int, _: bool) -> int | None:
    """Return how often prices are asked for: twice before they get too old for bets, see `most_price_age`."""
    if need.next_ms is None or need.next_ms - now_ms > WEEK:
        return None
    return min(max(15 * MINUTE, (need.next_ms - now_ms) // 4), 6 * HOUR)


def _results_every(need: LeagueNeed, now_ms: int, is_free: bool) -> int | None:
    """Return how often results are asked for: the longer one is missing, the less likely is it to come soon."""
    if need.bets_over_ms is not None:
        return max(5 * MINUTE if is_free else 10 * MINUTE, (now_ms - need.bets_over_ms) // 3)
    if need.over_ms is not None:
        return max(30 * MINUTE, (now_ms - need.over_ms) // 3)
    return 6 * HOUR if need.may_correct else None


_INTERVALS = {
    CallKind.FIXTURES: _fixtures_every,
    CallKind.PRICES: _prices_every,
    CallKind.RESULTS: _results_every,
}
