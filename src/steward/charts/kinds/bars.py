"""The bar chart: amounts per bucket of time, stacked upwards and downwards from the zero line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from steward.charts.canvas import MARGIN, WIDTH, Canvas
from steward.charts.chart import BarChart, ChartSeries, Value, recorded
from steward.charts.kinds.card import Key, card, legend, nothing
from steward.charts.kinds.figures import figure, scale_for
from steward.charts.plot import Plot, explained, grid, left_of, shade, time_axis, visible
from steward.charts.theme import Theme

MOST_BARS = 200
ROUNDED_FROM = 10  # narrower bars have square corners
DAY = 86_400.0
SHORTEST_DAY = DAY - 3_600.0  # where the clock is put forward


@dataclass(frozen=True, slots=True)
class Bar:
    """The bucket that begins at `at`: the amounts of each series, upwards and downwards."""

    at: float
    up: tuple[Value, ...]
    down: tuple[Value, ...]

    @property
    def height(self) -> float:
        """The sum upwards."""
        return sum(recorded(self.up))

    @property
    def depth(self) -> float:
        """The sum downwards."""
        return sum(recorded(self.down))


def bar_chart(chart: BarChart, theme: Theme) -> str:
    """Draw the chart as SVG; of more than 200 buckets the tallest of each few are shown, and the legend says so."""
    canvas = card(theme, chart.title, chart.subtitle)
    if not any(recorded(series.values) for series in (*chart.up, *chart.down)):
        return nothing(canvas)
    bars = _bars(chart)
    wide = min((later.at - earlier.at for earlier, later in pairwise(bars)), default=DAY)
    bars, together = _tallest(bars)
    scale = scale_for([0.0, *(bar.height for bar in bars), *(-bar.depth for bar in bars)], from_zero=True)
    labels = scale.labels(chart.unit, absolute=True)
    plot = Plot(left_of(labels), WIDTH - MARGIN, bars[0].at, bars[-1].at + wide * together, scale)
    spans = visible(chart.gaps, plot.begin, plot.end)
    shade(canvas, plot, spans)
    grid(canvas, plot, labels)
    slot_seconds = wide * together
    time_axis(canvas, plot, chart.zone, bar=slot_seconds if slot_seconds >= SHORTEST_DAY else 0.0)
    colours = _colours(chart, theme)
    slot = (plot.right - plot.left) * wide * together / (plot.end - plot.begin)
    for bar in bars:
        middle = (plot.x(bar.at) + plot.x(bar.at + wide * together)) / 2
        thick = max(min(slot * 0.72, 90.0), 1.5)
        _stack(canvas, plot, middle - thick / 2, thick, bar.up, colours, 1)
        _stack(canvas, plot, middle - thick / 2, thick, bar.down, colours[len(chart.up) :], -1)
    canvas.line((plot.left, plot.y(0)), (plot.right, plot.y(0)), theme.shade)
    rows = zip((*chart.up, *chart.down), colours, strict=True)
    signs = [Key(_explained(series, chart.unit), colour) for series, colour in rows]
    if together > 1:
        signs.append(Key(f"tallest of each {together}", theme.muted, "none"))
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
    """Return bars few enough to be seen, and how many buckets each stands for: the highest and the deepest of them."""
    together = -(-len(bars) // MOST_BARS)
    if together == 1:
        return bars, 1
    groups = [bars[index : index + together] for index in range(0, len(bars), together)]
    return [
        Bar(group[0].at, max(group, key=lambda bar: bar.height).up, max(group, key=lambda bar: bar.depth).down)
        for group in groups
    ], together


def _colours(chart: BarChart, theme: Theme) -> list[str]:
    count = len(chart.up) + len(chart.down)
    return [theme.series[index % len(theme.series)] for index in range(count)]


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


def _explained(series: ChartSeries, unit: str) -> str:
    return f"{series.label} {figure(sum(recorded(series.values)), unit)}"
