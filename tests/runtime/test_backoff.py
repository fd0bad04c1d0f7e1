"""Retry delays and polling intervals."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.runtime.backoff import AdaptivePause, full_jitter


@given(st.integers(1, 10_000), st.floats(0.01, 100), st.floats(0.01, 10_000), st.floats(0, 1, exclude_max=True))
def test_a_delay_is_random_between_minimum_and_ceiling(attempt, base, cap, chance):
    wait = full_jitter(attempt, base_delay=base, max_delay=cap, random=lambda: chance)
    ceiling = min(cap, base * 2.0 ** min(attempt - 1, 32))
    least = min(ceiling, base / 10)
    assert wait == pytest.approx(least + (ceiling - least) * chance)


def test_the_ceiling_doubles_with_each_failure():
    waits = [full_jitter(attempt, random=lambda: 0.999999) for attempt in range(1, 8)]
    assert [round(wait) for wait in waits] == [1, 2, 4, 8, 16, 32, 60]


def test_delays_are_spread_evenly():
    random = Random(1).random
    waits = [full_jitter(5, random=random) for _ in range(10_000)]
    quarters = [sum(low <= wait < low + 4 for wait in waits) / len(waits) for low in (0, 4, 8, 12)]
    assert quarters == [pytest.approx(0.25, abs=0.02)] * 4
    assert len(set(waits)) == len(waits)


def test_the_minimum_delay_can_be_set():
    assert full_jitter(1, base_delay=2.0, min_delay=1.0, random=lambda: 0.0) == 1.0


def test_a_pause_shrinks_on_change_and_grows_without():
    pause = AdaptivePause(60, 600)
    assert [pause.after(changed=changed) for changed in (True, False, False, False, False, False, True, False)] == [
        *(60, 120, 240, 480, 600, 600),
        *(60, 120),
    ]


def test_a_pause_respects_the_server_once():
    pause = AdaptivePause(60, 600)
    assert pause.after(changed=True, least=1000) == 1000
    assert pause.after(changed=True) == 60


@pytest.mark.parametrize("wrong", [(0, 60, 2), (60, 30, 2), (1, 60, 1)])
def test_an_invalid_pause_is_refused(wrong):
    shortest, longest, growth = wrong
    with pytest.raises(ValueError, match="A pause needs"):
        AdaptivePause(shortest, longest, growth=growth)
