"""Work in lanes: within a lane one thing after the other, lanes beside each other and in turn."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from math import inf

from steward.errors import NeedsOperator, NotReady
from steward.runtime.backoff import full_jitter
from steward.runtime.clock import Clock
from steward.runtime.logs.loggers import get_logger

log = get_logger(__name__)

AT_ONCE = 10
IN_FLIGHT = 100
PATIENCE = 5.0
"""Seconds after which a lane that waits for an answer gives its place to another."""
WATCH = 60.0


class WorkLanes:
    """
    Serves lanes in turn, ten at once.

    A lane with much to do holds up no other: after its turn all others that have something to do come first. Nor does
    one whose answers are long in coming, as in an outage: after five seconds another is begun beside it, up to a
    hundred.

    Args:
        work: what is done, as the log names it.
        look: reads the lanes in which there is something to do now, in order, and when there is more, in seconds since
            the epoch.
        serve: does what is one turn of a lane; called once at a time for a lane.
        clock: the time, which may be set.
        look_every: seconds between two looks at the most.
        watch: seconds within which it is noticed that the clock was put forward.

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
        self._placed: set[int] = set()
        self._wake = asyncio.Event()

    async def run(self, wake: asyncio.Event) -> None:
        """Serve until cancelled; `wake` is set by others when there may be something new to do."""
        self._turn.clear()
        self._busy.clear()
        self._placed.clear()
        self._wake = wake
        async with asyncio.TaskGroup() as running:
            while True:
                wake.clear()
                await self._sleep(await self._begin(running))

    async def _begin(self, running: asyncio.TaskGroup) -> float | None:
        """Begin as many as there is place for; return when there is more to begin, None where something will wake."""
        looked, upcoming = False, None
        while len(self._placed) < AT_ONCE and len(self._busy) < IN_FLIGHT:
            if self._turn:
                lane = self._turn.popleft()
                self._busy.add(lane)
                self._placed.add(lane)
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
        slow = asyncio.get_running_loop().call_later(PATIENCE, self._give_way, lane)
        try:
            await self._serve(lane)
        except (NotReady, NeedsOperator) as error:  # the database's own: nothing could be noted
            log.warning("work_delayed", work=self._work, lane=lane, error=str(error))
            await asyncio.sleep(full_jitter(3))
        finally:
            slow.cancel()
            self._busy.discard(lane)
            self._give_way(lane)

    def _give_way(self, lane: int) -> None:
        self._placed.discard(lane)
        self._wake.set()

    async def _sleep(self, until: float | None) -> None:
        """Wait until an instant of the clock, which may be set meanwhile, or until there may be something to do."""
        latest = self._clock.monotonic() + self._look_every  # the clock may be put back
        while not self._wake.is_set():
            left = self._watch
            if until is not None:
                left = min(until - self._clock.now().timestamp(), latest - self._clock.monotonic())
            if left <= 0:
                return
            with suppress(TimeoutError):
                async with asyncio.timeout(None if until is None else min(left, self._watch)):
                    await self._wake.wait()
