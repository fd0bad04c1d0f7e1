"""What becomes of a rule when a series is moved to another day or hour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from steward.bots.events.model.series import Series
from steward.text.recurrence.parts import BadRule, RuleParts
from steward.text.recurrence.rule import RecurrenceRule

_WEEK = 7
_FIFTH = 29  # the first day of a month that may be the fifth of its weekday


def moved(rule: RecurrenceRule, to: datetime) -> RecurrenceRule:
    """
    Return a rule whose first occurrence is moved to another wall time, and all that follow with it.

    Tuesdays become Wednesdays, the 3rd the 5th, the second Tuesday the third Wednesday; moved back, it is what it was.

    Args:
        rule: begins with the occurrence that is moved.

    Raises:
        BadRule: it cannot be told what its days, or its hours, would be then.

    """
    parts = rule.parts
    if parts.hours or parts.minutes or parts.seconds:
        raise _unclear(parts)
    if rule.start.date() == to.date():
        return RecurrenceRule(to, parts)
    return RecurrenceRule(to, _on_other_days(parts, rule.start, to))


def series_moved(series: Series, to: datetime) -> Series:
    """Return a series whose first time is moved, and all that follow with it; raises `BadRule` as `moved` does."""
    rule = None if series.rule is None else moved(RecurrenceRule.parse(series.rule, series.start), to).text
    return replace(series, start=to, rule=rule)


def _on_other_days(parts: RuleParts, start: datetime, to: datetime) -> RuleParts:
    by = replace(parts, interval=1, until=None, count=None, week_start=0)
    if by == RuleParts(parts.frequency):
        return parts  # the start alone says which days
    if by == RuleParts("WEEKLY", days=parts.days):
        shift = (to.date() - start.date()).days
        days = tuple(sorted((nth, (day + shift) % _WEEK) for nth, day in parts.days))
        # Every other week is counted by weeks that begin where they did.
        counts = parts.interval > 1 and len(days) > 1
        return replace(parts, days=days, week_start=(parts.week_start + shift) % _WEEK if counts else 0)
    if by == RuleParts("YEARLY", months=(start.month,), month_days=(start.day,)):
        return replace(parts, months=(to.month,), month_days=(to.day,))
    usual: tuple[Callable[[datetime], RecurrenceRule], ...] = (
        RecurrenceRule.monthly_by_date,
        partial(RecurrenceRule.monthly_by_weekday, last=True)
        if parts.days and parts.days[0][0] < 0
        else RecurrenceRule.monthly_by_weekday,
    )
    for make in usual:
        if _is_made_so(by, make, start):
            if parts.days and parts.days[0][0] > 0 and to.day >= _FIFTH:
                raise _unclear(parts)  # not every month has a fifth one
            there = make(to).parts
            return replace(parts, days=there.days, month_days=there.month_days, positions=there.positions)
    raise _unclear(parts)


def _is_made_so(by: RuleParts, make: Callable[[datetime], RecurrenceRule], start: datetime) -> bool:
    try:
        return make(start).parts == by
    except BadRule:  # the start is not the last of its month
        return False


def _unclear(parts: RuleParts) -> BadRule:
    return BadRule(
        f"I can't tell which days and hours the rule {parts.text} would have after the move.",
        remedy="Give it another one: `/event edit`, with `rule`.",
    )
