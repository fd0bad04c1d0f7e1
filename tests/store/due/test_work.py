"""What is due is done once each, whatever fails, whoever kills and however the clock jumps."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from functools import partial
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steward.errors import NotReady
from steward.runtime.clock import SystemClock
from steward.sim import time as accelerated
from steward.store import kv, open_store
from steward.store.due import due
from steward.store.due.work import DueKind, DueWork
from tests.store.settable_clock import SettableClock
from tests.store.test_crash_points import Steps, stepping

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


class World:
    """What fails, and how often anything was tried: it outlives the process."""

    def __init__(self):
        self.broken, self.away, self.slow = set(), set(), {}
        self.tried = Counter()
        self.order = []

    async def prepare(self, item):
        self.tried[item.number] += 1
        await asyncio.sleep(self.slow.get(item.guild_id, 0.001))
        if item.guild_id in self.away:
            raise NotReady("Discord is away.")
        return partial(self.effect, number=item.number)

    def effect(self, tx, number):
        if number in self.broken:
            raise ValueError(number)
        kv.put(tx, f"done {number}", str(int(kv.get(tx, f"done {number}") or 0) + 1))
        self.order.append(number)

    def work(self, store, clock, **options):
        return DueWork(store, clock, {"do": DueKind(self.prepare, lambda item: f"{item.number} isn't done")}, **options)


@asynccontextmanager
async def running(work):
    task = asyncio.create_task(work.run())
    try:
        yield work
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def put(store, clock, *numbers, guild=1, after=timedelta()):
    def work(tx):
        for number in numbers:
            due.put(tx, "do", number, clock.now() + after, guild_id=guild)

    await store.write(work)


async def done(store):
    rows = await store.read(lambda tx: tx.all("""SELECT "key", value FROM kv WHERE "key" LIKE 'done %'"""))
    return Counter({int(key.split()[1]): int(value) for key, value in rows})


async def test_it_is_done_at_its_time_and_in_order_within_a_guild(clock, tmp_path):
    world = World()
    async with open_store(tmp_path / "s.sqlite3", clock) as store, running(world.work(store, clock)):
        await put(store, clock, 1, after=30 * MINUTE)
        await put(store, clock, 2, after=10 * MINUTE)
        await asyncio.sleep(599)
        assert world.order == []
        await asyncio.sleep(2)
        assert world.order == [2]
        await put(store, clock, 3, 4, 5)
        await asyncio.sleep(1)
        assert world.order == [2, 3, 4, 5]
        await asyncio.sleep(1200)
        assert world.order == [2, 3, 4, 5, 1]
        assert not await store.read(lambda tx: tx.value("SELECT COUNT(*) FROM due"))


async def test_one_that_fails_rests_across_restarts_and_is_said_until_it_is_mended(clock, tmp_path):
    world = World()
    world.broken = {1}
    async with open_store(tmp_path / "s.sqlite3", clock) as store:
        await put(store, clock, 1, 2)
        async with running(world.work(store, clock)) as work:
            await asyncio.sleep(0.05)
            assert (work.problems, world.order) == ([], [2])
            await asyncio.sleep(120)
            assert work.problems == ["1 isn't done: ValueError, see the log. It's tried again every ten minutes."]
        tried = world.tried[1]
        assert tried == 5
        async with running(world.work(store, clock)) as work:  # the rest holds
            await asyncio.sleep(300)
            assert (world.tried[1], len(work.problems)) == (tried, 1)
            await asyncio.sleep(3600)
            assert world.tried[1] - tried == 6
            await store.write(lambda tx: due.forget(tx, ["do"], 1))
            await put(store, clock, 3)
            await asyncio.sleep(1)
            assert work.problems == []
            await put(store, clock, 1)
            await asyncio.sleep(1)
            world.broken.clear()
            await asyncio.sleep(60)
            assert world.order == [2, 3, 1]


async def test_what_is_due_of_a_guild_whose_answers_fail_or_hang_holds_up_no_other(clock, tmp_path):
    world = World()
    world.away, world.slow = {1}, dict.fromkeys(range(2, 20), 40.0)
    async with open_store(tmp_path / "s.sqlite3", clock) as store, running(world.work(store, clock)) as work:
        for guild in range(1, 20):
            await put(store, clock, *range(1000 * guild, 1000 * guild + 50), guild=guild)
        await asyncio.sleep(11)
        await put(store, clock, 1, guild=77)
        await asyncio.sleep(0.1)
        assert (world.order, work.problems) == ([1], [])
        world.away, world.slow = set(), {}
        await asyncio.sleep(120)
        assert len(world.order) == 19 * 50 + 1


async def test_only_what_is_due_of_its_own_guilds_and_kinds_is_done(clock, tmp_path):
    world = World()
    async with open_store(tmp_path / "s.sqlite3", clock) as store:
        work = world.work(store, clock, owns=lambda guild_id: guild_id % 2 == 1)
        async with running(work):
            for guild in range(1, 101):
                await put(store, clock, guild, guild=guild)
            await store.write(lambda tx: due.put(tx, "dance", 0, clock.now(), guild_id=1))
            await asyncio.sleep(5)
            assert sorted(world.order) == list(range(1, 101, 2))
        async with running(world.work(store, clock)):  # whoever owns them later
            await asyncio.sleep(5)
        assert len(world.order) == 100
        assert await store.read(lambda tx: tx.value("SELECT kind FROM due")) == "dance"


@pytest.mark.slow
async def test_ten_thousand_of_which_five_hundred_fail(clock, tmp_path):
    world = World()
    world.broken = set(range(0, 10_000, 20))
    async with open_store(tmp_path / "s.sqlite3", clock) as store:
        for guild in range(100):
            await put(store, clock, *range(guild * 100, guild * 100 + 100), guild=guild)
        async with running(world.work(store, clock)) as work:
            await asyncio.sleep(120)
            assert len(world.order) == 9500
            assert len(work.problems) == 500
            assert {world.tried[number] for number in world.broken} == {5}
            await asyncio.sleep(1200)
            assert {world.tried[number] for number in world.broken} == {7}
            assert set(await done(store)) == set(range(10_000)) - world.broken
            assert set((await done(store)).values()) == {1}


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.integers(0, 5), st.integers(-60, 600)),
        st.tuples(st.just("forget"), st.integers(0, 5)),
        st.tuples(st.just("break"), st.integers(0, 5)),
        st.tuples(st.just("mend"), st.integers(0, 5)),
        st.tuples(st.just("outage"), st.integers(0, 2)),
        st.tuples(st.just("end of outage"), st.integers(0, 2)),
        st.tuples(st.just("wait"), st.sampled_from([0.5, 30, 900])),
        st.tuples(st.just("restart")),
        st.tuples(st.just("set the clock"), st.sampled_from([-86400, -1000, 1000, 86400])),
    ),
    max_size=25,
)


@settings(max_examples=25)
@given(STEPS)
def test_whatever_happens_each_is_done_as_often_as_it_was_put_and_not_forgotten(tmp_path_factory, steps):
    path = tmp_path_factory.mktemp("due") / "s.sqlite3"
    accelerated.run(lambda clock: lives(path, SettableClock(clock), steps))


class Model:
    """What should be done how often; it learns what was done while nothing runs."""

    def __init__(self, store, clock):
        self.store, self.clock, self.world = store, clock, World()
        self.promised, self.waiting = Counter(), set()
        self.running = None

    async def start(self):
        self.running = asyncio.create_task(self.world.work(self.store, self.clock).run())

    async def stop(self):
        self.running.cancel()
        with suppress(asyncio.CancelledError):
            await self.running
        left = {number for (number,) in await self.store.read(lambda tx: tx.all("SELECT number FROM due"))}
        self.promised.update(self.waiting - left)
        self.waiting &= left
        assert left == self.waiting
        assert await done(self.store) == self.promised

    async def step(self, name, value=0, seconds=0):
        sets = {"break": self.world.broken.add, "mend": self.world.broken.discard}
        sets |= {"outage": self.world.away.add, "end of outage": self.world.away.discard}
        if name in sets:
            sets[name](value)
        elif name == "wait":
            await asyncio.sleep(value)
        elif name == "set the clock":
            self.clock.set_by(timedelta(seconds=value))
        else:
            await self.stop()
            if name == "put":
                await put(self.store, self.clock, value, guild=value % 3, after=timedelta(seconds=seconds))
                self.waiting.add(value)
            elif name == "forget":
                await self.store.write(lambda tx: due.forget(tx, ["do"], value))
                self.waiting.discard(value)
            await self.start()


async def lives(path, clock, steps):
    async with open_store(path, clock) as store:
        model = Model(store, clock)
        await model.start()
        for step in steps:
            await model.step(*step)
        model.world.broken.clear()
        model.world.away.clear()
        await asyncio.sleep(3 * 86400)
        await model.stop()
        assert not model.waiting


async def live(path, clock, world, steps):
    async with open_store(path, clock) as store:
        stepping(store, steps)
        prepare = world.prepare

        async def stepped(item):
            steps("before prepare")
            effect = await prepare(item)
            steps("after prepare")
            return effect

        world.prepare = stepped
        try:
            if not await store.read(lambda tx: kv.get(tx, "put")):
                await put(store, clock, 1, 2, 3)
                await store.write(lambda tx: kv.put(tx, "put", "yes"))
            async with running(world.work(store, clock)):
                await asyncio.sleep(700)
        finally:
            world.prepare = prepare
        return await done(store)


async def test_a_crash_at_any_step_has_each_done_once(clock, tmp_path):
    world, undisturbed = World(), Steps()
    world.broken = {2}
    await live(tmp_path / "undisturbed.db", clock, world, undisturbed)
    assert {"before _do", "after _do", "before put_off", "after put_off"} <= set(undisturbed.taken)
    for name, times in undisturbed.taken.items():
        for nth in range(1, times + 1):
            world, steps, path = World(), Steps((name, nth)), tmp_path / f"{name} {nth}.db"
            world.broken = {2}
            with suppress(BaseExceptionGroup, BaseException):
                await live(path, clock, world, steps)
            assert steps.crashed
            world.broken.clear()
            await asyncio.sleep(1)
            assert await live(path, clock, world, Steps()) == {1: 1, 2: 1, 3: 1}, f"after a crash at {name!r}, {nth}"


DO_UNTIL_KILLED = """
import asyncio, sys
from steward.runtime.clock import SystemClock
from steward.store import open_store
from tests.store.due.test_work import World

