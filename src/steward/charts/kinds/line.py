"""The line chart: levels over time, with each line labelled at its end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from steward.charts.canvas import BOLD, MARGIN, SMALL, WIDTH, Canvas, Point, width
from steward.charts.card import TOP, Key, card, figure, legend, nothing, scale_for
from steward.charts.chart import ChartGap, ChartSeries, LineChart, Value, recorded
from steward.charts.plot import BOTTOM, BOTTOM_ALONE, Plot, explained, grid, left_of, shade, time_axis, visible
from steward.charts.theme import Theme

VALUE = 32  # font size of the last value
MAX_SERIES = 4
WIDEST_NAME = 200
STEP = 66  # vertical distance of names


def line_chart(chart: LineChart, theme: Theme) -> str:
    """Draw the chart as SVG; beyond four series, the first four, as the legend notes."""
    canvas = card(theme, chart.title, chart.subtitle)
    shown = [series for series in chart.series if recorded(series.values)][:MAX_SERIES]
    if not shown:
        return nothing(canvas)
    levels = [value for series in shown for value in recorded(series.values)]
    scale = scale_for([*levels, *([] if chart.goal is None else [chart.goal])])
    labels = scale.labels(chart.unit)
    begin, end = chart.times[0].timestamp(), chart.times[-1].timestamp()
    spans = visible(chart.gaps, begin, end)
    keys = _keys(chart, spans, theme)
    right = WIDTH - MARGIN - _names_width(shown, chart.unit) - _beside(shown)
    plot = Plot(left_of(labels), right, begin, end, scale, BOTTOM if keys else BOTTOM_ALONE)
    shade(canvas, plot, spans)
    grid(canvas, plot, labels)
    time_axis(canvas, plot, chart.zone)
    if chart.goal is not None:
        y = plot.y(chart.goal)
        canvas.line((plot.left, y), (plot.right, y), theme.text, thick=4, dashed=True)
    instants = [time.timestamp() for time in chart.times]
    ends = [
        _draw(canvas, plot, instants, series, colour, filled=len(shown) == 1 and scale.low == 0)
        for series, colour in zip(shown, theme.series, strict=False)
    ]
    _names(canvas, plot, shown, ends, chart.unit)
    legend(canvas, keys)
    return canvas.finished()


def _keys(chart: LineChart, spans: Sequence[ChartGap], theme: Theme) -> list[Key]:
    keys = [] if chart.goal is None else [Key(f"Goal {figure(chart.goal, chart.unit)}", theme.text, "dash")]
    keys += explained(spans, theme)
    left_out = sum(bool(recorded(series.values)) for series in chart.series) - MAX_SERIES
    if left_out > 0:
        keys.append(Key(f"{left_out} more not shown", theme.muted, "none"))
    return keys


# The area is filled only if the axis starts at 0: on a cut axis it would mislead.
def _draw(
    canvas: Canvas, plot: Plot, instants: Sequence[float], series: ChartSeries, colour: str, *, filled: bool
) -> Point:
    """Draw one line, broken at gaps, and return its last point."""
    runs = list(_runs(plot, instants, series))
    for run in runs:
        if filled and len(run) > 1:
            canvas.fade([*run, (run[-1][0], plot.bottom), (run[0][0], plot.bottom)], colour)
    for run in runs:
        if len(run) > 1:
            canvas.polyline(run, colour)
        else:
            canvas.dot(run[0], colour, radius=6)
    canvas.dot(runs[-1][-1], colour)
    return runs[-1][-1]


def _runs(plot: Plot, instants: Sequence[float], series: ChartSeries) -> Iterator[list[Point]]:
    run: list[Point] = []
    columns = int(plot.right - plot.left) // 2
    for at, value in thinned(list(zip(instants, series.values, strict=True)), columns):
        if value is not None:
            run.append((plot.x(at), plot.y(value)))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _names_width(shown: Sequence[ChartSeries], unit: str) -> float:
    widths = [width(figure(recorded(series.values)[-1], unit), VALUE, BOLD) for series in shown]
    if len(shown) > 1:
        widths += [width(series.label, SMALL) for series in shown]
    return min(max(widths), WIDEST_NAME)


def _beside(shown: Sequence[ChartSeries]) -> float:
    """Return the space between plot and labels; several lines need connectors."""
    return 22 if len(shown) == 1 else 44


def _names(canvas: Canvas, plot: Plot, shown: Sequence[ChartSeries], ends: Sequence[Point], unit: str) -> None:
    """Write each line's last value next to its end, and its name if there are several, without overlap."""
    tall = STEP if len(shown) > 1 else VALUE
    order = sorted(range(len(shown)), key=lambda index: ends[index][1])
    places = _spread([ends[index][1] for index in order], tall, plot.bottom)
    x = plot.right + _beside(shown)
    for index, y in zip(order, places, strict=True):
        series, colour = shown[index], canvas.theme.series[index]
        last = figure(recorded(series.values)[-1], unit)
        if len(shown) > 1 or ends[index][0] < plot.right - 1:  # this line may end before the others
            canvas.line((ends[index][0] + 12, ends[index][1]), (x - 8, y - 8), colour)
        base = y + (0 if len(shown) > 1 else VALUE * 0.36)
        canvas.text(x, base, last, size=VALUE, weight=BOLD, colour=colour, room=WIDTH - x - 20)
        if len(shown) > 1:
            canvas.text(x, y + SMALL + 2, series.label, colour=canvas.theme.muted, room=WIDTH - x - 20)


def _spread(wanted: Sequence[float], tall: float, bottom: float) -> list[float]:
    """Move ascending positions apart until each has `tall` of space within the plot."""
    low, high = TOP + VALUE / 2, bottom - tall / 2 + VALUE / 2
    places = [min(max(place, low), high) for place in wanted]
    for index in range(1, len(places)):
        places[index] = max(places[index], places[index - 1] + tall)
    if places[-1] > high:
        places[-1] = high
        for index in range(len(places) - 2, -1, -1):
            places[index] = min(places[index], places[index + 1] - tall)
    return places


Reading = tuple[float, Value]  # time and value


def thinned(readings: Sequence[Reading], columns: int) -> list[Reading]:
    """
    Return at most five readings for each of `columns` equal spans: first, last, lowest, highest, and one break.

    A series no longer than `columns` is returned unchanged.
    """
    if len(readings) <= columns:
        return list(readings)
    begin, end = readings[0][0], readings[-1][0]
    spans = groupby(enumerate(readings), lambda item: int((item[1][0] - begin) / (end - begin) * columns))
    kept: list[int] = []
    for _, members in spans:
        kept += sorted(_telling(list(members)))
    return [readings[index] for index in kept]


def _telling(members: list[tuple[int, Reading]]) -> set[int]:
    values = [(value, index) for index, (_, value) in members if value is not None]
    kept = {members[0][0], members[-1][0]}
    if values:
        kept |= {min(values)[1], max(values)[1]}
    broken = next((index for index, (_, value) in members if value is None), None)
    if broken is not None:
        kept.add(broken)
    return kept
