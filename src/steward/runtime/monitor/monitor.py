"""
Timers, counters, gauges and their history in one object.

    monitor = Monitor(clock)

    @monitor.timed("draw")
    async def draw(): ...

    with monitor.timing("parse"): ...
    monitor.gauge("queue_length", "Length of the queue.", lambda: len(queue))
    failures = monitor.counter("api.failures")
    failures.add()

Guarantees: memory does not grow with the number of calls; a failing gauge does not affect the others; only `run`
measures in the background.
"""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import ParamSpec, TypeVar

from steward.runtime.clock import SYSTEM_CLOCK, Clock
from steward.runtime.logs.loggers import get_logger
from steward.runtime.monitor.histogram import Histogram
from steward.runtime.monitor.timers import Timer, Timing

log = get_logger(__name__)
P = ParamSpec("P")
R = TypeVar("R")

HOUR = 3600.0


class MetricHistory:
    """
    Keeps the newest `capacity` samples, 16 bytes each.

    Args:
        capacity: 1 or more.

    """

    __slots__ = ("_capacity", "_next", "_times", "_values")

    def __init__(self, capacity: int) -> None:
        if capacity < 1:
            raise ValueError(f"The capacity of a history must be at least 1, not {capacity}.")
        self._capacity = capacity
        self._times = array("d")
        self._values = array("d")
        self._next = 0  # index of the oldest sample, once full

    def add(self, at: float, value: float) -> None:
        """Add a sample at `at` seconds; when full, the oldest is dropped."""
        if len(self._times) < self._capacity:
            self._times.append(at)
            self._values.append(value)
        else:
            self._times[self._next], self._values[self._next] = at, value
            self._next = (self._next + 1) % self._capacity

    def __len__(self) -> int:
        return len(self._times)

    @property
    def samples(self) -> list[tuple[float, float]]:
        """Samples as (time, value), oldest first."""
        pairs = list(zip(self._times, self._values, strict=True))
        return pairs[self._next :] + pairs[: self._next]

    @property
    def latest(self) -> float | None:
        """The newest value; None without samples."""
        return self._values[self._next - 1] if self._values else None

    @property
    def trend(self) -> float | None:
        """Growth per hour by least squares; None for fewer than two distinct times."""
        if not self._times:
            return None
        time, value = sum(self._times) / len(self), sum(self._values) / len(self)
        spread = sum((at - time) ** 2 for at in self._times)
        together = sum((at - time) * (one - value) for at, one in zip(self._times, self._values, strict=True))
        return together / spread * HOUR if spread else None


@dataclass(slots=True)
class MonitorCounter:
    """A number that only grows."""

    value: float = 0.0

    def add(self, amount: float = 1.0) -> None:
        """Add `amount`, 0 or more."""
        self.value += amount


@dataclass(slots=True)
class Gauge:
    """
    A number read on demand.

    Attributes:
        read: returns it; None if unknown.
        error: of the last reading; None if it succeeded.

    """

    doc: str
    read: Callable[[], float | None]
    grows: bool = False
    error: str | None = None

    def value(self) -> float | None:
        """Return the number; None if unknown or on error."""
        try:
            found = self.read()
        except Exception as error:  # noqa: BLE001 - isolates gauges from each other
            if self.error is None:
                log.warning("gauge_unreadable", doc=self.doc, error=f"{type(error).__name__}: {error}")
            self.error = f"{type(error).__name__}: {error}"
            return None
        self.error = None
        return None if found is None else float(found)


