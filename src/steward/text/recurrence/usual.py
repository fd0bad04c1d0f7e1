"""The usual ways in which an event repeats, and the rule that each makes of a start."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial

from steward.text.recurrence.rule import RecurrenceRule


class Frequency(StrEnum):
    """How often an event takes place; CUSTOM by a rule that the organiser wrote."""

    ONCE = "once"
    DAILY = "daily"
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    BY_DATE = "monthly_by_date"
    BY_WEEKDAY = "monthly_by_weekday"
    LAST_WEEKDAY = "monthly_by_last_weekday"
    CUSTOM = "custom"


_USUAL: dict[Frequency, Callable[[datetime], RecurrenceRule]] = {
    Frequency.DAILY: RecurrenceRule.daily,
    Frequency.WEEKLY: RecurrenceRule.weekly,
    Frequency.FORTNIGHTLY: partial(RecurrenceRule.weekly, interval=2),
    Frequency.BY_DATE: RecurrenceRule.monthly_by_date,
    Frequency.BY_WEEKDAY: RecurrenceRule.monthly_by_weekday,
    Frequency.LAST_WEEKDAY: partial(RecurrenceRule.monthly_by_weekday, last=True),
}


def rule_of(repeats: Frequency, start: datetime, written: str = "") -> RecurrenceRule | None:
    """Return the rule of an event that begins at a wall time, None for once; raises `BadRule` if it cannot be used."""
    if repeats is Frequency.CUSTOM:
        return RecurrenceRule.parse(written, start)
    make = _USUAL.get(repeats)
    return None if make is None else make(start)


def repeats_of(text: str | None, start: datetime) -> Frequency:
    """Return which way of repeating a rule is, counted from a start; of one that is written otherwise, CUSTOM."""
    return Frequency.ONCE if text is None else _usual(text, start, lambda rule: rule.text)


def usual(text: str, start: datetime) -> Frequency:
    """
    Return the usual way of repeating that means the same as a rule, however it is written; of any other, CUSTOM.

    Raises:
        BadRule: the rule cannot be used.

    """
    return _usual(RecurrenceRule.parse(text, start).describe(), start, RecurrenceRule.describe)


def _usual(wanted: str, start: datetime, said: Callable[[RecurrenceRule], str]) -> Frequency:
    for repeats in offered(start, written=False):
        rule = rule_of(repeats, start)
        if rule is not None and said(rule) == wanted:
            return repeats
    return Frequency.CUSTOM


def offered(start: datetime | None, *, written: bool) -> list[Frequency]:
    """Return the ways that make sense from a start: the last weekday of a month only where it is that."""
    is_last = start is not None and (start + timedelta(days=7)).month != start.month
    return [
        repeats
        for repeats in Frequency
        if (repeats is not Frequency.LAST_WEEKDAY or is_last) and (repeats is not Frequency.CUSTOM or written)
    ]
