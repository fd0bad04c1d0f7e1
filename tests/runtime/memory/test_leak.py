"""Leak detection on made-up series of a day."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.runtime.memory import LeakDetector
from steward.runtime.memory.leak import slope_of

EVERY = 1 / 60  # hours between readings


def suspected(megabytes, hours=12.0):
    """Whether the detector suspects a leak at the end of the series, and whether it ever did."""
    leak = LeakDetector()
    seen = [leak.add(step * EVERY, megabytes(step * EVERY, step)) for step in range(int(hours / EVERY))]
    return seen[-1], any(seen)


noise = st.lists(st.floats(-2, 2), min_size=17, max_size=17)


@given(st.floats(3, 200), noise, st.floats(30, 500))
def test_steady_growth_is_found_through_noise(slope, off, base):
    assert suspected(lambda hour, step: base + slope * hour + off[step % 17])[0]


@given(noise, st.floats(30, 500))
def test_noise_alone_is_no_leak(off, base):
    assert not suspected(lambda hour, step: base + off[step % 17])[1]


@given(st.floats(2.5, 12), st.floats(5, 80), noise)
def test_one_step_such_as_a_cache_that_fills_is_no_leak(at, height, off):
    assert not suspected(lambda hour, step: 60 + (height if hour > at else 0) + off[step % 17] / 4)[1]


@given(st.floats(0.1, 0.5), st.floats(1, 20))
def test_a_saw_tooth_of_garbage_and_its_collection_is_no_leak(period, height):
    assert not suspected(lambda hour, step: 60 + height * (hour % period) / period)[0]


@given(st.integers(2, 9), st.floats(10, 500))
def test_spikes_do_not_hide_a_leak_nor_make_one(every, height):
    def spike(step):
        return height if step % (every + 2) == 0 else 0

    assert suspected(lambda hour, step: 60 + 10 * hour + spike(step))[0]
    assert not suspected(lambda hour, step: 60 + spike(step))[1]


def test_growth_at_the_start_is_ignored():
    assert not suspected(lambda hour, step: 40 + 100 * min(hour, 0.5))[1]


def test_shrinking_is_no_leak():
    assert not suspected(lambda hour, step: 500 - 10 * hour)[1]


def test_the_slope_is_known_after_four_hours_in_mb_per_hour():
    leak = LeakDetector(warm_up=0)
    told_at = next(hour for step in range(600) if leak.add(hour := step * EVERY, 60 + 7 * hour) or leak.slope)
    assert 4 <= told_at < 4.5
    assert leak.slope == pytest.approx(7)


@given(st.floats(-50, 50), st.floats(-50, 50), st.integers(2, 40))
def test_the_slope_of_a_line_is_its_slope(slope, base, count):
    assert math.isclose(slope_of([(x, base + slope * x) for x in range(count)]), slope, abs_tol=1e-6)
    assert slope_of([(1.0, 2.0)]) == 0


def test_a_window_that_is_too_short_is_refused():
    with pytest.raises(ValueError, match="at least 8"):
        LeakDetector(window=4)
