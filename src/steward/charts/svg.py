"""Draws a chart as SVG."""

from __future__ import annotations

from typing import assert_never

from steward.charts.chart import BarChart, Chart, Cohorts, Heatmap, LineChart, Ranking
from steward.charts.kinds.bars import bar_chart, ranking
from steward.charts.kinds.grids import cohort_grid, heatmap
from steward.charts.kinds.line import line_chart
from steward.charts.theme import DARK, Theme


def svg(chart: Chart, theme: Theme = DARK) -> str:
    """Return a self-contained SVG of 1000 by 560, except for fonts."""
    match chart:
        case LineChart():
            return line_chart(chart, theme)
        case BarChart():
            return bar_chart(chart, theme)
        case Heatmap():
            return heatmap(chart, theme)
        case Cohorts():
            return cohort_grid(chart, theme)
        case Ranking():
            return ranking(chart, theme)
        case _:
            assert_never(chart)
