"""Everything that measures the process (CPU, memory, threads), and the loop that runs it."""

from __future__ import annotations

import asyncio
import threading
import time
from dataclasses import dataclass, field

from steward.runtime.clock import SYSTEM_CLOCK, Clock
from steward.runtime.memory import MEBIBYTE, LeakDetector, MemoryGuard, resident_reader
from steward.runtime.memory.tracked import TrackedObjects
from steward.runtime.monitor import Alerts, LoopWatch, Monitor, ResourceMeter


@dataclass(frozen=True, slots=True)
class ProcessUsage:
    """
    One reading.

    Attributes:
        memory_mb: resident set size, in MiB.
        cpu_percent: of one core since the last reading.

    """

    memory_mb: float
    cpu_percent: float
    threads: int


class ProcessMeter:
    """Reads the usage of this process."""

    def __init__(self) -> None:
        self._resident = resident_reader(exact=False)
        self._read_at, self._cpu = time.monotonic(), time.process_time()

    def read(self) -> ProcessUsage:
        now, cpu = time.monotonic(), time.process_time()
        passed, used = now - self._read_at, cpu - self._cpu
        self._read_at, self._cpu = now, cpu
        percent = 100 * used / passed if passed > 0 else 0.0
        return ProcessUsage(self._resident() / MEBIBYTE, percent, threading.active_count())


HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Measuring:
    """The measuring parts of the runtime; `loop` works on wall time only."""

    monitor: Monitor
    guard: MemoryGuard
    alerts: Alerts
    meter: ResourceMeter
    clock: Clock = SYSTEM_CLOCK
    loop: LoopWatch | None = None
    leak: LeakDetector = field(default_factory=LeakDetector)
    tracked: TrackedObjects = field(default_factory=TrackedObjects)

    async def run(self, interval: float) -> None:
        """
        Check memory and alerts every `interval` seconds and sample every second time.

        One loop for all: an idle bot should rarely wake up.
        """
        samples = True
        while True:
            await self.guard.check()
            self.leak.add(self.clock.monotonic() / HOUR, self.guard.used / MEBIBYTE)
            if samples:
                self.monitor.sample()
            samples = not samples
            await self.alerts.check()
            await asyncio.sleep(interval)
