"""
Metrics and alerts of the running bot, and memory relief under pressure.

Connects `steward.runtime.monitor` and `steward.runtime.memory` to the parts of the bot; `app.py` creates one.
"""

from __future__ import annotations

import asyncio
import linecache
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from functools import partial
from pathlib import Path

import structlog

from steward.client.discord_clock import CLOCK_REMEDY, DISAGREES_FROM, DiscordClock
from steward.client.gateway.health import GatewayHealth
from steward.client.gateway.second_process import PROBLEM
from steward.client.lean import LeanClient
from steward.client.rest.request_times import RequestTimes
from steward.runtime.clock import Clock
from steward.runtime.limits import Limiter
from steward.runtime.memory import (
    MEBIBYTE,
    MemoryGuard,
    Pressure,
    Thresholds,
    collect_garbage,
    memory_limit,
    resident_reader,
    trim_heap,
)
from steward.runtime.monitor import (
    AlertRule,
    Alerts,
    LoopWatch,
    Monitor,
    RatioOf,
    Recent,
    ResourceMeter,
    Rise,
    Severity,
    log_alert,
)
from steward.runtime.monitor.alerts import Read
from steward.runtime.process.disk import FEW_FILES, MEGABYTE
from steward.runtime.process.measuring import Measuring
from steward.runtime.quarantine import Quarantine
from steward.runtime.tasks import Supervisor, Work
from steward.settings import Settings
from steward.store.interface import Store
from steward.store.queries.watch import QueryWatch
from steward.text.durations import about

log = structlog.get_logger(__name__)

LOOK_EVERY = 30.0
STARTED_AFTER = 5.0
GROWN = MEBIBYTE
HALF_AN_HOUR = 1800.0
OUTAGE_OVER_AFTER = 120.0
OFTEN = 3  # slow operations within five minutes
SLOW_REQUEST = 5.0
MEASUREMENTS = "measurements"  # logged at a configurable level

REQUEST, READ, WRITE = "discord.request", "store.read", "store.write"
INTERACTION = "interaction"
MEASURED_APART = frozenset({REQUEST, READ, WRITE})


