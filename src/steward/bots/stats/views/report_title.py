"""The title of a report: the day, the days or the month that it covers, or from when to when."""

from __future__ import annotations

from datetime import UTC, datetime

from steward.bots.stats.counts.facts import MOMENT
from steward.bots.stats.setup.guild_settings import ReportKind


def report_title(kind: ReportKind, begin: datetime, end: datetime) -> str:
    """
    Return the title of a report on `[begin, end)`, both in the guild's zone.

    A report made at midnight names its day, its days or its month. One made at another hour covers parts of two days,
    so its title says from when to when.
    """
    last = _before(end)
    if _before(begin).date() == begin.date():  # begins within a day
        return f"{_NAMES[kind]}: {_instants(begin, end)}"
    if kind is ReportKind.DAY:
        whole = begin.date() == last.date()
        span = f"{begin:%A}, {begin.day} {begin:%B %Y}" if whole else _instants(begin, end)
    elif kind is ReportKind.MONTH:
        whole = begin.day == 1 and (begin.year, begin.month) == (last.year, last.month)
        span = f"{begin:%B %Y}" if whole else _dates(begin, last)
    else:
        span = _dates(begin, last)
    return f"{_NAMES[kind]}: {span}"


def period(begin: datetime, end: datetime) -> str:
    """Return from when to when on the clock of `begin` and `end`, with the zone as it is called then."""
    zone = "" if begin.utcoffset() == end.utcoffset() else f" {begin:%Z}"
    return f"{begin:%d %b %H:%M}{zone} to {end:%d %b %H:%M %Z}"


_NAMES = {ReportKind.DAY: "Daily report", ReportKind.WEEK: "Weekly report", ReportKind.MONTH: "Monthly report"}


def _before(at: datetime) -> datetime:
    """Return the instant just before; on the wall clock that can be another hour, where the zone skips midnight."""
    return (at.astimezone(UTC) - MOMENT).astimezone(at.tzinfo)


def _dates(first: datetime, last: datetime) -> str:
    if (first.year, first.month) == (last.year, last.month):
        begun = f"{first.day}"
    else:
        begun = f"{first.day} {first:%B}" if first.year == last.year else f"{first.day} {first:%B %Y}"
    return f"{begun} to {last.day} {last:%B %Y}"


def _instants(begin: datetime, end: datetime) -> str:
    year = "" if begin.year == end.year else f"{begin: %Y}"
    return f"{begin:%a} {begin.day} {begin:%b}{year} {begin:%H:%M} to {end:%a} {end.day} {end:%b %Y} {end:%H:%M}"
