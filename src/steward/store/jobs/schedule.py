"""When a job is due: wall-clock time in a time zone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import blake2b
from typing import Protocol
from zoneinfo import ZoneInfo

from steward.runtime.wall_time import day_begins, instant_of

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Due:
    """One occurrence of a schedule."""

    occurrence: str
    """Its key within the job, the same whenever it is computed; for a daily job the local date, `2026-03-29`."""

    at: datetime
    """The instant, aware, in UTC."""


class Schedule(Protocol):
    """A rule that yields occurrences in order of time."""

    def after(self, instant: datetime) -> Due:
        """Return the first occurrence later than `instant`."""


class DailyAt:
    """
    Once each local date, at a time on the wall clock of a zone.

    Where the clock is set forward over that time, the first instant after the gap; where it is set back and shows
    the time twice, the first of the two. A date that the zone skipped (Samoa, 2011-12-30) has no occurrence.

    Args:
        at: the time of day, naive, whole seconds.

    """

    def __init__(self, at: time, zone: ZoneInfo) -> None:
        if at.tzinfo is not None or at.microsecond:
            raise ValueError(f"{at!r} must be a plain time of day in whole seconds; the zone is a separate argument.")
        self._at = at.replace(fold=0)
        self._zone = zone

    def on(self, day: date) -> datetime | None:
        """Return the instant of that local date, in UTC, or None where the zone skipped the date."""
        if day_begins(day, self._zone).astimezone(self._zone).date() != day:
            return None
        return instant_of(datetime.combine(day, self._at), self._zone)

    def after(self, instant: datetime) -> Due:
        # Two days back: an occurrence in a gap around midnight falls on the next local date.
        day = instant.astimezone(self._zone).date() - 2 * _DAY
        while True:
            at = self.on(day)
            if at is not None and at > instant:
                return Due(day.isoformat(), at)
            day += _DAY

    def __repr__(self) -> str:
        return f"DailyAt({self._at:%H:%M:%S}, {self._zone.key})"


class OnDates:
    """
    A daily schedule on chosen dates only; see `weekly` and `monthly`.

    Args:
        chosen: tells whether a local date is chosen; at least one in any two years must be.
        name: names the choice, such as `first of the month`.

    """

    def __init__(self, daily: DailyAt, chosen: Callable[[date], bool], name: str) -> None:
        self._daily = daily
        self._chosen = chosen
        self._name = name

    def __repr__(self) -> str:
        return f"{self._name} {self._daily!r}"

    def on(self, day: date) -> datetime | None:
        """Return the instant of that local date, in UTC, or None where it is not chosen or the zone skipped it."""
        return self._daily.on(day) if self._chosen(day) else None

    def after(self, instant: datetime) -> Due:
        due = self._daily.after(instant)
        while not self._chosen(date.fromisoformat(due.occurrence)):
            due = self._daily.after(due.at)
        return due


def weekly(daily: DailyAt, weekday: int) -> OnDates:
    """Return the schedule of one weekday; Monday is 0."""
    return OnDates(daily, lambda day: day.weekday() == weekday, f"weekday {weekday}")


def monthly(daily: DailyAt) -> OnDates:
    """Return the schedule of the first day of each month."""
    return OnDates(daily, lambda day: day.day == 1, "first of the month")


def previous(schedule: DailyAt | OnDates, day: date) -> datetime:
    """Return the instant, in UTC, of the last occurrence on a local date before `day`."""
    while True:
        day -= _DAY
        at = schedule.on(day)
        if at is not None:
            return at


class Shifted:
    """Another schedule with each occurrence later by a fixed time, under the same names."""

    def __init__(self, schedule: Schedule, by: timedelta) -> None:
        self._schedule = schedule
        self._by = by

    def __repr__(self) -> str:
        return repr(self._schedule)

    def after(self, instant: datetime) -> Due:
        due = self._schedule.after(instant - self._by)
        return Due(due.occurrence, due.at + self._by)


def share_of(name: str, whole: timedelta) -> timedelta:
    """Return a part of `whole` in whole seconds, constant for a name and evenly spread over many names."""
    share = int.from_bytes(blake2b(name.encode(), digest_size=8).digest()) / 2**64
    return int(whole / _SECOND * share) * _SECOND
