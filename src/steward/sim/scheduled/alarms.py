"""Timers by key, for threads to archive and for events and polls to end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from datetime import datetime

from steward.runtime.clock import Clock


class Alarms:
    """Timers by key on the running loop; a new one replaces an earlier one with the same key."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._timers: dict[Hashable, asyncio.TimerHandle] = {}

    def set(self, key: Hashable, at: datetime, ring: Callable[[], None]) -> None:
        """Call `ring` at a time, or as soon as possible if it has passed."""
        self.cancel(key)
        self._timers[key] = self._timer(key, at, ring)

    def cancel(self, key: Hashable) -> None:
        """Cancel an alarm, if it is set."""
        if (timer := self._timers.pop(key, None)) is not None:
            timer.cancel()

    def close(self) -> None:
        """Cancel all alarms."""
        for key in tuple(self._timers):
            self.cancel(key)

    def _timer(self, key: Hashable, at: datetime, ring: Callable[[], None]) -> asyncio.TimerHandle:
        seconds = (at - self._clock.now()).total_seconds()
        return asyncio.get_running_loop().call_later(max(0.0, seconds), self._due, key, at, ring)

    def _due(self, key: Hashable, at: datetime, ring: Callable[[], None]) -> None:
        if self._clock.now() < at:  # the loop's clock is slightly ahead
            self._timers[key] = self._timer(key, at, ring)
            return
        self._timers.pop(key, None)
        ring()
