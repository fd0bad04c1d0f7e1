"""
Works through results of any length in constant memory.

    async for batch in in_batches(rows, 500):        # rows: an iterable or an async one
        await write(batch)

    await work_through(rows, send, at_once=4)        # at most 4 at a time; the source waits for them
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable
from contextlib import aclosing
from typing import TypeVar

T = TypeVar("T")


async def in_batches(source: Iterable[T] | AsyncIterable[T], size: int) -> AsyncIterator[list[T]]:
    """
    Yield the items of `source` in lists of `size`, the last one shorter; nothing is read ahead of the next list.

    Raises:
        ValueError: the size is less than 1.

    """
    if size < 1:
        raise ValueError(f"A batch of {size} items holds nothing; its size must be at least 1.")
    batch: list[T] = []
    async for item in _each(source):
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


async def work_through(
    source: Iterable[T] | AsyncIterable[T], work: Callable[[T], Awaitable[object]], *, at_once: int
) -> int:
    """
    Await `work` on each item, `at_once` at a time, and return how many there were.

    An item is taken from the source only when there is room for its work. When one raises, the others are cancelled.

    Raises:
        ValueError: `at_once` is less than 1.
        ExceptionGroup: what the work, or the source, raised.

    """
    if at_once < 1:
        raise ValueError(f"{at_once} at once is none; it must be at least 1.")
    room = asyncio.Semaphore(at_once)
    count = 0

    async def one(item: T) -> None:
        try:
            await work(item)
        finally:
            room.release()

    async with asyncio.TaskGroup() as group, aclosing(_each(source)) as items:
        await room.acquire()
        async for item in items:
            count += 1
            group.create_task(one(item))
            await room.acquire()
    return count


async def _each(source: Iterable[T] | AsyncIterable[T]) -> AsyncGenerator[T, None]:
    if isinstance(source, AsyncIterable):
        async for item in source:
            yield item
    else:
        for item in source:
            yield item
