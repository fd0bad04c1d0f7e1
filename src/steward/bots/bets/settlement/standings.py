"""How bettors stand: places, streaks, return on what they staked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, TypeVar

from steward.bots.bets.odds.probability import BPS
from steward.bots.bets.settlement.grades import BetOutcome

T = TypeVar("T")
_WON = frozenset({BetOutcome.WIN, BetOutcome.HALF_WIN, BetOutcome.DEAD_HEAT})
_LOST = frozenset({BetOutcome.LOSE, BetOutcome.HALF_LOSS})


class BettingStreaks(NamedTuple):
    """The current streak, of wins above 0 and of losses below, and the longest of each."""

    current: int = 0
    wins: int = 0
    losses: int = 0


def ranked(rows: Iterable[tuple[T, int]]) -> list[tuple[int, T, int]]:
    """Return (place, who, number), the largest number first: ties share a place, and the next is skipped (1, 1, 3)."""
    places: dict[int, int] = {}
    ordered = sorted(rows, key=lambda row: -row[1])
    return [(places.setdefault(number, at), who, number) for at, (who, number) in enumerate(ordered, 1)]


def streaks(outcomes: Iterable[BetOutcome]) -> BettingStreaks:
    """Return the streaks of bets in the order they were settled; push and void neither continue nor end one."""
    current = wins = losses = 0
    for outcome in outcomes:
        if outcome in _WON:
            current = max(current, 0) + 1
        elif outcome in _LOST:
            current = min(current, 0) - 1
        wins, losses = max(wins, current), max(losses, -current)
    return BettingStreaks(current, wins, losses)


def roi_bps(staked: int, returned: int) -> int | None:
    """Return the profit in basis points of what was staked, rounded down; None where nothing was."""
    return BPS * (returned - staked) // staked if staked else None
