"""Drawings: well-formed SVG within the card, with correct content."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given

from steward.charts.chart import (
    BarChart,
    ChartGap,
    ChartSeries,
    CohortRow,
    Cohorts,
    Heatmap,
    LineChart,
    Ranking,
    RankingEntry,
)
from steward.charts.svg import svg
from steward.charts.theme import DARK, LIGHT
from tests.charts.drawings import SVG, charts, check, written
from tests.charts.samples import samples

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
HOURS = [BEGIN + timedelta(hours=hour) for hour in range(24)]
EMPTY = (
    LineChart("Members", [], [], zone=UTC),
    LineChart("Members", HOURS, [ChartSeries("Members", [None] * 24)], zone=UTC),
    BarChart("Joins", [], [], zone=UTC),
    Heatmap("Activity", [[None] * 24] * 7),
    Cohorts("Who stays?", []),
    Cohorts("Who stays?", [CohortRow("2 Mar", 0, [0, 0])]),
    Ranking("Top", []),
)


def line(values, **options) -> LineChart:
    return LineChart("Members", HOURS[: len(values)], [ChartSeries("Members", values)], zone=UTC, **options)


def lengths(drawn: str) -> list[int]:
    """How many points each broken piece of line has."""
    return [len(piece.attrib["points"].split()) for piece in check(drawn).iter(SVG + "polyline")]


@given(chart=charts)
def test_any_chart_is_well_formed_and_inside_its_view_box(chart):
    for theme in (DARK, LIGHT):
        check(svg(chart, theme))


@pytest.mark.parametrize("name", samples())
def test_every_sample_is_well_formed(name):
    assert written(check(svg(samples()[name])))


@pytest.mark.parametrize("chart", EMPTY, ids=lambda chart: type(chart).__name__)
def test_a_chart_without_data_says_so(chart):
    assert "Nothing recorded yet" in written(check(svg(chart)))


def test_a_hostile_name_is_text_and_nothing_else():
    name = '<script>alert("1")</script>&\u202e'
    root = check(svg(Ranking(name, [RankingEntry("ada", 1)], subtitle=name)))
    assert written(root).count('<script>alert("1")</script>&') == 2


def test_missing_values_break_the_line():
    assert lengths(svg(line([1, 2, 3, None, 5, 6]))) == [3, 2]


def test_a_single_value_between_gaps_is_a_dot():
    drawn = svg(line([1, 2, None, 9, None, 5, 6]))
    assert lengths(drawn) == [2, 2]
    assert len(list(check(drawn).iter(SVG + "circle"))) == 2  # the lone reading and the end


def test_the_last_value_is_connected_to_its_line():
    """A number at the right edge would else look like the present one."""
    leaders = [
        len(
            [piece for piece in check(svg(line(values))).iter(SVG + "line") if piece.attrib["stroke"] == DARK.series[0]]
        )
        for values in ([1, 2, 3, 4], [1, 2, None, None])
    ]
    assert leaders == [0, 1]


def test_a_gap_is_shaded_and_explained():
    drawn = svg(line([1, 2, None, 4], gaps=[(HOURS[2], HOURS[3], "offline")]))
    assert "offline" in written(check(drawn))
    assert 'fill-opacity="0.3"' in drawn


def test_a_gap_outside_the_chart_is_not_explained():
    later = ChartGap(HOURS[20], HOURS[22], "offline")
    assert "offline" not in written(check(svg(line([1, 2, 3], gaps=[later]))))


def test_a_goal_is_on_the_axis_and_named():
    words = written(check(svg(line([10, 20], goal=1000))))
    assert "Goal 1,000" in words
    assert "1,000" in words


def test_a_long_reason_leaves_room_for_the_others():
    spans = [ChartGap(HOURS[1], HOURS[2], "a reason " * 20), ChartGap(HOURS[3], HOURS[4], "offline")]
    words = written(check(svg(line([1, 2, 3, 4], gaps=spans, goal=1000))))
    assert {"Goal 1,000", "offline"} <= set(words)
    assert any(word.startswith("a reason") and word.endswith("…") for word in words)


def test_a_long_series_keeps_its_single_peak():
    """A year of minutes is drawn with what the pixels show: the one spike is still the highest point."""
    times = [BEGIN + timedelta(minutes=minute) for minute in range(100_000)]
    values = [100.0] * 100_000
    values[31_337] = 500.0
    drawn = svg(LineChart("Members", times, [ChartSeries("Members", values)], zone=UTC))
    (points,) = [piece.attrib["points"].split() for piece in check(drawn).iter(SVG + "polyline")]
    heights = {float(point.split(",")[1]) for point in points}
    assert len(points) < 2500
    assert len(heights) == 2


def test_too_many_buckets_show_the_tallest_of_each_group():
    times = [BEGIN + timedelta(hours=hour) for hour in range(1000)]
    chart = BarChart("Joins", times, [ChartSeries("Joins", [1] * 999 + [50])], zone=UTC)
    assert "tallest of each 5" in written(check(svg(chart)))


def test_leaves_are_drawn_below_zero_without_a_sign():
    chart = BarChart(
        "Both", HOURS[:2], [ChartSeries("Joins", [40, 0])], zone=UTC, down=[ChartSeries("Leaves", [0, 40])]
    )
    words = written(check(svg(chart)))
    assert words.count("40") == 2
    assert not any("\u2212" in word for word in words)
    assert {"Joins 40", "Leaves 40"} <= set(words)


def test_a_ranking_shows_the_largest_and_counts_the_rest():
    words = written(check(svg(Ranking("Top", [RankingEntry(f"c{number}", number) for number in range(30)]))))
    assert words[1] == "c29"
    assert "c21" not in words
    assert "and 22 more" in words


def test_a_nameless_entry_has_a_stand_in():
    assert "(no name)" in written(check(svg(Ranking("Top", [RankingEntry("\u200b\u202e", 3)]))))


def test_retention_is_the_share_of_those_who_joined():
    words = written(check(svg(Cohorts("Who stays?", [CohortRow("2 Mar", 200, [100, None, 34])]))))
    assert {"200", "50", "17"} <= set(words)


def test_the_busiest_hour_is_named():
    rows = [[1] * 24 for _ in range(7)]
    rows[4][20] = 70
    assert "Busiest: Fri 20:00, 70" in written(check(svg(Heatmap("Activity", rows))))


@pytest.mark.parametrize(("values", "areas"), [([3, 9, 12], 1), ([12_000, 12_010], 0), ([51, 51], 0)])
def test_an_area_is_filled_only_above_an_axis_that_begins_at_zero(values, areas):
    """An area says "so much of it": above a cut axis it would make 1 % look like a doubling."""
    assert len(list(check(svg(line(values))).iter(SVG + "polygon"))) == areas


def test_dates_are_centred_below_bars():
    days = [BEGIN + timedelta(days=day) for day in range(4)]
    root = check(svg(BarChart("Joins", days, [ChartSeries("Joins", [5, 6, 7, 8])], zone=UTC)))
    labels = {
        words[0].text: float(box.attrib["x"]) + float(words[0].attrib["x"])
        for box in root.iter(SVG + "svg")
        if (words := box.findall(SVG + "text")) and "Mar" in (words[0].text or "")
    }
    bars = [
        float(rect.attrib["x"]) + float(rect.attrib["width"]) / 2
        for rect in root.iter(SVG + "rect")
        if rect.attrib["fill"] == DARK.series[0] and float(rect.attrib["width"]) > 30
    ]
    assert list(labels) == ["1 Mar", "2 Mar", "3 Mar", "4 Mar"]
    assert list(labels.values()) == pytest.approx(bars, abs=1)
