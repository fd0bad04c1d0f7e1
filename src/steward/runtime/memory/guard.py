"""
Watches the memory of the process, and has others give some up when it becomes scarce.

    guard = MemoryGuard(resident_reader(), memory_limit(800), clock)
    guard.on(Pressure.MEDIUM, "shrink caches", cache.shrink)
    guard.on(Pressure.HIGH, "collect garbage", collect_garbage)
    tasks.start("watch memory", guard.run)

Guarantees: a relief is called when its level, or a higher one, is reached, and again every `AGAIN_AFTER` seconds while
it holds; the mildest first, and last those that give back what the others freed. One that fails costs itself only. What
each freed is measured. Those of `Pressure.LOW` are sweeps: they join in under pressure, and whoever sweeps from time to
time calls `relieve(Pressure.LOW)`.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from math import inf

from steward.runtime.clock import SYSTEM_CLOCK, Clock
from steward.runtime.logs.loggers import get_logger
from steward.runtime.memory.pressure import Pressure, Thresholds
from steward.runtime.memory.resident import MEBIBYTE, ReadBytes

log = get_logger(__name__)

AGAIN_AFTER = 300.0  # seconds

Act = Callable[[], object | Awaitable[object]]


@dataclass(slots=True)
class Relief:
    """
    One way to free memory.

    Attributes:
        calls: how often it was called.
        freed: bytes by which the process was smaller right after, over all calls; less than 0 if it grew.
        last_error: why it failed the last time; None when it did not.

    """

    name: str
    level: Pressure
    act: Act
    last: bool = False
    calls: int = 0
    freed: int = 0
    last_error: str | None = None


class MemoryGuard:
    """
    See the module.

    Args:
        read: returns the bytes that the process takes.
        limit: the bytes it may take, at least 1.
        thresholds: the shares of the limit at which the levels begin.

    Attributes:
        limit: the bytes it may take.
        thresholds: as given.
        level: the pressure at the last reading.
        used: the bytes of the last reading.
        reliefs: in the order in which they are called.

    """

    def __init__(
        self,
        read: ReadBytes,
        limit: int,
        clock: Clock = SYSTEM_CLOCK,
        *,
        thresholds: Thresholds | None = None,
    ) -> None:
        if limit < 1:
            raise ValueError(f"The limit is {limit} bytes; it must be at least 1.")
        self._read = read
        self._clock = clock
        self.thresholds = thresholds or Thresholds()
        self._relieved_at = -inf
        self.limit = limit
        self.used = 0
        self.level = Pressure.LOW
        self.reliefs: list[Relief] = []

    def on(self, level: Pressure, name: str, act: Act, *, last: bool = False) -> None:
        """
        Have `act` called, and awaited if it returns an awaitable, when `level` or a higher one is reached.

        Args:
            level: from which pressure on.
            name: one of its own.
            act: frees something.
            last: it gives back what the others have freed, so it comes after them all.

        Raises:
            ValueError: the name is taken.

        """
        if any(relief.name == name for relief in self.reliefs):
            raise ValueError(f"There is a relief named {name!r} already.")
        self.reliefs.append(Relief(name, level, act, last))
        self.reliefs.sort(key=lambda relief: (relief.last, relief.level))

    @property
    def share(self) -> float:
        """The part of the limit that was taken at the last reading; above 1 when the limit is only a budget."""
        return self.used / self.limit

    @property
    def spare(self) -> bool:
        """Whether there is memory for optional work: the pressure is not critical."""
        return self.level < Pressure.CRITICAL

    async def check(self) -> Pressure:
        """Take a reading, and relieve if it is due; return the level that was read."""
        before = self.level
        level = self._look()
        if level != before:
            figures = {"used_mb": round(self.used / MEBIBYTE, 1), "limit_mb": round(self.limit / MEBIBYTE)}
            if level > before:
                log.warning("memory_scarce", pressure=level.name.lower(), **figures)
            else:
                log.info("memory_less_scarce", pressure=level.name.lower(), **figures)
        due = self._clock.monotonic() >= self._relieved_at + AGAIN_AFTER
        if level > before or (level > Pressure.LOW and due):
            await self.relieve(level)
        return level

    async def relieve(self, level: Pressure = Pressure.CRITICAL) -> int:
        """Call the reliefs of `level` and below now, and return the bytes by which the process is smaller."""
        self._relieved_at = self._clock.monotonic()
        chosen = [relief for relief in self.reliefs if relief.level <= level]
        began = self.used = self._read()
        freed = {relief.name: round(await self._call(relief) / MEBIBYTE, 2) for relief in chosen}
        self._look()
        if chosen and level > Pressure.LOW:
            log.info("memory_relieved", pressure=level.name.lower(), freed_mb=freed)
        return began - self.used

    async def run(self, interval: float = 15.0) -> None:
        """Check every `interval` seconds, for ever."""
        while True:
            await self.check()
            await asyncio.sleep(interval)

    def _look(self) -> Pressure:
        self.used = self._read()
        self.level = self.thresholds.follow(self.level, self.share)
        return self.level

    async def _call(self, relief: Relief) -> int:
        """Call one and return the bytes it freed."""
        before = self._read()
        relief.calls += 1
        try:
            result = relief.act()
            if inspect.isawaitable(result):
                await result
        except Exception as error:
            relief.last_error = f"{type(error).__name__}: {error}"
            log.error("memory_relief_failed", relief=relief.name, exc_info=error)
        else:
            relief.last_error = None
        freed = before - self._read()
        relief.freed += freed
        return freed