async def main(path):
    async with open_store(path, SystemClock(), wait=30) as store:
        print("open", flush=True)
        await World().work(store, SystemClock()).run()

asyncio.run(main(sys.argv[1]))
"""
KILLS = int(os.environ.get("STEWARD_TEST_KILLS", "6"))


@pytest.mark.real_time
@pytest.mark.timeout(120)
async def test_processes_that_are_killed_at_random_do_each_once(tmp_path):
    path, clock, random = tmp_path / "s.sqlite3", SystemClock(), Random(4)
    async with open_store(path, clock) as store:
        for guild in range(20):
            await put(store, clock, *range(guild * 100, guild * 100 + 100), guild=guild)
    for _ in range(KILLS):
        with subprocess.Popen([sys.executable, "-c", DO_UNTIL_KILLED, str(path)], stdout=subprocess.PIPE) as child:
            assert child.stdout.readline() == b"open\n"
            time.sleep(random.uniform(0.0, 0.2))  # another process lives on the wall clock
            child.send_signal(signal.SIGKILL)
    async with open_store(path, clock, wait=30) as store:
        counts = await done(store)
        assert 0 < len(counts) < 2000, "it was killed before or after all: this proves nothing"
        async with running(World().work(store, clock)):
            while await store.read(lambda tx: tx.value("SELECT COUNT(*) FROM due")):
                await asyncio.sleep(0.05)
        assert await done(store) == dict.fromkeys(range(2000), 1)
