"""The cost of measuring: CPU nanoseconds by which a timed call exceeds the same call untimed."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from statistics import median

from benchmarks.run import Run
from steward.runtime.clock import SystemClock
from steward.runtime.monitor import Monitor

LIMIT = 120.0
CALLS, QUICK_CALLS = 300_000, 30_000
ROUNDS = 7
TARGET = 1000.0  # ns a call, of SPEC R8
DURATION = 0.0003  # seconds, in the middle of the buckets


async def measure(run: Run) -> None:
    """Call an empty function, timed and untimed in turn."""
    run.progress("timed calls")
    monitor = Monitor(SystemClock())
    calls = QUICK_CALLS if run.quick else CALLS
    timed, timed_coroutine = monitor.timed("plain")(_nothing), monitor.timed("coroutine")(_nothing_awaited)
    observe = monitor.timer("observed").seconds.observe
    plain: list[float] = []
    coroutine: list[float] = []
    observed: list[float] = []
    for _ in range(ROUNDS):
        plain.append(_called(timed, calls) - _called(_nothing, calls))
        coroutine.append(await _awaited(timed_coroutine, calls) - await _awaited(_nothing_awaited, calls))
        observed.append(_called(lambda: observe(DURATION), calls) - _called(lambda: _given(DURATION), calls))
    run.found("monitor.timed", median(plain), "ns", better="lower", target=TARGET)
    run.found("monitor.timed_coroutine", median(coroutine), "ns", better="lower", target=TARGET)
    run.found("monitor.observe", median(observed), "ns", better="lower")


def _nothing() -> None:
    pass


async def _nothing_awaited() -> None:
    pass


def _given(value: float) -> None:
    del value


def _called(function: Callable[[], object], calls: int) -> float:
    """Return the CPU nanoseconds per call."""
    began = time.process_time_ns()
    for _ in range(calls):
        function()
    return (time.process_time_ns() - began) / calls


async def _awaited(function: Callable[[], Awaitable[object]], calls: int) -> float:
    began = time.process_time_ns()
    for _ in range(calls):
        await function()
    return (time.process_time_ns() - began) / calls
