"""The usual ways in which an event repeats, and the rule that each makes of a start."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial

from steward.bots.events.recurrence.rule import Rule


class Repeats(StrEnum):
    """How often an event takes place; CUSTOM by a rule that the organiser wrote."""

    ONCE = "once"
    DAILY = "daily"
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    BY_DATE = "monthly_by_date"
    BY_WEEKDAY = "monthly_by_weekday"
    LAST_WEEKDAY = "monthly_by_last_weekday"
    CUSTOM = "custom"


_USUAL: dict[Repeats, Callable[[datetime], Rule]] = {
    Repeats.DAILY: Rule.daily,
    Repeats.WEEKLY: Rule.weekly,
    Repeats.FORTNIGHTLY: partial(Rule.weekly, interval=2),
    Repeats.BY_DATE: Rule.monthly_by_date,
    Repeats.BY_WEEKDAY: Rule.monthly_by_weekday,
    Repeats.LAST_WEEKDAY: partial(Rule.monthly_by_weekday, last=True),
}


def rule_of(repeats: Repeats, start: datetime, written: str = "") -> Rule | None:
    """
    Return the rule of an event that begins at a wall time; None for once.

    Raises:
        BadRule: the written rule cannot be used, or never takes place.

    """
    if repeats is Repeats.CUSTOM:
        return Rule.parse(written, start)
    make = _USUAL.get(repeats)
    return None if make is None else make(start)


def repeats_of(text: str | None, start: datetime) -> Repeats:
    """Return which way of repeating a rule is, counted from a start; of one that is written otherwise, CUSTOM."""
    if text is None:
        return Repeats.ONCE
    for repeats in offered(start, written=False):
        rule = rule_of(repeats, start)
        if rule is not None and rule.text == text:
            return repeats
    return Repeats.CUSTOM


def usual(text: str, start: datetime) -> Repeats:
    """
    Return the usual way of repeating that means the same as a rule, however it is written; of any other, CUSTOM.

    Raises:
        BadRule: the rule cannot be used.

    """
    meant = Rule.parse(text, start).describe()
    for repeats in offered(start, written=False):
        rule = rule_of(repeats, start)
        if rule is not None and rule.describe() == meant:
            return repeats
    return Repeats.CUSTOM


def offered(start: datetime | None, *, written: bool) -> list[Repeats]:
    """Return the ways that make sense from a start: the last weekday of a month only where it is that."""
    is_last = start is not None and (start + timedelta(days=7)).month != start.month
    return [
        repeats
        for repeats in Repeats
        if (repeats is not Repeats.LAST_WEEKDAY or is_last) and (repeats is not Repeats.CUSTOM or written)
    ]
