"""
The next occurrence of a recurring scheduled event.

Source: discord-api-docs, developers/resources/guild-scheduled-event.mdx, "Recurrence Rule": a subset of iCalendar's
with a fixed UTC time of day.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from steward.sim.people.user import Json

YEARLY, MONTHLY, WEEKLY, DAILY = range(4)
_WEEK = 7
_FURTHEST_DAYS = 9 * 366  # 29 February may be eight years off


def following(rule: Json, last: datetime) -> datetime | None:
    """Return the occurrence after the one at `last`, or None."""
    for days in range(1, _FURTHEST_DAYS):
        day = last + timedelta(days=days)
        if _falls_on(rule, last, day, days):
            return day
    return None


def _falls_on(rule: Json, last: datetime, day: datetime, days: int) -> bool:
    frequency = rule["frequency"]
    if frequency == DAILY:
        return not rule["by_weekday"] or day.weekday() in rule["by_weekday"]
    if frequency == WEEKLY:
        return days == _WEEK * int(rule["interval"])
    if frequency == MONTHLY:
        week = (day.day - 1) // _WEEK + 1
        return any(nth["n"] == week and nth["day"] == day.weekday() for nth in rule["by_n_weekday"] or [])
    return (day.month, day.day) == (last.month, last.day)
