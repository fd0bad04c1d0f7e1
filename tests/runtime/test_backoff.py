"""Waits between tries: growing, bounded, spread."""

from hypothesis import given
from hypothesis import strategies as st

from steward.runtime.backoff import full_jitter


@given(st.integers(1, 10_000), st.floats(0.01, 100), st.floats(0.01, 10_000), st.floats(0, 1, exclude_max=True))
def test_a_wait_is_never_longer_than_the_cap_nor_shorter_than_half_its_ceiling(attempt, base, cap, chance):
    wait = full_jitter(attempt, base=base, cap=cap, random=lambda: chance)
    ceiling = min(cap, base * 2.0 ** min(attempt - 1, 32))
    assert ceiling / 2 <= wait <= ceiling


def test_the_ceiling_doubles_with_each_failure():
    waits = [full_jitter(attempt, random=lambda: 0.999999) for attempt in range(1, 8)]
    assert [round(wait) for wait in waits] == [1, 2, 4, 8, 16, 32, 60]
