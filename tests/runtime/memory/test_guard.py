"""Relief under pressure: timely, ordered, measured, and isolated."""

import asyncio

import pytest

from steward.runtime.memory import MEBIBYTE, MemoryGuard, Pressure


class Process:
    """Takes as much as the test says."""

    def __init__(self, mb):
        self.mb = mb

    def read(self):
        return int(self.mb * MEBIBYTE)


def guarded(clock, process, **how):
    return MemoryGuard(process.read, 100 * MEBIBYTE, clock, **how)


async def test_each_level_calls_its_reliefs_after_those_of_lower_levels(clock):
    process, called = Process(30), []
    guard = guarded(clock, process)
    guard.on(Pressure.CRITICAL, "pause", lambda: called.append("pause"))
    guard.on(Pressure.MEDIUM, "caches", lambda: called.append("caches"))
    guard.on(Pressure.HIGH, "queries", lambda: called.append("queries"))
    for mb, expected in ((30, []), (55, ["caches"]), (75, ["caches", "queries"]), (90, ["caches", "queries", "pause"])):
        called.clear()
        process.mb = mb
        await guard.check()
        assert called == expected, mb


async def test_freed_memory_is_measured_and_logged(clock):
    process = Process(90)
    guard = guarded(clock, process)

    def shrink():
        process.mb -= 10

    async def drop():
        await asyncio.sleep(1)
        process.mb -= 25

    guard.on(Pressure.MEDIUM, "shrink", shrink)
    guard.on(Pressure.MEDIUM, "drop", drop)
    assert await guard.check() is Pressure.CRITICAL
    assert {relief.name: relief.freed for relief in guard.reliefs} == {"shrink": 10 * MEBIBYTE, "drop": 25 * MEBIBYTE}
    assert guard.level is Pressure.MEDIUM
    assert guard.share == pytest.approx(0.55)


async def test_a_failing_relief_is_isolated(clock):
    process, called = Process(60), []
    guard = guarded(clock, process)

    async def fails():
        raise RuntimeError("the cache is broken")

    guard.on(Pressure.MEDIUM, "broken", fails)
    guard.on(Pressure.MEDIUM, "whole", lambda: called.append("whole"))
    await guard.check()
    assert called == ["whole"]
    assert "the cache is broken" in guard.reliefs[0].last_error
    assert guard.reliefs[1].last_error is None


async def test_reliefs_are_repeated_every_five_minutes(clock):
    process, called = Process(60), []
    guard = guarded(clock, process)
    guard.on(Pressure.MEDIUM, "caches", lambda: called.append(clock.monotonic()))
    running = asyncio.create_task(guard.run(10))
    await asyncio.sleep(1000)
    running.cancel()
    assert [round(at - called[0]) for at in called] == [0, 300, 600, 900]


async def test_nothing_is_done_without_pressure(clock):
    called = []
    guard = guarded(clock, Process(49))
    guard.on(Pressure.LOW, "any", lambda: called.append(1))
    running = asyncio.create_task(guard.run(10))
    await asyncio.sleep(1000)
    running.cancel()
    assert called == []
    assert guard.has_headroom


async def test_everything_can_be_relieved_on_demand(clock):
    process, called = Process(30), []
    guard = guarded(clock, process)

    def pause():
        called.append("pause")
        process.mb -= 3

    guard.on(Pressure.CRITICAL, "pause", pause)
    assert await guard.relieve() == 3 * MEBIBYTE
    assert called == ["pause"]


async def test_names_are_unique_and_limits_are_positive(clock):
    guard = guarded(clock, Process(1))
    guard.on(Pressure.HIGH, "gc", lambda: None)
    with pytest.raises(ValueError, match="already"):
        guard.on(Pressure.LOW, "gc", lambda: None)
    with pytest.raises(ValueError, match="at least 1"):
        MemoryGuard(lambda: 0, 0, clock)
