"""A wall clock that can be set, on top of a test loop's clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from steward.runtime.clock import Clock


class SettableClock:
    """Its wall time differs from the loop's by the set offset and `error()`; a stall moves the monotonic clock, too."""

    def __init__(self, clock: Clock, error: Callable[[], timedelta] = timedelta) -> None:
        self._clock = clock
        self._error = error
        self._set = self._stalled = timedelta()

    def set_by(self, change: timedelta) -> None:
        self._set += change

    def stall(self, pause: timedelta) -> None:
        """Let time pass without the loop running, as while the process is stopped."""
        self._set += pause
        self._stalled += pause

    def now(self) -> datetime:
        return self._clock.now() + self._set + self._error()

    def monotonic(self) -> float:
        return self._clock.monotonic() + self._stalled.total_seconds()