class Monitor:
    """
    See the module.

    Args:
        clock: for sample times.
        now: monotonic seconds for durations; real time, whatever `clock` does.
        slow: default limit in seconds for a slow operation.
        retention: samples kept by `sample` for each number.
        measuring: False makes `timed` and `memory_timed` return the function unchanged.

    Attributes:
        observable_counters: counts kept elsewhere, by name.
        histograms: histograms filled elsewhere, with a description, by name.
        history: by name: each gauge, each count, and the mean seconds of each operation between samples.

    """

    def __init__(
        self,
        clock: Clock = SYSTEM_CLOCK,
        *,
        now: Callable[[], float] = perf_counter,
        slow: float = 1.0,
        retention: int = 1000,
        measuring: bool = True,
    ) -> None:
        self._clock = clock
        self._now = now
        self._slow = slow
        self._retention = retention
        self._measuring = measuring
        self.timers: dict[str, Timer] = {}
        self.counters: dict[str, MonitorCounter] = {}
        self.observable_counters: dict[str, Callable[[], float]] = {}
        self.gauges: dict[str, Gauge] = {}
        self.histograms: dict[str, tuple[str, Histogram]] = {}
        self.history: dict[str, MetricHistory] = {}
        self._before: dict[str, tuple[int, float]] = {}

    def timer(self, name: str, *, slow: float | None = None) -> Timer:
        """Return the timer of an operation, created on first use with `slow` in seconds."""
        timer = self.timers.get(name)
        if timer is None:
            timer = self.timers[name] = Timer(name, slow=self._slow if slow is None else slow, now=self._now)
        return timer

    def timed(self, name: str, *, slow: float | None = None) -> Callable[[Callable[P, R]], Callable[P, R]]:
        """Return a decorator that times a sync or async function."""
        return self.timer(name, slow=slow).timed if self._measuring else _unchanged

    def memory_timed(
        self, name: str, read: Callable[[], int], *, slow: float | None = None
    ) -> Callable[[Callable[P, R]], Callable[P, R]]:
        """Return a decorator like `timed` that also measures the growth of `read()`, in bytes."""
        if not self._measuring:
            return _unchanged
        timer = self.timer(name, slow=slow)
        return lambda function: timer.memory_timed(function, read)

    def timing(self, name: str, *, slow: float | None = None) -> Timing:
        """Return a sync and async context manager that times its block."""
        return self.timer(name, slow=slow).timing()

    def counter(self, name: str) -> MonitorCounter:
        """Return the counter, created on first use."""
        return self.counters.setdefault(name, MonitorCounter())

    def observable_counter(self, name: str, read: Callable[[], float]) -> None:
        """Expose a count that is kept elsewhere."""
        self.observable_counters[name] = read

    @property
    def counts(self) -> Mapping[str, float]:
        counted = {name: counter.value for name, counter in self.counters.items()}
        return counted | {name: read() for name, read in self.observable_counters.items()}

    def gauge(self, name: str, doc: str, read: Callable[[], float | None], *, grows: bool = False) -> None:
        """
        Register a gauge.

        Args:
            name: snake_case, with the unit last: `queue_length`, `memory_resident_bytes`.
            doc: one sentence, with the unit.
            read: fast; returns the number, None if unknown.
            grows: it only grows, like a counter.

        Raises:
            ValueError: the name is taken.

        """
        if name in self.gauges:
            raise ValueError(f"A gauge named {name!r} exists already.")
        self.gauges[name] = Gauge(doc, read, grows)

    def histogram(self, name: str, doc: str, histogram: Histogram) -> None:
        """Expose a histogram that is filled elsewhere."""
        self.histograms[name] = doc, histogram

    def sample(self) -> None:
        """Add the current numbers to the history."""
        at = self._clock.monotonic()
        for name, value in self.numbers().items():
            history = self.history.get(name)
            if history is None:
                history = self.history[name] = MetricHistory(self._retention)
            history.add(at, value)

    def numbers(self) -> Mapping[str, float]:
        """Return each gauge and count, and the mean seconds of each operation since the last call."""
        found = dict(self.counts)
        found |= {name: value for name, gauge in self.gauges.items() if (value := gauge.value()) is not None}
        for name, timer in self.timers.items():
            count, total = timer.seconds.count, timer.seconds.total
            before, spent = self._before.get(name, (0, 0.0))
            if count > before:
                found[name] = (total - spent) / (count - before)
            self._before[name] = count, total
        return found

    async def run(self, interval: float = 30.0) -> None:
        """Sample every `interval` seconds, forever."""
        while True:
            self.sample()
            await asyncio.sleep(interval)


def _unchanged(function: Callable[P, R]) -> Callable[P, R]:
    return function
