"""Time as an argument. To wait, use `asyncio.sleep`, which follows the same clock."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time; the simulator's clock can run faster than the wall clock."""

    def now(self) -> datetime:
        """Return the current time, aware, in UTC."""

    def monotonic(self) -> float:
        """Return monotonic seconds, on the scale of the running event loop's `time()`."""


class SystemClock:
    """The machine's clock; `monotonic()` is the running event loop's, so it follows accelerated time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        try:
            return asyncio.get_running_loop().time()
        except RuntimeError:  # no running loop; asyncio's own loops use this clock
            return time.monotonic()


SYSTEM_CLOCK = SystemClock()
"""The default clock."""
