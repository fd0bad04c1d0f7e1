"""How many requests a provider takes: so many a day, spread over it, and so many a minute."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

DAY_SECONDS = 86_400
FREELY = 0.75
"""The share of a day's requests that any call may have; the rest is kept for what bets wait for."""


class FeedBudget(NamedTuple):
    """Requests a day and a minute; None a day for a provider that takes any number."""

    per_day: int | None = None
    per_minute: int = 60


def may_spend(budget: FeedBudget, spent: int, cost: int, now: datetime, *, is_urgent: bool) -> bool:
    """
    Whether a call may be made.

    Args:
        spent: of today, in UTC.
        cost: of the call.
        is_urgent: bets wait for it: it may have all that is left of today; another one only so much as its hour allows.

    """
    if budget.per_day is None or cost == 0:
        return True
    if is_urgent:
        return spent + cost <= budget.per_day
    seconds = now.hour * 3600 + now.minute * 60 + now.second
    return spent + cost <= FREELY * budget.per_day * seconds / DAY_SECONDS


def day_of(now: datetime) -> int:
    """Return the number of a day, in UTC."""
    return int(now.timestamp()) // DAY_SECONDS
