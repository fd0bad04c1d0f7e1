"""The plot area of a time chart: axes, grid and shaded gaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from steward.charts.canvas import MARGIN, SMALL, WIDTH, Canvas
from steward.charts.chart import ChartGap
from steward.charts.kinds.card import TOP, Key
from steward.charts.kinds.figures import Scale
from steward.charts.text import clean, width
from steward.charts.theme import Theme
from steward.charts.ticks import ticks

BOTTOM, BOTTOM_ALONE = 442, 482  # with and without a legend
A_LABEL = 112  # width of a label below the axis
GAPS_NAMED = 2
MIN_WIDTH = 4


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
        wide = max(plot.x(gap.end.timestamp()) - left, MIN_WIDTH)
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
