"""Bounded concurrency and queue, in order of arrival."""

import asyncio

import pytest

from steward.runtime.resilience import Bulkhead, Overloaded


async def work(bulkhead, seen, number, seconds=1.0):
    async with bulkhead:
        seen.append(number)
        await asyncio.sleep(seconds)


async def test_running_and_waiting_calls_are_bounded_and_the_next_is_refused():
    bulkhead, seen = Bulkhead("The score service", at_once=2, queue=3), []
    tasks = [asyncio.create_task(work(bulkhead, seen, number)) for number in range(5)]
    await asyncio.sleep(0.5)
    assert (bulkhead.running, bulkhead.waiting) == (2, 3)
    with pytest.raises(Overloaded, match="The score service is busy: 2 calls run and 3 wait"):
        await work(bulkhead, seen, 5)
    await asyncio.gather(*tasks)
    assert seen == [0, 1, 2, 3, 4]
    assert asyncio.get_running_loop().time() == pytest.approx(3)
    assert (bulkhead.running, bulkhead.waiting, bulkhead.refused) == (0, 0, 1)


async def test_cancelled_calls_free_their_slot():
    bulkhead, seen = Bulkhead("X", at_once=1, queue=2), []
    first, second, third = (asyncio.create_task(work(bulkhead, seen, number, 60)) for number in range(3))
    await asyncio.sleep(1)
    second.cancel()
    await asyncio.sleep(0)
    assert bulkhead.waiting == 1
    first.cancel()
    await asyncio.sleep(1)
    assert seen == [0, 2]
    third.cancel()
    await asyncio.gather(first, second, third, return_exceptions=True)
    assert (bulkhead.running, bulkhead.waiting) == (0, 0)
    await work(bulkhead, seen, 3)


async def test_without_a_queue_nobody_waits():
    bulkhead = Bulkhead("X", at_once=1, queue=0)
    async with bulkhead:
        with pytest.raises(Overloaded):
            await work(bulkhead, [], 1)
    await work(bulkhead, [], 1)


@pytest.mark.parametrize("wrong", [{"at_once": 0}, {"queue": -1}])
def test_a_bulkhead_without_slots_is_refused(wrong):
    with pytest.raises(ValueError, match="bulkhead"):
        Bulkhead("X", **wrong)
