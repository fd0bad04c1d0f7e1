"""The ways to name a day, and the dates that each may mean as seen from today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

Dates = list[date]
"""Successive dates that one meaning of the words has, of which the first that is still to come is meant."""

_WEEK = 7
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
    """A weekday, Monday 0: the coming one, or `next`, which some take for that of next week; or in `weeks` from now."""

    day: int
    next: bool = False
    weeks: int | None = None

    def meanings(self, today: date) -> list[Dates]:
        nearest = today + timedelta(days=(self.day - today.weekday()) % _WEEK)
        monday = today - timedelta(days=today.weekday())
        if self.weeks is not None:
            return [[monday + timedelta(days=self.weeks * _WEEK + self.day)]]
        if not self.next:
            return [[nearest, nearest + timedelta(days=_WEEK)]]
        coming = nearest if nearest > today else nearest + timedelta(days=_WEEK)
        next_week = monday + timedelta(days=_WEEK + self.day)
        return [[coming]] if coming == next_week else [[coming], [next_week]]


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
    """`The 5th`: of this or the next month that has it."""

    day: int

    def meanings(self, today: date) -> list[Dates]:
        months = (later(today.replace(day=1), ahead) for ahead in range(_MONTHS_TO_A_FRIDAY_13TH))
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


def _date(year: int, month: int, day: int) -> Dates:
    """Return the one date, or none where there is none such."""
    try:
        return [date(year, month, day)]
    except ValueError:
        return []
