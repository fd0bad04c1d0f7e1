"""Discord shows what it should in the end, whatever fails, whoever kills and however the clock jumps."""

import asyncio
from collections import Counter
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steward.client.posts.desired_state import DesiredKind, DesiredState, sent_message
from steward.client.rest.errors import Refused, TryLater
from steward.sim import time as accelerated
from steward.store import kv, open_store
from steward.store.desired import desired
from steward.store.desired.desired import Outcome
from steward.store.outbox import outbox, queue
from tests.store.settable_clock import SettableClock
from tests.store.test_crash_points import Steps, stepping


class Boards(DesiredKind[int]):
    """What each board shows, what is refused, and how often anything was tried: Discord outlives the process."""

    name, failed, every = "board", "A board can't be shown", 1.0

    def __init__(self):
        self.shown, self.order = {}, []
        self.refused, self.broken, self.away, self.slow = set(), set(), set(), {}
        self.tried, self.busy = Counter(), set()
        self.steps = lambda _: None

    def read(self, tx, item):
        if item.number in self.broken:
            raise ValueError(item.number)
        if (key := kv.get(tx, f"waits {item.number}")) is not None:
            sent_message(tx, key)
        return int(kv.get(tx, f"board {item.number}"))

    async def write(self, item, state):
        assert item.lane not in self.busy, "two at once in a lane"
        self.busy.add(item.lane)
        try:
            self.tried[item.number] += 1
            self.steps("before write")
            await asyncio.sleep(self.slow.get(item.lane, 0.001))
            if item.guild_id in self.away:
                raise TryLater("Discord has an outage.")
            if item.number in self.refused:
                raise Refused(f"Board {item.number} is refused.")
            assert state >= self.shown.get(item.number, 0), "an older state after a newer one"
            self.shown[item.number] = state
            self.order.append(item.number)
            self.steps("after write")
        finally:
            self.busy.discard(item.lane)
        return Outcome(900 + item.number)


def wants(number, value, lane=None, guild=1):
    """Have a board show a value."""

    def work(tx):
        kv.put(tx, f"board {number}", str(value))
        desired.put(tx, "board", number, guild_id=guild, lane=guild if lane is None else lane)

    return work


@asynccontextmanager
async def running(store, clock, boards, **options):
    state = DesiredState(store, clock, boards, **options)
    task = asyncio.create_task(state.run())
    try:
        yield state
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_only_the_newest_is_shown_and_each_thing_at_most_once_a_second(clock, tmp_path):
    boards = Boards()
    async with open_store(tmp_path / "s.sqlite3", clock) as store, running(store, clock, boards):
        for value in range(1, 101):
            await store.write(wants(1, value))
            await asyncio.sleep(0.05)
        await asyncio.sleep(2)
        assert boards.shown == {1: 100}
        assert boards.tried[1] in (5, 6, 7)


async def test_the_things_of_a_lane_come_in_turn_and_what_fails_lets_the_next_pass(clock, tmp_path):
    boards = Boards()
    boards.refused, boards.slow = {3}, {1: 1.0}
    async with open_store(tmp_path / "s.sqlite3", clock) as store, running(store, clock, boards):
        for number in range(10):
            await store.write(wants(number, 1))
        await asyncio.sleep(5.5)
        await store.write(wants(0, 2))  # anew: behind those that wait
        await asyncio.sleep(10)
        assert boards.order == [0, 1, 2, 4, 5, 6, 7, 8, 9, 0]


async def test_a_refusal_rests_across_restarts_and_is_said_until_it_is_mended(clock, tmp_path):
    boards = Boards()
    boards.refused, boards.broken = {1}, {2}
    said = ["Board 1 is refused.", "A board can't be shown: ValueError, see the log."]
    async with open_store(tmp_path / "s.sqlite3", clock) as store:
        for number in (1, 2, 3):
            await store.write(wants(number, 1))
        async with running(store, clock, boards) as state:
            await asyncio.sleep(60)
            assert (sorted(state.problems), boards.shown) == (sorted(said), {3: 1})
        async with running(store, clock, boards) as state:
            await store.write(wants(1, 2))
            await asyncio.sleep(300)
            assert (sorted(state.problems), boards.tried[1]) == (sorted(said), 1)
            boards.refused.clear()
            boards.broken.clear()
            await asyncio.sleep(300)
            assert (state.problems, boards.shown) == ([], {1: 2, 2: 1, 3: 1})


async def test_a_guild_whose_answers_fail_or_hang_holds_up_no_other(clock, tmp_path):
    boards = Boards()
    boards.away, boards.slow = {1}, dict.fromkeys(range(2, 20), 40.0)
    async with open_store(tmp_path / "s.sqlite3", clock) as store, running(store, clock, boards) as state:
        for guild in range(1, 20):
            for number in range(10):
                await store.write(wants(100 * guild + number, 1, guild=guild))
        await asyncio.sleep(11)
        await store.write(wants(1, 1, guild=77))
        await asyncio.sleep(0.2)
        assert (boards.order, state.problems) == ([1], [])
        boards.away, boards.slow = set(), {}
        await asyncio.sleep(120)
        assert len(boards.order) == 191


async def test_only_what_is_in_its_own_guilds_is_written_and_said(clock, tmp_path):
    boards = Boards()
    boards.refused = {1, 2}
    async with open_store(tmp_path / "s.sqlite3", clock) as store:
        for guild in range(1, 41):
            await store.write(wants(guild, 1, guild=guild))
        async with running(store, clock, boards, owns=lambda guild_id: guild_id % 2 == 1) as state:
            await asyncio.sleep(5)
            assert (sorted(boards.shown), state.problems) == ([*range(3, 41, 2)], ["Board 1 is refused."])
        async with running(store, clock, boards):  # whoever owns them later
            await asyncio.sleep(5)
            assert sorted(boards.shown) == [*range(3, 41)]


