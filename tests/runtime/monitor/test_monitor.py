"""The monitor: timers, counters, gauges, history."""

import asyncio

import pytest
from structlog.testing import capture_logs

from steward.runtime.monitor import Monitor


async def test_all_numbers_are_kept_for_the_retention(clock):
    monitor = Monitor(clock, retention=5)
    waiting = [0]
    monitor.gauge("queue_length", "What waits.", lambda: waiting[0])
    failures = monitor.counter("failures")
    running = asyncio.create_task(monitor.run(10))
    for number in range(20):
        waiting[0] = number
        failures.add(2)
        with monitor.timing("work"):
            pass
        await asyncio.sleep(10)
    running.cancel()
    assert [value for _, value in monitor.history["queue_length"].samples] == [15, 16, 17, 18, 19]
    assert monitor.history["failures"].latest == 40
    assert monitor.history["queue_length"].trend == pytest.approx(360)
    assert len(monitor.history["work"]) == 5


async def test_an_operations_history_is_its_mean_between_two_samples(clock):
    monitor = Monitor(clock)
    timer = monitor.timer("work")
    for seconds in ((1, 3), (), (0.5,)):
        for one in seconds:
            timer.observe(one)
        monitor.sample()
    assert [value for _, value in monitor.history["work"].samples] == [2.0, 0.5]


async def test_a_failing_gauge_is_isolated_and_logged_once(clock):
    monitor = Monitor(clock)
    monitor.gauge("broken", "Fails.", lambda: 1 / 0)
    monitor.gauge("unknown", "Not known yet.", lambda: None)
    monitor.gauge("whole", "Works.", lambda: 7)
    with capture_logs() as lines:
        assert monitor.numbers() == {"whole": 7.0}
        assert monitor.numbers() == {"whole": 7.0}
    assert [line["event"] for line in lines] == ["gauge_unreadable"]
    assert "ZeroDivisionError" in monitor.gauges["broken"].error


def test_names_of_gauges_are_unique_and_timers_are_shared_by_name(clock):
    monitor = Monitor(clock, slow=2)
    monitor.gauge("one", "One.", lambda: 1)
    with pytest.raises(ValueError, match="already"):
        monitor.gauge("one", "One.", lambda: 1)
    assert monitor.timer("draw", slow=5) is monitor.timer("draw")
    assert (monitor.timer("draw").slow, monitor.timer("parse").slow) == (5, 2)
    assert monitor.counter("a") is monitor.counter("a")


def test_without_measuring_functions_are_unchanged(clock):
    monitor = Monitor(clock, measuring=False)

    def work():
        pass

    assert monitor.timed("work")(work) is work
    assert monitor.memory_timed("work", lambda: 0)(work) is work
    assert monitor.timers == {}
    assert Monitor(clock).memory_timed("work", lambda: 0)(work) is not work
