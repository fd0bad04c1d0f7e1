"""Days as written, and the dates each may mean relative to today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

Dates = list[date]
"""Successive dates of one meaning; the first future one is meant."""

_WEEK = 7
_SATURDAY = 5
_MEETING_DAYS = (4, 5, 6, 0)
_YEARS_TO_A_LEAP_DAY = 8
_LONGEST_MONTH = 31
_MONTHS_TO_A_FRIDAY_13TH = 15


class Day(Protocol):
    """A day as written."""

    def meanings(self, today: date) -> list[Dates]:
        """Return the dates of each meaning, the most likely first; empty if there is none."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """Days after today, after adding months; a duration keeps the time of day."""

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
        day: 0 to 6.
        next: “next friday”: the coming one or next week's.
        weeks: week offset, 0 for this week; None for the coming weekday.
        later: weeks after the coming one: “friday week”.

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
    """The first of some weekdays, Monday 0, or any day if empty: the start of a series."""

    days: tuple[int, ...]

    def meanings(self, today: date) -> list[Dates]:
        coming = (today + timedelta(days=ahead) for ahead in range(_WEEK + 1))
        return [[on for on in coming if not self.days or on.weekday() in self.days]]


@dataclass(frozen=True, slots=True)
class SomeDayIn:
    """An unnamed day of a week: today's weekday, or a common day for meetings."""

    weeks: int

    def meanings(self, today: date) -> list[Dates]:
        monday = today + timedelta(days=self.weeks * _WEEK - today.weekday())
        likely = (today.weekday(), *_MEETING_DAYS)
        return [[monday + timedelta(days=day)] for day in dict.fromkeys(likely)]


@dataclass(frozen=True, slots=True)
class Weekend:
    """Saturday and Sunday of this week; with `next`, also of next week."""

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
    """Days after Easter Sunday of this or next year."""

    days: int

    def meanings(self, today: date) -> list[Dates]:
        return [[_easter(year) + timedelta(days=self.days) for year in (today.year, today.year + 1)]]


@dataclass(frozen=True, slots=True)
class OnDate:
    """A date; without a year, the next one."""

    day: int
    month: int
    year: int | None = None

    def meanings(self, today: date) -> list[Dates]:
        years = range(today.year, today.year + _YEARS_TO_A_LEAP_DAY + 1) if self.year is None else [self.year]
        return [[on for year in years for on in _date(year, self.month, self.day)]]


@dataclass(frozen=True, slots=True)
class Either:
    """An ambiguous date: `3/4`."""

    first: OnDate
    second: OnDate

    def meanings(self, today: date) -> list[Dates]:
        return [*self.first.meanings(today), *self.second.meanings(today)]


@dataclass(frozen=True, slots=True)
class DayOfMonth:
    """`The 5th`: of the next month that has it; with `soon`, only of this or next month."""

    day: int
    soon: bool = False

    def meanings(self, today: date) -> list[Dates]:
        months = (later(today.replace(day=1), ahead) for ahead in range(2 if self.soon else _MONTHS_TO_A_FRIDAY_13TH))
        return [[on for first in months for on in _date(first.year, first.month, self.day)]]


@dataclass(frozen=True, slots=True)
class InMonth:
    """The nth weekday of a month, from the end if negative; without a weekday, the last day."""

    nth: int
    weekday: int | None
    month: int | None = None
    year: int | None = None
    ahead: int | None = None
    """Offset in months if no month is named; None for this or the next."""

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
    Return the same day of the month `months` later, or the last day of that month.

    Raises:
        OverflowError: after the year 9999.

    """
    whole = day.year * 12 + day.month - 1 + months
    for shorter in range(4):
        for on in _date(whole // 12, whole % 12 + 1, day.day - shorter):
            return on
    raise OverflowError(f"{day} plus {months} months is out of range.")


def _easter(year: int) -> date:
    """Return Easter Sunday of a Gregorian year (Meeus/Jones/Butcher algorithm)."""
    century, of_century = divmod(year, 100)
    golden = year % 19
    leap = century // 4
    moon = (19 * golden + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    sunday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - moon - of_century % 4) % 7
    shift = (golden + 11 * moon + 22 * sunday) // 451
    month, day = divmod(moon + sunday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


def _date(year: int, month: int, day: int) -> Dates:
    """Return the date in a list, or an empty list if it does not exist."""
    try:
        return [date(year, month, day)]
    except ValueError:
        return []
