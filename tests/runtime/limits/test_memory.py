"""Windows in memory against the model, and their bounds."""

from __future__ import annotations

from hypothesis import given

from steward.runtime.limits import MemoryWindows, Rule
from tests.runtime.hand_clock import HandClock
from tests.runtime.limits.model import QUARTERS, Model, rulebooks, stories

RULE = Rule(15, per=60, burst=5)


@given(rulebooks, stories)
def test_it_allows_and_delays_exactly_what_the_model_does(book, story):
    clock, model = HandClock(), Model()
    windows = MemoryWindows(clock)
    for pause, keys in story:
        clock.forward(pause * QUARTERS)
        asked = [(key, book[key]) for key in keys]
        expected = model.take_all(asked, clock.seconds)
        if len(asked) == 1:
            assert windows.take(*asked[0]) == expected[1]
        else:
            assert windows.take_all(asked) == expected


def test_five_at_once_and_fifteen_in_a_minute():
    clock = HandClock()
    windows = MemoryWindows(clock)
    waits = []
    for _ in range(20):
        waits.append(wait := windows.take("user", RULE))
        clock.forward(wait)
    assert waits[:6] == [0, 0, 0, 0, 0, 5]
    assert clock.seconds >= 10
    clock = HandClock()
    windows = MemoryWindows(clock)
    allowed = 0
    for _ in range(6000):
        allowed += windows.take("user", RULE) == 0
        clock.forward(0.1)
    assert allowed == 150  # ten minutes of somebody who never stops


def test_the_reported_wait_is_exact():
    clock = HandClock(1000.5)
    windows = MemoryWindows(clock)
    for _ in range(5):
        windows.take("user", RULE)
    wait = windows.take("user", RULE)
    clock.forward(wait - 0.001)
    assert windows.take("user", RULE) > 0
    clock.forward(0.001)
    assert windows.take("user", RULE) == 0


def test_the_number_of_keys_is_bounded_and_the_stalest_is_dropped():
    clock = HandClock()
    windows = MemoryWindows(clock, entries=3)
    once = Rule(1, per=60)
    for key in ("a", "b", "c"):
        windows.take(key, once)
        clock.forward(1)
    assert windows.take("a", once) == 57  # refused: it stays as old as it is
    windows.take("d", once)
    assert (len(windows), windows.forgotten) == (3, 1)
    assert windows.take("b", once) == 58
    assert windows.take("a", once) == 0


def test_a_sweep_drops_expired_keys_only():
    clock = HandClock()
    windows = MemoryWindows(clock, ttl=600, sweep_every=300)
    for number in range(1200):
        windows.take(number, RULE)
    clock.forward(301)
    windows.take("later", RULE)
    assert len(windows) == 1201
    clock.forward(300)
    for _ in range(3):
        windows.take("now", RULE)
    assert len(windows) == 2  # in pieces: none of the three had to drop more than some hundreds
    clock.forward(10_000)
    windows.sweep()
    assert len(windows) == 0


def test_a_window_longer_than_the_ttl_is_kept():
    clock = HandClock()
    windows = MemoryWindows(clock, ttl=60, sweep_every=10)
    daily = Rule(1, 86_400)
    windows.take("user", daily)
    clock.forward(86_000)
    assert windows.take("user", daily) == 400
