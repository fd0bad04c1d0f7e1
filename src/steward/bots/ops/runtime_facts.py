"""What the runtime measures, and what is known of the caches, told to operators."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from steward.bots.ops.facts import Fact, Grade
from steward.runtime.cache import Cache, CacheStatistics
from steward.runtime.clock import Clock
from steward.runtime.memory import MEBIBYTE, Pressure
from steward.runtime.monitor import Severity, Timer
from steward.runtime.process.measuring import Measuring
from steward.store.queries.cache import QueryCache
from steward.text.durations import about
from steward.text.measures import seconds, size, trend

if TYPE_CHECKING:
    from steward.runtime.cache import RedisTier


RESIDENT = "memory_resident_bytes"
TIMERS_SHOWN = 12
DISK_NEARLY_FULL, DISK_FULL = 0.85, 0.95
LAG_NOTICED, LAG_FELT = 0.1, 0.5  # seconds; commands have three
BUSY, OVERLOADED = 0.5, 0.9  # of one core

_PRESSURE = {
    Pressure.LOW: (Grade.FINE, ""),
    Pressure.MEDIUM: (Grade.FINE, ""),
    Pressure.HIGH: (
        Grade.WATCH,
        "Memory is short, so I'm shrinking caches. `/memory_optimization` says by how much.",
    ),
    Pressure.CRITICAL: (
        Grade.BAD,
        "Memory is nearly used up: raise the memory budget or the container's limit, or make caches smaller.",
    ),
}


class RuntimeFacts:
    """Tells facts from what is measured, at the moment of asking."""

    def __init__(self, measuring: Measuring, clock: Clock) -> None:
        self._of = measuring
        self._clock = clock
        self._began = clock.monotonic()
        self._cpu = (self._began, measuring.meter.cpu_seconds())

    def health(self, _: int | None = None) -> Sequence[Fact]:
        """Tell how the process is doing: alerts, memory, processor, event loop, disk."""
        return [*self._alerts(), self._memory(), *self._machine(), *self._lag()]

    def performance(self, _: int | None = None) -> Sequence[Fact]:
        """Tell which operations take the time, and what has been counted."""
        timers = sorted(self._of.monitor.timers.values(), key=lambda timer: -timer.seconds.total)
        told = [self._operation(timer) for timer in timers[:TIMERS_SHOWN] if timer.seconds.count]
        counters = sorted(self._of.monitor.counters.items())
        counted = [Fact(name, f"{counter.value:,.0f}") for name, counter in counters if counter.value]
        return [*told, *self._lag(), *counted]

    def memory(self, _: int | None = None) -> Sequence[Fact]:
        """Tell where memory stands, whether it leaks, and who gives some up when it is scarce."""
        told = [self._memory(), self._growth()]
        for relief in self._of.guard.reliefs:
            freed = f"called {relief.calls} times, freed {size(relief.freed)}" if relief.calls else "not needed so far"
            failed = relief.last_error is not None
            value = f"from {relief.level.name.lower()} pressure on; {freed}"
            told.append(
                Fact(
                    relief.name.capitalize(),
                    f"{value}; failed: {relief.last_error}" if failed else value,
                    Grade.WATCH if failed else Grade.FINE,
                )
            )
        living = sorted(self._of.tracked.counts().items(), key=lambda pair: -pair[1])[:5]
        return told + [Fact(f"Living {kind}", f"{count:,}") for kind, count in living]

    async def clean_up(self) -> Sequence[Fact]:
        """Have everything freed that can be, and tell what each freed, as measured."""
        guard = self._of.guard
        before = {relief.name: relief.freed for relief in guard.reliefs}
        freed = await guard.relieve(Pressure.CRITICAL)
        told = [
            Fact(
                relief.name.capitalize(),
                f"failed: {relief.last_error}" if relief.last_error else size(relief.freed - before[relief.name]),
                Grade.WATCH if relief.last_error else Grade.FINE,
            )
            for relief in guard.reliefs
        ]
        return [Fact("Freed", f"{size(freed)}; {size(guard.used)} are resident now"), *told]

    def _alerts(self) -> list[Fact]:
        return [
            Fact(
                "Alert",
                f"{alert.sentence} For {about(self._clock.now() - alert.since)}.",
                Grade.BAD if alert.severity >= Severity.SERIOUS else Grade.WATCH,
            )
            for alert in self._of.alerts.active
        ]

    def _memory(self) -> Fact:
        guard, history = self._of.guard, self._of.monitor.history.get(RESIDENT)
        an_hour = history.trend if history is not None else None
        going = trend(None if an_hour is None else an_hour / MEBIBYTE, guard.used / MEBIBYTE, unit=" MB")
        standing, advice = _PRESSURE[guard.level]
        value = (
            f"{size(guard.used)} of {size(guard.limit)} ({guard.share:.0%}), pressure {guard.level.name.lower()}{going}"
        )
        return Fact("Memory", value, standing, advice)

    def _growth(self) -> Fact:
        leak = self._of.leak
        if leak.slope is None:
            return Fact("Growth", "not known yet: it takes a few hours to tell a leak from normal variation")
        value = f"{leak.slope:+.2f} MB an hour at the low points"
        if not leak.suspected:
            return Fact("Growth", value)
        return Fact("Growth", f"{value}: a leak", Grade.BAD, "Report the leak with this page; a restart frees it.")

    def _machine(self) -> list[Fact]:
        now, meter = self._clock.monotonic(), self._of.meter
        before, cpu_before = self._cpu
        cpu, passed = meter.cpu_seconds(), now - before
        told = []
        if passed >= 1:
            share = (cpu - cpu_before) / passed
            self._cpu = (now, cpu)
            standing = Grade.BAD if share > OVERLOADED else Grade.WATCH if share > BUSY else Grade.FINE
            advice = "The processor is busy: `/performance_metrics` shows with what." if standing else ""
            value = f"{share:.1%} of one core in the last {about(timedelta(seconds=passed))}"
            told.append(Fact("Processor", value, standing, advice))
        free, full = meter.disk_free(), meter.disk_share()
        if free is not None and full is not None:
            standing = Grade.BAD if full > DISK_FULL else Grade.WATCH if full > DISK_NEARLY_FULL else Grade.FINE
            advice = "Free some space on the database's disk: once it's full, nothing can be saved." if standing else ""
            told.append(Fact("Disk", f"{size(free)} free ({full:.0%} used)", standing, advice))
        up_for = about(timedelta(seconds=now - self._began))
        return [*told, Fact("Threads", str(meter.threads())), Fact("Up for", up_for)]

    def _lag(self) -> list[Fact]:
        loop = self._of.loop
        if loop is None:
            return []
        usual, worst = loop.lag.quantile(0.99), loop.lag.largest
        standing = Grade.FINE
        if usual is not None and usual > LAG_NOTICED:
            standing = Grade.BAD if usual > LAG_FELT else Grade.WATCH
        blocked = f", blocked {loop.blocks} times" if loop.blocks else ""
        advice = f"Something blocks the event loop: {loop.last_block}." if standing and blocked else ""
        value = f"99 % respond within {seconds(usual)}, the slowest took {seconds(worst)}{blocked}"
        return [Fact("Event loop", value, standing, advice)]

    @staticmethod
    def _operation(timer: Timer) -> Fact:
        spread = timer.seconds
        failed = f", {timer.failures:,} failed" if timer.failures else ""
        slow = f", {timer.slow_count:,} slow" if timer.slow_count else ""
        often = timer.slow_count + timer.failures > 0.01 * spread.count
        half, nearly_all = (seconds(spread.quantile(part)) for part in (0.5, 0.99))
        value = f"{spread.count:,} times, half within {half}, 99 % within {nearly_all}"
        return Fact(timer.name, value + slow + failed, Grade.WATCH if often else Grade.FINE)


class CacheFacts:
    """Tells what the caches hold, how often they had what was asked for, and how it stands with Redis."""

    def __init__(self, cache: Cache, queries: QueryCache, redis: RedisTier | None, clock: Clock) -> None:
        self._cache = cache
        self._queries = queries
        self._redis = redis
        self._clock = clock

    def health(self, _: int | None = None) -> Sequence[Fact]:
        """Tell how it stands with Redis, where there is to be one."""
        if self._redis is None:
            return []
        state = self._redis.state
        if state.up:
            return [Fact("Redis", "connected" + (f", lost {state.losses:,} times" if state.losses else ""))]
        if not state.reason:
            return [Fact("Redis", "not connected yet", Grade.WATCH)]
        away = about(timedelta(seconds=max(0.0, self._clock.monotonic() - state.since)))
        advice = (
            "Caches and limits use memory instead; check whether Redis is running. `steward doctor` checks it, too."
        )
        return [Fact("Redis", f"{state.reason} For {away}.", Grade.WATCH, advice)]

    def performance(self, _: int | None = None) -> Sequence[Fact]:
        """Tell of each kind of value how often it was there, and what all take."""
        kinds = {**self._cache.statistics, **self._queries.cache.statistics}
        told = [Fact(f"Cache {name}", self._done(done)) for name, done in kinds.items() if done.hits + done.misses]
        if self._queries.outdated:
            told.append(Fact("Outdated results", f"{self._queries.outdated:,}, because their data changed"))
        entries, taken = len(self._cache) + len(self._queries.cache), self._cache.bytes + self._queries.cache.bytes
        return [*told, Fact("Caches hold", f"{entries:,} entries, {size(taken)}")]

    @staticmethod
    def _done(done: CacheStatistics) -> str:
        asked = done.hits + done.misses
        told = f"{done.hit_rate or 0:.0%} of {asked:,} lookups were hits"
        if done.shared_hits:
            told += f", {done.shared_hits:,} in Redis"
        if done.mean_load_seconds is not None:
            told += f"; {done.loads:,} loaded, {seconds(done.mean_load_seconds)} each"
        return told + (f", {done.failed_loads:,} failed" if done.failed_loads else "")
