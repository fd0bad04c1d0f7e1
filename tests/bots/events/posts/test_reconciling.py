"""Things are brought to what they should be: one after the other in a lane, lanes beside each other."""

import asyncio
from contextlib import asynccontextmanager, suppress

from steward.bots.events.posts.reconciling import Reconciler
from steward.client.rest.errors import TryLater
from steward.store import open_store

BUSY, LANES = 1000, 1000


class Bringing:
    """Notes when things are brought, each of lane number // 1000."""

    def __init__(self, store, seconds):
        self.began, self.ended, self.failing = [], [], set()
        self._seconds = seconds
        self.reconciler = Reconciler(
            store, find=lambda _: [], bring=self._bring, lane=lambda _, number: number // LANES
        )

    async def _bring(self, number):
        self.began.append(number)
        await asyncio.sleep(self._seconds(number))
        if number in self.failing:
            raise TryLater("Discord has an outage.")
        self.ended.append(number)
        return True


@asynccontextmanager
async def bringing(clock, tmp_path, seconds=lambda _: 1.0):
    async with open_store(tmp_path / "s.sqlite3", clock) as store:
        made = Bringing(store, seconds)
        running = asyncio.create_task(made.reconciler.run())
        yield made
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def test_the_things_of_a_lane_are_brought_one_after_the_other_the_longest_waiting_first(clock, tmp_path):
    async with bringing(clock, tmp_path) as made:
        for number in range(20):
            made.reconciler.changed(BUSY + number)
        await asyncio.sleep(10.5)
        made.reconciler.changed(BUSY)  # anew: behind those that wait
        await asyncio.sleep(0.1)
        assert (len(made.began), len(made.ended)) == (11, 10)
        await asyncio.sleep(60)
        assert made.ended == [*range(BUSY, BUSY + 20), BUSY]


async def test_a_lane_with_much_to_do_holds_up_no_other(clock, tmp_path):
    async with bringing(clock, tmp_path, lambda number: 25.0 if number // LANES == 1 else 0.1) as made:
        for number in range(100):
            made.reconciler.changed(BUSY + number)
        await asyncio.sleep(1)
        for lane in range(2, 30):
            made.reconciler.changed(lane * LANES)
        await asyncio.sleep(1)
        assert sorted(made.ended) == [lane * LANES for lane in range(2, 30)]


async def test_what_fails_in_a_lane_lets_the_next_pass(clock, tmp_path):
    async with bringing(clock, tmp_path) as made:
        made.failing = {BUSY}
        for number in range(3):
            made.reconciler.changed(BUSY + number)
        await asyncio.sleep(10)
        assert made.ended == [BUSY + 1, BUSY + 2]
        made.failing.clear()
        await asyncio.sleep(60)
        assert made.ended[2:] == [BUSY]
