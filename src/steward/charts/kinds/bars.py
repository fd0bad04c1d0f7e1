"""Bars: upright ones over time, and the ranking, horizontal and the largest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from steward.charts.canvas import BOLD, HEIGHT, MARGIN, SMALL, WIDTH, Canvas, clean, width
from steward.charts.card import TOP, Key, card, figure, legend, nothing, scale_for
from steward.charts.chart import BarChart, Ranking, Value, recorded
from steward.charts.plot import Plot, explained, grid, left_of, shade, time_axis, visible
from steward.charts.theme import Theme

MAX_BARS = 200
ROUNDED_FROM = 10  # narrower bars have square corners
DAY = 86_400.0
SHORTEST_DAY = DAY - 3_600.0  # at the start of summer time
MAX_ENTRIES = 8
MIN_ROWS = 5
WIDEST_NAME, WIDEST_FIGURE = 330, 170
NO_NAME = "(no name)"
BAR = 28


@dataclass(frozen=True, slots=True)
class Bar:
    """The bucket that starts at `at`: amounts of each series, up and down."""

    at: float
    up: tuple[Value, ...]
    down: tuple[Value, ...]

    @property
    def height(self) -> float:
        return sum(recorded(self.up))

    @property
    def depth(self) -> float:
        return sum(recorded(self.down))


def bar_chart(chart: BarChart, theme: Theme) -> str:
    """Draw the chart as SVG; beyond 200 buckets, groups show their tallest, as the legend notes."""
    canvas = card(theme, chart.title, chart.subtitle)
    if not any(recorded(series.values) for series in (*chart.up, *chart.down)):
        return nothing(canvas)
    bars = _bars(chart)
    wide = min((later.at - earlier.at for earlier, later in pairwise(bars)), default=DAY)
    bars, group_size = _tallest(bars)
    scale = scale_for([0.0, *(bar.height for bar in bars), *(-bar.depth for bar in bars)], from_zero=True)
    labels = scale.labels(chart.unit, absolute=True)
    plot = Plot(left_of(labels), WIDTH - MARGIN, bars[0].at, bars[-1].at + wide * group_size, scale)
    spans = visible(chart.gaps, plot.begin, plot.end)
    shade(canvas, plot, spans)
    grid(canvas, plot, labels)
    slot_seconds = wide * group_size
    time_axis(canvas, plot, chart.zone, bar=slot_seconds if slot_seconds >= SHORTEST_DAY else 0.0)
    count = len(chart.up) + len(chart.down)
    colours = [theme.series[index % len(theme.series)] for index in range(count)]
    slot = (plot.right - plot.left) * wide * group_size / (plot.end - plot.begin)
    for bar in bars:
        middle = (plot.x(bar.at) + plot.x(bar.at + wide * group_size)) / 2
        thick = max(min(slot * 0.72, 90.0), 1.5)
        _stack(canvas, plot, middle - thick / 2, thick, bar.up, colours, 1)
        _stack(canvas, plot, middle - thick / 2, thick, bar.down, colours[len(chart.up) :], -1)
    canvas.line((plot.left, plot.y(0)), (plot.right, plot.y(0)), theme.shade)
    rows = zip((*chart.up, *chart.down), colours, strict=True)
    signs = [Key(f"{one.label} {figure(sum(recorded(one.values)), chart.unit)}", colour) for one, colour in rows]
    if group_size > 1:
        signs.append(Key(f"tallest of each {group_size}", theme.muted, "none"))
    legend(canvas, [*signs, *explained(spans, theme)])
    return canvas.finished()


def _bars(chart: BarChart) -> list[Bar]:
    return [
        Bar(
            time.timestamp(),
            tuple(series.values[index] for series in chart.up),
            tuple(series.values[index] for series in chart.down),
        )
        for index, time in enumerate(chart.times)
    ]


def _tallest(bars: list[Bar]) -> tuple[list[Bar], int]:
    """Return at most 200 bars, each with the highest and deepest of its group, and the group size."""
    group_size = -(-len(bars) // MAX_BARS)
    if group_size == 1:
        return bars, 1
    groups = [bars[index : index + group_size] for index in range(0, len(bars), group_size)]
    return [
        Bar(group[0].at, max(group, key=lambda bar: bar.height).up, max(group, key=lambda bar: bar.depth).down)
        for group in groups
    ], group_size


def _stack(
    canvas: Canvas,
    plot: Plot,
    x: float,
    thick: float,
    amounts: Sequence[Value],
    colours: Sequence[str],
    direction: int,
) -> None:
    total = 0.0
    for amount, colour in zip(amounts, colours, strict=False):
        if not amount:
            continue
        inner, outer = plot.y(total * direction), plot.y((total + amount) * direction)
        radius = min(5.0, abs(outer - inner) / 2) if thick >= ROUNDED_FROM else 0.0
        canvas.rect(x, min(inner, outer), thick, max(abs(outer - inner), 1.5), colour, radius=radius)
        total += amount


def ranking(chart: Ranking, theme: Theme) -> str:
    """Draw the chart as SVG; equal values keep their order."""
    canvas = card(theme, chart.title, chart.subtitle)
    entries = sorted(chart.entries, key=lambda entry: -entry.value)
    if not entries:
        return nothing(canvas)
    shown, more = entries[:MAX_ENTRIES], len(entries) - MAX_ENTRIES
    bottom = HEIGHT - (72 if more > 0 else 36)
    tall = (bottom - TOP) / max(len(shown), MIN_ROWS)
    names = [clean(entry.label) or NO_NAME for entry in shown]
    figures = [figure(entry.value, chart.unit) for entry in shown]
    left = MARGIN + min(max(width(name, SMALL) for name in names), WIDEST_NAME) + 20
    right = WIDTH - MARGIN - min(max(width(text, SMALL, BOLD) for text in figures), WIDEST_FIGURE) - 16
    low = min(0.0, *(entry.value for entry in shown), 0.0)
    high = max(0.0, *(entry.value for entry in shown), 0.0)
    zero = left + (right - left) * (-low / (high - low) if high > low else 0.0)
    for row, (entry, name, text) in enumerate(zip(shown, names, figures, strict=True)):
        middle = TOP + (row + 0.5) * tall
        base = middle + SMALL * 0.36
        canvas.text(MARGIN, base, name, room=left - MARGIN - 20)
        long = (right - left) * abs(entry.value) / (high - low) if high > low else 0.0
        colour = theme.series[0] if entry.value >= 0 else theme.series[1]
        canvas.rect(zero if entry.value >= 0 else zero - long, middle - BAR / 2, max(long, 3), BAR, colour, radius=6)
        after = max(zero + long if entry.value >= 0 else zero, left) + 14
        canvas.text(after, base, text, weight=BOLD, room=WIDEST_FIGURE)
    if more > 0:
        canvas.text(MARGIN, HEIGHT - 30, f"and {more:,} more", colour=theme.muted)
    return canvas.finished()
