"""Grids: the retention of cohorts, and the heatmap of weekday and hour."""

from __future__ import annotations

from steward.charts.canvas import BOLD, HEIGHT, MARGIN, SMALL, WIDTH, Canvas
from steward.charts.card import LEGEND_BASE, TOP, card, figure, nothing
from steward.charts.chart import HOURS, WEEKDAYS, CohortRow, Cohorts, Heatmap
from steward.charts.theme import Theme, blend, ink

MAX_ROWS, MAX_COLUMNS = 7, 10
LEFT = MARGIN + 250
HEAD = TOP + 30
BOTTOM = HEIGHT - 72
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
HOURS_LEFT, DAYS_BOTTOM = MARGIN + 72, HEIGHT - 106
HOURS_NAMED = 3
SAMPLE = 34


def cohort_grid(chart: Cohorts, theme: Theme) -> str:
    """Draw the chart as SVG: the newest seven cohorts, ten steps each."""
    canvas = card(theme, chart.title, chart.subtitle)
    shown = chart.cohorts[-MAX_ROWS:]
    columns = min(max((len(cohort.stayed) for cohort in shown), default=0), MAX_COLUMNS)
    if not columns or not any(cohort.joined for cohort in shown):
        return nothing(canvas, f"The first {chart.step} has to pass.")
    wide, tall = (WIDTH - MARGIN - LEFT) / columns, (BOTTOM - HEAD) / max(len(shown), 5)
    canvas.text(MARGIN, HEAD - 14, "Joined", colour=theme.muted)
    for column in range(columns):
        name = str(column + 1)
        canvas.text(LEFT + (column + 0.5) * wide, HEAD - 14, name, colour=theme.muted, anchor="middle")
    for row, cohort in enumerate(shown):
        y = HEAD + row * tall
        base = y + tall / 2 + SMALL * 0.36
        canvas.text(MARGIN, base, cohort.label, room=140)
        canvas.text(LEFT - 16, base, figure(cohort.joined), colour=theme.muted, anchor="end", room=90)
        for column, share in enumerate(_shares(cohort)[:columns]):
            x = LEFT + column * wide
            if share is None:
                canvas.rect(x + 4, y + 4, wide - 8, tall - 8, "none", radius=6, edge=theme.grid)
                continue
            colour = blend(theme.ramp, share)
            canvas.rect(x + 2, y + 2, wide - 4, tall - 4, colour, radius=7)
            canvas.text(x + wide / 2, base, f"{share * 100:.0f}", colour=ink(colour), weight=BOLD, anchor="middle")
    note = f"% still here after n {chart.step}s"
    if len(chart.cohorts) > len(shown):
        note += f" · the newest {len(shown)} of {len(chart.cohorts)}"
    canvas.text(MARGIN, LEGEND_BASE, note, colour=theme.muted, room=WIDTH - 2 * MARGIN)
    return canvas.finished()


def _shares(cohort: CohortRow) -> list[float | None]:
    """Return the share that stayed after each step; None if unknown or nobody joined."""
    return [None if number is None or not cohort.joined else number / cohort.joined for number in cohort.stayed]


def heatmap(chart: Heatmap, theme: Theme) -> str:
    """Draw the chart as SVG; unrecorded hours are outlined."""
    canvas = card(theme, chart.title, chart.subtitle)
    known = [
        (value, day, hour) for day, row in enumerate(chart.rows) for hour, value in enumerate(row) if value is not None
    ]
    if not known:
        return nothing(canvas)
    most, busiest_day, busiest_hour = max(known, key=lambda cell: cell[0])
    wide, tall = (WIDTH - MARGIN - HOURS_LEFT) / HOURS, (DAYS_BOTTOM - TOP) / WEEKDAYS
    for day, row in enumerate(chart.rows):
        y = TOP + day * tall
        canvas.text(MARGIN, y + tall / 2 + SMALL * 0.36, DAYS[day], colour=theme.muted)
        for hour, value in enumerate(row):
            x = HOURS_LEFT + hour * wide
            if value is None:
                canvas.rect(x + 4, y + 4, wide - 8, tall - 8, "none", radius=5, edge=theme.grid)
            else:
                colour = blend(theme.ramp, value / most if most else 0.0)
                canvas.rect(x + 2, y + 2, wide - 4, tall - 4, colour, radius=6)
    for hour in range(0, HOURS, HOURS_NAMED):
        canvas.text(HOURS_LEFT + hour * wide + 2, DAYS_BOTTOM + 34, f"{hour:02d}", colour=theme.muted)
    if most:
        busiest = f"Busiest: {DAYS[busiest_day]} {busiest_hour:02d}:00, {figure(most, chart.unit)}"
        canvas.text(MARGIN, LEGEND_BASE, busiest, room=430)
    _samples(canvas, unknown=len(known) < HOURS * WEEKDAYS, most=figure(most, chart.unit))
    return canvas.finished()


def _samples(canvas: Canvas, *, unknown: bool, most: str) -> None:
    theme = canvas.theme
    x = WIDTH - MARGIN - canvas.text(WIDTH - MARGIN, LEGEND_BASE, most, colour=theme.muted, anchor="end", room=150)
    for colour in reversed(theme.ramp):
        x -= SAMPLE
        canvas.rect(x - 8, LEGEND_BASE - 22, SAMPLE - 4, 24, colour, radius=5)
    x -= 20 + canvas.text(x - 20, LEGEND_BASE, "0", colour=theme.muted, anchor="end")
    if unknown:
        x -= 26 + canvas.text(x - 26, LEGEND_BASE, "no data", colour=theme.muted, anchor="end")
        canvas.rect(x - 36, LEGEND_BASE - 21, 26, 22, "none", radius=5, edge=theme.shade)
