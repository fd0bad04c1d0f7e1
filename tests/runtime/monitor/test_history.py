"""The history of a metric."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.runtime.monitor import MetricHistory


@given(st.lists(st.floats(-1e6, 1e6), max_size=40), st.integers(1, 15))
def test_it_keeps_the_newest_samples_in_order(values, capacity):
    history = MetricHistory(capacity)
    for at, value in enumerate(values):
        history.add(at, value)
    kept = list(enumerate(map(float, values)))[-capacity:]
    assert history.samples == kept
    assert len(history) == len(kept)
    assert history.latest == (kept[-1][1] if kept else None)


def test_the_trend_is_the_growth_in_an_hour():
    history = MetricHistory(100)
    assert history.trend is None
    for minute in range(300):
        assert minute < 2 or history.trend == pytest.approx(120)
        history.add(minute * 60, 5 + 2 * minute)


def test_samples_of_one_moment_have_no_trend():
    history = MetricHistory(5)
    history.add(1, 2)
    history.add(1, 3)
    assert history.trend is None


def test_a_history_without_capacity_is_refused():
    with pytest.raises(ValueError, match="at least 1"):
        MetricHistory(0)
