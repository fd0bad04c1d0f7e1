"""Validation of chart values."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest

from steward.charts.chart import BarChart, ChartGap, ChartSeries, CohortRow, Heatmap, LineChart, Ranking, RankingEntry

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
TWO = [BEGIN, BEGIN + timedelta(hours=1)]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e200, 10**400])
def test_a_value_that_is_no_finite_number_is_refused(value):
    with pytest.raises(ValueError, match=r"series 'Members' is not a number between"):
        ChartSeries("Members", [1, value])
    with pytest.raises(ValueError, match="entry 'ada'"):
        Ranking("Top", [RankingEntry("ada", value)])


def test_a_row_of_another_length_than_its_times_is_refused():
    with pytest.raises(ValueError, match="'Members' has 3 values for 2 times"):
        LineChart("Members", TWO, [ChartSeries("Members", [1, 2, 3])], zone=UTC)


@pytest.mark.parametrize(
    ("times", "why"),
    [([BEGIN.replace(tzinfo=None)] * 2, "must be aware"), (TWO[::-1], "ascending"), ([BEGIN] * 2, "ascending")],
)
def test_times_without_order_or_zone_are_refused(times, why):
    with pytest.raises(ValueError, match=why):
        LineChart("Members", times, [ChartSeries("Members", [1, 2])], zone=UTC)


@pytest.mark.parametrize(("begin", "end"), [(TWO[1], TWO[0]), (BEGIN, BEGIN), (BEGIN.replace(tzinfo=None), TWO[1])])
def test_an_invalid_gap_is_refused(begin, end):
    with pytest.raises(ValueError, match="Gap 'offline'"):
        LineChart("Members", TWO, [], zone=UTC, gaps=[ChartGap(begin, end, "offline")])


def test_negative_amounts_are_refused():
    with pytest.raises(ValueError, match="negative"):
        BarChart("Joins", TWO, [], zone=UTC, down=[ChartSeries("Leaves", [1, -1])])
    with pytest.raises(ValueError, match="negative"):
        Heatmap("Activity", [[-1] * 24] * 7)


def test_a_week_has_seven_days_of_24_hours():
    with pytest.raises(ValueError, match="7 rows"):
        Heatmap("Activity", [[1] * 23] * 7)


def test_no_more_can_stay_than_have_joined():
    with pytest.raises(ValueError, match="'2 Mar'"):
        CohortRow("2 Mar", 10, [11])


def test_a_chart_does_not_change_with_its_input():
    """Lists given to a chart may change afterwards; the chart does not."""
    times, values = list(TWO), [1.0, 2.0]
    chart = LineChart("Members", times, [ChartSeries("Members", values)], zone=UTC)
    times.clear()
    values.clear()
    assert chart == LineChart("Members", TWO, [ChartSeries("Members", [1, 2])], zone=UTC)
    assert hash(chart)
