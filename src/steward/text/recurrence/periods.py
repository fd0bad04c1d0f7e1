"""
The wall times of a rule, one period after the other.

dateutil is asked for the days of one month or year of each kind: where two are as long and begin on the same weekday, a
rule has the same days in both. So a century takes some 28 questions, however few days a rule has in it, where it has
36,525 days.
"""

from __future__ import annotations

from calendar import isleap, monthrange
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import MAXYEAR, date, datetime, timedelta

from steward.text.recurrence.parts import RuleParts

Days = Sequence[int]
"""Days in their order, as `date.toordinal` counts them."""

_WEEK = 7
_MONTHS = 12
_MAX_OF_A_WEEKDAY_IN_A_MONTH = 5


def walk(parts: RuleParts, start: datetime, near: datetime, last: datetime) -> Iterator[datetime]:
    """
    Yield a rule's wall times in their order, from the period in which `near` lies to that of `last`.

    Some of the first may lie before the start, and some of the last after `last`.

    Args:
        parts: of the rule, with what it takes from the start.
        start: from which it counts.
        near: from when on wall times are wanted; before the start it is the start.
        last: until when they are wanted.

    """
    near = max(near, start)
    minutes, seconds = (parts.minutes or (start.minute,))[0], (parts.seconds or (start.second,))[0]
    times = [timedelta(hours=hour, minutes=minutes, seconds=seconds) for hour in parts.hours or (start.hour,)]
    if parts.frequency == "DAILY" and parts.positions:
        times, parts = [times[place] for place in _places(parts, len(times))], replace(parts, positions=())
    for days in _periods(parts, start, near, last) if times else ():
        if parts.positions:
            for place in _places(parts, len(days) * len(times)):
                day, time = divmod(place, len(times))
                yield datetime.fromordinal(days[day]) + times[time]
        else:
            for day in days:
                midnight = datetime.fromordinal(day)
                for time_of_day in times:
                    yield midnight + time_of_day


def _places(parts: RuleParts, number: int) -> list[int]:
    """Return which of so many a rule chooses, counted from 0."""
    places = {place - 1 if place > 0 else number + place for place in parts.positions}
    return sorted(place for place in places if 0 <= place < number)


def _periods(parts: RuleParts, start: datetime, near: datetime, last: datetime) -> Iterator[Days]:
    """Yield the days of each period; those of days and weeks by the year, where that is no different."""
    if parts.frequency == "MONTHLY":
        return _months(parts, start, near, last)
    if parts.frequency == "YEARLY":
        return _years(parts, near.year - (near.year - start.year) % parts.interval, last)
    week_began = start.toordinal() - (start.weekday() - parts.week_start) % _WEEK
    if parts.positions:
        return _weeks(parts, week_began, near, last)
    if parts.frequency == "WEEKLY":
        return _every_few(parts, week_began, _WEEK, near, last)
    return _every_few(parts, start.toordinal(), 1, near, last)


def _years(parts: RuleParts, first: int, last: datetime) -> Iterator[Days]:
    """Yield the days of each year; for dateutil years differ by the one before, too, which ends their first week."""
    known: dict[tuple[int, bool, bool], Days] = {}
    for number in range(first, last.year + 1, parts.interval):
        begin = date(number, 1, 1)
        kind = begin.weekday(), isleap(number), isleap(number - 1)
        if kind not in known:
            known[kind] = _days_from(parts, begin)
        yield [begin.toordinal() + day for day in known[kind]]


def _months(parts: RuleParts, start: datetime, near: datetime, last: datetime) -> Iterator[Days]:
    known: dict[tuple[int, int], Days] = {}
    since = (near.year - start.year) * _MONTHS + near.month - start.month
    first = start.year * _MONTHS + start.month - 1 + since - since % parts.interval
    for months in range(first, last.year * _MONTHS + last.month, parts.interval):
        year, month = divmod(months, _MONTHS)
        begin = date(year, month + 1, 1)
        if parts.months and begin.month not in parts.months:
            continue
        kind = monthrange(year, begin.month)
        if kind not in known:
            known[kind] = _days_from(replace(parts, months=()), begin)
        yield [begin.toordinal() + day for day in known[kind]]


def _weeks(parts: RuleParts, began: int, near: datetime, last: datetime) -> Iterator[Days]:
    """Yield the days of each week, the first of which began on a day."""
    days = sorted((day - parts.week_start) % _WEEK for _, day in parts.days)
    months = frozenset(parts.months)
    step = parts.interval * _WEEK
    first = near.toordinal() - (near.toordinal() - began) % step
    for week in range(first, last.toordinal() + 1, step):
        touched = {_month(week), _month(week + _WEEK - 1)} if months else months
        if touched <= months:
            yield [week + day for day in days]
        elif touched & months:
            yield [week + day for day in days if _month(week + day) in months]


def _month(day: int) -> int:
    return date.fromordinal(day).month


def _every_few(parts: RuleParts, began: int, length: int, near: datetime, last: datetime) -> Iterator[Days]:
    """Yield the days of each year that are of a period of so many days which the interval does not leave out."""
    every_day = tuple((0, day) for day in range(_WEEK))
    of_year = replace(parts, frequency="YEARLY", interval=1, days=parts.days or every_day)
    for days in _years(of_year, near.year, last):
        yield [day for day in days if (day - began) // length % parts.interval == 0]


def _days_from(parts: RuleParts, begin: date) -> Days:
    """Return a rule's days of the month or year that begins there, counted from 0."""
    from dateutil import rrule  # 0.13 MiB, only once there is a rule

    of_month = parts.frequency == "MONTHLY" or bool(parts.months)
    weekdays = [
        rrule.weekday(day, nth or None)
        for nth, day in parts.days
        if not of_month or abs(nth) <= _MAX_OF_A_WEEKDAY_IN_A_MONTH
    ]
    if parts.days and not weekdays:
        return ()
    midnight = datetime(begin.year, begin.month, begin.day)  # noqa: DTZ001 - wall-clock time
    found = rrule.rrule(
        getattr(rrule, parts.frequency),
        dtstart=midnight,
        interval=MAXYEAR * _MONTHS,  # so there is no second month or year: where there is none it searches up to 9999
        wkst=parts.week_start,
        bymonth=parts.months or None,
        bymonthday=parts.month_days or None,
        byyearday=parts.year_days or None,
        byweekno=parts.weeks or None,
        byweekday=weekdays or None,
    )
    return [(day - midnight).days for day in found]
