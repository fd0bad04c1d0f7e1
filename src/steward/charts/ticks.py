"""Ticks of the time axis at local hours, days, Mondays, months and years, correct across clock changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MONTHS_A_YEAR, DECEMBER = 12, 12
LAST_YEAR = 9990


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on the time axis."""

    at: datetime
    label: str


# Units and counts, from fine to coarse.
_STEPS = (
    *(("minute", n) for n in (1, 5, 15, 30)),
    *(("hour", n) for n in (1, 2, 3, 6, 12)),
    *(("day", n) for n in (1, 2)),
    *(("week", n) for n in (1, 2)),
    *(("month", n) for n in (1, 2, 3, 6)),
    *(("year", n) for n in (1, 2, 5, 10, 25, 100, 250, 1000)),
)
_MIN_LENGTH = {"minute": MINUTE, "hour": HOUR, "day": DAY, "week": 7 * DAY, "month": 28 * DAY, "year": 365 * DAY}


def ticks(begin: datetime, end: datetime, zone: tzinfo, most: int, *, dates: bool = False) -> list[Tick]:
    """
    Return at most `most` ascending ticks between two aware datetimes, inclusive; with `dates` no hours.

    Skipped hours have no tick, repeated hours have one. A day whose midnight is skipped has its tick at its first
    moment.
    """
    for unit, number in _STEPS:
        if dates and unit in ("minute", "hour"):
            continue
        if (end - begin) / (_MIN_LENGTH[unit] * number) > most * 2 + 2:
            continue
        found = list(_between(begin, end, zone, unit, number))
        if len(found) <= most:
            return found
    return []


def _between(begin: datetime, end: datetime, zone: tzinfo, unit: str, number: int) -> Iterator[Tick]:
    previous = None
    for local in _local_times(begin.astimezone(zone).replace(tzinfo=None), unit, number):
        at = local.replace(tzinfo=zone).astimezone(UTC)
        if at > end:
            return
        exists = at.astimezone(zone).replace(tzinfo=None) == local
        if at < begin or (previous is not None and at <= previous) or (not exists and (local.hour or local.minute)):
            continue
        previous = at
        yield Tick(at, _label(local, unit))


def _local_times(start: datetime, unit: str, number: int) -> Iterator[datetime]:
    """Yield naive local times, starting one step before `start`."""
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    if unit in ("minute", "hour", "day", "week"):
        step = _MIN_LENGTH[unit] * number
        if unit == "week":
            midnight -= midnight.weekday() * DAY
        if unit in ("day", "week") and number > 1:  # independent of the start
            midnight -= (
                (midnight.toordinal() // step.days % number) * (step / number)
                if unit == "week"
                else DAY * (midnight.toordinal() % number)
            )
        local = midnight
        while local.year < LAST_YEAR:
            yield local
            local += step
        return
    months = midnight.year * MONTHS_A_YEAR + midnight.month - 1
    step_months = number * (MONTHS_A_YEAR if unit == "year" else 1)
    months -= months % step_months
    while months < LAST_YEAR * MONTHS_A_YEAR:
        if months >= MONTHS_A_YEAR:
            yield datetime(months // MONTHS_A_YEAR, months % MONTHS_A_YEAR + 1, 1)  # noqa: DTZ001 - a wall-clock time
        months += step_months


def _label(local: datetime, unit: str) -> str:
    if unit == "year" or (unit == "month" and local.month == 1):
        return str(local.year)
    if unit == "month":
        return f"{local:%b}"
    if unit in ("minute", "hour") and (local.hour or local.minute):
        return f"{local:%H:%M}"
    return f"{local.day} {local:%b}"