async def test_what_waits_for_a_message_is_shown_once_that_is_sent(clock, tmp_path):
    boards = Boards()

    def work(tx):
        outbox.put(tx, key="a message", channel_id=7, payload={"content": "a board"})
        kv.put(tx, "waits 1", "a message")
        wants(1, 1)(tx)

    async with open_store(tmp_path / "s.sqlite3", clock) as store, running(store, clock, boards) as state:
        await store.write(work)
        await asyncio.sleep(60)
        assert (boards.shown, state.problems) == ({}, [])
        (head,) = await store.read(partial(queue.heads, busy=(), limit=1))
        message = await store.write(partial(queue.mark_attempt, head=head))
        await store.write(partial(queue.mark_sent, message=message, message_id=55))
        await asyncio.sleep(0.2)
        assert boards.shown == {1: 1}


@pytest.mark.slow
async def test_ten_thousand_of_which_five_hundred_are_refused(clock, tmp_path):
    boards = Boards()
    boards.refused = set(range(0, 10_000, 20))

    def work(tx):
        for number in range(10_000):
            wants(number, 1, guild=number % 100)(tx)

    async with open_store(tmp_path / "s.sqlite3", clock) as store:
        await store.write(work)
        async with running(store, clock, boards) as state:
            await asyncio.sleep(300)
            assert boards.shown.keys() == set(range(10_000)) - boards.refused
            assert set(boards.tried.values()) == {1}
            assert len(state.problems) == 500
            boards.refused.clear()
            await asyncio.sleep(600)
            assert (len(boards.shown), set(boards.tried.values()), state.problems) == (10_000, {1, 2}, [])


BOARDS = st.integers(0, 5)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("change"), BOARDS),
        st.tuples(st.just("forget"), BOARDS),
        st.tuples(st.just("refuse"), BOARDS),
        st.tuples(st.just("allow"), BOARDS),
        st.tuples(st.just("break"), BOARDS),
        st.tuples(st.just("mend"), BOARDS),
        st.tuples(st.just("outage"), st.integers(0, 2)),
        st.tuples(st.just("end of outage"), st.integers(0, 2)),
        st.tuples(st.just("wait"), st.sampled_from([0.01, 0.5, 30, 900])),
        st.tuples(st.just("restart"), st.just(0)),
        st.tuples(st.just("set the clock"), st.sampled_from([-86400, -1000, 1000, 86400])),
    ),
    max_size=30,
)


@settings(max_examples=25)
@given(STEPS)
def test_whatever_happens_each_shows_the_newest_in_the_end(tmp_path_factory, steps):
    path = tmp_path_factory.mktemp("desired") / "s.sqlite3"
    accelerated.run(lambda clock: lives(path, SettableClock(clock), steps))


async def lives(path, clock, steps):
    boards, wanted, forgotten = Boards(), {}, set()
    sets = {"refuse": boards.refused.add, "allow": boards.refused.discard}
    sets |= {"break": boards.broken.add, "mend": boards.broken.discard}
    sets |= {"outage": boards.away.add, "end of outage": boards.away.discard}
    async with open_store(path, clock) as store:
        task = None
        for value, (name, of) in enumerate([("restart", 0), *steps], 1):
            if name in sets:
                sets[name](of)
            elif name == "wait":
                await asyncio.sleep(of)
            elif name == "set the clock":
                clock.set_by(timedelta(seconds=of))
            elif name == "change":
                await store.write(wants(of, value, guild=of % 3))
                wanted[of] = value
                forgotten.discard(of)
            elif name == "forget":
                await store.write(partial(desired.forget, kinds=["board"], number=of))
                await asyncio.sleep(0.001)  # put anew at another instant
                forgotten.add(of)
            else:
                if task is not None:
                    task.cancel()
                    await asyncio.wait([task])
                state = DesiredState(store, clock, boards)
                task = asyncio.create_task(state.run())
        for failing in (boards.refused, boards.broken, boards.away):
            failing.clear()
        await asyncio.sleep(3 * 3600)
        task.cancel()
        rows = await store.read(lambda tx: tx.all("SELECT number FROM desired WHERE dirty = 1"))
    assert rows == []
    assert {number: boards.shown[number] for number in wanted.keys() - forgotten} == {
        number: value for number, value in wanted.items() if number not in forgotten
    }
    assert state.problems == []


async def live(path, clock, boards, steps):
    async with open_store(path, clock) as store:
        stepping(store, steps)
        boards.steps, boards.busy = steps, set()
        async with running(store, clock, boards):
            for number, value in ((0, 1), (1, 1), (2, 1), (1, 2)):
                if int(await store.read(partial(kv.get, key=f"board {number}")) or 0) < value:
                    await store.write(wants(number, value))
                await asyncio.sleep(2)
            await asyncio.sleep(700)


async def test_a_crash_at_any_step_has_each_show_the_newest(clock, tmp_path):
    boards, undisturbed = Boards(), Steps()
    boards.refused = {2}
    await live(tmp_path / "undisturbed.db", clock, boards, undisturbed)
    assert {"before note", "after note", "before rest", "after write", "before review"} <= set(undisturbed.taken)
    for name, times in undisturbed.taken.items():
        for nth in range(1, times + 1):
            boards, steps, path = Boards(), Steps((name, nth)), tmp_path / f"{name} {nth}.db"
            boards.refused = {2}
            with suppress(BaseExceptionGroup, BaseException):
                await live(path, clock, boards, steps)
            assert steps.crashed
            boards.refused.clear()
            await live(path, clock, boards, Steps())
            assert boards.shown == {0: 1, 1: 2, 2: 1}, f"after a crash at {name!r}, {nth}"
