"""The newest items of a stream."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.runtime.circular_buffer import CircularBuffer


@given(st.lists(st.integers(), max_size=50), st.integers(1, 20), st.integers(-1, 60))
def test_it_keeps_the_newest_items_and_counts_dropped_ones(items, capacity, count):
    buffer = CircularBuffer(capacity, items)
    assert list(buffer) == items[-capacity:]
    assert len(buffer) == min(len(items), capacity)
    assert buffer.dropped == max(0, len(items) - capacity)
    assert buffer.latest(count) == (items[-capacity:][-count:] if count > 0 else [])


def test_items_are_found_by_index():
    buffer = CircularBuffer(3, "abcd")
    assert (buffer[0], buffer[-1]) == ("b", "d")


def test_a_buffer_without_capacity_is_refused():
    with pytest.raises(ValueError, match="at least 1"):
        CircularBuffer(0)
