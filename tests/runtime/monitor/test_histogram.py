"""Distributions in constant memory."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.runtime.monitor import Histogram, Recent


@given(st.lists(st.floats(1.01e-4, 100), min_size=1, max_size=300), st.sampled_from([0.5, 0.9, 0.99, 1.0]))
def test_a_quantile_lies_within_the_bucket_of_the_true_one(values, part):
    histogram = Histogram()
    for value in values:
        histogram.observe(value)
    rank = max(0, -(-len(values) * part // 1) - 1)
    true = sorted(values)[int(rank)]
    assert true / 1.8 <= histogram.quantile(part) <= true * 1.8
    assert histogram.count == len(values)
    assert histogram.total == pytest.approx(sum(values))
    assert histogram.largest == max(values)


def test_memory_does_not_grow_with_values():
    histogram = Histogram([1.0, 2.0])
    for number in range(1000):
        histogram.observe(number % 3)
    assert histogram.counts == [667, 333, 0]
    assert histogram.quantile(0) == 0


def test_values_above_all_bounds_are_reported_as_the_last_one():
    histogram = Histogram([1.0, 2.0])
    histogram.observe(50)
    assert histogram.quantile(0.5) == 2.0


def test_before_the_first_value_there_is_no_quantile():
    assert Histogram().quantile(0.5) is None


@pytest.mark.parametrize("bounds", [[], [2, 1], [1, 1]])
def test_bounds_that_do_not_ascend_are_refused(bounds):
    with pytest.raises(ValueError, match="ascend"):
        Histogram(bounds)


def test_recent_values_have_their_own_quantiles():
    histogram = Histogram([1.0, 2.0, 3.0])
    histogram.observe(2.5)
    recent = Recent(histogram)
    assert recent.quantile(0.5) is None
    histogram.observe(0.5)
    assert recent.quantile(1) == 1.0
    assert recent.quantile(1) is None
