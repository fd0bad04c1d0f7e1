"""Wall-clock times of a zone, and the instants that they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_SECOND = timedelta(seconds=1)


def instant_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """
    Return the first instant, in UTC, at which the wall clock of a zone shows a naive `wall` or has jumped over it.

    Where the clock is put back and shows the time twice, it is the first of the two.
    """
    wall = wall.replace(fold=0)
    instant = wall.replace(tzinfo=zone).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == wall:
        return instant
    # In a gap PEP 495 reads the same wall time with fold=0 as an instant after the change, with fold=1 as one
    # before it; the change lies between, on a whole second.
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    after = instant
    while after - before > _SECOND:
        middle = before + (after - before) // _SECOND // 2 * _SECOND
        if middle.astimezone(zone).replace(tzinfo=None) < wall:
            before = middle
        else:
            after = middle
    return after
