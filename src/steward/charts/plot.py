"""The plot area of a time chart: axes with ticks, correct across clock changes, grid and shaded gaps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from steward.charts.canvas import MARGIN, SMALL, WIDTH, Canvas, clean, width
from steward.charts.card import TOP, Key, Scale
from steward.charts.chart import ChartGap
from steward.charts.theme import Theme

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MONTHS_A_YEAR = 12
LAST_YEAR = 9990
BOTTOM, BOTTOM_ALONE = 442, 482  # with and without a legend
A_LABEL = 112  # width of a label below the axis
GAPS_NAMED = 2
MIN_GAP_WIDTH = 4


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


@dataclass(frozen=True, slots=True)
class Plot:
    """Maps times and values to the canvas; `begin` and `end` are Unix timestamps."""

    left: float
    right: float
    begin: float
    end: float
    scale: Scale
    bottom: float = BOTTOM

    def x(self, at: float) -> float:
        """Return the position of a timestamp, clamped to the plot."""
        if self.end <= self.begin:
            return (self.left + self.right) / 2
        share = (at - self.begin) / (self.end - self.begin)
        return self.left + min(max(share, 0.0), 1.0) * (self.right - self.left)

    def y(self, value: float) -> float:
        return self.bottom - self.scale.share(value) * (self.bottom - TOP)


def left_of(labels: Sequence[str]) -> float:
    """Return the left edge of the plot, right of the value labels."""
    return MARGIN + max(width(label, SMALL) for label in labels) + 18


def grid(canvas: Canvas, plot: Plot, labels: Sequence[str]) -> None:
    """Draw a line and a label for each tick, the zero line stronger."""
    theme = canvas.theme
    for value, label in zip(plot.scale.ticks, labels, strict=True):
        y = plot.y(value)
        zero = value == 0
        canvas.line((plot.left, y), (plot.right, y), theme.shade if zero else theme.grid)
        canvas.text(plot.left - 14, y + SMALL * 0.36, label, colour=theme.muted, anchor="end")


def time_axis(canvas: Canvas, plot: Plot, zone: tzinfo, *, bar: float = 0.0) -> None:
    """
    Draw the time axis in hours, days or months of a zone.

    Args:
        zone: time zone of the labels.
        bar: seconds per bar if bars have labels of their own (day, week), centred below them; hours are marked at the
            left edge.

    """
    theme = canvas.theme
    begin, end = (datetime.fromtimestamp(at, zone) for at in (plot.begin, plot.end))
    most = int((plot.right - plot.left) / A_LABEL)
    if plot.end <= plot.begin:
        label = f"{begin.day} {begin:%b %H:%M}"
        canvas.text(plot.x(plot.begin), plot.bottom + 40, label, colour=theme.muted, anchor="middle")
        return
    last = end - timedelta(seconds=bar / 2)
    for tick in ticks(begin, last, zone, most, dates=bar > 0):
        x = plot.x(tick.at.timestamp() + bar / 2)
        canvas.line((x, plot.bottom), (x, plot.bottom + 8), theme.shade)
        half = width(tick.label, SMALL) / 2
        x = min(max(x, MARGIN + half), WIDTH - MARGIN - half)
        canvas.text(x, plot.bottom + 40, tick.label, colour=theme.muted, anchor="middle")


def shade(canvas: Canvas, plot: Plot, gaps: Sequence[ChartGap]) -> None:
    for gap in gaps:
        left = plot.x(gap.begin.timestamp())
        wide = max(plot.x(gap.end.timestamp()) - left, MIN_GAP_WIDTH)
        left = min(left, plot.right - wide)
        canvas.rect(left, TOP, wide, plot.bottom - TOP, canvas.theme.shade, opacity=0.28)


def visible(gaps: Sequence[ChartGap], begin: float, end: float) -> list[ChartGap]:
    """Return the gaps that overlap a range of Unix timestamps."""
    return [gap for gap in gaps if gap.begin.timestamp() <= end and gap.end.timestamp() >= begin]


def explained(gaps: Sequence[ChartGap], theme: Theme) -> list[Key]:
    """Return the legend entries of gaps: each reason once; many are summed up."""
    names = dict.fromkeys(clean(gap.label) or "not recorded" for gap in gaps)
    shown = (
        list(names)
        if len(names) <= GAPS_NAMED
        else [*list(names)[: GAPS_NAMED - 1], f"{len(names) - GAPS_NAMED + 1} other reasons"]
    )
    return [Key(name, theme.shade, "shade") for name in shown]
