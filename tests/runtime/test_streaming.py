"""Long results in constant memory."""

import asyncio
import tracemalloc

import pytest

from steward.runtime.streaming import in_batches, work_through


async def counted(length):
    for number in range(length):
        yield number


@pytest.mark.parametrize("source", [range(7), counted(7)])
async def test_every_item_is_in_one_batch_in_order(source):
    assert [batch async for batch in in_batches(source, 3)] == [[0, 1, 2], [3, 4, 5], [6]]


async def test_nothing_is_read_ahead_of_the_batch_asked_for():
    read = []

    def source():
        for number in range(100):
            read.append(number)
            yield number

    batches = in_batches(source(), 10)
    await anext(batches)
    assert len(read) == 10


async def test_a_result_of_any_length_takes_the_memory_of_one_batch():
    async def peak(rows):
        tracemalloc.start()
        async for batch in in_batches((bytes(1000) for _ in range(rows)), 50):
            assert len(batch) == 50
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    await peak(1_000)
    assert await peak(20_000) < 1.5 * await peak(1_000)


async def test_the_source_waits_while_there_is_no_room_for_work():
    taken, running, most = 0, 0, 0

    async def source():
        nonlocal taken
        for number in range(20):
            taken += 1
            assert taken - done <= 4  # three at work, and the one in hand
            yield number

    done = 0

    async def work(item):
        nonlocal running, most, done
        running += 1
        most = max(most, running)
        await asyncio.sleep(1 + item % 3)
        running -= 1
        done += 1

    assert await work_through(source(), work, at_once=3) == 20
    assert (most, done) == (3, 20)


async def test_work_that_fails_ends_the_rest():
    ended = []

    async def work(item):
        if item == 2:
            raise RuntimeError("no")
        try:
            await asyncio.sleep(3600)
        finally:
            ended.append(item)

    with pytest.raises(ExceptionGroup) as failed:
        await work_through(range(1000), work, at_once=3)
    assert isinstance(failed.value.exceptions[0], RuntimeError)
    assert sorted(ended) == [0, 1]


async def test_sizes_that_hold_nothing_are_refused():
    with pytest.raises(ValueError, match="at least 1"):
        await anext(in_batches([1], 0))
    with pytest.raises(ValueError, match="at least 1"):
        await work_through([1], asyncio.sleep, at_once=0)
