"""What is kept over time, as charts: which series go together, and what they are called."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from steward.bots.stats.history.calendar import Level
from steward.bots.stats.history.read import Heatmap
from steward.bots.stats.history.series import HOUR, Cohort, StatsSeries
from steward.bots.stats.intake.gaps import Gap
from steward.charts import chart as charts

AWAY = "not connected"
_EACH = {Level.HOUR: "per hour", Level.DAY: "per day", Level.WEEK: "per week", Level.MONTH: "per month"}


def line_chart(
    name: str, series: StatsSeries, *, zone: ZoneInfo, gaps: Sequence[Gap] = (), goal: int | None = None
) -> charts.LineChart:
    """Draw a number over time under its name, with the goal where there is one."""
    return charts.LineChart(name, _times(series), [_row(name, series)], zone=zone, gaps=_shaded(gaps), goal=goal)


def flow_chart(joins: StatsSeries, leaves: StatsSeries, *, zone: ZoneInfo, gaps: Sequence[Gap] = ()) -> charts.BarChart:
    """Draw joins upwards and leaves downwards."""
    return charts.BarChart(
        f"Joins and leaves {_EACH[joins.level]}",
        _times(joins),
        up=[_row("Joins", joins)],
        down=[_row("Leaves", leaves)],
        zone=zone,
        gaps=_shaded(gaps),
    )


def messages_chart(messages: StatsSeries, *, zone: ZoneInfo, gaps: Sequence[Gap] = ()) -> charts.BarChart:
    return charts.BarChart(
        f"Messages {_EACH[messages.level]}",
        _times(messages),
        up=[_row("Messages", messages)],
        zone=zone,
        gaps=_shaded(gaps),
    )


def voice_chart(seconds: StatsSeries, *, zone: ZoneInfo, gaps: Sequence[Gap] = ()) -> charts.BarChart:
    """Draw the time in voice, in hours."""
    hours = [None if point.value is None else point.value / HOUR for point in seconds.points]
    return charts.BarChart(
        f"Hours in voice {_EACH[seconds.level]}",
        _times(seconds),
        up=[charts.ChartSeries("In voice", hours)],
        zone=zone,
        unit="h",
        gaps=_shaded(gaps),
    )


def week_chart(heatmap: Heatmap, *, subtitle: str) -> charts.Heatmap:
    """Draw when in the week messages are written."""
    return charts.Heatmap("When people write", heatmap, subtitle=f"messages per hour, {subtitle}")


def retention_chart(cohorts: Sequence[Cohort]) -> charts.Cohorts:
    """Draw how many of those who joined in a week were there still after so many weeks."""
    rows = [
        charts.CohortRow(f"{cohort.week.day} {cohort.week:%b}", cohort.joined, cohort.remained) for cohort in cohorts
    ]
    return charts.Cohorts("How many newcomers stayed", rows, subtitle="by the week they joined")


def _times(series: StatsSeries) -> list[datetime]:
    return [point.at for point in series.points]


def _row(label: str, series: StatsSeries) -> charts.ChartSeries:
    return charts.ChartSeries(label, [point.value for point in series.points])


def _shaded(gaps: Sequence[Gap]) -> list[charts.ChartGap]:
    return [charts.ChartGap(gap.began_at, gap.ended_at, AWAY) for gap in gaps]