class Monitoring:
    """
    See the module.

    Args:
        settings: what to measure, and thresholds.
        data: a path on the disk to watch.
        loop_watch: watches the event loop; only on wall time.

    Attributes:
        monitor: accepts further measurements.
        guard: accepts further reliefs.
        alerts: accepts rules and listeners.
        measuring: all of these, for the ops bot.

    """

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        health: GatewayHealth,
        *,
        data: Path,
        loop_watch: LoopWatch | None = None,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._health = health
        self._read_memory = resident_reader(exact=False)
        self._began = clock.monotonic()
        self.monitor = Monitor(
            clock,
            now=clock.monotonic,
            slow=settings.slow_operation,
            retention=settings.metrics_retention,
            measuring=settings.performance_monitoring,
        )
        limit = memory_limit(settings.memory_budget_mb)
        self.guard = MemoryGuard(self._read_memory, limit, clock, thresholds=_thresholds(settings, limit))
        self.alerts = Alerts((), clock)
        self.alerts.add_listener("log", log_alert)
        meter = ResourceMeter(data, clock.monotonic)
        self.measuring = Measuring(self.monitor, self.guard, self.alerts, meter, clock, loop_watch)
        self._gauge_process()
        self._gauge_gateway()
        if settings.resource_monitoring:
            self._gauge_resources(self.measuring.meter)
        if settings.memory_optimization:
            self.guard.on(Pressure.LOW, "forget the source of tracebacks", linecache.clearcache)  # 0.9 MiB for 17 files
            self.guard.on(Pressure.LOW, "give free memory back", trim_heap, last=True)
            self.guard.on(Pressure.HIGH, "collect garbage", collect_garbage)
        self._watch_for_trouble()

    def request_times(self) -> RequestTimes:
        """Return an object that times the requests of a client."""
        timer = self.monitor.timer(REQUEST, slow=SLOW_REQUEST)
        requests, failures, limited = map(
            self.monitor.counter, ("discord.requests", "discord.failures", "discord.limited")
        )
        return RequestTimes(timer, requests, failures, limited, self._clock.monotonic)

    def around_store(self, call: str) -> AbstractContextManager[object]:
        """Time one `read` or `write` of a store; passed to `open_store`."""
        if not self._settings.performance_monitoring:
            return nullcontext()
        return self.monitor.timing(f"store.{call}", slow=self._settings.slow_operation)

    def _watch_queries(self, queries: QueryWatch) -> None:
        add = self.monitor.gauge
        add("queries_total", "Database statements.", lambda: queries.queries, grows=True)
        add("query_seconds_total", "Seconds spent on database statements.", lambda: queries.seconds, grows=True)
        add("slow_queries_total", "Slow database statements.", lambda: queries.slow_queries, grows=True)

    def watch(
        self, clock: DiscordClock, store: Store, client: LeanClient, tasks: Supervisor, quarantine: Quarantine
    ) -> None:
        """Add metrics and alerts of these parts."""
        self._watch_clock(clock)
        self._watch_store(store)
        self._watch_client(client, tasks)
        self._watch_bots(quarantine)

    def _watch_store(self, store: Store) -> None:
        """Add metrics of the store, and an alert while it cannot be written."""
        self._watch_queries(store.watch)
        self.monitor.gauge(
            "set_aside_total",
            "Rows that couldn't be written or read because of their content, and were skipped.",
            lambda: store.skipper.total,
            grows=True,
        )
        self._alert_at_once(
            "database",
            lambda: float(store.trouble is not None),
            {Severity.CRITICAL: 1.0},
            "The database can't be written, so nothing new is confirmed. Writing resumes by itself.",
        )

    def watch_limiter(self, commands: Limiter) -> None:
        """Count refused commands."""
        self.monitor.gauge(
            "commands_refused_total", "Commands that came too soon after others.", lambda: commands.refused, grows=True
        )

    def _watch_clock(self, clock: DiscordClock) -> None:
        """Raise an alert while the machine's clock is wrong."""
        self.monitor.gauge(
            "clock_ahead_seconds",
            "Seconds that this machine's clock is ahead of Discord's; negative if it is behind.",
            lambda: clock.ahead,
        )

        def off() -> float | None:
            ahead = clock.ahead
            return None if ahead is None else abs(ahead)

        def sentence(off: float) -> str:
            side = "behind" if (clock.ahead or 0.0) < 0 else "ahead of"
            amount = about(timedelta(minutes=round(off / 60)))
            return (
                f"This machine's clock is {amount} {side} Discord's. Steward uses Discord's and deletes nothing"
                f" until it is right. {CLOCK_REMEDY}"
            )

        self._alert_at_once("clock", off, {Severity.SERIOUS: DISAGREES_FROM}, sentence)

    def _watch_client(self, client: LeanClient, tasks: Supervisor) -> None:
        self.monitor.gauge(
            "tasks_failing",
            "Background tasks waiting for a retry.",
            lambda: sum(state.failing for state in tasks.states),
        )
        self._alert_at_once(
            "second_process",
            lambda: float(client.second.problem is not None),
            {Severity.CRITICAL: 1.0},
            PROBLEM,
        )
        self.monitor.gauge("guilds", "Servers the bot is in.", lambda: len(client.guilds))
        self.monitor.gauge(
            "gateway_latency_seconds",
            "Round trip to Discord's gateway in seconds; missing while disconnected.",
            lambda: client.latency if self._health.ready else None,
        )

    def _watch_bots(self, quarantine: Quarantine) -> None:
        """Switch off a bot that keeps blocking the event loop, with an alert per bot."""
        if self.measuring.loop is not None:
            self.measuring.loop.add_listener(quarantine.on_block)
        for bot in quarantine.owners:
            self._alert_at_once(
                f"{bot.name}_switched_off",
                lambda bot=bot: float(not bot.is_on and bot in quarantine.owners),  # type: ignore[misc]
                {Severity.SERIOUS: 1.0},
                f"The bot {bot.name} is switched off because it kept blocking the others; the log says why"
                " (loop_blocked). Restart Steward to switch it on again.",
            )

    def work(self) -> Iterator[tuple[str, Work]]:
        """Yield the background tasks; none needs Discord."""
        yield "measure", partial(self.measuring.run, LOOK_EVERY)
        yield "sweep", self._sweep
        if self._settings.performance_monitoring:
            yield "log measurements", self._log_measurements

    @property
    def uptime(self) -> float:
        """Seconds since the bot started."""
        return self._clock.monotonic() - self._began

    @property
    def problems(self) -> list[str]:
        """The sentence of each active alert, the most severe first."""
        return [alert.sentence for alert in self.alerts.active]

    def _gauge_process(self) -> None:
        add, guard, leak = self.monitor.gauge, self.guard, self.measuring.leak
        add("uptime_seconds", "Seconds since the bot started.", lambda: self.uptime)
        add("memory_resident_bytes", "Resident memory of the process in bytes.", self._read_memory)
        add("memory_limit_bytes", "Memory limit in bytes.", lambda: guard.limit)
        add("memory_pressure", "0 low, 1 medium, 2 high, 3 critical.", lambda: guard.level)
        add(
            "memory_growth_bytes_per_hour",
            "Memory growth in bytes per hour, once it can be measured.",
            lambda: None if leak.slope is None else leak.slope * MEBIBYTE,
        )
        watch = self.measuring.loop
        if watch is not None:
            add("loop_blocks_total", "How often the event loop was blocked.", lambda: watch.blocks, grows=True)
            self.monitor.histogram("loop_lag_seconds", "Event loop lag in seconds.", watch.lag)

    def _gauge_gateway(self) -> None:
        add, health = self.monitor.gauge, self._health
        add("ready", "1 while Discord's events arrive, else 0.", lambda: health.ready)
        add(
            "last_dispatch_age_seconds",
            "Seconds since Discord's last event.",
            lambda: health.last_dispatch_age,
        )
        add("gateway_silence_seconds", "Seconds since Discord's last sign of life.", lambda: health.silence)
        add("gateway_connections_total", "READY and RESUMED events received.", lambda: health.connections, grows=True)
        add("dispatches_total", "Events received.", lambda: health.rhythm.beats, grows=True)
        add("unreadable_dispatches_total", "Events that couldn't be read.", lambda: health.unreadable, grows=True)

    def _gauge_resources(self, meter: ResourceMeter) -> None:
        add = self.monitor.gauge
        add("cpu_seconds_total", "CPU seconds used by the process.", meter.cpu_seconds, grows=True)
        add("threads", "Threads of the process.", meter.threads)
        add("disk_free_bytes", "Free bytes on the data folder's disk.", meter.disk_free)
        add("disk_free_files", "Free inodes on the data folder's disk.", meter.disk_files)
        add("network_sent_bytes_total", "Bytes sent by this machine or container.", meter.sent, grows=True)
        add("network_received_bytes_total", "Bytes received by this machine or container.", meter.received, grows=True)

    def _watch_for_trouble(self) -> None:
        watch, guard, monitor, clock = self.alerts.watch, self.guard, self.monitor, self._clock
        leak = self.measuring.leak
        high, critical = guard.thresholds.high, guard.thresholds.critical
        scarce = {Severity.WARNING: high, Severity.SERIOUS: critical, Severity.CRITICAL: max(0.95, critical)}
        watch(AlertRule("memory", lambda: guard.share, scarce, "Memory: {:.0%} of the bot's limit is in use."))
        self._alert_at_once(
            "memory_leak",
            lambda: leak.slope if leak.suspected else 0.0,
            {Severity.WARNING: 0.01},
            "Memory grows by {:.1f} MB an hour, which looks like a leak. Please report it.",
        )
        self._alert_at_once(
            "silence",
            lambda: self._health.rhythm.overdue,
            {Severity.WARNING: 1.0},
            "No event from Discord for {:.1f} times as long as expected here.",
        )
        self._watch_disk()
        requests, failures = monitor.counter("discord.requests"), monitor.counter("discord.failures")
        failing = RatioOf(
            lambda: failures.value, lambda: requests.value, clock, window=HALF_AN_HOUR, over_after=OUTAGE_OVER_AFTER
        )
        levels = {Severity.WARNING: 0.05, Severity.SERIOUS: 0.5}
        watch(AlertRule("network", failing, levels, "{:.0%} of requests to Discord fail."))
        self._watch_slow("slow_queries", "{:.0f} slow database queries within five minutes.", READ, WRITE)
        self._watch_slow("slow_requests", "{:.0f} slow responses from Discord within five minutes.", REQUEST)
        self._watch_slow("slow_operations", "{:.0f} slow operations within five minutes; see the log.")
        loop = self.measuring.loop
        if loop is not None:
            lag = Recent(loop.lag)
            levels = {Severity.WARNING: 0.1, Severity.SERIOUS: 0.5}
            late = "The bot responds {:.2f} s late: something keeps it busy."
            watch(AlertRule("loop_lag", lambda: lag.quantile(0.95), levels, late))
            self._alert_at_once(
                "loop_blocked",
                Rise(lambda: loop.blocks, clock),
                {Severity.WARNING: 1, Severity.SERIOUS: OFTEN},
                "Something blocked the bot {:.0f} times within five minutes; the log says what.",
            )

    def _alert_at_once(
        self, name: str, read: Read, thresholds: Mapping[Severity, float], sentence: str | Callable[[float], str]
    ) -> None:
        """Add a rule for which one reading is enough."""
        self.alerts.watch(AlertRule(name, read, thresholds, sentence, samples=1))

    def _watch_disk(self) -> None:
        meter, warn_mb = self.measuring.meter, self._settings.disk_warn_mb

        def free_mb() -> float | None:
            free = meter.disk_free()
            return None if free is None else free / MEGABYTE

        low = {Severity.WARNING: warn_mb, Severity.CRITICAL: warn_mb / 4}
        room = "The disk is nearly full: {:.0f} MB are free. Free some space, or nothing more can be stored."
        self.alerts.watch(AlertRule("disk", free_mb, low, room, below=True))
        few = {Severity.WARNING: FEW_FILES, Severity.CRITICAL: FEW_FILES / 10}
        files = "The disk has room for only {:.0f} more files: it is running out of inodes. Delete small files."
        self.alerts.watch(AlertRule("disk_files", meter.disk_files, few, files, below=True))

    def _watch_slow(self, name: str, sentence: str, *operations: str) -> None:
        """Add a rule on frequent slow operations; without names, on all without a rule of their own."""
        timers = self.monitor.timers

        def slow() -> float:
            chosen = operations or timers.keys() - MEASURED_APART
            return sum(timers[name].slow_count for name in chosen if name in timers)

        self._alert_at_once(name, Rise(slow, self._clock), {Severity.WARNING: OFTEN}, sentence)

    async def _sweep(self) -> None:
        """Relieve after the start, at times, and once memory has grown and grows no more: a raid leaves 1 MiB free."""
        await asyncio.sleep(STARTED_AFTER)
        while True:
            await self.guard.relieve(Pressure.LOW)
            least, due = self.guard.used, self._clock.monotonic() + self._settings.cleanup_interval
            used = least
            while (left := due - self._clock.monotonic()) > 0:
                await asyncio.sleep(min(LOOK_EVERY, left))
                before, used = used, self.guard.used
                if before >= used >= least + GROWN:
                    break

    async def _log_measurements(self) -> None:
        level = logging.getLevelNamesMapping()[self._settings.performance_log_level]
        while True:
            await asyncio.sleep(self._settings.metrics_log_interval)
            slowest = {
                name: round(high, 4)
                for name, timer in self.monitor.timers.items()
                if (high := timer.seconds.quantile(0.95)) is not None
            }
            gauges = {name: gauge.value() for name, gauge in self.monitor.gauges.items()}
            numbers = {name: round(value, 3) for name, value in gauges.items() if value is not None}
            log.log(level, MEASUREMENTS, **numbers, p95_seconds=slowest)


def _thresholds(settings: Settings, limit: int) -> Thresholds:
    """Return the thresholds of pressure: shares of the limit, or lower ones from the settings."""
    critical = min(0.85, settings.memory_critical_mb * MEBIBYTE / limit)
    high = min(0.70, settings.memory_warn_mb * MEBIBYTE / limit, critical * 14 / 17)
    medium = min(0.50, high * 5 / 7)
    return Thresholds(medium=medium, high=high, critical=critical, slack=min(0.03, medium / 4))
