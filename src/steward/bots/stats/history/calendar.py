"""
Hours, days, weeks and months on a guild's own clock, as spans of instants.

Each instant lies in exactly one of each, and each hour in one day: half-hour zones, days of 23 or 25 hours, changes of
half an hour (Lord Howe) and dates that a zone skipped (Samoa) included.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from enum import IntEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from steward.store import DailyAt, from_millis, to_millis

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
_DAY = timedelta(days=1)


class Level(IntEnum):
    """How much time one point of a series stands for; the numbers are those in the tables."""

    RAW = 0
    HOUR = 1
    DAY = 2
    WEEK = 3
    MONTH = 4


class TimeBucket(NamedTuple):
    """A stretch of time: its first instant and the first one after it, in milliseconds since the epoch."""

    begin: int
    end: int


class LocalCalendar:
    """The calendar of one zone. A bucket asked for again costs a comparison, a new one some ten microseconds."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self._midnight = DailyAt(time(0), zone)
        self._latest: dict[Level, TimeBucket] = {}

    def bucket(self, level: Level, at: int) -> TimeBucket:
        """Return the hour, day, week (from Monday) or month in which an instant lies."""
        latest = self._latest.get(level)
        if latest is None or not latest.begin <= at < latest.end:
            latest = self._latest[level] = self._hour(at) if level is Level.HOUR else self._dates(level, at)
        return latest

    def buckets(self, level: Level, begin: int, end: int) -> Iterator[TimeBucket]:
        """Yield the buckets that `[begin, end)` touches, in order."""
        if begin >= end:
            return
        if level is Level.HOUR:
            for day in self.buckets(Level.DAY, begin, end):
                yield from (hour for hour in self._hours(day) if hour.begin < end and hour.end > begin)
            return
        bucket = self._dates(level, begin)
        first = self._first(level, self.local_date(bucket.begin))
        while bucket.begin < end:
            if bucket.begin < bucket.end:  # a date that the zone skipped has no length
                yield bucket
            first = _next(level, first)
            bucket = TimeBucket(bucket.end, self._start(_next(level, first)))

    def local_date(self, at: int) -> date:
        return from_millis(at).astimezone(self.zone).date()

    def _hours(self, day: TimeBucket) -> Iterator[TimeBucket]:
        plain = day.end - day.begin == DAY_MS and self._offset(day.begin) == self._offset(day.end - 1)
        begin = day.begin
        while begin < day.end:
            bucket = TimeBucket(begin, begin + HOUR_MS) if plain else self._hour(begin)
            yield bucket
            begin = bucket.end

    def _hour(self, at: int) -> TimeBucket:
        """Return the hour of the wall clock, cut where the clock changes within it."""
        offset = self._offset(at)
        begin = at - (at + offset) % HOUR_MS
        end = begin + HOUR_MS
        if self._offset(begin) != offset:
            begin = self._change(begin, at)
        if self._offset(end - 1) != offset:
            end = self._change(at, end - 1)
        return TimeBucket(begin, end)

    def _dates(self, level: Level, at: int) -> TimeBucket:
        # From the next date back: where the clock is put back over midnight it shows the date before once more.
        day = self._first(level, self.local_date(at) + _DAY)
        while self._start(day) > at:
            day = self._first(level, day - _DAY)
        return TimeBucket(self._start(day), self._start(_next(level, day)))

    def _first(self, level: Level, day: date) -> date:
        if level is Level.WEEK:
            return day - day.weekday() * _DAY
        return day.replace(day=1) if level is Level.MONTH else day

    def _start(self, day: date) -> int:
        """Return the first instant of a date, or of the next one that the zone has."""
        while (start := self._midnight.on(day)) is None:
            day += _DAY
        return to_millis(start)

    def _offset(self, at: int) -> int:
        offset = from_millis(at).astimezone(self.zone).utcoffset()
        return 0 if offset is None else offset // timedelta(milliseconds=1)

    def _change(self, before: int, after: int) -> int:
        """Return the first instant with the offset of `after`; the clock changes once between the two."""
        offset = self._offset(after)
        while after - before > 1:
            middle = (before + after) // 2
            before, after = (before, middle) if self._offset(middle) == offset else (middle, after)
        return after


class Calendars:
    """The calendar of each guild; guilds of one zone share it."""

    def __init__(self, zone_of: Callable[[int], ZoneInfo] = lambda _: ZoneInfo("UTC")) -> None:
        self._zone_of = zone_of
        self._calendars: dict[str, LocalCalendar] = {}

    def of(self, guild_id: int) -> LocalCalendar:
        zone = self._zone_of(guild_id)
        calendar = self._calendars.get(zone.key)
        if calendar is None:
            calendar = self._calendars[zone.key] = LocalCalendar(zone)
        return calendar


def _next(level: Level, day: date) -> date:
    if level is Level.WEEK:
        return day + 7 * _DAY
    return (day + 32 * _DAY).replace(day=1) if level is Level.MONTH else day + _DAY
