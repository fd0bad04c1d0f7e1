"""Made-up samples of every chart; `python -m tests.charts.samples FOLDER` draws them."""

from __future__ import annotations

import math
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from steward.charts.__main__ import png
from steward.charts.chart import (
    BarChart,
    Chart,
    ChartGap,
    ChartSeries,
    CohortRow,
    Cohorts,
    Heatmap,
    LineChart,
    Ranking,
    RankingEntry,
    Value,
)
from steward.charts.svg import svg
from steward.charts.theme import THEMES

BERLIN = ZoneInfo("Europe/Berlin")
BEGIN = datetime(2026, 3, 1, tzinfo=BERLIN)
SUNNY = (5, 6)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def _wave(index: int, *, around: float, by: float, every: float, shift: float = 0) -> float:
    uneven = math.sin(index * 12.9898 + shift) * 43758.5453 % 1 - 0.5
    return around + by * (math.sin((index + shift) * 2 * math.pi / every) + uneven * 0.25)


def members() -> LineChart:
    """Return thirty days of members, an outage, a goal."""
    times = [BEGIN.astimezone(UTC) + HOUR * index for index in range(30 * 24)]
    values: list[Value] = [round(_wave(index, around=11_900 + index * 0.9, by=22, every=168)) for index in range(720)]
    values[300:342] = [None] * 42
    return LineChart(
        "Members",
        times,
        [ChartSeries("Members", values)],
        zone=BERLIN,
        subtitle="1 to 30 March 2026",
        gaps=[ChartGap(times[300], times[342], "Steward was offline")],
        goal=12_500,
    )


def online() -> LineChart:
    """Return a day of four series."""
    times = [BEGIN.astimezone(UTC) + timedelta(minutes=5 * index) for index in range(288)]
    rows = [("Online", 900, 260), ("Idle", 420, 90), ("Do not disturb", 260, 60), ("In voice", 60, 45)]
    series = [
        ChartSeries(
            name, [round(_wave(index, around=around, by=by, every=288, shift=row * 9 + 170)) for index in range(288)]
        )
        for row, (name, around, by) in enumerate(rows)
    ]
    return LineChart("Online today", times, series, zone=BERLIN, subtitle="Sunday, 1 March 2026")


def joins() -> BarChart:
    """Return thirty days of joins and leaves."""
    days = [BEGIN + DAY * index for index in range(30)]
    up = [max(0, round(_wave(index, around=46, by=22, every=7))) for index in range(30)]
    down = [max(0, round(_wave(index, around=25, by=9, every=7, shift=3))) for index in range(30)]
    up[17] = 148
    return BarChart(
        "Joins and leaves",
        days,
        [ChartSeries("Joins", up)],
        zone=BERLIN,
        down=[ChartSeries("Leaves", down)],
        subtitle="1 to 30 March 2026, per day",
    )


def year() -> LineChart:
    """Return a year of daily values."""
    times = [BEGIN + DAY * index for index in range(365)]
    values = [4_000 + 8_000 / (1 + math.exp(-(index - 200) / 50)) for index in range(365)]
    return LineChart(
        "Members", times, [ChartSeries("Members", [round(v) for v in values])], zone=BERLIN, subtitle="The last year"
    )


def activity() -> Heatmap:
    """Return a week's rhythm, with a night that was not recorded."""
    rows: list[list[Value]] = [
        [
            max(0, round(_wave(hour, around=120, by=110, every=24, shift=14 + day * 0.2)) + (60 if day in SUNNY else 0))
            for hour in range(24)
        ]
        for day in range(7)
    ]
    rows[2][1:6] = [None] * 5
    return Heatmap("When is it busy?", rows, subtitle="Messages per hour, the last 4 weeks, Berlin time")


def retention() -> Cohorts:
    """Return nine weeks of newcomers."""
    cohorts = []
    for week in range(9):
        monday = BEGIN + timedelta(days=1) + 7 * DAY * week
        joined = 90 + week * 13
        stayed = [round(joined * (0.28 + 0.6 * math.exp(-(step + 1) / (2 + week / 3)))) for step in range(9 - week)]
        cohorts.append(CohortRow(f"{monday.day} {monday:%b}", joined, stayed))
    return Cohorts("Who stays?", cohorts, subtitle="Newcomers by the week they joined")


def channels() -> Ranking:
    """Return channels with names of many scripts."""
    names = [
        "#general", "#メモ-日本語", "#мемы", "#off-topic-and-everything-else-you-can-think-of", "#γενικά",
        "#🎮-gaming", "<script>alert(1)</script>", "#عربي", "#voice-text", "#bots",
    ]  # fmt: skip
    return Ranking(
        "Top channels",
        [RankingEntry(name, round(18_400 / (place + 1) ** 1.1)) for place, name in enumerate(names)],
        subtitle="Messages, the last 30 days",
    )


def empty() -> LineChart:
    """Return a chart before the first count."""
    return LineChart("Members", [], [], zone=BERLIN, subtitle="The last 24 hours")


def samples() -> dict[str, Chart]:
    """Return every example by its file's name."""
    made = (members, online, joins, year, activity, retention, channels, empty)
    return {make.__name__: make() for make in made}


def write_samples(folder: str) -> None:
    """Write every example in both themes into a folder, as PNG and as SVG."""
    there = Path(folder)
    there.mkdir(parents=True, exist_ok=True)
    for name, chart in samples().items():
        for theme_name, theme in THEMES.items():
            drawn = svg(chart, theme)
            (there / f"{name}-{theme_name}.svg").write_text(drawn)
            (there / f"{name}-{theme_name}.png").write_bytes(png(drawn))


if __name__ == "__main__":
    write_samples(sys.argv[1])
