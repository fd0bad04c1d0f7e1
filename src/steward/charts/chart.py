"""Charts as values: content without layout. Invalid data raises ValueError."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import pairwise
from typing import NamedTuple

LARGEST = 1e100  # keeps differences of values within the range of a float
WEEKDAYS, HOURS = 7, 24

Value = float | None  # None: not recorded; differs from 0


class ChartGap(NamedTuple):
    """A period without records and its reason; `end` is exclusive."""

    begin: datetime
    end: datetime
    label: str


@dataclass(frozen=True, slots=True)
class ChartSeries:
    """A named series of values; None for not recorded."""

    label: str
    values: Sequence[Value]

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", _numbers(self.values, f"series {self.label!r}"))


@dataclass(frozen=True, slots=True)
class LineChart:
    """
    Levels over time: members, online.

    Args:
        times: an aware datetime for each value, ascending.
        series: one to four, each as long as `times`; without values it shows "Nothing recorded yet".
        zone: time zone of the axis.
        subtitle: the period or the source.
        unit: shown after each number, such as "%" or "min".
        gaps: shaded periods, explained in the legend.
        goal: value of a dashed line.

    """

    title: str
    times: Sequence[datetime]
    series: Sequence[ChartSeries]
    zone: tzinfo
    subtitle: str = ""
    unit: str = ""
    gaps: Sequence[ChartGap] = ()
    goal: float | None = None

    def __post_init__(self) -> None:
        _freeze(self, "times", "series")
        _over_time(self.times, self.series)
        _spans(self)
        if self.goal is not None:
            object.__setattr__(self, "goal", _number(self.goal, "the goal"))


@dataclass(frozen=True, slots=True)
class BarChart:
    """
    Amounts per hour, day, week or month, such as joins up and leaves down; series on one side are stacked.

    Args:
        times: an aware datetime for the start of each bucket, ascending.
        up: series above the zero line, values 0 or more.
        down: series below it, values 0 or more.
        zone: time zone of the axis.
        subtitle: the period or the source.
        unit: shown after each number.
        gaps: shaded periods, explained in the legend.

    """

    title: str
    times: Sequence[datetime]
    up: Sequence[ChartSeries]
    zone: tzinfo
    down: Sequence[ChartSeries] = ()
    subtitle: str = ""
    unit: str = ""
    gaps: Sequence[ChartGap] = ()

    def __post_init__(self) -> None:
        _freeze(self, "times", "up", "down")
        _over_time(self.times, [*self.up, *self.down])
        for series in (*self.up, *self.down):
            _not_negative(series.values, f"series {series.label!r}")
        _spans(self)


@dataclass(frozen=True, slots=True)
class Heatmap:
    """Activity by weekday and hour: seven rows from Monday, each with 24 values from midnight, 0 or more."""

    title: str
    rows: Sequence[Sequence[Value]]
    subtitle: str = ""
    unit: str = ""

    def __post_init__(self) -> None:
        rows = tuple(_numbers(row, "the heatmap") for row in self.rows)
        if len(rows) != WEEKDAYS or any(len(row) != HOURS for row in rows):
            raise ValueError("A heatmap has 7 rows, Monday first, of 24 values, midnight first.")
        for row in rows:
            _not_negative(row, "the heatmap")
        object.__setattr__(self, "rows", rows)


@dataclass(frozen=True, slots=True)
class CohortRow:
    """Members who joined together: how many, and how many stayed after 1, 2, 3… steps."""

    label: str
    joined: int
    stayed: Sequence[int | None]

    def __post_init__(self) -> None:
        object.__setattr__(self, "stayed", tuple(self.stayed))
        if self.joined < 0 or any(number is not None and not 0 <= number <= self.joined for number in self.stayed):
            raise ValueError(f"Cohort {self.label!r} needs joined of 0 or more and stayed from 0 to joined.")


@dataclass(frozen=True, slots=True)
class Cohorts:
    """Retention: per cent of those who joined in a week still there after n weeks; oldest first."""

    title: str
    cohorts: Sequence[CohortRow]
    subtitle: str = ""
    step: str = "week"

    def __post_init__(self) -> None:
        _freeze(self, "cohorts")


class RankingEntry(NamedTuple):
    """One row of a ranking; the label is any text."""

    label: str
    value: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """A ranking, largest first, such as top channels. Shows eight entries and the number of others."""

    title: str
    entries: Sequence[RankingEntry]
    subtitle: str = ""
    unit: str = ""

    def __post_init__(self) -> None:
        entries = tuple(RankingEntry(label, _number(value, f"entry {label!r}")) for label, value in self.entries)
        object.__setattr__(self, "entries", entries)


Chart = LineChart | BarChart | Heatmap | Cohorts | Ranking


def _freeze(chart: object, *names: str) -> None:
    for name in names:
        object.__setattr__(chart, name, tuple(getattr(chart, name)))


def _number(value: float, where: str) -> float:
    if not -LARGEST <= value <= LARGEST:  # also rejects NaN
        raise ValueError(f"A value of {where} is not a number between ±{LARGEST:g}.")
    return float(value)


def _numbers(values: Iterable[Value], where: str) -> tuple[Value, ...]:
    return tuple(None if value is None else _number(value, where) for value in values)


def _not_negative(values: Sequence[Value], where: str) -> None:
    if any(value is not None and value < 0 for value in values):
        raise ValueError(f"A value of {where} is negative; amounts are 0 or more.")


def _over_time(times: Sequence[datetime], series: Sequence[ChartSeries]) -> None:
    if any(time.utcoffset() is None for time in times):
        raise ValueError("The times of a chart must be aware.")
    instants = [time.timestamp() for time in times]
    if any(later <= earlier for earlier, later in pairwise(instants)):
        raise ValueError("The times of a chart must be strictly ascending.")
    for row in series:
        if len(row.values) != len(times):
            raise ValueError(f"Series {row.label!r} has {len(row.values)} values for {len(times)} times.")


def _spans(chart: LineChart | BarChart) -> None:
    gaps = tuple(ChartGap(*gap) for gap in chart.gaps)
    for gap in gaps:
        if gap.begin.utcoffset() is None or gap.end.utcoffset() is None:
            raise ValueError(f"Gap {gap.label!r} needs times with a zone.")
        if gap.end.timestamp() <= gap.begin.timestamp():
            raise ValueError(f"Gap {gap.label!r} ends before it begins.")
    object.__setattr__(chart, "gaps", gaps)


def recorded(values: Iterable[Value]) -> list[float]:
    """Return the values that are not None."""
    return [value for value in values if value is not None and math.isfinite(value)]


__all__ = [
    "BarChart",
    "Chart",
    "ChartGap",
    "ChartSeries",
    "CohortRow",
    "Cohorts",
    "Heatmap",
    "LineChart",
    "Ranking",
    "RankingEntry",
    "Value",
    "recorded",
]
