"""The ranking: horizontal bars, largest first, with name and number."""

from __future__ import annotations

from steward.charts.canvas import BOLD, HEIGHT, MARGIN, SMALL, WIDTH
from steward.charts.chart import Ranking
from steward.charts.kinds.card import TOP, card, nothing
from steward.charts.kinds.figures import figure
from steward.charts.text import clean, width
from steward.charts.theme import Theme

MAX_ENTRIES = 8
MIN_ROWS = 5
WIDEST_NAME, WIDEST_FIGURE = 330, 170
NO_NAME = "(no name)"
BAR = 28


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
