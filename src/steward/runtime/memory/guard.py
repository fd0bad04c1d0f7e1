"""
Watches the memory of the process and frees some under pressure.

    guard = MemoryGuard(resident_reader(), memory_limit(800), clock)
    guard.on(Pressure.MEDIUM, "shrink caches", cache.shrink)
    guard.on(Pressure.HIGH, "collect garbage", collect_garbage)
    tasks.start("watch memory", guard.run)

Guarantees: a relief is called when its level or a higher one is reached, and every `AGAIN_AFTER` seconds while it
lasts, in order of level, with `last` ones at the end. A failing relief does not affect the others. The memory freed by
each is measured. Reliefs of `Pressure.LOW` are sweeps: they also run under pressure, and on `relieve(Pressure.LOW)`.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import IntEnum
from math import inf

from steward.runtime.clock import SYSTEM_CLOCK, Clock
from steward.runtime.logs.loggers import get_logger
from steward.runtime.memory.resident import MEBIBYTE, ReadBytes

log = get_logger(__name__)
AGAIN_AFTER = 300.0  # seconds


class Pressure(IntEnum):
    """How scarce memory is, in four levels with hysteresis; ordered."""

    LOW = 0
    MEDIUM = 1
    HIGH = 2
    CRITICAL = 3


@dataclass(frozen=True, slots=True)
class Thresholds:
    """
    Shares of the limit, 0 to 1, at which the levels begin.

    Args:
        medium: inclusive.
        high: exclusive.
        critical: exclusive.
        slack: a level is left only when the share is this far below its threshold.

    Raises:
        ValueError: they do not ascend between 0 and 1, or the slack is not less than the first.

    """

    medium: float = 0.50
    high: float = 0.70
    critical: float = 0.85
    slack: float = 0.03

    def __post_init__(self) -> None:
        if not 0 < self.medium < self.high < self.critical <= 1:
            raise ValueError(f"The thresholds must ascend between 0 and 1: {self}.")
        if not 0 <= self.slack < self.medium:
            raise ValueError(f"The slack must be less than the first threshold: {self}.")

    def level(self, share: float) -> Pressure:
        """Return the level of a share, without hysteresis."""
        if share > self.critical:
            return Pressure.CRITICAL
        if share > self.high:
            return Pressure.HIGH
        return Pressure.MEDIUM if share >= self.medium else Pressure.LOW

    def follow(self, before: Pressure, share: float) -> Pressure:
        """Return the level after `before`: up at once, down only beyond the slack."""
        now = self.level(share)
        return now if now >= before else min(before, self.level(share + self.slack))


Act = Callable[[], object | Awaitable[object]]


@dataclass(slots=True)
class Relief:
    """
    One way to free memory.

    Attributes:
        freed: total bytes by which the process shrank; negative if it grew.
        last_error: of the last call; None if it succeeded.

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
        limit: bytes, at least 1.
        thresholds: shares of the limit at which the levels begin.

    Attributes:
        level: pressure at the last reading.
        used: bytes at the last reading.
        reliefs: in calling order.

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
        Call `act`, sync or async, when `level` or a higher one is reached.

        Args:
            name: unique.
            last: call it after all others, to return memory they have freed to the system.

        Raises:
            ValueError: the name is taken.

        """
        if any(relief.name == name for relief in self.reliefs):
            raise ValueError(f"A relief named {name!r} exists already.")
        self.reliefs.append(Relief(name, level, act, last))
        self.reliefs.sort(key=lambda relief: (relief.last, relief.level))

    @property
    def share(self) -> float:
        """Used share of the limit at the last reading; may exceed 1."""
        return self.used / self.limit

    @property
    def has_headroom(self) -> bool:
        """Whether there is memory for optional work: pressure is below critical."""
        return self.level < Pressure.CRITICAL

    async def check(self) -> Pressure:
        """Take a reading, relieve if needed, and return the level read."""
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
        """Call the reliefs up to `level` and return the bytes freed."""
        self._relieved_at = self._clock.monotonic()
        chosen = [relief for relief in self.reliefs if relief.level <= level]
        began = self.used = self._read()
        freed = {relief.name: round(await self._call(relief) / MEBIBYTE, 2) for relief in chosen}
        self._look()
        if chosen and level > Pressure.LOW:
            log.info("memory_relieved", pressure=level.name.lower(), freed_mb=freed)
        return began - self.used

    async def run(self, interval: float = 15.0) -> None:
        """Check every `interval` seconds, forever."""
        while True:
            await self.check()
            await asyncio.sleep(interval)

    def _look(self) -> Pressure:
        self.used = self._read()
        self.level = self.thresholds.follow(self.level, self.share)
        return self.level

    async def _call(self, relief: Relief) -> int:
        """Call one relief and return the bytes it freed."""
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
