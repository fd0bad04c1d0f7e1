"""Everything that measures the process, and the loop that runs it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from steward.runtime.clock import SYSTEM_CLOCK, Clock
from steward.runtime.memory import MEBIBYTE, LeakDetector, MemoryGuard
from steward.runtime.memory.tracked import TrackedObjects
from steward.runtime.monitor import Alerts, LoopWatch, Monitor, ResourceMeter

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
