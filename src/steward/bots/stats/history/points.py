"""From rows to points: which level fits, which bucket a row belongs to, where a line breaks."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import timedelta

from steward.bots.stats.history.calendar import DAY_MS, HOUR_MS, Level, LocalCalendar, TimeBucket
from steward.bots.stats.history.series import GAUGES, HOURS_KEPT, RAW_KEPT, Cohort, Measure, Point, StatsSeries
from steward.store import Row, from_millis, to_millis

MAX_POINTS = 400
SAMPLE_MS = 300_000  # the usual distance between raw samples
BREAK_MS = 3 * SAMPLE_MS  # a longer pause breaks the line
WEEK_MS = 7 * DAY_MS
HOURLY_BARS_UP_TO = timedelta(days=2)
DAILY_BARS_UP_TO = timedelta(days=45)
WEEKLY_BARS_UP_TO = timedelta(days=400)

_MILLISECOND = timedelta(milliseconds=1)


def fitting(span: tuple[int, int], now: int, measures: Sequence[Measure]) -> Level:
    """Return the finest level that needs few enough points and whose rows are still kept."""
    length, age = span[1] - span[0], now - span[0]
    sampled = all(measure in GAUGES for measure in measures)
    if sampled and length <= MAX_POINTS * SAMPLE_MS and age <= RAW_KEPT // _MILLISECOND:
        return Level.RAW
    if length <= MAX_POINTS * HOUR_MS and age <= HOURS_KEPT // _MILLISECOND:
        return Level.HOUR
    if length <= MAX_POINTS * DAY_MS:
        return Level.DAY
    return Level.WEEK if length <= MAX_POINTS * WEEK_MS else Level.MONTH


def of_bars(length: timedelta) -> tuple[Level, Level]:
    """Return how much time a bar stands for in a span of that length, and the level whose rows it is summed up of."""
    if length <= HOURLY_BARS_UP_TO:
        return Level.HOUR, Level.HOUR
    if length <= DAILY_BARS_UP_TO:
        return Level.DAY, Level.HOUR
    return Level.WEEK if length <= WEEKLY_BARS_UP_TO else Level.MONTH, Level.DAY


def regrouped(calendar: LocalCalendar, level: Level, series: StatsSeries) -> StatsSeries:
    """Return a series by days, weeks or months of its hours or days; of the first and the last only what is in it."""
    groups: dict[int, list[int | None]] = {}
    for point in series.points:
        groups.setdefault(calendar.bucket(level, to_millis(point.at)).begin, []).append(point.value)
    points = tuple(
        Point(from_millis(begin).astimezone(calendar.zone), series.measure.over(values))
        for begin, values in groups.items()
    )
    return StatsSeries(series.measure, level, points)


def since_known(rows: Sequence[StatsSeries], gaps: Sequence[TimeBucket] = ()) -> list[StatsSeries]:
    """Return series on the same points without those before anything is known, unless a gap explains them."""
    places = zip(*(one.points for one in rows), strict=True)
    known = (
        place
        for place, points in enumerate(places)
        if any(point.value is not None for point in points)
        or any(gap.begin <= to_millis(points[0].at) < gap.end for gap in gaps)
    )
    first = next(known, 0)
    return [StatsSeries(one.measure, one.level, one.points[first:]) for one in rows]


def raw_points(calendar: LocalCalendar, rows: Sequence[Row], place: int) -> tuple[Point, ...]:
    """Return the samples themselves, with a None where there was none for a while."""
    points: list[Point] = []
    before: int | None = None
    for row in rows:
        at: int = row[0]
        if before is not None and at - before > BREAK_MS:
            points.append(Point(from_millis(before + SAMPLE_MS).astimezone(calendar.zone), None))
        points.append(Point(from_millis(at).astimezone(calendar.zone), row[place]))
        before = at
    return tuple(points)


def in_buckets(rows: Sequence[Row], level: Level, buckets: Sequence[TimeBucket]) -> list[list[Row]]:
    """
    Sort rows of one level into buckets, in order.

    A row that begins where no bucket does was kept when the guild had another zone: it goes where its middle lies.
    """
    half = {Level.HOUR: HOUR_MS // 2, Level.DAY: DAY_MS // 2}.get(level, 0)
    begins = [bucket.begin for bucket in buckets]
    places = {begin: place for place, begin in enumerate(begins)}
    found: list[list[Row]] = [[] for _ in buckets]
    for row in rows:
        place = places.get(row[0], bisect_right(begins, row[0] + half) - 1)
        if place >= 0:
            found[place].append(row)
    return found


def is_away(bucket: TimeBucket, gaps: Sequence[TimeBucket]) -> bool:
    """Tell whether half of `bucket` or more lies in `gaps`, which do not overlap."""
    away = sum(max(0, min(bucket.end, gap.end) - max(bucket.begin, gap.begin)) for gap in gaps)
    return away * 2 >= bucket.end - bucket.begin


def cohort(calendar: LocalCalendar, week: TimeBucket, stays: Sequence[Row], now: int) -> Cohort:
    """Sum up the stays (joined at, left at or None) that began in one week."""
    lengths = [now if left is None else left - joined for joined, left in stays]
    weeks = max(0, (now - week.end) // WEEK_MS)
    remained = tuple(sum(length >= weeks_on * WEEK_MS for length in lengths) for weeks_on in range(1, weeks + 1))
    return Cohort(from_millis(week.begin).astimezone(calendar.zone), len(stays), remained)
