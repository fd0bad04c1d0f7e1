"""The controls of the simulated clock, where there is one."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from steward.runtime.clock import Clock
from steward.sim.people.user import Json
from steward.sim.time import AcceleratedLoop

MIN_SPEED, MAX_SPEED = 0.1, 1_000_000


class ClockControl:
    """
    Stops, speeds up and moves the clock of the loop it is made in; on an ordinary loop it can't.

    Args:
        clock: the simulator's.

    """

    def __init__(self, clock: Clock) -> None:
        loop = asyncio.get_running_loop()
        self._clock = clock
        self._loop = loop if isinstance(loop, AcceleratedLoop) else None
        self._speed_before = self._loop.speed if self._loop is not None else None
        self._moving = self._speed_before if self._speed_before != 0 else 1.0  # at the end of a pause
        self._until: datetime | None = None

    def let_go(self) -> None:
        """Let the clock run as it did before the page."""
        if self._loop is not None:
            self._loop.run_until(0)
            self._loop.speed = self._speed_before

    def state(self) -> Json:
        """Return the time and the speed."""
        now = self._clock.now()
        if self._until is not None and now >= self._until:
            self._until = None
        return {
            "now": now.isoformat(),
            "speed": 1 if self._loop is None else self._loop.speed,
            "controls": self._loop is not None,
            "until": self._until.isoformat() if self._until is not None else None,
            "resume": self._moving,
        }

    def set_speed(self, speed: float | None) -> None:
        """
        Change the speed: 0 stops the clock, None lets it run as fast as it can.

        Raises:
            PermissionError: the clock is the machine's.
            ValueError: the speed is out of range.

        """
        loop = self._need_loop()
        if speed and not MIN_SPEED <= speed <= MAX_SPEED:
            raise ValueError(f"Choose a speed from {MIN_SPEED} to {MAX_SPEED:,}, or 0.")
        if speed == 0 and loop.speed != 0:
            self._moving = loop.speed  # not always set here: a demo has speeds of its own
        loop.speed = speed
        loop.run_until(0)
        self._until = None

    def run_until(self, instant: datetime) -> None:
        """
        Run to an instant as fast as possible, then at the set speed again.

        Raises:
            PermissionError: the clock is the machine's.
            ValueError: the instant is past, or more than a year ahead.

        """
        loop, ahead = self._need_loop(), instant - self._clock.now()
        if not timedelta() < ahead <= timedelta(days=366):
            raise ValueError("Choose an instant that is ahead, at most a year.")
        loop.run_until(loop.time() + ahead.total_seconds())
        self._until = instant

    def _need_loop(self) -> AcceleratedLoop:
        if self._loop is None:
            raise PermissionError("This simulator runs in real time: its bots are other processes.")
        return self._loop
