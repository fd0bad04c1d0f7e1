"""Work in lanes: in order within a lane, round robin between them."""

import asyncio
from collections import Counter
from contextlib import asynccontextmanager, suppress

from steward.errors import NotReady
from steward.runtime.lanes import AT_ONCE, WorkLanes


class Waiting:
    """What waits in each lane, and what was done when."""

    def __init__(self, clock, seconds=lambda _: 1.0):
        self.left, self.done, self.busy, self.most = Counter(), [], Counter(), 0
        self.later, self.looks, self.failing = None, 0, set()
        self._clock, self._seconds = clock, seconds
        self.lanes = WorkLanes("do it", self._look, self._serve, clock, look_every=3600, watch=60)
        self.wake = asyncio.Event()

    def put(self, lane, count=1):
        self.left[lane] += count
        self.wake.set()

    async def _look(self):
        self.looks += 1
        if "look" in self.failing:
            raise NotReady("The database is away.")
        later, self.later = self.later, None
        return sorted(lane for lane, left in self.left.items() if left > 0), later

    async def _serve(self, lane):
        self.busy[lane] += 1
        assert self.busy[lane] == 1
        self.most = max(self.most, self.busy.total())
        try:
            await asyncio.sleep(self._seconds(lane))
            if lane in self.failing:
                raise NotReady("The database is away.")
            self.left[lane] -= 1
            self.done.append(lane)
        finally:
            self.busy[lane] -= 1


@asynccontextmanager
async def serving(waiting):
    running = asyncio.create_task(waiting.lanes.run(waiting.wake))
    yield waiting
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_lanes_are_served_round_robin_ten_at_once_and_one_call_each(clock):
    async with serving(Waiting(clock)) as waiting:
        waiting.put(1, 1000)
        await asyncio.sleep(3.5)
        for lane in range(2, 22):
            waiting.put(lane)
        await asyncio.sleep(4)
        assert sorted(set(waiting.done)) == list(range(1, 22)), "one with much to do holds up no other"
        assert waiting.most == AT_ONCE
        await asyncio.sleep(1000)
        assert waiting.done.count(1) == 1000


async def test_slow_lanes_free_their_slots(clock):
    async with serving(Waiting(clock, lambda lane: 30.0 if lane < 50 else 0.1)) as waiting:
        for lane in range(60):
            waiting.put(lane)
        await asyncio.sleep(29)
        assert sorted(waiting.done) == list(range(50, 60))
        waiting.put(70)
        await asyncio.sleep(0.5)
        assert 70 in waiting.done


async def test_a_failing_lane_or_look_is_retried_and_blocks_no_other(clock):
    async with serving(Waiting(clock)) as waiting:
        waiting.failing = {1}
        for lane in (1, 2):
            waiting.put(lane)
        await asyncio.sleep(20)
        assert waiting.done == [2]
        waiting.failing = {"look"}
        await asyncio.sleep(20)
        waiting.failing.clear()
        await asyncio.sleep(10)
        assert waiting.done == [2, 1]


async def test_it_looks_again_when_work_is_due_and_notices_clock_jumps(clock):
    jump = [0.0]

    class Jumping:
        def now(self):
            return type(clock.now()).fromtimestamp(clock.now().timestamp() + jump[0], clock.now().tzinfo)

        def monotonic(self):
            return clock.monotonic()

    async with serving(Waiting(Jumping())) as waiting:
        waiting.later = clock.now().timestamp() + 1800
        waiting.wake.set()
        await asyncio.sleep(1700)
        looks = waiting.looks
        waiting.left[1] = 1
        await asyncio.sleep(110)
        assert (waiting.looks > looks, waiting.done) == (True, [1])
        assert waiting.looks < looks + 5
        waiting.later = clock.now().timestamp() + 3000
        waiting.wake.set()
        await asyncio.sleep(1)
        waiting.left[2] = 1
        jump[0] = 3000.0
        await asyncio.sleep(61)
        assert waiting.done == [1, 2]
