"""Work of guilds: what fails holds up nothing else, the latest counts, and what is too much is read anew."""

import asyncio
from contextlib import asynccontextmanager, suppress
from functools import partial

from steward.bots.events.native.guild_queues import AT_ONCE, MAX_OF_A_GUILD, MOST, GuildQueues
from steward.client.rest.errors import TryLater

HOUR = 3600


class Work:
    """Notes what was done, and fails for what is said to fail."""

    def __init__(self):
        self.done, self.tried, self.failing, self.odd, self.reread = [], 0, set(), set(), []
        self.at_once = self.most_at_once = 0
        self.queues = GuildQueues(self._reread)

    async def _reread(self, guild_id):
        if "reread" in self.failing:
            raise TryLater("Discord has an outage.")
        self.reread.append(guild_id)

    def put(self, guild_id, key, value=None, seconds=0.0):
        self.queues.put(guild_id, key, partial(self._do, guild_id, key, value, seconds))

    async def _do(self, guild_id, key, value, seconds):
        self.tried += 1
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        await asyncio.sleep(seconds)
        self.at_once -= 1
        if self.failing & {guild_id, (guild_id, key)}:
            raise TryLater("Discord has an outage.")
        if (guild_id, key) in self.odd:
            raise LookupError(key)
        self.done.append((guild_id, key, value))


@asynccontextmanager
async def working():
    work = Work()
    running = asyncio.create_task(work.queues.run())
    yield work
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_each_guild_has_its_work_done_in_order():
    async with working() as work:
        for number in range(5):
            work.put(1, number)
        await asyncio.sleep(1)
        assert [key for _, key, _ in work.done] == [0, 1, 2, 3, 4]


async def test_of_the_same_thing_only_the_latest_is_done_and_it_waits_anew():
    async with working() as work:
        for key, value in (("a", 1), ("b", 2), ("a", 3)):
            work.put(1, key, value)
        await asyncio.sleep(1)
        assert work.done == [(1, "b", 2), (1, "a", 3)]


async def test_a_guild_whose_work_fails_for_an_hour_holds_up_no_other_and_is_said_to():
    async with working() as work:
        work.failing = {1}
        work.put(1, "a", seconds=25)
        work.put(2, "a")
        await asyncio.sleep(1)
        assert work.done == [(2, "a", None)]
        await asyncio.sleep(HOUR)
        assert work.queues.failures == {1: "Discord has an outage."}
        assert 20 < work.tried < HOUR / 25
        work.failing.clear()
        await asyncio.sleep(120)
        assert work.done[1:] == [(1, "a", None)]
        assert work.queues.failures == {}


async def test_one_thing_that_fails_holds_up_no_other_of_its_guild():
    async with working() as work:
        work.failing = {(1, key) for key in "abcdefgh"}
        for key in "abcdefghij":
            work.put(1, key, seconds=25)
        await asyncio.sleep(1200)
        assert [key for _, key, _ in work.done] == ["i", "j"]


async def test_what_came_while_it_failed_replaces_it():
    async with working() as work:
        work.failing = {1}
        work.put(1, "a", "old", seconds=5)
        await asyncio.sleep(2)
        work.put(1, "a", "new")
        await asyncio.sleep(60)
        work.failing.clear()
        await asyncio.sleep(120)
        assert work.done == [(1, "a", "new")]


async def test_a_queue_that_is_too_long_is_dropped_and_its_guild_read_anew():
    async with working() as work:
        work.failing = {1, "reread"}
        for number in range(10 * MAX_OF_A_GUILD):
            work.put(1, number)
        work.put(2, "a")
        await asyncio.sleep(HOUR)
        assert (work.done, work.reread) == ([(2, "a", None)], [])
        work.failing.clear()
        await asyncio.sleep(120)
        assert work.reread == [1]


async def test_all_queues_together_are_bounded_and_the_longest_is_dropped():
    async with working() as work:
        work.failing = {"reread", *range(100)}
        for number in range(MAX_OF_A_GUILD - 1):
            work.put(99, number)
        for number in range(2 * MOST // 100):
            for guild in range(99):
                work.put(guild, number)
        assert sum(len(queue.waiting) for queue in work.queues._queues.values()) <= MOST
        work.failing.clear()
        await asyncio.sleep(HOUR)
        assert 99 in work.reread
        done = {guild for guild, _, _ in work.done}
        assert done | set(work.reread) == set(range(100))
        assert len(work.done) + MAX_OF_A_GUILD * len(work.reread) >= 2 * MOST


async def test_no_more_than_so_many_guilds_at_once():
    async with working() as work:
        for guild in range(5 * AT_ONCE):
            work.put(guild, "a", seconds=1)
        await asyncio.sleep(60)
        assert (len(work.done), work.most_at_once) == (5 * AT_ONCE, AT_ONCE)


async def test_f61_work_of_one_guild_that_fails_for_no_known_reason_is_passed_over():
    async with working() as work:
        work.odd = {(1, "a")}
        for guild_id, key in ((1, "a"), (1, "b"), (2, "a")):
            work.put(guild_id, key)
        await asyncio.sleep(1)
        assert {(guild_id, key) for guild_id, key, _ in work.done} == {(1, "b"), (2, "a")}
        assert not work.queues.failures
