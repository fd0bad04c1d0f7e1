"""Converts wall-clock times of a zone to UTC, and back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_SECOND = timedelta(seconds=1)


def instant_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """
    Return, in UTC, when a zone's wall clock first shows or jumps over the naive `wall`.

    Of an ambiguous time, that is the first.
    """
    wall = wall.replace(fold=0)
    instant = wall.replace(tzinfo=zone).astimezone(UTC)
    if wall_of(instant, zone) == wall:
        return instant
    # In a gap, PEP 495 maps fold=0 to an instant after the change and fold=1 to one before it. Search between them:
    # changes happen on whole seconds.
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    after = instant
    while after - before > _SECOND:
        middle = before + (after - before) // _SECOND // 2 * _SECOND
        if wall_of(middle, zone) < wall:
            before = middle
        else:
            after = middle
    return after


def day_begins(day: date, zone: ZoneInfo) -> datetime:
    """Return, in UTC, when a day begins in a zone: where the clock jumps over midnight, after the jump."""
    return instant_of(datetime.combine(day, time()), zone)


def wall_of(instant: datetime, zone: ZoneInfo) -> datetime:
    """Return what a zone's wall clock shows at an instant, without the zone."""
    return instant.astimezone(zone).replace(tzinfo=None)
