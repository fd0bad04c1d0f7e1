"""Formatting of measurements."""

import pytest

from steward.text.measures import seconds, size, trend


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0.0 MB"), (58_300_000, "55.6 MB"), (-3_000_000, "-2.9 MB"), (8 * 2**30, "8.0 GB")]
)
def test_sizes(count, text):
    assert size(count) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "unknown"), (0.0000042, "4.2 µs"), (0.0123, "12.3 ms"), (0.9999, "1 s"), (2.5, "2.5 s"), (75.0, "75 s")],
)
def test_durations_from_microseconds_on(value, text):
    assert seconds(value) == text


def test_a_trend_is_shown_once_known_and_small_ones_are_steady():
    assert trend(None, 50) == ""
    assert trend(0.2, 50) == " → steady"
    assert trend(12.0, 50, unit=" MB") == " ↗ +12 MB an hour"
    assert trend(-12.0, 50, unit=" MB") == " ↘ -12 MB an hour"
