"""What measures the process, together: for those who show it."""

from __future__ import annotations

from dataclasses import dataclass

from steward.runtime.memory import LeakDetector, MemoryGuard
from steward.runtime.memory.tracked import TrackedObjects
from steward.runtime.monitor import Alerts, LoopWatch, Monitor, ResourceMeter


@dataclass(frozen=True, slots=True)
class Measuring:
    """The parts of the runtime that measure; the loop is watched on the wall clock only."""

    monitor: Monitor
    guard: MemoryGuard
    leak: LeakDetector
    alerts: Alerts
    loop: LoopWatch | None
    meter: ResourceMeter
    tracked: TrackedObjects
