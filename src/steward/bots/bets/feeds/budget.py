"""How many requests a provider takes, a day and a minute, and which call has the next of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from steward.bots.bets.feeds.provider import CallKind, FeedCall
from steward.bots.bets.feeds.schedule import PlannedCall

DAY_SECONDS = 86_400
FREELY = 0.75
"""The share of a day's requests that any call may have; the rest is kept for what bets wait for."""
SURE = 0.4
"""The share that each kind of call can have whatever the others want, one call at the least."""

Spent = Mapping[CallKind, int]
"""Requests of today, in UTC, by what was asked for."""


class FeedBudget(NamedTuple):
    """Requests a day and a minute; None for a provider that takes any number."""

    per_day: int | None = None
    per_minute: int | None = None


def may_spend(
    budget: FeedBudget, calls: Mapping[CallKind, FeedCall], spent: Spent, call: PlannedCall, now: datetime
) -> bool:
    """
    Whether a call may be made.

    Nothing takes what is sure to the other kinds. What bets wait for may have all else; another call what is sure to
    its kind, or three quarters of the whole, as the day goes on. The first of a kind may be made at any time.
    """
    cost = calls[call.kind].cost
    if budget.per_day is None or cost == 0:
        return True
    whole, own = sum(spent.values()) + cost, spent.get(call.kind, 0) + cost
    owed = sum(
        max(0, _sure(budget.per_day, other) - spent.get(kind, 0)) for kind, other in calls.items() if kind != call.kind
    )
    if whole > budget.per_day - owed:
        return False
    day = (now.hour * 3600 + now.minute * 60 + now.second) / DAY_SECONDS
    sure = _sure(budget.per_day, calls[call.kind])
    is_sure = own <= sure and own - cost <= sure * day
    return call.is_urgent or is_sure or whole <= FREELY * budget.per_day * day


def next_call(
    due: Sequence[PlannedCall],
    budget: FeedBudget,
    calls: Mapping[CallKind, FeedCall],
    spent: Spent,
    now: datetime,
) -> PlannedCall | None:
    """
    Return the call to make now; None if all have to wait.

    What is free or urgent comes first. Of the rest, the kind that has had the least: a cheaper one doesn't go before
    it, or it would take each request before there are enough for the dearer one.

    Args:
        due: calls, the most pressing first.

    """
    for call in due:
        if (call.is_urgent or not calls[call.kind].cost) and may_spend(budget, calls, spent, call, now):
            return call
    paid = [call for call in due if calls[call.kind].cost]
    if not paid:
        return None
    fair = min(paid, key=lambda call: spent.get(call.kind, 0))  # of equals the first
    return fair if may_spend(budget, calls, spent, fair, now) else None


def day_of(now: datetime) -> int:
    """Return the number of a day, in UTC."""
    return int(now.timestamp()) // DAY_SECONDS


def _sure(per_day: int, call: FeedCall) -> float:
    return max(call.cost, SURE * per_day) if call.cost else 0
