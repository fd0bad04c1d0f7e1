"""The charts as values: what is shown, not how. What cannot be drawn truthfully is refused with a ValueError."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import pairwise
from typing import NamedTuple

LARGEST = 1e100  # beyond it, differences of two values would leave the range of a float
WEEKDAYS, HOURS = 7, 24

Value = float | None  # None: not recorded, which is not the same as 0


class ChartGap(NamedTuple):
    """A span in which nothing was recorded, and why; `begin` is in it, `end` is not."""

    begin: datetime
    end: datetime
    label: str


@dataclass(frozen=True, slots=True)
class ChartSeries:
    """A named row of values; `None` where nothing was recorded."""

    label: str
    values: Sequence[Value]

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", _numbers(self.values, f"series {self.label!r}"))


@dataclass(frozen=True, slots=True)
class LineChart:
    """
    Levels over time: members, online.

    Args:
        times: an aware instant for each value, ascending.
        series: one to four rows, each as long as `times`; empty rows draw "nothing recorded yet".
        zone: the zone whose hours, days and months the axis tells.
        subtitle: the span or the source.
        unit: stands behind each number, such as "%" or "min".
        gaps: spans that are shaded and explained below the chart.
        goal: a dashed line at this value.

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
    Amounts per hour, day, week or month: joins upwards, leaves downwards; several of a side are stacked.

    Args:
        times: an aware instant for the beginning of each bucket, ascending.
        up: rows that stand on the zero line, each value 0 or more.
        down: rows that hang from it, also given as 0 or more.
        zone: the zone whose days the axis tells.
        subtitle: the span or the source.
        unit: stands behind each number.
        gaps: spans that are shaded and explained below the chart.

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
    """Activity by weekday and hour: seven rows from Monday, each of 24 values from midnight, 0 or more."""

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
    """Those who came together: how many, and how many of them were still there after 1, 2, 3… steps."""

    label: str
    joined: int
    stayed: Sequence[int | None]

    def __post_init__(self) -> None:
        object.__setattr__(self, "stayed", tuple(self.stayed))
        if self.joined < 0 or any(number is not None and not 0 <= number <= self.joined for number in self.stayed):
            raise ValueError(f"Of cohort {self.label!r} between none and all of those who joined can have stayed.")


@dataclass(frozen=True, slots=True)
class Cohorts:
    """Retention: of those who joined in a week, how many per cent were still there after n weeks; oldest first."""

    title: str
    cohorts: Sequence[CohortRow]
    subtitle: str = ""
    step: str = "week"

    def __post_init__(self) -> None:
        _freeze(self, "cohorts")


class RankingEntry(NamedTuple):
    """One row of a ranking; the label may be any member's or channel's name."""

    label: str
    value: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """The largest first: top channels, top members. Shows eight entries and says how many more there are."""

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
    if not -LARGEST <= value <= LARGEST:  # false for NaN, too
        raise ValueError(f"A value of {where} is not a number between ±{LARGEST:g}.")
    return float(value)


def _numbers(values: Iterable[Value], where: str) -> tuple[Value, ...]:
    return tuple(None if value is None else _number(value, where) for value in values)


def _not_negative(values: Sequence[Value], where: str) -> None:
    if any(value is not None and value < 0 for value in values):
        raise ValueError(f"A value of {where} is negative; amounts are 0 or more.")


def _over_time(times: Sequence[datetime], series: Sequence[ChartSeries]) -> None:
    if any(time.utcoffset() is None for time in times):
        raise ValueError("The times of a chart need a zone: naive ones have no place on the axis.")
    instants = [time.timestamp() for time in times]
    if any(later <= earlier for earlier, later in pairwise(instants)):
        raise ValueError("The times of a chart must ascend, each once.")
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
    """Return the values that were recorded."""
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
