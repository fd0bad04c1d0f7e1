"""Long iterables in constant memory."""

import asyncio
import tracemalloc

import pytest

from steward.runtime.streaming import work_through


async def test_memory_depends_only_on_concurrent_work():
    async def peak(rows):
        lengths = set()

        async def look(row):
            lengths.add(len(row))

        tracemalloc.start()
        assert await work_through((bytes(1000) for _ in range(rows)), look, at_once=50) == rows
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert lengths == {1000}
        return found

    await peak(1_000)
    assert await peak(20_000) < 1.5 * await peak(1_000)


async def test_the_source_is_read_no_faster_than_the_work():
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


async def test_a_failure_cancels_the_rest():
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


async def test_zero_concurrency_is_refused():
    with pytest.raises(ValueError, match="at least 1"):
        await work_through([1], asyncio.sleep, at_once=0)
