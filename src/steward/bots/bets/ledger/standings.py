"""How bettors stand: places, and the return on what they staked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from steward.bots.bets.odds.probability import BPS

T = TypeVar("T")


def ranked(rows: Iterable[tuple[T, int]]) -> list[tuple[int, T, int]]:
    """Return (place, who, number), the largest number first: ties share a place, and the next is skipped (1, 1, 3)."""
    places: dict[int, int] = {}
    ordered = sorted(rows, key=lambda row: -row[1])
    return [(places.setdefault(number, at), who, number) for at, (who, number) in enumerate(ordered, 1)]


def roi_bps(staked: int, returned: int) -> int | None:
    """Return the profit in basis points of what was staked, rounded down; None where nothing was."""
    return BPS * (returned - staked) // staked if staked else None
