"""Time as an argument: what the hour is. Waiting is the event loop's (`asyncio.sleep`), on the same clock."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time; the simulator's clock runs faster than the wall's."""

    def now(self) -> datetime:
        """Return the current instant, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never go back, on the scale of the running event loop's `time()`."""
        ...


class SystemClock:
    """The machine's own clock; `monotonic()` is that of the running event loop, so accelerated time moves it too."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        try:
            return asyncio.get_running_loop().time()
        except RuntimeError:  # outside of one; asyncio's own loops go by the same clock
            return time.monotonic()


SYSTEM_CLOCK = SystemClock()
"""What parts of the runtime go by unless they are given a clock."""
