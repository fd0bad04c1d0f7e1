"""Windows that begin with their first call."""

from __future__ import annotations

import pytest

from steward.sim.limits import Limits, Rate, RateWindow


def test_a_window_takes_what_its_rate_allows_and_begins_anew_when_over():
    window = RateWindow(Rate(2, 10.0))
    assert [window.take(now) for now in (100.0, 109.0, 109.9, 110.0, 119.9, 120.0)] == [
        True, True, False, True, True, True,
    ]  # fmt: skip


def test_a_window_tells_what_remains_and_when_it_ends():
    window = RateWindow(Rate(2, 10.0))
    assert (window.remaining(0.0), window.reset_after(0.0)) == (2, 10.0)
    window.take(100.0)
    assert (window.remaining(104.0), window.reset_after(104.0)) == (1, 6.0)
    assert window.remaining(110.0) == 2


def test_waiting_as_long_as_told_is_always_enough():
    window = RateWindow(Rate(1, 1.0))
    for start in (0.1, 0.12345678, 7.0004, 1e6 + 0.3):
        assert window.take(start)
        later = start + 0.3333333
        assert window.take(later + window.reset_after(later))
        window = RateWindow(Rate(1, 1.0))


def test_refused_calls_do_not_lengthen_the_wait():
    window = RateWindow(Rate(1, 10.0))
    window.take(0.0)
    for now in range(1, 10):
        assert not window.take(float(now))
    assert window.take(10.0)


@pytest.mark.parametrize("name", ["renames", "old_message_edits", "sends", "presence_updates"])
def test_the_defaults_are_discords(name: str):
    known = {
        "renames": Rate(2, 600.0),
        "old_message_edits": Rate(3, 6.0),
        "sends": Rate(120, 60.0),
        "presence_updates": Rate(5, 20.0),
    }
    assert getattr(Limits(), name) == known[name]
