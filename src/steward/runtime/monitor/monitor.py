"""
What is measured, in one place that is handed to whoever measures.

    monitor = Monitor(clock)

    @monitor.timed("draw")
    async def draw(): ...

    with monitor.timing("parse"): ...
    monitor.gauge("queue_length", "What waits.", lambda: len(queue))
    failures = monitor.counter("api.failures")
    failures.add()

Guarantees: memory does not grow with the number of calls; a gauge that cannot be read costs itself only; nothing is
measured in the background but by `run`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import ParamSpec, TypeVar

from steward.runtime.clock import SYSTEM_CLOCK, Clock
from steward.runtime.logs.loggers import get_logger
from steward.runtime.monitor.histogram import Histogram
from steward.runtime.monitor.history import MetricHistory
from steward.runtime.monitor.timers import Timer, Timing

log = get_logger(__name__)

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(slots=True)
class MonitorCounter:
    """A number that only grows."""

    value: float = 0.0

    def add(self, amount: float = 1.0) -> None:
        """Let it grow by `amount`, which is not negative."""
        self.value += amount


@dataclass(slots=True)
class Gauge:
    """
    A number that somebody can tell at any time.

    Attributes:
        doc: one sentence on what it is, with its unit.
        read: returns it; None while it is not known.
        grows: it only grows, as a counter does.
        error: why it could not be read the last time; None when it could.

    """

    doc: str
    read: Callable[[], float | None]
    grows: bool = False
    error: str | None = None

    def value(self) -> float | None:
        """Read it; None where that is not possible."""
        try:
            found = self.read()
        except Exception as error:  # noqa: BLE001 - the gauges' boundary: the others are to be read
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
        clock: tells when samples were taken.
        now: tells seconds that never go back, for durations; real ones, whatever `clock` does.
        slow: seconds from which an operation counts as slow, unless its timer says otherwise.
        retention: how many samples of each number `sample` keeps.
        measuring: False makes `timed` and `memory_timed` return the function itself.

    Attributes:
        timers: by operation.
        counters: by name.
        tallies: counts that others keep, by name.
        gauges: by name.
        spreads: histograms that others fill, with what they are, by name.
        history: by name: each gauge, each count, and each operation's mean time between two samples, in seconds.

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
        self.tallies: dict[str, Callable[[], float]] = {}
        self.gauges: dict[str, Gauge] = {}
        self.spreads: dict[str, tuple[str, Histogram]] = {}
        self.history: dict[str, MetricHistory] = {}
        self._before: dict[str, tuple[int, float]] = {}

    def timer(self, name: str, *, slow: float | None = None) -> Timer:
        """Return the timer of an operation; `slow`, in seconds, is taken when it is new."""
        timer = self.timers.get(name)
        if timer is None:
            timer = self.timers[name] = Timer(name, slow=self._slow if slow is None else slow, now=self._now)
        return timer

    def timed(self, name: str, *, slow: float | None = None) -> Callable[[Callable[P, R]], Callable[P, R]]:
        """Return a decorator that times every call of a function, plain or `async def`."""
        return self.timer(name, slow=slow).timed if self._measuring else _as_it_is

    def memory_timed(
        self, name: str, read: Callable[[], int], *, slow: float | None = None
    ) -> Callable[[Callable[P, R]], Callable[P, R]]:
        """Return a decorator as `timed` does, which also measures by `read` how many bytes the process grows."""
        if not self._measuring:
            return _as_it_is
        timer = self.timer(name, slow=slow)
        return lambda function: timer.memory_timed(function, read)

    def timing(self, name: str, *, slow: float | None = None) -> Timing:
        """Return a context manager, sync and async, that times its block."""
        return self.timer(name, slow=slow).timing()

    def counter(self, name: str) -> MonitorCounter:
        """Return the counter of that name."""
        return self.counters.setdefault(name, MonitorCounter())

    def tally(self, name: str, read: Callable[[], float]) -> None:
        """Show what somebody else counts, under a name as that of a counter."""
        self.tallies[name] = read

    @property
    def counts(self) -> Mapping[str, float]:
        """What has been counted until now, by whomever."""
        counted = {name: counter.value for name, counter in self.counters.items()}
        return counted | {name: read() for name, read in self.tallies.items()}

    def gauge(self, name: str, doc: str, read: Callable[[], float | None], *, grows: bool = False) -> None:
        """
        Have `read` asked whenever somebody wants to know.

        Args:
            name: in small letters with underscores, its unit last: `queue_length`, `memory_resident_bytes`.
            doc: one sentence, with the unit.
            read: quick; returns the number, None while it is not known.
            grows: it only grows, as a counter does.

        Raises:
            ValueError: the name is taken.

        """
        if name in self.gauges:
            raise ValueError(f"There is a gauge named {name!r} already.")
        self.gauges[name] = Gauge(doc, read, grows)

    def spread(self, name: str, doc: str, histogram: Histogram) -> None:
        """Show a histogram that somebody else fills; named and described as a gauge is."""
        self.spreads[name] = doc, histogram

    def sample(self) -> None:
        """Put the present numbers into the history."""
        at = self._clock.monotonic()
        for name, value in self.numbers().items():
            history = self.history.get(name)
            if history is None:
                history = self.history[name] = MetricHistory(self._retention)
            history.add(at, value)

    def numbers(self) -> Mapping[str, float]:
        """Return each gauge and count, and the mean seconds of each operation that ran since this was last asked."""
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
        """Sample every `interval` seconds, for ever."""
        while True:
            self.sample()
            await asyncio.sleep(interval)


def _as_it_is(function: Callable[P, R]) -> Callable[P, R]:
    return function
