"""How fast a demo plays: as fast as it was started, and in real time while somebody is on its page."""

from __future__ import annotations

from datetime import datetime, timedelta

from steward.runtime.clock import Clock
from steward.sim.time import AcceleratedLoop

MORNING = timedelta(hours=12, minutes=4)  # a minute before 200 members want 12 seats
REAL_TIME = 1.0


class DemoSpeed:
    """
    Slows the clock down for visitors of the page.

    The weekend plays as fast as it can, whatever the speed, and the first morning fast, so that there is something to
    see; then time is real while somebody is there. A speed that a visitor has chosen is left alone, and ends with the
    visit.

    Args:
        clock: the simulator's.
        loop: the simulator's, at the speed of the demo.
        began: the midnight before that morning.
        slows: False if whoever started the demo has chosen its speed.

    Attributes:
        somebody: whether somebody is on the page.

    """

    def __init__(self, clock: Clock, loop: AcceleratedLoop, began: datetime, *, slows: bool) -> None:
        self.somebody = False
        self._loop = loop
        self._fast = loop.speed
        self._morning_over = False
        self._stays = False
        if slows:
            loop.call_later(max(0.0, (began + MORNING - clock.now()).total_seconds()), self._end_morning)
        loop.run_until(loop.time() + (began - clock.now()).total_seconds())

    def visited(self, somebody: bool) -> None:
        """Note that somebody is on the page, or nobody any more."""
        self.somebody = somebody
        if somebody:
            self._slow_down()
        else:
            self._loop.speed = REAL_TIME if self._stays else self._fast

    def stay(self) -> None:
        """Have time stay real from now on, for the visitor who is there when the days are over."""
        self._stays = True
        if self._loop.speed == self._fast:
            self._loop.speed = REAL_TIME

    def _end_morning(self) -> None:
        self._morning_over = True
        if self.somebody:
            self._slow_down()

    def _slow_down(self) -> None:
        if self._morning_over and self._loop.speed == self._fast:
            self._loop.speed = REAL_TIME
