"""
From a series to its next occurrence: kept as a row ahead of its post, one at a time, each after the one before.

Without a lead, the turn of an occurrence comes where the rule has the end of the one before, wherever that one was
moved and whether it takes place: so whatever is done to one changes no other's turn, and none is lost.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from steward.bots.events.model.details import BadEvent
from steward.bots.events.model.occurrences import Occurrence, State, add_occurrence, set_state
from steward.bots.events.model.series import Series
from steward.bots.events.schedule import moments
from steward.runtime.wall_time import wall_of
from steward.store import Transaction, instant_of
from steward.text.recurrence.parts import BadRule, RuleParts
from steward.text.recurrence.rule import RecurrenceRule

PAST = BadEvent("That time has passed.", remedy="Choose one in the future.")
A_MINUTE = timedelta(minutes=1)
FURTHEST_BACK = timedelta(hours=24)  # that a wall clock was ever put: a zone that changed sides of the date line


def begin(tx: Transaction, series: Series, soonest: datetime | None = None) -> Occurrence | None:
    """
    Plan the first occurrence of a series that is not over yet; None where there is none.

    Args:
        soonest: when its turn comes where the series has no lead; None for now.

    """
    return _plan(tx, series, series.start - A_MINUTE, soonest or tx.now, moments.set_post)


def go_on(tx: Transaction, series: Series, last: Occurrence) -> Occurrence | None:
    """
    Plan what follows an occurrence, so that there always is a next; None at the end of the series.

    A post that is to come earlier already does: asked again, it changes nothing.
    """
    return _plan(tx, series, last.original, turn_ends(series, last.original), moments.set_post_by)


def turn_ends(series: Series, original: datetime) -> datetime:
    """Return when the turn of a time of a series ends, and the next one is posted where there is no lead."""
    return instant_of(original, series.zone) + timedelta(minutes=series.details.minutes)


def walls(series: Series, after: datetime, *, limit: int) -> list[datetime]:
    """Return up to `limit` wall times of a series later than one, in order."""
    return list(islice(times(series, after), limit))


def times(series: Series, after: datetime) -> Iterator[datetime]:
    """Yield the wall times of a series later than one, in order."""
    if series.rule is None:
        return iter([series.start] if series.start > after else [])
    return RecurrenceRule.parse(series.rule, series.start).occurrences(after, sys.maxsize)


def posts_at(series: Series, start: datetime, soonest: datetime) -> datetime:
    """
    Return when an occurrence is posted.

    Args:
        series: its lead is kept on the wall clock: a post at nine stays at nine.
        soonest: when it is posted where the series has no lead: when its turn comes, or at its start if that is later.

    """
    if series.lead == 0:
        return min(soonest, instant_of(start, series.zone))
    return instant_of(start - timedelta(minutes=series.lead), series.zone)


def _plan(
    tx: Transaction,
    series: Series,
    after: datetime,
    soonest: datetime,
    set_post: Callable[[Transaction, Occurrence, datetime], None],
) -> Occurrence | None:
    if series.rule is not None:
        # What was over before anybody looked is not made up for: a bot that was away for a month goes on with today.
        over = tx.now - timedelta(minutes=series.details.minutes) - FURTHEST_BACK
        after = max(after, wall_of(over, series.zone))
    first = None
    while found := walls(series, after, limit=1):
        (after,) = found
        event = add_occurrence(tx, series, after)
        if event.state is State.PLANNED and event.ends_at <= tx.now:
            set_state(tx, event.id, State.OVER)
        elif event.state is State.PLANNED:
            wall = wall_of(event.starts_at, series.zone)
            set_post(tx, event, posts_at(series, wall, soonest))
            first = first or event
            if event.starts_at == instant_of(after, series.zone):
                break  # one that was moved may be posted after the next one is over
        soonest = max(soonest, turn_ends(series, after))
    return first


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
