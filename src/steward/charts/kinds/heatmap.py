"""The heatmap: activity by weekday and hour."""

from __future__ import annotations

from steward.charts.canvas import HEIGHT, MARGIN, SMALL, WIDTH, Canvas
from steward.charts.chart import HOURS, WEEKDAYS, Heatmap
from steward.charts.kinds.card import LEGEND_BASE, TOP, card, nothing
from steward.charts.kinds.figures import figure
from steward.charts.theme import Theme, blend

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LEFT, BOTTOM = MARGIN + 72, HEIGHT - 106
HOURS_NAMED = 3
SAMPLE = 34


def heatmap(chart: Heatmap, theme: Theme) -> str:
    """Draw the chart as SVG; unrecorded hours are outlined."""
    canvas = card(theme, chart.title, chart.subtitle)
    known = [
        (value, day, hour) for day, row in enumerate(chart.rows) for hour, value in enumerate(row) if value is not None
    ]
    if not known:
        return nothing(canvas)
    most, busiest_day, busiest_hour = max(known, key=lambda cell: cell[0])
    wide, tall = (WIDTH - MARGIN - LEFT) / HOURS, (BOTTOM - TOP) / WEEKDAYS
    for day, row in enumerate(chart.rows):
        y = TOP + day * tall
        canvas.text(MARGIN, y + tall / 2 + SMALL * 0.36, DAYS[day], colour=theme.muted)
        for hour, value in enumerate(row):
            x = LEFT + hour * wide
            if value is None:
                canvas.rect(x + 4, y + 4, wide - 8, tall - 8, "none", radius=5, edge=theme.grid)
            else:
                colour = blend(theme.ramp, value / most if most else 0.0)
                canvas.rect(x + 2, y + 2, wide - 4, tall - 4, colour, radius=6)
    for hour in range(0, HOURS, HOURS_NAMED):
        canvas.text(LEFT + hour * wide + 2, BOTTOM + 34, f"{hour:02d}", colour=theme.muted)
    if most:
        busiest = f"Busiest: {DAYS[busiest_day]} {busiest_hour:02d}:00, {figure(most, chart.unit)}"
        canvas.text(MARGIN, LEGEND_BASE, busiest, room=430)
    _samples(canvas, unknown=len(known) < HOURS * WEEKDAYS, most=figure(most, chart.unit))
    return canvas.finished()


def _samples(canvas: Canvas, *, unknown: bool, most: str) -> None:
    """Draw the colour legend."""
    theme = canvas.theme
    x = WIDTH - MARGIN - canvas.text(WIDTH - MARGIN, LEGEND_BASE, most, colour=theme.muted, anchor="end", room=150)
    for colour in reversed(theme.ramp):
        x -= SAMPLE
        canvas.rect(x - 8, LEGEND_BASE - 22, SAMPLE - 4, 24, colour, radius=5)
    x -= 20 + canvas.text(x - 20, LEGEND_BASE, "0", colour=theme.muted, anchor="end")
    if unknown:
        x -= 26 + canvas.text(x - 26, LEGEND_BASE, "no data", colour=theme.muted, anchor="end")
        canvas.rect(x - 36, LEGEND_BASE - 21, 26, 22, "none", radius=5, edge=theme.shade)
