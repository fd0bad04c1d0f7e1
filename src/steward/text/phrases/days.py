"""The ways to name a day, and the dates that each may mean as seen from today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

Dates = list[date]
"""Successive dates that one meaning of the words has, of which the first that is still to come is meant."""

_WEEK = 7
_SATURDAY = 5
_MEETING_DAYS = (4, 5, 6, 0)
_YEARS_TO_A_LEAP_DAY = 8
_LONGEST_MONTH = 31
_MONTHS_TO_A_FRIDAY_13TH = 15


class Day(Protocol):
    """A way to name a day."""

    def meanings(self, today: date) -> list[Dates]:
        """Return the dates of each meaning, the likeliest first; none where there is no such date."""
        ...


@dataclass(frozen=True, slots=True)
class Ahead:
    """So many days, and months before that, from today; said as a duration it keeps the time of day."""

    days: int
    months: int = 0
    same_time: bool = False

    def meanings(self, today: date) -> list[Dates]:
        return [[later(today, self.months) + timedelta(days=self.days)]]


@dataclass(frozen=True, slots=True)
class Weekday:
    """
    A weekday, Monday 0.

    Attributes:
        day: which.
        next: “next friday”, which some take for the coming one, others for that of next week.
        weeks: the week it is in, 0 for this one; None for the coming weekday.
        later: so many weeks after the coming one: “friday week”.

    """

    day: int
    next: bool = False
    weeks: int | None = None
    later: int = 0

    def meanings(self, today: date) -> list[Dates]:
        nearest = today + timedelta(days=(self.day - today.weekday()) % _WEEK)
        monday = today - timedelta(days=today.weekday())
        if self.weeks is not None:
            return [[monday + timedelta(days=self.weeks * _WEEK + self.day)]]
        if self.later:
            return [[nearest + timedelta(days=self.later * _WEEK)]]
        if not self.next:
            return [[nearest, nearest + timedelta(days=_WEEK)]]
        coming = nearest if nearest > today else nearest + timedelta(days=_WEEK)
        next_week = monday + timedelta(days=_WEEK + self.day)
        return [[coming]] if coming == next_week else [[coming], [next_week]]


@dataclass(frozen=True, slots=True)
class FirstOf:
    """The first of some weekdays, Monday 0, or any day where there is none: where a series begins."""

    days: tuple[int, ...]

    def meanings(self, today: date) -> list[Dates]:
        coming = (today + timedelta(days=ahead) for ahead in range(_WEEK + 1))
        return [[on for on in coming if not self.days or on.weekday() in self.days]]


@dataclass(frozen=True, slots=True)
class SomeDayIn:
    """A day of a week that nobody named: the same weekday as today's, or one that people meet on."""

    weeks: int

    def meanings(self, today: date) -> list[Dates]:
        monday = today + timedelta(days=self.weeks * _WEEK - today.weekday())
        likely = (today.weekday(), *_MEETING_DAYS)
        return [[monday + timedelta(days=day)] for day in dict.fromkeys(likely)]


@dataclass(frozen=True, slots=True)
class Weekend:
    """Saturday and Sunday of this week, or of the next as well where “next” may mean either."""

    next: bool = False

    def meanings(self, today: date) -> list[Dates]:
        saturday = today + timedelta(days=_SATURDAY - today.weekday())
        days = [saturday, saturday + timedelta(days=1)]
        if self.next:
            days += [on + timedelta(days=_WEEK) for on in days]
            days = [on for on in days if on > today]
        return [[on] for on in days]


@dataclass(frozen=True, slots=True)
class Easter:
    """So many days after Easter Sunday of this or the next year."""

    days: int

    def meanings(self, today: date) -> list[Dates]:
        return [[_easter(year) + timedelta(days=self.days) for year in (today.year, today.year + 1)]]


@dataclass(frozen=True, slots=True)
class OnDate:
    """A day of a month of a year, or of this or a coming year."""

    day: int
    month: int
    year: int | None = None

    def meanings(self, today: date) -> list[Dates]:
        years = range(today.year, today.year + _YEARS_TO_A_LEAP_DAY + 1) if self.year is None else [self.year]
        return [[on for year in years for on in _date(year, self.month, self.day)]]


@dataclass(frozen=True, slots=True)
class Either:
    """Two ways to read the same figures: `3/4`."""

    first: OnDate
    second: OnDate

    def meanings(self, today: date) -> list[Dates]:
        return [*self.first.meanings(today), *self.second.meanings(today)]


@dataclass(frozen=True, slots=True)
class DayOfMonth:
    """`The 5th`: of this or the next month that has it; `soon` where only these two can be meant."""

    day: int
    soon: bool = False

    def meanings(self, today: date) -> list[Dates]:
        months = (later(today.replace(day=1), ahead) for ahead in range(2 if self.soon else _MONTHS_TO_A_FRIDAY_13TH))
        return [[on for first in months for on in _date(first.year, first.month, self.day)]]


@dataclass(frozen=True, slots=True)
class InMonth:
    """The nth weekday of a month, from the end if negative, or, without a weekday, its last day."""

    nth: int
    weekday: int | None
    month: int | None = None
    year: int | None = None
    ahead: int | None = None
    """How many months from this one, where no month is named; None for this or the next."""

    def meanings(self, today: date) -> list[Dates]:
        if self.month is not None:
            years = [self.year] if self.year else range(today.year, today.year + 2)
            firsts = [first for year in years for first in _date(year, self.month, 1)]
        else:
            aheads = range(2) if self.ahead is None else [self.ahead]
            firsts = [later(today.replace(day=1), ahead) for ahead in aheads]
        return [[on for first in firsts for on in self._of(first)]]

    def _of(self, first: date) -> Dates:
        days = [first + timedelta(days=day) for day in range(_LONGEST_MONTH)]
        fitting = [on for on in days if on.month == first.month and self.weekday in (None, on.weekday())]
        place = self.nth if self.nth < 0 else self.nth - 1
        return [fitting[place]] if -len(fitting) <= place < len(fitting) else []


def later(day: date, months: int) -> date:
    """
    Return the same day of the month so many months on, or the last one that there is.

    Raises:
        OverflowError: that is after the year 9999.

    """
    whole = day.year * 12 + day.month - 1 + months
    for shorter in range(4):
        for on in _date(whole // 12, whole % 12 + 1, day.day - shorter):
            return on
    raise OverflowError(f"There is no date {months} months after {day}.")


def _easter(year: int) -> date:
    """Return Easter Sunday of a year of the Gregorian calendar (Meeus, Jones and Butcher)."""
    century, of_century = divmod(year, 100)
    golden = year % 19
    leap = century // 4
    moon = (19 * golden + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    sunday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - moon - of_century % 4) % 7
    shift = (golden + 11 * moon + 22 * sunday) // 451
    month, day = divmod(moon + sunday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


def _date(year: int, month: int, day: int) -> Dates:
    """Return the one date, or none where there is none such."""
    try:
        return [date(year, month, day)]
    except ValueError:
        return []
