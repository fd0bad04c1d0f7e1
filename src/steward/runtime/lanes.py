"""Work in lanes: one item at a time within a lane, lanes in parallel and in turn."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from math import inf

from steward.errors import NeedsOperator, NotReady
from steward.runtime.backoff import full_jitter
from steward.runtime.clock import Clock
from steward.runtime.logs.loggers import get_logger
from steward.runtime.waiting import wait_within

log = get_logger(__name__)

AT_ONCE = 10
IN_FLIGHT = 100
PATIENCE = 5.0
"""Seconds after which a slow lane frees its slot for another."""
WATCH = 60.0


class WorkLanes:
    """
    Serves lanes round robin, ten at once.

    A busy lane does not delay the others: after each turn it goes to the end. Nor does a slow one, as in an outage:
    after five seconds another lane starts beside it, up to a hundred.

    Args:
        work: what is done, for the log.
        look: returns the lanes with due work, in order, and the epoch time of the next due work.
        serve: does one turn of a lane; one call at a time per lane.
        clock: may jump.
        look_every: longest interval between two calls of `look`, in seconds.
        watch: seconds within which a clock jump is noticed.

    """

    def __init__(
        self,
        work: str,
        look: Callable[[], Awaitable[tuple[Iterable[int], float | None]]],
        serve: Callable[[int], Awaitable[None]],
        clock: Clock,
        *,
        look_every: float,
        watch: float = WATCH,
    ) -> None:
        self._work = work
        self._look = look
        self._serve = serve
        self._clock = clock
        self._look_every = look_every
        self._watch = watch
        self._turn = deque[int]()
        self._busy: set[int] = set()
        self._in_slot: set[int] = set()
        self._wake = asyncio.Event()

    async def run(self, wake: asyncio.Event) -> None:
        """Serve until cancelled; set `wake` when there may be new work."""
        self._turn.clear()
        self._busy.clear()
        self._in_slot.clear()
        self._wake = wake
        async with asyncio.TaskGroup() as running:
            while True:
                wake.clear()
                await self._sleep(await self._begin(running))

    async def _begin(self, running: asyncio.TaskGroup) -> float | None:
        """Start lanes while there are free slots; return when to look again, None to wait for `wake`."""
        looked, upcoming = False, None
        while len(self._in_slot) < AT_ONCE and len(self._busy) < IN_FLIGHT:
            if self._turn:
                lane = self._turn.popleft()
                self._busy.add(lane)
                self._in_slot.add(lane)
                running.create_task(self._do(lane), name=f"{self._work} in {lane}")
                continue
            if looked:
                return inf if upcoming is None else upcoming
            try:
                found, upcoming = await self._look()
            except (NotReady, NeedsOperator) as error:
                log.warning("work_delayed", work=self._work, error=str(error))
                return self._clock.now().timestamp() + full_jitter(3)
            looked = True
            self._turn.extend(lane for lane in found if lane not in self._busy)
        return None

    async def _do(self, lane: int) -> None:
        slow = asyncio.get_running_loop().call_later(PATIENCE, self._free_slot, lane)
        try:
            await self._serve(lane)
        except (NotReady, NeedsOperator) as error:  # database unavailable: the result could not be saved
            log.warning("work_delayed", work=self._work, lane=lane, error=str(error))
            await asyncio.sleep(full_jitter(3))
        finally:
            slow.cancel()
            self._busy.discard(lane)
            self._free_slot(lane)

    def _free_slot(self, lane: int) -> None:
        self._in_slot.discard(lane)
        self._wake.set()

    async def _sleep(self, until: float | None) -> None:
        """Wait until a time of the clock, which may jump, or until woken."""
        latest = self._clock.monotonic() + self._look_every  # the clock may be put back
        while not self._wake.is_set():
            left = self._watch
            if until is not None:
                left = min(until - self._clock.now().timestamp(), latest - self._clock.monotonic())
            if left <= 0:
                return
            await wait_within(self._wake, None if until is None else min(left, self._watch))
