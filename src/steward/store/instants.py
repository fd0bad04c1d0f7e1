"""Instants in the database: whole milliseconds since 1970-01-01T00:00Z, in every table and engine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_FIRST = (datetime.min.replace(tzinfo=UTC) - _EPOCH) // _MILLISECOND
_LAST = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // _MILLISECOND


def to_millis(instant: datetime) -> int:
    """
    Return `instant` in whole milliseconds since the epoch, truncated.

    Raises:
        ValueError: the instant has no time zone.

    """
    if instant.tzinfo is None:
        raise ValueError(f"{instant!r} has no time zone; give an aware datetime such as datetime.now(UTC).")
    return (instant - _EPOCH) // _MILLISECOND


def from_millis(millis: int) -> datetime:
    """Return the aware UTC datetime of milliseconds since the epoch, clamped to the years 1 to 9999."""
    return _EPOCH + min(max(millis, _FIRST), _LAST) * _MILLISECOND
