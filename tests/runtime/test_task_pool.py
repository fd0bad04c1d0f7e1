"""Work done once: bounded, timed, visible, never left behind."""

import asyncio
import gc
import weakref

import pytest

from steward.errors import NotReady
from steward.runtime.task_pool import State, TaskPool


async def test_no_more_run_at_a_time_than_allowed_and_each_gets_its_turn_in_order():
    running = most = 0
    order = []

    async def work(number):
        nonlocal running, most
        running += 1
        most = max(most, running)
        order.append(number)
        await asyncio.sleep(10)
        running -= 1
        return number

    async with TaskPool(concurrency=3) as pool:
        tasks = [pool.submit(f"number {number}", lambda number=number: work(number)) for number in range(10)]
        assert [await task.result() for task in tasks] == list(range(10))
    assert most == 3
    assert order == list(range(10))
    assert asyncio.get_running_loop().time() == pytest.approx(40, abs=1)


async def test_what_takes_too_long_is_cancelled_and_gives_its_turn_back():
    stopped = asyncio.Event()

    async def endless():
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    async with TaskPool(concurrency=1, timeout=30) as pool:
        hung, next_one = pool.submit("hung", endless), pool.submit("next", lambda: asyncio.sleep(0, "there"))
        assert await next_one.result() == "there"
        assert stopped.is_set()
        assert (hung.record.state, hung.record.seconds, hung.record.error) == (
            State.TIMED_OUT,
            30,
            "It took longer than 30 s.",
        )
        with pytest.raises(TimeoutError):
            await hung.result()


async def test_a_failure_costs_no_other_task_and_stays_visible():
    async def broken():
        raise ValueError("no")

    async with TaskPool() as pool:
        failed, fine = pool.submit("broken", broken), pool.submit("fine", lambda: asyncio.sleep(1))
        await fine.result()
        assert (failed.record.state, failed.record.error) == (State.FAILED, "ValueError: no")
        assert [(task.name, task.state) for task in pool.tasks] == [("broken", State.FAILED), ("fine", State.DONE)]


async def test_leaving_the_block_leaves_nothing_behind_and_what_waited_never_began():
    began = []

    async def work(name):
        began.append(name)
        await asyncio.Event().wait()

    async with TaskPool(concurrency=1) as pool:
        first, second = (pool.submit(name, lambda name=name: work(name)) for name in ("first", "second"))
        await asyncio.sleep(1)
    assert began == ["first"]
    assert (first.record.state, second.record.state) == (State.CANCELLED, State.CANCELLED)
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_queue_that_is_full_refuses_with_a_sentence():
    async with TaskPool(concurrency=1, most_waiting=2) as pool:
        for number in range(2):
            pool.submit(f"{number}", asyncio.Event().wait)
        with pytest.raises(NotReady, match="2 tasks are waiting for their turn already, so 'late' was not accepted"):
            pool.submit("late", asyncio.Event().wait)


async def test_who_gives_up_waiting_does_not_stop_the_work():
    async with TaskPool() as pool:
        task = pool.submit("slow", lambda: asyncio.sleep(10, "done"))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await task.result()
        assert await task.result() == "done"


async def test_it_can_be_waited_for_at_shutdown_for_a_while():
    async with TaskPool() as pool:
        pool.submit("short", lambda: asyncio.sleep(5))
        assert await pool.drain(8)
        pool.submit("long", lambda: asyncio.sleep(50))
        assert not await pool.drain(8)


async def test_what_has_ended_is_remembered_up_to_a_bound():
    async with TaskPool(history=3) as pool:
        for number in range(10):
            await pool.submit(f"{number}", lambda: asyncio.sleep(0)).result()
        await asyncio.sleep(0)
        assert [task.name for task in pool.tasks] == ["7", "8", "9"]


async def test_f40_a_collection_of_garbage_during_a_wait_takes_no_task_away():
    """Nobody but the pool holds on to the task."""
    done = asyncio.Event()

    async def work():
        await asyncio.sleep(5)
        done.set()

    async with TaskPool() as pool:
        pool.submit("forgotten", work)
        for _ in range(10):
            gc.collect()
            await asyncio.sleep(1)
    assert done.is_set()


async def test_a_task_can_be_taken_out_of_the_queue():
    async with TaskPool(concurrency=1) as pool:
        running, waiting = (
            pool.submit("running", lambda: asyncio.sleep(5)),
            pool.submit("waiting", asyncio.Event().wait),
        )
        await asyncio.sleep(0)
        await waiting.stop()
        await running.result()
        assert (running.record.state, waiting.record.state, waiting.record.seconds) == (
            State.DONE,
            State.CANCELLED,
            None,
        )


async def test_once_its_block_is_left_nothing_is_taken_on():
    refused = []

    async def stubborn():
        try:
            await asyncio.Event().wait()
        finally:
            try:
                pool.submit("follow-up", asyncio.Event().wait)
            except NotReady as error:
                refused.append(str(error))

    async with TaskPool() as pool:
        pool.submit("stubborn", stubborn)
        await asyncio.sleep(1)
    with pytest.raises(NotReady, match="'late' was not accepted: the pool is closed"):
        pool.submit("late", stubborn)
    assert refused == ["'follow-up' was not accepted: the pool is closed."]
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_what_a_task_returned_is_not_kept_with_its_record():
    class Picture:
        pass

    made = []

    async def draw():
        picture = Picture()
        made.append(weakref.ref(picture))
        return picture

    async with TaskPool() as pool:
        await pool.submit("draw", draw).result()
        await asyncio.sleep(1)
        gc.collect()
        assert [record.name for record in pool.tasks] == ["draw"]
        assert made[0]() is None
